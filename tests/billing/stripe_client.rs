//! What Stripe is sent, and what its answers are taken for.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};
use voxanne::effects::{Effect, Registry, Verdict};

use super::provider::{Answer, Provider, Seen, effect, error_of, registry, says, says_with};

const KEY: &str = "sk_test_planted123";
const ORG: &str = "0b9a4a52-6f3e-4c1c-9c44-000000000001";
const TOPUP: &str = "0b9a4a52-6f3e-4c1c-9c44-000000000002";
const RECHARGE: &str = "0b9a4a52-6f3e-4c1c-9c44-000000000003";

fn at(provider: &Provider) -> Registry {
    registry(&[("STRIPE_SECRET_KEY", KEY), ("STRIPE_BASE_URL", &provider.url)])
}

async fn run(effect: &Effect, answers: impl IntoIterator<Item = Answer>) -> (Verdict, Vec<Seen>) {
    let stripe = Provider::start(answers).await;
    let verdict = at(&stripe).run(effect).await;
    (verdict, stripe.seen())
}

fn checkout(customer: Option<&str>) -> Effect {
    effect(
        "stripe.checkout",
        json!({
            "org_id": ORG, "topup_id": TOPUP, "amount_pence": 2500, "currency": "gbp", "customer": customer,
            "email": "ann@clinic.test", "organization_name": "Smile & Söhne",
            "success_url": "https://app.test/dashboard/wallet?topup=success&session_id={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://app.test/dashboard/wallet?topup=cancelled",
        }),
    )
}

fn charge() -> Effect {
    effect(
        "stripe.charge",
        json!({
            "org_id": ORG, "recharge_id": RECHARGE, "amount_pence": 5000, "currency": "gbp", "customer": "cus_1",
            "payment_method": "pm_1",
        }),
    )
}

fn session() -> Answer {
    says(200, &json!({ "id": "cs_1", "url": "https://checkout.stripe.test/cs_1", "expires_at": 1_800_000_000 }))
}

fn page(items: Value, more: bool) -> Answer {
    says(200, &json!({ "object": "list", "data": items, "has_more": more }))
}

fn nothing() -> Answer {
    page(json!([]), false)
}

fn intent(status: &str) -> Value {
    json!({
        "id": "pi_1", "object": "payment_intent", "status": status, "amount": 5000, "currency": "gbp",
        "amount_received": if status == "succeeded" { 5000 } else { 0 }, "last_payment_error": null,
        "metadata": { "org_id": ORG, "recharge_id": RECHARGE },
    })
}

fn problem(kind: &str, message: &str) -> Value {
    json!({ "error": { "type": kind, "message": message } })
}

fn fields(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn done(verdict: Verdict) -> Value {
    match verdict {
        Verdict::Done(result) => result,
        other => panic!("not done: {other:?}"),
    }
}

#[tokio::test]
async fn a_checkout_makes_the_customer_first_and_says_whose_money_it_is() {
    let (verdict, seen) = run(&checkout(None), [says(200, &json!({ "id": "cus_1" })), session()]).await;
    assert_eq!(
        done(verdict),
        json!({ "customer": "cus_1", "session_id": "cs_1", "url": "https://checkout.stripe.test/cs_1", "expires_at": 1_800_000_000 })
    );

    let [customer, session] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!(customer.line(), "POST /v1/customers");
    assert_eq!(customer.header("idempotency-key"), format!("customer/{ORG}"));
    assert_eq!(
        customer.form(),
        fields(&[("metadata[org_id]", ORG), ("email", "ann@clinic.test"), ("name", "Smile & Söhne")])
    );
    assert_eq!(session.line(), "POST /v1/checkout/sessions");
    assert_eq!(session.header("idempotency-key"), format!("topup/{TOPUP}"));
    assert_eq!(
        session.form(),
        fields(&[
            ("mode", "payment"),
            ("customer", "cus_1"),
            ("client_reference_id", ORG),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", "gbp"),
            ("line_items[0][price_data][unit_amount]", "2500"),
            ("line_items[0][price_data][product_data][name]", "Voxanne credit"),
            ("payment_intent_data[setup_future_usage]", "off_session"),
            ("payment_intent_data[metadata][org_id]", ORG),
            ("payment_intent_data[metadata][topup_id]", TOPUP),
            ("metadata[org_id]", ORG),
            ("metadata[topup_id]", TOPUP),
            ("success_url", "https://app.test/dashboard/wallet?topup=success&session_id={CHECKOUT_SESSION_ID}"),
            ("cancel_url", "https://app.test/dashboard/wallet?topup=cancelled"),
        ])
    );
    for request in &seen {
        assert_eq!(request.header("authorization"), format!("Bearer {KEY}"));
        assert_eq!(request.header("stripe-version"), "2026-10-28.endive");
        assert!(request.header("user-agent").starts_with("voxanne/"));
    }
}

#[tokio::test]
async fn a_customer_that_is_known_is_not_made_again() {
    let (verdict, seen) = run(&checkout(Some("cus_9")), [session()]).await;
    assert_eq!(done(verdict)["customer"], json!("cus_9"));
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].form()["customer"], "cus_9");
}

#[tokio::test]
async fn a_customer_somebody_else_began_does_not_stop_a_checkout() {
    let reused = says(400, &problem("idempotency_error", "Keys can only be used with the same parameters."));
    let (verdict, seen) = run(&checkout(None), [reused, says(200, &json!({ "id": "cus_2" })), session()]).await;
    assert_eq!(done(verdict)["customer"], json!("cus_2"));
    assert_eq!(seen[1].header("idempotency-key"), format!("customer/{ORG}/{TOPUP}"));
}

#[tokio::test]
async fn a_charge_looks_first_and_then_takes_the_money() {
    let (verdict, seen) = run(&charge(), [nothing(), says(200, &intent("succeeded"))]).await;
    assert_eq!(
        done(verdict),
        json!({
            "status": "succeeded", "payment_intent": "pi_1", "amount_received": 5000, "currency": "gbp", "code": null,
            "decline_code": null, "message": null,
        })
    );
    assert_eq!(seen[0].line(), "GET /v1/payment_intents");
    assert_eq!(seen[0].query, fields(&[("customer", "cus_1"), ("limit", "100")]));
    assert_eq!(seen[1].line(), "POST /v1/payment_intents");
    assert_eq!(seen[1].header("idempotency-key"), format!("recharge/{RECHARGE}"));
    assert_eq!(
        seen[1].form(),
        fields(&[
            ("amount", "5000"),
            ("currency", "gbp"),
            ("customer", "cus_1"),
            ("payment_method", "pm_1"),
            ("off_session", "true"),
            ("confirm", "true"),
            ("description", "Voxanne credit"),
            ("automatic_payment_methods[enabled]", "true"),
            ("automatic_payment_methods[allow_redirects]", "never"),
            ("metadata[org_id]", ORG),
            ("metadata[recharge_id]", RECHARGE),
        ])
    );
}

#[tokio::test]
async fn a_charge_that_was_made_before_is_found_wherever_it_stands_in_the_list() {
    let others = json!([{ "id": "pi_3", "status": "succeeded", "metadata": { "recharge_id": ORG } }, { "id": "pi_2", "status": "succeeded", "metadata": {} }]);
    for status in ["succeeded", "processing", "requires_action"] {
        let (verdict, seen) = run(&charge(), [page(others.clone(), true), page(json!([intent(status)]), false)]).await;
        let result = done(verdict);
        assert_eq!((&result["status"], &result["payment_intent"]), (&json!(status), &json!("pi_1")));
        assert_eq!(seen.len(), 2, "nothing is charged");
        assert_eq!(seen[1].query["starting_after"], "pi_2");
    }
}

#[tokio::test]
async fn a_charge_that_failed_before_is_not_tried_on_the_same_card_again() {
    let mut failed = intent("requires_payment_method");
    failed["last_payment_error"] = json!({ "type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds", "message": "No." });
    let (verdict, seen) = run(&charge(), [page(json!([failed]), false)]).await;
    let result = done(verdict);
    assert_eq!(result["status"], json!("declined"));
    assert_eq!(result["decline_code"], json!("insufficient_funds"));
    assert_eq!(seen.len(), 1);

    let (verdict, seen) = run(&charge(), [page(json!([intent("canceled")]), false)]).await;
    assert_eq!((done(verdict)["status"].clone(), seen.len()), (json!("declined"), 1));
}

#[tokio::test]
async fn a_charge_that_was_never_confirmed_is_asked_for_again_under_its_key() {
    let begun = page(json!([intent("requires_confirmation")]), false);
    let (verdict, seen) = run(&charge(), [begun, says(200, &intent("succeeded"))]).await;
    assert_eq!(done(verdict)["status"], json!("succeeded"));
    assert_eq!(seen[1].header("idempotency-key"), format!("recharge/{RECHARGE}"));
}

/// The official example of a bank that wants its customer, shortened.
fn wants_its_holder() -> Value {
    json!({ "error": {
        "charge": "ch_Example", "code": "authentication_required", "decline_code": "authentication_required",
        "message": "Your card was declined. This transaction requires authentication.", "type": "card_error",
        "payment_intent": { "id": "pi_1", "amount": 2000, "amount_received": 0, "currency": "gbp", "status": "requires_payment_method" },
    }})
}

#[tokio::test]
async fn what_the_bank_says_is_an_answer_and_not_a_failure() {
    let (verdict, _) = run(&charge(), [nothing(), says(402, &wants_its_holder())]).await;
    assert_eq!(
        done(verdict),
        json!({
            "status": "requires_action", "payment_intent": "pi_1", "amount_received": 0, "currency": "gbp",
            "code": "authentication_required", "decline_code": "authentication_required",
            "message": "Your card was declined. This transaction requires authentication.",
        })
    );

    let mut declined = wants_its_holder();
    declined["error"]["code"] = json!("card_declined");
    declined["error"]["decline_code"] = json!("insufficient_funds");
    let (verdict, _) = run(&charge(), [nothing(), says(402, &declined)]).await;
    let result = done(verdict);
    assert_eq!(result["status"], json!("declined"));
    assert_eq!(result["decline_code"], json!("insufficient_funds"));

    declined["error"]["decline_code"] = json!("authentication_required");
    let (verdict, _) = run(&charge(), [nothing(), says(402, &declined)]).await;
    assert_eq!(done(verdict)["status"], json!("requires_action"), "banks say it in either place");

    let bare = says(402, &problem("card_error", "Your card was declined."));
    let (verdict, _) = run(&charge(), [nothing(), bare]).await;
    let result = done(verdict);
    assert_eq!((&result["status"], &result["payment_intent"]), (&json!("declined"), &Value::Null));
}

#[tokio::test]
async fn what_passes_is_tried_again_and_when_stripe_says_so() {
    let lock = json!({ "error": { "type": "invalid_request_error", "code": "lock_timeout", "message": "Busy." } });
    let in_flight =
        json!({ "error": { "type": "idempotency_error", "code": "idempotency_key_in_use", "message": "Busy." } });
    let api = problem("api_error", "Broken.");
    for (status, headers, body, after) in [
        (429, vec![("retry-after", "7")], &lock, Some(7)),
        (409, vec![], &in_flight, None),
        (424, vec![], &api, None),
        (500, vec![], &api, None),
        (503, vec![("retry-after", "3")], &api, Some(3)),
        (400, vec![("stripe-should-retry", "true")], &lock, None),
    ] {
        for (effect, before) in [(checkout(Some("cus_1")), None), (charge(), Some(nothing()))] {
            let (verdict, _) = run(&effect, before.into_iter().chain([says_with(status, &headers, body)])).await;
            let Verdict::Retry { after: said, .. } = verdict else { panic!("{status}: {verdict:?}") };
            assert_eq!(said, after.map(Duration::from_secs), "{status}");
        }
    }
}

#[tokio::test]
async fn where_stripe_says_not_to_repeat_a_checkout_is_given_up_and_a_charge_is_looked_for() {
    let broken = || says_with(500, &[("stripe-should-retry", "false")], &problem("api_error", "Broken."));
    let (verdict, _) = run(&checkout(Some("cus_1")), [broken()]).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
    let (verdict, _) = run(&charge(), [nothing(), broken()]).await;
    assert!(matches!(verdict, Verdict::Retry { .. }), "money may have moved: {verdict:?}");

    let conflict = says_with(409, &[("stripe-should-retry", "false")], &problem("invalid_request_error", "No."));
    let (verdict, _) = run(&charge(), [nothing(), conflict]).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
}

#[tokio::test]
async fn what_is_wrong_itself_is_refused_with_stripes_words_and_without_the_key() {
    let unknown = json!({ "error": {
        "type": "invalid_request_error", "code": "resource_missing", "param": "customer", "message": "No such customer: 'cus_1'",
    }});
    let reused = problem("idempotency_error", "Keys can only be used with the same parameters.");
    let stranger = problem("invalid_request_error", "Invalid API Key provided: sk_test_*********d123");
    let forbidden = problem("invalid_request_error", &format!("The key {KEY} may not do this."));
    for (status, body, said) in [
        (
            400,
            &unknown,
            "Stripe answered 400: invalid_request_error · resource_missing · No such customer: 'cus_1' · req_1",
        ),
        (400, &reused, "Keys can only be used"),
        (401, &stranger, "Stripe does not know STRIPE_SECRET_KEY."),
        (403, &forbidden, "The key (key) may not do this."),
        (404, &json!("lost"), "Stripe answered 404"),
    ] {
        for (effect, before) in [(checkout(Some("cus_1")), None), (charge(), Some(nothing()))] {
            let answer = says_with(status, &[("request-id", "req_1")], body);
            let (verdict, _) = run(&effect, before.into_iter().chain([answer])).await;
            assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
            let error = error_of(&verdict);
            assert!(error.contains(said) && !error.contains("d123"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_charge_that_may_have_been_made_is_not_called_refused_because_nobody_can_look() {
    let stranger = || says(401, &problem("invalid_request_error", "Invalid API Key provided."));
    let mut again = charge();
    again.attempts = 2;
    for (effect, refused) in [(charge(), true), (again, false)] {
        let (verdict, seen) = run(&effect, [stranger()]).await;
        assert_eq!(matches!(verdict, Verdict::Refused { .. }), refused, "{verdict:?}");
        assert_eq!(seen.len(), 1, "and nothing is charged blindly");
    }
}

#[tokio::test]
async fn an_organisation_without_an_email_is_a_customer_too() {
    let mut checkout = checkout(None);
    checkout.payload["email"] = json!("");
    checkout.payload["organization_name"] = json!(null);
    let (_, seen) = run(&checkout, [says(200, &json!({ "id": "cus_1" })), session()]).await;
    assert_eq!(seen[0].form(), fields(&[("metadata[org_id]", ORG)]));
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_asked_for_again() {
    let garbled = || Answer::Says(200, Vec::new(), "<html>".to_owned());
    for (effect, answers) in [
        (checkout(Some("cus_1")), vec![garbled()]),
        (checkout(Some("cus_1")), vec![says(200, &json!({ "id": "cs_1", "url": null }))]),
        (checkout(None), vec![says(200, &json!({}))]),
        (charge(), vec![nothing(), garbled()]),
        (charge(), vec![says(200, &json!({ "data": "none" }))]),
    ] {
        let (verdict, _) = run(&effect, answers).await;
        assert!(matches!(verdict, Verdict::Retry { .. }), "{verdict:?}");
    }
}

#[tokio::test]
async fn silence_and_a_closed_door_are_tried_again_and_tell_no_secret() {
    let mut quick = charge();
    quick.timeout_seconds = 0.2;
    let (verdict, seen) = run(&quick, [Answer::Silence]).await;
    assert!(matches!(verdict, Verdict::Retry { .. }), "{verdict:?}");
    assert_eq!(seen.len(), 1);

    let nowhere = registry(&[("STRIPE_SECRET_KEY", KEY), ("STRIPE_BASE_URL", "http://127.0.0.1:1")]);
    let verdict = nowhere.run(&charge()).await;
    assert!(matches!(verdict, Verdict::Retry { .. }), "{verdict:?}");
    let error = error_of(&verdict);
    assert!(error.starts_with("Stripe could not be reached") && !error.contains("cus_1"), "{error}");
}

#[tokio::test]
async fn the_refunds_of_a_payment_are_all_of_them() {
    let refund = |id: &str, status: &str| json!({ "id": id, "object": "refund", "amount": 100, "currency": "gbp", "status": status, "charge": "ch_1", "reason": null });
    let pages = [
        page(json!([refund("re_3", "pending"), refund("re_2", "failed")]), true),
        page(json!([refund("re_1", "succeeded")]), false),
    ];
    let wanted = effect("stripe.refunds", json!({ "org_id": ORG, "payment_intent": "pi_1" }));
    let (verdict, seen) = run(&wanted, pages).await;
    let refunds = done(verdict)["refunds"].clone();
    let ids: Vec<_> = refunds.as_array().expect("a list").iter().map(|refund| refund["id"].clone()).collect();
    assert_eq!(ids, ["re_3", "re_2", "re_1"]);
    assert_eq!(
        refunds[0],
        json!({ "id": "re_3", "amount": 100, "currency": "gbp", "status": "pending", "charge": "ch_1" })
    );
    assert_eq!(seen[0].query, fields(&[("payment_intent", "pi_1"), ("limit", "100")]));
    assert_eq!(seen[1].query["starting_after"], "re_2");

    let (verdict, _) = run(&wanted, [nothing()]).await;
    assert_eq!(done(verdict), json!({ "refunds": [] }));
}

#[tokio::test]
async fn a_missing_key_and_a_payload_that_cannot_be_read_are_said_so() {
    let stripe = Provider::start([]).await;
    let verdict = registry(&[("STRIPE_BASE_URL", &stripe.url)]).run(&charge()).await;
    assert_eq!(verdict, Verdict::refused("STRIPE_SECRET_KEY is missing, so Stripe cannot be asked."));

    let mut odd = charge();
    odd.payload["amount_pence"] = json!("5000");
    let verdict = at(&stripe).run(&odd).await;
    assert!(error_of(&verdict).starts_with("The payload cannot be read: invalid type"), "{verdict:?}");
    assert!(stripe.seen().is_empty());
}
