//! Buying, showing and giving back numbers over HTTP, against the stand-ins.

use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;
use voxanne::sandbox::{Fault, twilio::BUNDLE};

use crate::{
    support::{Session, TestServer},
    tenancy::asks::{Said, delete, get, id_of, post, said},
};

const AVAILABLE: &str = "/api/managed-telephony/available";
const PROVISION: &str = "/api/managed-telephony/provision";
const NUMBERS: &str = "/api/managed-telephony/numbers";

struct Clinic {
    server: TestServer,
    admin: Session,
    owner: Client,
}

impl Clinic {
    /// With money for five numbers, where British papers are there.
    async fn open(settings: &[(&str, &str)]) -> Self {
        let server = TestServer::start_with(settings).await;
        let admin = server.sign_up("Smile").await;
        let owner = server.db.superuser().await;
        let haste = "update private.effect_kinds set backoff_base_seconds = 0.02, backoff_cap_seconds = 0.1
                     where kind like 'twilio.%' or kind like 'vapi.%'";
        owner.batch_execute(haste).await.expect("haste");
        let papers = "select private.set_country_papers('GB', $1, null)";
        owner.execute(papers, &[&BUNDLE]).await.expect("papers");
        let paid = "select private.add_credits($1, 5000, 'topup', 'stripe:pi_test')";
        owner.execute(paid, &[&admin.org_id]).await.expect("money");
        Self { server, admin, owner }
    }

    async fn get(&self, path: &str) -> Said {
        get(&self.server, &self.admin, path).await
    }

    async fn buy(&self, wish: Value) -> Said {
        post(&self.server, &self.admin, PROVISION, wish).await
    }

    async fn give_back(&self, number: &str) -> Said {
        delete(&self.server, &self.admin, &format!("{NUMBERS}/{number}")).await
    }

    async fn balance(&self) -> i64 {
        let sql = "select balance_pence from public.credit_wallets where org_id = $1";
        self.owner.query_one(sql, &[&self.admin.org_id]).await.expect("the wallet").get(0)
    }

    /// At Twilio and at Vapi.
    fn numbers_outside(&self) -> (usize, usize) {
        let sandbox = &self.server.sandbox;
        let bought = sandbox.twilio.books().accounts.values().map(|account| account.numbers.len()).sum();
        (bought, sandbox.vapi.phone_numbers().len())
    }
}

#[tokio::test]
async fn a_number_is_found_bought_shown_and_given_back() {
    let clinic = Clinic::open(&[]).await;
    let offer = clinic.get(&format!("{AVAILABLE}?country=GB&area_code=20")).await.good();
    assert_eq!(
        (&offer["country"], &offer["price_pence"], &offer["requirements_met"]),
        (&json!("United Kingdom"), &json!(1000), &json!(true)),
        "{offer}"
    );
    let found = offer["numbers"].as_array().expect("numbers");
    assert!((1..=20).contains(&found.len()), "{found:?}");
    let wanted = found[1]["phone_number"].as_str().expect("a number").to_owned();
    assert!(wanted.starts_with("+4420"), "{wanted}");

    let said = clinic.buy(json!({ "country": "GB", "direction": "inbound", "phone_number": wanted })).await;
    assert_eq!(said.status, 201, "{}", said.text);
    let number = said.good();
    assert_eq!((&number["phone_number"], &number["status"]), (&json!(wanted), &json!("active")));
    assert_eq!(clinic.balance().await, 4000);
    assert_eq!(clinic.get(NUMBERS).await.good(), json!([number]));
    let given = json!([{ "phone_number": wanted, "direction": "inbound", "vapi_phone_id": number["vapi_phone_id"] }]);
    assert_eq!(clinic.get("/api/agents/phone-numbers").await.good(), given);
    let integrations = clinic.get("/api/integrations").await.good();
    assert_eq!(
        (&integrations[0]["account_label"], &integrations[0]["phone_number"], &integrations[0]["healthy"]),
        (&json!("Voxanne"), &json!(wanted), &json!(true))
    );
    assert_eq!(clinic.numbers_outside(), (1, 1));

    let other = clinic.buy(json!({ "country": "US", "area_code": "212", "direction": "outbound" })).await.good();
    assert!(other["phone_number"].as_str().is_some_and(|number| number.starts_with("+1212")), "{other}");
    clinic.buy(json!({ "country": "US", "direction": "outbound" })).await.is(409, "direction_taken");
    assert_eq!(clinic.balance().await, 3000, "who loses is not charged");

    let released = clinic.give_back(&wanted).await.good();
    assert_eq!((&released["id"], &released["status"]), (&number["id"], &json!("released")));
    assert_eq!(clinic.numbers_outside(), (1, 1));
    clinic.give_back(&wanted).await.is(404, "number_not_found");
    let again = clinic.buy(json!({ "country": "GB", "direction": "inbound" })).await;
    assert_eq!(again.status, 201, "{}", again.text);
}

#[tokio::test]
async fn what_a_country_asks_for_is_shown_before_money_moves() {
    let clinic = Clinic::open(&[]).await;
    let offer = clinic.get(&format!("{AVAILABLE}?country=IE")).await.good();
    assert_eq!(offer["requirements_met"], false);
    assert!(offer["requirements"].as_str().is_some_and(|text| text.contains("bundle")), "{offer}");

    let said = clinic.buy(json!({ "country": "IE", "direction": "inbound" })).await;
    said.is(409, "country_requirements_unmet");
    let refusal: Value = serde_json::from_str(&said.text).expect("JSON");
    assert_eq!(refusal["details"]["requirements"], offer["requirements"]);
    assert_eq!(clinic.balance().await, 5000);
    assert_eq!(clinic.get(NUMBERS).await.good(), json!([]));

    // Papers that Twilio does not accept are seen only by buying: the money comes back.
    let stale = "select private.set_country_papers('GB', 'BU' || repeat('0', 32), null)";
    clinic.owner.execute(stale, &[]).await.expect("papers");
    clinic.buy(json!({ "country": "GB", "direction": "inbound" })).await.is(409, "country_requirements_unmet");
    assert_eq!(clinic.balance().await, 5000);
    assert_eq!(clinic.numbers_outside(), (0, 0));

    let noted = "select array_agg(concat_ws(' ', country_code, action, allowed) order by created_at)
                 from public.telephony_country_audit_log where org_id = $1";
    let noted: Vec<String> = clinic.owner.query_one(noted, &[&clinic.admin.org_id]).await.expect("the log").get(0);
    assert_eq!(noted, ["IE search t", "IE provision f", "GB provision t"]);
}

#[tokio::test]
async fn a_number_that_cannot_be_had_costs_nothing() {
    let clinic = Clinic::open(&[]).await;
    let stranger = clinic.server.sandbox.twilio.open_account("Stranger");
    let offer = clinic.get(&format!("{AVAILABLE}?country=US&area_code=212&contains=5550*")).await.good();
    let wanted = offer["numbers"][0]["phone_number"].as_str().expect("a number").to_owned();
    clinic.server.sandbox.twilio.give_number(&stranger.sid, &wanted).expect("it is gone");

    let wish = json!({ "country": "US", "direction": "inbound", "phone_number": wanted });
    clinic.buy(wish).await.is(409, "number_unavailable");
    assert_eq!(clinic.balance().await, 5000);
    assert_eq!(clinic.get(NUMBERS).await.good()[0]["status"], "failed");
    assert_eq!(clinic.get("/api/agents/phone-numbers").await.good(), json!([]));

    let poor = "select private.deduct_call_credits($1, gen_random_uuid(), 'vapi-poor', 5000)";
    clinic.owner.execute(poor, &[&clinic.admin.org_id]).await.expect("a long call");
    clinic.buy(json!({ "country": "US", "direction": "inbound" })).await.is(402, "insufficient_balance");
}

#[tokio::test]
async fn what_takes_longer_is_an_operation_to_follow() {
    let clinic = Clinic::open(&[("ANSWER_PATIENCE_MS", "200")]).await;
    let patient =
        "update private.effect_kinds set backoff_base_seconds = 0.2, backoff_cap_seconds = 0.5, max_attempts = 50
         where kind like 'twilio.%' or kind like 'vapi.%'";
    clinic.owner.batch_execute(patient).await.expect("patience");
    let sandbox = &clinic.server.sandbox;
    let followed = async |id: Uuid| clinic.get(&format!("/api/operations/{id}?wait_seconds=8")).await.good();

    sandbox.twilio.faults().add(Fault::error(503).matching("AvailablePhoneNumbers"));
    let search = clinic.get(&format!("{AVAILABLE}?country=US")).await;
    assert_eq!(search.status, 202, "{}", search.text);
    sandbox.twilio.faults().clear();
    let search = followed(id_of(&search.good())).await;
    assert_eq!(search["status"], "done");
    assert!(search["result"]["numbers"].as_array().is_some_and(|numbers| !numbers.is_empty()), "{search}");

    sandbox.vapi.faults().add(Fault::error(503).matching("/phone-number"));
    let wish = json!({ "country": "US", "direction": "inbound" });
    let buy =
        async || said(clinic.server.post(PROVISION, &clinic.admin).header("idempotency-key", "mine").json(&wish)).await;
    let bought = buy().await;
    assert_eq!(bought.status, 202, "{}", bought.text);
    let operation = id_of(&bought.good());
    assert_eq!(clinic.get(NUMBERS).await.good()[0]["status"], "provisioning");
    sandbox.vapi.faults().clear();
    let ended = followed(operation).await;
    assert_eq!((&ended["kind"], &ended["status"]), (&json!("provision_number"), &json!("done")));
    let bought = buy().await;
    assert_eq!(bought.status, 201, "the same key is the same number: {}", bought.text);
    let number = bought.good()["phone_number"].as_str().expect("a number").to_owned();
    assert_eq!(clinic.balance().await, 4000);
    assert_eq!(clinic.numbers_outside(), (1, 1));

    sandbox.vapi.faults().add(Fault::error(503).matching("/phone-number"));
    let released = clinic.give_back(&number).await;
    assert_eq!(released.status, 202, "{}", released.text);
    assert_eq!(clinic.get(NUMBERS).await.good()[0]["status"], "releasing");
    assert_eq!(clinic.get("/api/agents/phone-numbers").await.good(), json!([]), "here it is gone at once");
    assert_eq!(id_of(&clinic.give_back(&number).await.good()), id_of(&released.good()), "once is enough");
    sandbox.vapi.faults().clear();
    assert_eq!(followed(id_of(&released.good())).await["status"], "done");
    assert_eq!(clinic.numbers_outside(), (0, 0));
}

#[tokio::test]
async fn what_fails_behind_an_operation_says_why_there() {
    let clinic = Clinic::open(&[("ANSWER_PATIENCE_MS", "200")]).await;
    clinic.server.sandbox.vapi.faults().add(Fault::error(500).matching("POST /phone-number"));
    let bought = clinic.buy(json!({ "country": "US", "direction": "inbound" })).await;
    assert_eq!(bought.status, 202, "{}", bought.text);
    let operation = clinic.get(&format!("/api/operations/{}?wait_seconds=8", id_of(&bought.good()))).await.good();
    assert_eq!((&operation["status"], &operation["result"]["code"]), (&json!("failed"), &json!("provider_refused")));
    assert!(operation["result"]["error"].is_string(), "{operation}");
    assert_eq!(clinic.balance().await, 5000);
    assert_eq!(clinic.numbers_outside(), (0, 0));
}

#[tokio::test]
async fn bad_wishes_are_refused_and_cost_nothing() {
    let clinic = Clinic::open(&[]).await;
    for (query, status, code) in [
        ("", 400, "invalid_request"),
        ("?country=", 422, "country_unsupported"),
        ("?country=XX", 422, "country_unsupported"),
        ("?country=gb", 422, "country_unsupported"),
        ("?country=US&area_code=abc", 422, "area_code_invalid"),
        ("?country=US&contains=%25", 422, "number_pattern_invalid"),
        ("?country=US&contains=1", 422, "number_pattern_invalid"),
    ] {
        clinic.get(&format!("{AVAILABLE}{query}")).await.is(status, code);
    }
    for (wish, status, code) in [
        (json!({}), 400, "invalid_request"),
        (json!({ "country": "US" }), 400, "invalid_request"),
        (json!({ "country": "US", "direction": "inbound", "org_id": Uuid::new_v4() }), 400, "invalid_request"),
        (json!({ "country": "US", "direction": "both" }), 422, "direction_invalid"),
        (json!({ "country": "US", "direction": "inbound", "area_code": "20x" }), 422, "area_code_invalid"),
        (json!({ "country": "XX", "direction": "inbound" }), 422, "country_unsupported"),
        (json!({ "country": "US", "direction": "inbound", "phone_number": "212" }), 400, "phone_number_invalid"),
        (json!({ "country": "US", "direction": "inbound", "phone_number": "+19005550100" }), 422, "premium_number"),
        (
            json!({ "country": "US", "direction": "inbound", "phone_number": "+442079460018" }),
            422,
            "number_of_another_country",
        ),
        (
            json!({ "country": "US", "direction": "inbound", "phone_number": "+14165550100" }),
            422,
            "number_of_another_country",
        ),
    ] {
        clinic.buy(wish).await.is(status, code);
    }
    for number in ["+442079460018", "nonsense", "%2B", "+1%20"] {
        clinic.give_back(number).await.is(404, "number_not_found");
    }
    assert_eq!(clinic.balance().await, 5000);
    assert!(clinic.server.sandbox.twilio.log().all().is_empty(), "Twilio heard of none of it");
}

#[tokio::test]
async fn numbers_are_their_organisations_alone() {
    let clinic = Clinic::open(&[]).await;
    let other = clinic.server.sign_up("Grin").await;
    let number = clinic.buy(json!({ "country": "US", "direction": "inbound" })).await.good();
    let phone = number["phone_number"].as_str().expect("a number");
    let saga = "select id from private.sagas where org_id = $1";
    let saga: Uuid = clinic.owner.query_one(saga, &[&clinic.admin.org_id]).await.expect("the saga").get(0);

    for path in [NUMBERS, "/api/agents/phone-numbers"] {
        assert_eq!(get(&clinic.server, &other, path).await.good(), json!([]), "{path}");
    }
    delete(&clinic.server, &other, &format!("{NUMBERS}/{phone}")).await.is(404, "number_not_found");
    get(&clinic.server, &other, &format!("/api/operations/{saga}")).await.is(404, "operation_not_found");
    let user = clinic.server.add_member(clinic.admin.org_id, "user").await;
    assert_eq!(get(&clinic.server, &user, NUMBERS).await.good(), json!([number]), "everyone sees the organisation's");
    delete(&clinic.server, &user, &format!("{NUMBERS}/{phone}")).await.is(403, "role_too_low");
    post(&clinic.server, &user, PROVISION, json!({ "country": "US", "direction": "outbound" }))
        .await
        .is(403, "role_too_low");
    assert_eq!(clinic.numbers_outside(), (1, 1));
}
