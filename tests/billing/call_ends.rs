//! Speaking into a live call, ending it both ways, and asking what became of it.

use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::effects::{Effect, Registry, Verdict};

use super::provider::{Answer, Provider, effect, error_of, registry, says, says_with};
use crate::support::{TestServer, eventually};

const CALL: &str = "0b9a4a52-6f3e-4c1c-9c44-00000000000c";
const SID: &str = "CA00000000000000000000000000000001";

fn at(provider: &Provider) -> Registry {
    registry(&[
        ("VAPI_API_KEY", "vapi_planted"),
        ("VAPI_BASE_URL", &provider.url),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_AUTH_TOKEN", "twilio_planted"),
        ("TWILIO_BASE_URL", &provider.url),
    ])
}

fn about_call(kind: &str, more: Value) -> Effect {
    let mut payload = json!({ "org_id": null, "call_id": CALL });
    for (name, value) in more.as_object().expect("an object") {
        payload[name] = value.clone();
    }
    effect(kind, payload)
}

fn hang_up(provider: &Provider) -> Effect {
    about_call("vapi.end_call", json!({ "control_url": format!("{}/planted/control", provider.url), "call_sid": SID }))
}

fn carrier() -> Effect {
    about_call("twilio.end_call", json!({ "call_sid": SID }))
}

fn poll() -> Effect {
    about_call("vapi.poll_call", json!({ "vapi_call_id": "0a1b" }))
}

#[tokio::test]
async fn a_call_is_spoken_into_and_ended_by_its_control_url() {
    let vapi = Provider::start([]).await;
    let executors = at(&vapi);
    let control_url = format!("<{}/planted/control>", vapi.url);
    let warning = about_call("vapi.say", json!({ "control_url": control_url, "text": "Half a minute is left." }));
    assert_eq!(executors.run(&warning).await, Verdict::Done(json!({})));
    assert_eq!(executors.run(&hang_up(&vapi)).await, Verdict::Done(json!({})));

    assert_eq!(vapi.lines(), ["POST /planted/control", "POST /planted/control"]);
    let seen = vapi.seen();
    assert_eq!(
        seen[0].json(),
        json!({ "type": "say", "content": "Half a minute is left.", "endCallAfterSpoken": false })
    );
    assert_eq!(seen[1].json(), json!({ "type": "end-call" }));
    assert!(seen.iter().all(|request| request.header("authorization").is_empty()), "the URL is the key");
}

#[tokio::test]
async fn a_hang_up_that_fails_makes_room_for_the_carrier_at_once() {
    let vapi = Provider::start([
        says(404, &json!({ "message": "no such call" })),
        says_with(503, &[("retry-after", "60")], &json!({})),
    ])
    .await;
    let executors = at(&vapi);
    let verdict = executors.run(&hang_up(&vapi)).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
    assert_eq!(error_of(&verdict), "Vapi answered 404: no such call");

    let verdict = executors.run(&hang_up(&vapi)).await;
    assert!(matches!(verdict, Verdict::Retry { after: None, .. }), "it does not wait a minute: {verdict:?}");

    vapi.then(Answer::Silence);
    let mut quick = hang_up(&vapi);
    quick.timeout_seconds = 0.2;
    assert!(matches!(executors.run(&quick).await, Verdict::Retry { .. }));
}

#[tokio::test]
async fn a_control_url_that_cannot_be_used_is_refused_and_never_told() {
    let vapi = Provider::start([]).await;
    for control_url in [json!(null), json!(""), json!("planted"), json!("file:///planted")] {
        let call = about_call("vapi.end_call", json!({ "control_url": control_url }));
        let production = registry(&[]);
        let verdict = production.run(&call).await;
        assert_eq!(verdict, Verdict::refused("The call has no control URL that could be used."), "{control_url}");
    }
    let verdict = registry(&[]).run(&hang_up(&vapi)).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "where Vapi is reached over https, a call is too: {verdict:?}");
    assert!(vapi.seen().is_empty());

    let nowhere = about_call("vapi.end_call", json!({ "control_url": "http://127.0.0.1:1/planted/control" }));
    let verdict = at(&vapi).run(&nowhere).await;
    assert!(matches!(verdict, Verdict::Retry { .. }) && !error_of(&verdict).contains("planted"), "{verdict:?}");
}

#[tokio::test]
async fn the_carrier_ends_a_call_and_one_that_is_over_is_ended() {
    let over = json!({ "code": 21220, "message": "Call is not in-progress. Cannot redirect.", "status": 400 });
    let twilio = Provider::start([says(200, &json!({ "status": "completed" })), says(400, &over)]).await;
    let executors = at(&twilio);
    assert_eq!(executors.run(&carrier()).await, Verdict::Done(json!({})));
    assert_eq!(executors.run(&carrier()).await, Verdict::Done(json!({})));

    let seen = &twilio.seen()[0];
    assert_eq!(seen.line(), format!("POST /2010-04-01/Accounts/AC1/Calls/{SID}.json"));
    assert_eq!(seen.form().into_iter().collect::<Vec<_>>(), [("Status".to_owned(), "completed".to_owned())]);
    assert_eq!(seen.header("authorization"), "Basic QUMxOnR3aWxpb19wbGFudGVk", "AC1:twilio_planted");
}

#[tokio::test]
async fn what_the_carrier_refuses_and_what_it_may_do_later_are_told_apart() {
    let missing = json!({ "code": 20404, "message": "The requested resource was not found", "status": 404 });
    let busy = json!({ "code": 20429, "message": "Too Many Requests", "status": 429 });
    let twilio = Provider::start([
        says(404, &missing),
        says(401, &json!({ "code": 20003, "message": "Authenticate" })),
        says_with(429, &[("retry-after", "60")], &busy),
        Answer::Says(502, Vec::new(), "<html>".to_owned()),
    ])
    .await;
    let executors = at(&twilio);
    let verdict = executors.run(&carrier()).await;
    assert_eq!(verdict, Verdict::refused("Twilio answered 404 20404: The requested resource was not found"));
    let verdict = executors.run(&carrier()).await;
    assert!(matches!(&verdict, Verdict::Refused { error } if !error.contains("planted")), "{verdict:?}");
    for _ in 0..2 {
        let verdict = executors.run(&carrier()).await;
        assert!(matches!(verdict, Verdict::Retry { after: None, .. }), "{verdict:?}");
    }
    for call_sid in [json!(null), json!("")] {
        let verdict = executors.run(&about_call("twilio.end_call", json!({ "call_sid": call_sid }))).await;
        assert_eq!(verdict, Verdict::refused("The call has no SID, so its carrier cannot be asked to end it."));
    }
    assert_eq!(twilio.seen().len(), 4);
}

#[tokio::test]
async fn vapi_is_asked_what_became_of_a_call() {
    let ended = json!({
        "id": "0a1b", "status": "ended", "startedAt": "2026-11-21T10:00:00.000Z", "endedAt": "2026-11-21T10:02:00.500Z",
        "endedReason": "customer-ended-call", "cost": 0.1,
    });
    let vapi = Provider::start([
        says(200, &ended),
        says(200, &json!({ "id": "0a1b", "status": "in-progress", "startedAt": "2026-11-21T10:00:00.000Z" })),
        says(404, &json!({ "message": "Not Found" })),
    ])
    .await;
    let executors = at(&vapi);
    assert_eq!(
        executors.run(&poll()).await,
        Verdict::Done(json!({
            "status": "ended", "started_at": "2026-11-21T10:00:00.000Z", "ended_at": "2026-11-21T10:02:00.500Z",
            "ended_reason": "customer-ended-call",
            "report": {
                "id": "0a1b", "startedAt": "2026-11-21T10:00:00.000Z", "endedAt": "2026-11-21T10:02:00.500Z",
                "endedReason": "customer-ended-call", "cost": 0.1, "artifact": {},
            },
        }))
    );
    assert_eq!(
        executors.run(&poll()).await,
        Verdict::Done(json!({
            "status": "in-progress", "started_at": "2026-11-21T10:00:00.000Z", "ended_at": null, "ended_reason": null,
        }))
    );
    assert_eq!(executors.run(&poll()).await, Verdict::Done(json!({ "status": "not_found" })));
    let seen = &vapi.seen()[0];
    assert_eq!((seen.line().as_str(), seen.header("authorization")), ("GET /call/0a1b", "Bearer vapi_planted"));
}

#[tokio::test]
async fn an_answer_of_vapis_that_is_none_is_no_evidence() {
    let vapi = Provider::start([
        says_with(429, &[("retry-after", "9")], &json!({})),
        says(500, &json!({})),
        Answer::Says(200, Vec::new(), "<html>".to_owned()),
        says(401, &json!({ "message": "Invalid Key" })),
    ])
    .await;
    let executors = at(&vapi);
    let waits = std::time::Duration::from_secs(9);
    let verdict = executors.run(&poll()).await;
    assert!(matches!(verdict, Verdict::Retry { after: Some(after), .. } if after == waits), "{verdict:?}");
    for _ in 0..2 {
        let verdict = executors.run(&poll()).await;
        assert!(matches!(verdict, Verdict::Retry { after: None, .. }), "{verdict:?}");
    }
    let verdict = executors.run(&poll()).await;
    assert!(matches!(&verdict, Verdict::Refused { error } if !error.contains("vapi_planted")), "{verdict:?}");
}

#[tokio::test]
async fn a_missing_setting_is_named() {
    let bare = registry(&[]);
    assert_eq!(bare.run(&poll()).await, Verdict::refused("VAPI_API_KEY is missing, so Vapi cannot be asked."));
    assert_eq!(
        bare.run(&carrier()).await,
        Verdict::refused("TWILIO_ACCOUNT_SID is missing, so nothing can be done in the platform's own account.")
    );
}

/// Refused, or tried twice in vain: the carrier's turn comes through the queue, and the order counts as given.
#[tokio::test]
async fn a_call_that_vapi_does_not_end_is_ended_by_its_carrier() {
    for vapi_says in [vec![404], vec![500, 503]] {
        let outside = Provider::start(vapi_says.iter().map(|status| says(*status, &json!({})))).await;
        // Tools are registered at Vapi's API meanwhile; what is looked at here is the control URL.
        let vapi = Provider::start([]).await;
        let server = TestServer::start_with(&[
            ("VAPI_BASE_URL", &vapi.url),
            ("TWILIO_ACCOUNT_SID", "AC1"),
            ("TWILIO_AUTH_TOKEN", "twilio_planted"),
            ("TWILIO_BASE_URL", &outside.url),
        ])
        .await;
        let (org_id, call_id) = (server.sign_up("Smile").await.org_id, Uuid::new_v4());
        let owner = server.db.owner().await;
        let control_url = format!("{}/planted/control", outside.url);
        owner
            .execute("select private.add_credits($1, 2500, 'topup', 'first')", &[&org_id])
            .await
            .expect("a full wallet");
        owner.execute("select private.reserve_call_credits($1, $2)", &[&org_id, &call_id]).await.expect("a call");
        owner
            .execute(
                "insert into private.call_lines (org_id, call_id, control_url, call_sid) values ($1, $2, $3, $4)",
                &[&org_id, &call_id, &control_url, &SID],
            )
            .await
            .expect("a line");
        owner.execute("select private.order_hang_up($1, $2, now())", &[&org_id, &call_id]).await.expect("an order");

        eventually("the order counts as given", async || {
            let query = "select end_issued_at is not null from public.credit_reservations where call_id = $1";
            owner.query_one(query, &[&call_id]).await.expect("the hold").get(0)
        })
        .await;
        let mut expected = vec!["POST /planted/control".to_owned(); vapi_says.len()];
        expected.push(format!("POST /2010-04-01/Accounts/AC1/Calls/{SID}.json"));
        assert_eq!(outside.lines(), expected);
    }
}
