//! Checkout on the Stripe stand-in: what a person clicks, and how the saved card goes on later.

use std::collections::BTreeSet;

use serde_json::Value;
use voxanne::sandbox::{
    Fault,
    stripe::{Card, Payment, VERSION},
};

use super::stripe_stand_in_support::{Answer, ORG, Till, checkout, http, off_session};

#[tokio::test]
async fn a_payment_tells_its_events_in_order_and_saves_the_card() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let session = till.session(&customer, 2_500).await;
    assert_eq!(till.kinds(), ["customer.created"], "nothing happens before somebody pays");
    assert_eq!(till.stripe().pay(&session, Card::Visa), Ok(Payment::Paid));
    assert_eq!(
        till.kinds()[1..],
        [
            "payment_intent.created",
            "payment_method.attached",
            "charge.succeeded",
            "payment_intent.succeeded",
            "checkout.session.completed"
        ]
    );
    let done = till.get(&format!("/v1/checkout/sessions/{session}?expand[]=payment_intent.latest_charge")).await.body;
    assert_eq!((&done["status"], &done["payment_status"]), (&"complete".into(), &"paid".into()));
    assert_eq!((&done["client_reference_id"], &done["metadata"]["org_id"]), (&ORG.into(), &ORG.into()));
    assert_eq!(done["url"], Value::Null);
    let intent = &done["payment_intent"];
    assert_eq!((&intent["status"], &intent["amount_received"]), (&"succeeded".into(), &2_500.into()));
    assert_eq!((&intent["currency"], &intent["metadata"]["org_id"]), (&"gbp".into(), &ORG.into()));
    assert_eq!((&intent["customer"], &intent["latest_charge"]["paid"]), (&customer.as_str().into(), &true.into()));
    let method = intent["payment_method"].as_str().unwrap();
    assert_eq!(till.get(&format!("/v1/payment_methods/{method}")).await.body["customer"], customer.as_str());
    assert!(till.stripe().pay(&session, Card::Visa).is_err(), "a session is paid once");
}

#[tokio::test]
async fn a_decline_leaves_the_session_open_and_its_intent_the_same() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let session = till.session(&customer, 2_500).await;
    assert_eq!(till.stripe().pay(&session, Card::Declined), Ok(Payment::Declined));
    let first = till.field(&session, "payment_intent");
    assert_eq!(till.kinds()[1..], ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]);
    assert_eq!(till.stripe().object(&first).unwrap()["last_payment_error"]["decline_code"], "generic_decline");
    assert_eq!(till.stripe().pay(&session, Card::InsufficientFunds), Ok(Payment::Declined));
    assert_eq!(till.stripe().pay(&session, Card::Visa), Ok(Payment::Paid));
    assert_eq!(till.field(&session, "payment_intent"), first);
    assert_eq!(till.stripe().books().payment(&first).paid, 2_500);
    assert_eq!(till.stripe().payment_intents().len(), 1);
}

#[tokio::test]
async fn nothing_is_paid_until_the_bank_has_its_answer() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let session = till.session(&customer, 2_500).await;
    assert_eq!(till.stripe().pay(&session, Card::AuthenticateOnce), Ok(Payment::NeedsAuthentication));
    assert_eq!(till.kinds().last().unwrap(), "payment_intent.requires_action");
    assert_eq!(till.stripe().books().total.paid, 0);
    assert_eq!(till.stripe().authenticate(&session, false), Ok(Payment::Declined));
    assert!(till.stripe().authenticate(&session, true).is_err(), "the bank asks no more");
    assert!(till.stripe().events_of("charge.failed").is_empty(), "nobody was charged");
    assert_eq!(till.stripe().pay(&session, Card::AuthenticateOnce), Ok(Payment::NeedsAuthentication));
    assert_eq!(till.stripe().authenticate(&session, true), Ok(Payment::Paid));
    assert_eq!(till.kinds().last().unwrap(), "checkout.session.completed");
}

#[tokio::test]
async fn the_card_that_was_saved_decides_how_it_goes_later() {
    let till = Till::open().await;
    for (card, later) in [
        (Card::Visa, None),
        (Card::Mastercard, None),
        (Card::AuthenticateOnce, None),
        (Card::DeclinesLater, Some(("card_declined", "generic_decline"))),
        (Card::AuthenticateAlways, Some(("authentication_required", "authentication_required"))),
    ] {
        let customer = till.customer().await;
        let first = till.paid(&customer, 2_500, card).await;
        let method = till.field(&first, "payment_method");
        let answer = till.post("/v1/payment_intents", &off_session(&customer, &method, 3_000)).await;
        let net = till.stripe().books().customer(&customer).net();
        match later {
            None => {
                assert_eq!(answer.body["status"], "succeeded", "{card:?}");
                assert_eq!(net, 5_500);
            }
            Some((code, decline_code)) => {
                let error = &answer.body["error"];
                assert_eq!((answer.status, &error["type"]), (402, &"card_error".into()), "{card:?}");
                assert_eq!((&error["code"], &error["decline_code"]), (&code.into(), &decline_code.into()));
                assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
                assert_eq!(error["payment_intent"]["last_payment_error"]["code"], code);
                assert_eq!(error["payment_intent"]["metadata"]["org_id"], ORG);
                assert_eq!(till.kinds().last().unwrap(), "payment_intent.payment_failed");
                assert_eq!(net, 2_500);
            }
        }
        let theirs = till.get(&format!("/v1/payment_intents?customer={customer}")).await.body;
        assert_eq!(theirs["data"].as_array().unwrap().len(), 2, "a declined attempt can be found again");
    }
}

#[tokio::test]
async fn a_decline_is_replayed_by_its_key_and_charges_nothing_more() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let method = till.field(&till.paid(&customer, 2_500, Card::Visa).await, "payment_method");
    till.stripe().swap_card(&method, Card::InsufficientFunds).unwrap();
    let form = off_session(&customer, &method, 3_000);
    let first = till.post_with_key("recharge/1", "/v1/payment_intents", &form).await;
    assert_eq!(first.refusal(), (402, "card_declined"));
    assert_eq!(first.body["error"]["decline_code"], "insufficient_funds");
    till.stripe().swap_card(&method, Card::Visa).unwrap();
    let again = till.post_with_key("recharge/1", "/v1/payment_intents", &form).await;
    assert_eq!((again.status, &again.body), (402, &first.body));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(till.stripe().books().customer(&customer).net(), 2_500);
    assert_eq!(till.post_with_key("recharge/2", "/v1/payment_intents", &form).await.status, 200);
    assert_eq!(till.stripe().books().customer(&customer).net(), 5_500);
}

#[tokio::test]
async fn a_charge_whose_answer_was_lost_is_found_again_by_its_key() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let method = till.field(&till.paid(&customer, 2_500, Card::Visa).await, "payment_method");
    till.stripe().faults().add(Fault::lost_answer().matching("POST /v1/payment_intents").next(1));
    let form = off_session(&customer, &method, 3_000);
    let lost = till.posting("/v1/payment_intents", &form).bearer_auth(till.stripe().secret_key());
    let lost = lost.header("stripe-version", VERSION).header("idempotency-key", "recharge/1").send().await;
    assert!(lost.is_err(), "not even a status came back");
    let again = till.post_with_key("recharge/1", "/v1/payment_intents", &form).await;
    assert_eq!((&again.body["status"], &again.body["amount_received"]), (&"succeeded".into(), &3_000.into()));
    assert_eq!(till.stripe().books().customer(&customer).net(), 5_500);
}

#[tokio::test]
async fn thirty_two_at_once_with_one_key_charge_once() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let method = till.field(&till.paid(&customer, 2_500, Card::Visa).await, "payment_method");
    let form = off_session(&customer, &method, 3_000);
    let asked = (0..32).map(|_| till.post_with_key("recharge/1", "/v1/payment_intents", &form));
    let answers = futures_util::future::join_all(asked).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)));
    let ids: BTreeSet<_> = answers.iter().filter(|answer| answer.status == 200).map(Answer::id).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(till.stripe().books().customer(&customer).paid, 5_500);
}

#[tokio::test]
async fn an_intent_can_be_told_more_and_called_off_before_it_is_paid() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let form = format!("amount=3000&currency=gbp&customer={customer}&metadata[a]=1&metadata[b]=2");
    let intent = till.post("/v1/payment_intents", &form).await.id();
    let path = format!("/v1/payment_intents/{intent}");
    let told = till.post(&path, "metadata[a]=&metadata[c]=3").await.body;
    assert_eq!(told["metadata"], serde_json::json!({ "b": "2", "c": "3" }));
    assert_eq!(till.post(&path, "amount=1").await.refusal(), (400, "parameter_unknown"));
    assert_eq!(till.post(&format!("{path}/cancel"), "").await.body["status"], "canceled");
    let twice = till.post(&format!("{path}/cancel"), "").await;
    assert_eq!(twice.refusal(), (400, "payment_intent_unexpected_state"));
    assert_eq!(till.kinds()[1..], ["payment_intent.created", "payment_intent.canceled"]);
}

#[tokio::test]
async fn a_card_is_charged_for_its_own_customer_only() {
    let till = Till::open().await;
    let (anna, ben) = (till.customer().await, till.customer().await);
    let method = till.field(&till.paid(&anna, 2_500, Card::Visa).await, "payment_method");
    let good = off_session(&anna, &method, 3_000);
    for wrong in [
        off_session(&ben, &method, 3_000),
        good.replace(&format!("customer={anna}&"), ""),
        good.replace("confirm=true", "confirm=false"),
        good.replace("amount=3000", "amount=0"),
        good.replace("amount=3000", "amount=29"),
        good.replace("currency=gbp", "currency=zzz"),
        good.replace("off_session=true&", ""),
        good.replace(&method, "pm_none"),
        format!("{good}&payment_method_types[0]=card"),
        format!("{good}&setup_future_usage=off_session"),
    ] {
        let answer = till.post("/v1/payment_intents", &wrong).await;
        assert!(matches!(answer.status, 400 | 404), "{wrong}: {}", answer.body);
    }
    till.post(&format!("/v1/payment_methods/{method}/detach"), "").await.id();
    assert_eq!(till.post("/v1/payment_intents", &good).await.status, 400, "a card that was taken away");
    assert_eq!(till.stripe().books().total.paid, 2_500);
}

#[tokio::test]
async fn a_bank_debit_completes_the_session_unpaid_and_pays_later_or_never() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let form = format!(
        "{}&allowed_payment_method_types[0]=card&allowed_payment_method_types[1]=bacs_debit",
        checkout(&customer, 2_500)
    );
    let plain = till.session(&customer, 2_500).await;
    assert!(till.stripe().pay_by_debit(&plain).is_err(), "only where it is offered");
    for (arrives, event, paid) in
        [(true, "checkout.session.async_payment_succeeded", 2_500), (false, "checkout.session.async_payment_failed", 0)]
    {
        let session = till.post("/v1/checkout/sessions", &form).await.id();
        assert_eq!(till.stripe().pay_by_debit(&session), Ok(Payment::Processing));
        assert_eq!(till.kinds().last().unwrap(), "checkout.session.completed");
        assert_eq!(till.field(&session, "payment_status"), "unpaid");
        let intent = till.field(&session, "payment_intent");
        assert_eq!(till.stripe().books().payment(&intent).paid, 0);
        till.stripe().settle_debit(&session, arrives).unwrap();
        assert_eq!(till.kinds().last().unwrap(), event);
        assert_eq!(till.stripe().books().payment(&intent).paid, paid);
        assert!(till.stripe().settle_debit(&session, true).is_err(), "it is settled once");
    }
}

#[tokio::test]
async fn a_session_that_is_given_up_stays_open_until_it_expires() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let session = till.session(&customer, 2_500).await;
    let back = till.stripe().abandon(&session).unwrap().unwrap();
    assert!(back.ends_with("?topup=cancelled"));
    assert_eq!(till.kinds(), ["customer.created"]);
    till.stripe().pay(&session, Card::Declined).unwrap();
    let expired = till.post(&format!("/v1/checkout/sessions/{session}/expire"), "").await;
    assert_eq!((&expired.body["status"], &expired.body["url"]), (&"expired".into(), &Value::Null));
    let kinds = till.kinds();
    assert_eq!(kinds[kinds.len() - 2..], ["payment_intent.canceled", "checkout.session.expired"]);
    assert!(till.stripe().pay(&session, Card::Visa).is_err());
    assert_eq!(till.post(&format!("/v1/checkout/sessions/{session}/expire"), "").await.status, 400);
}

#[tokio::test]
async fn a_person_can_pay_decline_authenticate_and_go_back_in_a_browser() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let session = till.session(&customer, 2_500).await;
    let url = till.field(&session, "url");
    assert!(url.starts_with(&till.sandbox.stripe_url()));
    let show = || async { http().get(&url).send().await.unwrap().text().await.unwrap() };
    let click = |form: &'static str| {
        let request = http().post(&url).header("content-type", "application/x-www-form-urlencoded").body(form);
        async move {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 303);
            answer.headers()["location"].to_str().unwrap().to_owned()
        }
    };
    let here = format!("/c/pay/{session}");
    let page = show().await;
    assert!(page.contains("£25.00") && page.contains("Call credit") && !page.contains("{{"));
    assert!(!page.contains("<script") && !page.contains("src="), "it loads nothing and runs nothing");

    assert_eq!(click("act=abandon").await, "http://localhost:3000/dashboard/wallet?topup=cancelled");
    assert_eq!(click("act=pay&card=declined").await, here);
    assert!(show().await.contains("Your card was declined."));
    assert_eq!(click("act=pay&card=authenticate_once").await, here);
    assert!(show().await.contains("Your bank asks"));
    assert_eq!(click("act=fail").await, here);
    assert!(show().await.contains("unable to authenticate"));
    assert_eq!(click("act=pay&card=authenticate_once").await, here);
    let success = format!("http://localhost:3000/dashboard/wallet?topup=success&session_id={session}");
    assert_eq!(click("act=approve").await, success);
    assert!(show().await.contains("This payment is complete."));
    assert_eq!(click("act=pay&card=visa").await, here, "nobody pays twice");
    assert_eq!(till.stripe().books().total.paid, 2_500);
    assert_eq!(http().get(till.url("/c/pay/cs_test_none")).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn what_a_caller_wrote_is_text_on_the_page() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let form = checkout(&customer, 2_500).replace("Call+credit", "%3Cb%3E%7B%7Bform%7D%7D%22");
    let session = till.post("/v1/checkout/sessions", &form).await.id();
    let page = http().get(till.field(&session, "url")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("&lt;b&gt;{{form}}&quot;"));
}
