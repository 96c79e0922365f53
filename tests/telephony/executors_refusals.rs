//! What Twilio's and Vapi's answers are taken for, and whose keys a request carries.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::effects::{Effect, Registry, Verdict};

use super::executors_support::Row;
use crate::billing::provider::{Answer, Provider, effect, error_of, registry_with, says, says_with};

const SID: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "twilio_planted";
const PLATFORM: &str = "AC00000000000000000000000000000000";
const PLATFORM_TOKEN: &str = "platform_planted";
const VAPI_KEY: &str = "vapi_planted";
const ORG: Uuid = Uuid::from_u128(1);

type Codes = &'static [(i64, &'static str)];

fn at(provider: &Provider) -> Registry {
    let row = Row::default();
    row.holds_keys(ORG, "subaccount", SID, TOKEN);
    let settings = [
        ("TWILIO_BASE_URL", provider.url.as_str()),
        ("TWILIO_ACCOUNT_SID", PLATFORM),
        ("TWILIO_AUTH_TOKEN", PLATFORM_TOKEN),
        ("VAPI_BASE_URL", provider.url.as_str()),
        ("VAPI_API_KEY", VAPI_KEY),
    ];
    registry_with(&settings, row)
}

fn effects() -> Vec<Effect> {
    let account = json!({ "org_id": ORG, "sid": SID, "type": "subaccount" });
    let (name, number) = ("voxanne:0b9a4a52-6f3e-4c1c-9c44-000000000001", "+14155550100");
    let of = |kind: &str, mut payload: Value| {
        payload["org_id"] = json!(ORG);
        payload["account"] = account.clone();
        effect(kind, payload)
    };
    let call =
        json!({ "from": number, "to": "+447700900555", "ring_seconds": 20, "since": "2026-11-21T12:00:00+00:00" });
    let look = json!({
        "from": number, "forwarded_to": number, "call_sid": "CA1", "since": "2026-11-21T12:00:00+00:00",
    });
    vec![
        of("twilio.search_numbers", json!({ "country_code": "US", "number_type": "Local" })),
        of("twilio.ensure_subaccount", json!({ "subaccount_name": name })),
        of("twilio.buy_number", json!({ "name": name, "country_code": "US", "number_type": "Local" })),
        of("twilio.release_number", json!({ "name": name, "twilio_sid": "PN1" })),
        of("twilio.list_numbers", json!({})),
        of("twilio.validate_account", json!({ "phone_number": number })),
        of("twilio.check_account", json!({ "phone_number": number })),
        of("twilio.request_caller_id", json!({ "phone_number": number, "friendly_name": "Desk" })),
        of("twilio.find_caller_id", json!({ "phone_number": number })),
        of("twilio.delete_caller_id", json!({ "caller_id_sid": "PN1" })),
        of("twilio.check_call", call),
        of("twilio.check_result", look),
        of("twilio.end_call", json!({ "call_sid": "CA1" })),
        of("vapi.import_number", json!({ "phone_number": number, "name": name })),
        of("vapi.release_number", json!({ "name": name, "vapi_phone_id": Uuid::new_v4() })),
        of("vapi.link_number", json!({ "vapi_phone_id": Uuid::new_v4(), "routing_direction": "inbound" })),
        of("vapi.create_credential", json!({ "name": name })),
        of("vapi.delete_credential", json!({ "name": name })),
    ]
}

fn effect_of(kind: &str) -> Effect {
    effects().into_iter().find(|effect| effect.kind == kind).expect("a kind")
}

fn problem(status: u16, code: i64, message: &str) -> Answer {
    says(status, &json!({ "code": code, "message": message, "more_info": "", "status": status }))
}

fn list(key: &str) -> Answer {
    says(200, &json!({ key: [] }))
}

fn basic(sid: &str, token: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{sid}:{token}")))
}

#[tokio::test]
async fn what_passes_is_tried_again_by_every_kind() {
    for wanted in effects() {
        let later = says_with(429, &[("retry-after", "7")], &json!({ "code": 20429, "message": "Too many" }));
        let outside = Provider::start([later, problem(500, 20500, "Internal")]).await;
        let executors = at(&outside);
        let waits = (wanted.kind != "twilio.end_call").then(|| Duration::from_secs(7));
        let verdict = executors.run(&wanted).await;
        assert!(matches!(verdict, Verdict::Retry { after, .. } if after == waits), "{}: {verdict:?}", wanted.kind);
        let verdict = executors.run(&wanted).await;
        assert!(matches!(verdict, Verdict::Retry { after: None, .. }), "{}: {verdict:?}", wanted.kind);
    }
}

#[tokio::test]
async fn silence_a_closed_door_and_nonsense_are_tried_again_and_tell_no_secret() {
    for mut wanted in effects() {
        wanted.timeout_seconds = 0.2;
        let outside = Provider::start([Answer::Silence, Answer::Says(200, vec![], "<html>".to_owned())]).await;
        let executors = at(&outside);
        let mut verdicts = vec![executors.run(&wanted).await];
        // Whether hanging up was answered in JSON does not matter.
        if !matches!(wanted.kind.as_str(), "twilio.delete_caller_id" | "twilio.end_call") {
            verdicts.push(executors.run(&wanted).await);
        }
        let row = Row::default();
        row.holds_keys(ORG, "subaccount", SID, TOKEN);
        let nowhere = [
            ("TWILIO_BASE_URL", "http://127.0.0.1:1"),
            ("TWILIO_ACCOUNT_SID", PLATFORM),
            ("TWILIO_AUTH_TOKEN", PLATFORM_TOKEN),
            ("VAPI_BASE_URL", "http://127.0.0.1:1"),
            ("VAPI_API_KEY", VAPI_KEY),
        ];
        wanted.timeout_seconds = 10.0;
        verdicts.push(registry_with(&nowhere, row).run(&wanted).await);
        for verdict in verdicts {
            assert!(matches!(verdict, Verdict::Retry { .. }), "{}: {verdict:?}", wanted.kind);
            assert!(!error_of(&verdict).contains("planted"), "{verdict:?}");
        }
    }
}

#[tokio::test]
async fn a_no_that_is_nobodys_business_is_refused_and_tells_no_secret() {
    for wanted in effects() {
        let echo = format!("You are {TOKEN} or {PLATFORM_TOKEN} or {VAPI_KEY}.");
        let outside = Provider::start([problem(403, 29999, &echo)]).await;
        let verdict = at(&outside).run(&wanted).await;
        let said = match &verdict {
            Verdict::Refused { error } => error.clone(),
            Verdict::Done(result) if result["refused"] == "twilio_credentials_wrong" => result.to_string(),
            other => panic!("{}: {other:?}", wanted.kind),
        };
        let own = match wanted.kind.as_str() {
            kind if kind.starts_with("vapi.") => VAPI_KEY,
            "twilio.search_numbers" | "twilio.ensure_subaccount" => PLATFORM_TOKEN,
            _ => TOKEN,
        };
        assert!(said.contains("You are") && !said.contains(own), "{}: {said}", wanted.kind);
    }
}

#[tokio::test]
async fn each_account_is_entered_at_its_own_path_with_its_own_keys() {
    for wanted in effects().into_iter().filter(|wanted| wanted.kind.starts_with("twilio.")) {
        let outside = Provider::start([]).await;
        at(&outside).run(&wanted).await;
        let platforms = matches!(wanted.kind.as_str(), "twilio.search_numbers" | "twilio.ensure_subaccount");
        let (sid, token) = if platforms { (PLATFORM, PLATFORM_TOKEN) } else { (SID, TOKEN) };
        for request in outside.seen() {
            assert_eq!(request.header("authorization"), basic(sid, token), "{}", wanted.kind);
            let path = format!("/2010-04-01/Accounts/{sid}");
            let accounts = request.path == "/2010-04-01/Accounts.json" && wanted.kind == "twilio.ensure_subaccount";
            assert!(accounts || request.path.starts_with(&path), "{}: {}", wanted.kind, request.path);
        }
        assert!(!outside.seen().is_empty());
    }
}

#[tokio::test]
async fn the_platforms_account_ends_a_call_when_no_other_is_named() {
    for account in [Value::Null, json!({ "org_id": null, "sid": null, "type": "platform" })] {
        let outside = Provider::start([]).await;
        let mut wanted = effect_of("twilio.end_call");
        wanted.payload["account"] = account;
        assert_eq!(at(&outside).run(&wanted).await, Verdict::Done(json!({})));
        let seen = &outside.seen()[0];
        assert_eq!(seen.line(), format!("POST /2010-04-01/Accounts/{PLATFORM}/Calls/CA1.json"));
        assert_eq!(seen.header("authorization"), basic(PLATFORM, PLATFORM_TOKEN));
    }
}

#[tokio::test]
async fn twilios_codes_are_our_refusals() {
    let table: [(&str, &[&str], Codes); 3] = [
        (
            "twilio.buy_number",
            &["incoming_phone_numbers", "incoming_phone_numbers"],
            &[
                (21452, "number_unavailable"),
                (21421, "number_invalid"),
                (21615, "country_requirements_unmet"),
                (21631, "country_requirements_unmet"),
                (21649, "country_requirements_unmet"),
            ],
        ),
        (
            "twilio.request_caller_id",
            &["outgoing_caller_ids"],
            &[
                (21211, "phone_number_refused"),
                (21214, "phone_number_refused"),
                (21217, "phone_number_refused"),
                (21401, "phone_number_refused"),
                (21215, "caller_id_blocked"),
                (21216, "caller_id_blocked"),
                (13225, "caller_id_blocked"),
                (13227, "caller_id_blocked"),
            ],
        ),
        (
            "twilio.check_call",
            &["calls"],
            &[
                (21210, "check_call_refused"),
                (21211, "check_call_refused"),
                (21212, "check_call_refused"),
                (21214, "check_call_refused"),
                (21215, "check_call_refused"),
                (21216, "check_call_refused"),
                (21217, "check_call_refused"),
                (21219, "check_call_refused"),
            ],
        ),
    ];
    for (kind, before, codes) in table {
        for (code, refusal) in codes {
            let mut wanted = effect_of(kind);
            if kind == "twilio.buy_number" {
                wanted.payload["phone_number"] = json!("+14155550100");
            }
            let mut answers: Vec<Answer> = before.iter().map(|key| list(key)).collect();
            answers.push(problem(400, *code, "No."));
            let outside = Provider::start(answers).await;
            let verdict = at(&outside).run(&wanted).await;
            assert_eq!(verdict, Verdict::Done(json!({ "refused": refusal, "said": "No." })), "{kind} {code}");
        }
    }
}

#[tokio::test]
async fn a_number_that_somebody_else_takes_meanwhile_leaves_the_next_one() {
    let offers = json!({ "available_phone_numbers": [{ "phone_number": "+1" }, { "phone_number": "+2" }] });
    let (none, sold) = (|| list("incoming_phone_numbers"), json!({ "phone_number": "+2", "sid": "PN2" }));
    let taken = problem(400, 21422, "+1 is not available.");
    let answers = [none(), says(200, &offers), none(), taken, none(), none(), says(201, &sold)];
    let outside = Provider::start(answers).await;
    let verdict = at(&outside).run(&effect_of("twilio.buy_number")).await;
    assert_eq!(verdict, Verdict::Done(json!({ "phone_number": "+2", "twilio_sid": "PN2" })));
    let bought: Vec<_> = outside.seen().into_iter().filter(|one| one.method == "POST").map(|one| one.form()).collect();
    assert_eq!((bought[0]["PhoneNumber"].as_str(), bought[1]["PhoneNumber"].as_str()), ("+1", "+2"));
}

/// An attempt whose time was up, and that Twilio carried out while the next one was under way.
#[tokio::test]
async fn a_number_that_an_earlier_attempt_got_late_is_found() {
    let mut wanted = effect_of("twilio.buy_number");
    wanted.payload["phone_number"] = json!("+14155550100");
    let ours = json!({ "incoming_phone_numbers": [
        { "phone_number": "+14155550100", "sid": "PN1", "friendly_name": wanted.payload["name"] },
    ] });
    let none = || list("incoming_phone_numbers");
    let taken = problem(400, 21422, "+14155550100 is not available.");
    for answers in [vec![none(), none(), taken, says(200, &ours)], vec![none(), says(200, &ours)]] {
        let outside = Provider::start(answers).await;
        let verdict = at(&outside).run(&wanted).await;
        assert_eq!(verdict, Verdict::Done(json!({ "phone_number": "+14155550100", "twilio_sid": "PN1" })));
    }
}

#[tokio::test]
async fn a_list_is_read_to_its_end_and_nowhere_else() {
    let path = format!("/2010-04-01/Accounts/{SID}/OutgoingCallerIds.json");
    let page = |next: Value| {
        says(200, &json!({ "outgoing_caller_ids": [{ "phone_number": "+1", "sid": "PN0" }], "next_page_uri": next }))
    };
    let last = says(
        200,
        &json!({ "outgoing_caller_ids": [{ "phone_number": "+14155550100", "sid": "PN7", "friendly_name": "Desk" }] }),
    );
    let outside = Provider::start([page(json!(format!("{path}?PageSize=1&Page=1&PageToken=PAPN0"))), last]).await;
    let verdict = at(&outside).run(&effect_of("twilio.find_caller_id")).await;
    assert_eq!(verdict, Verdict::Done(json!({ "caller_id_sid": "PN7", "friendly_name": "Desk" })));
    let seen = outside.seen();
    assert_eq!(seen[1].path, path);
    assert_eq!(seen[1].query["PageToken"], "PAPN0");
    assert_eq!(seen[1].header("authorization"), basic(SID, TOKEN));

    for astray in ["@evil.test/", "https://evil.test/", ".evil.test/x"] {
        let outside = Provider::start([page(json!(astray))]).await;
        let verdict = at(&outside).run(&effect_of("twilio.find_caller_id")).await;
        assert!(matches!(verdict, Verdict::Retry { .. }), "{verdict:?}");
        assert_eq!(outside.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_number_twilio_validated_meanwhile_needs_no_code() {
    let found = json!({ "outgoing_caller_ids": [{ "phone_number": "+14155550100", "sid": "PN7" }] });
    let validated = problem(400, 21450, "Phone number already validated on your account");
    let outside = Provider::start([list("outgoing_caller_ids"), validated, says(200, &found)]).await;
    let verdict = at(&outside).run(&effect_of("twilio.request_caller_id")).await;
    assert_eq!(verdict, Verdict::Done(json!({ "caller_id_sid": "PN7" })));
}

#[tokio::test]
async fn an_assistant_set_at_vapi_is_taken_off() {
    let number = json!({ "id": Uuid::new_v4(), "assistantId": Uuid::new_v4() });
    let outside = Provider::start([says(200, &number), says(200, &number)]).await;
    assert_eq!(at(&outside).run(&effect_of("vapi.link_number")).await, Verdict::Done(json!({})));
    assert_eq!(outside.seen()[1].json()["assistantId"], Value::Null);
    assert!(outside.seen()[1].json().get("assistantId").is_some());
    assert_eq!(outside.seen()[1].json()["server"].get("headers"), None, "no secret is set");
}

#[tokio::test]
async fn every_page_of_vapis_numbers_is_looked_at() {
    let id = |place: usize| Uuid::from_u128(place as u128);
    let one = |place: usize| json!({ "id": id(place), "number": format!("+1{place}"), "createdAt": format!("2026-11-{:02}T00:00:00Z", 28 - place / 100), "name": "x" });
    let first: Vec<Value> = (0..1000).map(one).collect();
    let mut rest = vec![one(999), one(1000)];
    rest[1]["name"] = json!("voxanne:0b9a4a526f3e4c1c9c44000000000001");
    let mut wanted = effect_of("vapi.release_number");
    wanted.payload["vapi_phone_id"] = Value::Null;
    let outside = Provider::start([says(200, &json!(first)), says(200, &json!(rest))]).await;
    assert_eq!(at(&outside).run(&wanted).await, Verdict::Done(json!({ "released": true })));
    let seen = outside.seen();
    assert_eq!((seen[0].query["limit"].as_str(), seen[0].query.get("createdAtLe")), ("1000", None));
    assert_eq!(seen[1].query["createdAtLe"], "2026-11-19T00:00:00Z");
    assert_eq!(seen[2].line(), format!("DELETE /phone-number/{}", id(1000)));
}

#[tokio::test]
async fn credentials_are_read_to_the_end_too() {
    let one = |place: u128, name: &str| json!({ "id": Uuid::from_u128(place), "createdAt": "2026-11-21T00:00:00Z", "name": name });
    let first: Vec<Value> = (0..100).map(|place| one(place, "x")).collect();
    let rest = [one(99, "x"), one(100, "voxanne:0b9a4a526f3e4c1c9c44000000000001")];
    let outside = Provider::start([says(200, &json!(first)), says(200, &json!(rest))]).await;
    let verdict = at(&outside).run(&effect_of("vapi.delete_credential")).await;
    assert_eq!(verdict, Verdict::Done(json!({ "released": true })));
    let seen = outside.seen();
    assert!(seen[0].query.is_empty(), "the list is documented to take nothing");
    assert_eq!(seen[1].query["createdAtLe"], "2026-11-21T00:00:00Z");
    assert_eq!(seen[2].line(), format!("DELETE /credential/{}", Uuid::from_u128(100)));
}

#[tokio::test]
async fn a_missing_key_and_a_name_that_is_not_ours_are_said_so() {
    let outside = Provider::start([]).await;
    let bare = registry_with(&[("TWILIO_BASE_URL", &outside.url), ("VAPI_BASE_URL", &outside.url)], Row::default());
    for (kind, missing) in [
        ("twilio.ensure_subaccount", "TWILIO_ACCOUNT_SID is missing"),
        ("vapi.release_number", "VAPI_API_KEY is missing"),
    ] {
        let verdict = bare.run(&effect_of(kind)).await;
        assert!(error_of(&verdict).starts_with(missing), "{verdict:?}");
    }
    for kind in ["twilio.buy_number", "twilio.release_number", "vapi.release_number", "vapi.delete_credential"] {
        let mut wanted = effect_of(kind);
        wanted.payload["name"] = json!("Reception");
        let verdict = at(&outside).run(&wanted).await;
        assert!(error_of(&verdict).starts_with("The payload cannot be read"), "{kind}: {verdict:?}");
    }
    assert!(outside.seen().is_empty());
}
