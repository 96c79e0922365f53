//! The Stripe client against the stand-in: from a checkout to a saved card, its charges and their refunds.

use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::{
    effects::{Effect, Registry, Verdict},
    sandbox::{Fault, Sandbox, SandboxConfig, stripe::Card},
};

use super::provider::{effect, registry};

struct Place {
    sandbox: Sandbox,
    executors: Registry,
    org_id: Uuid,
}

impl Place {
    async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        let settings = sandbox.settings();
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let executors = registry(&settings);
        Self { sandbox, executors, org_id: Uuid::new_v4() }
    }

    async fn run(&self, effect: &Effect) -> Verdict {
        self.executors.run(effect).await
    }

    async fn done(&self, effect: &Effect) -> Value {
        match self.run(effect).await {
            Verdict::Done(result) => result,
            other => panic!("not done: {other:?}"),
        }
    }

    fn checkout(&self, customer: Option<&str>, email: &str) -> Effect {
        effect(
            "stripe.checkout",
            json!({
                "org_id": self.org_id, "topup_id": Uuid::new_v4(), "amount_pence": 2500, "currency": "gbp",
                "customer": customer, "email": email, "organization_name": "Smile",
                "success_url": "https://app.test/dashboard/wallet?session_id={CHECKOUT_SESSION_ID}",
                "cancel_url": "https://app.test/dashboard/wallet",
            }),
        )
    }

    /// A customer, a saved card, and the payment that saved it.
    async fn saved(&self, card: Card) -> (String, String, String) {
        let opened = self.done(&self.checkout(None, "ann@clinic.test")).await;
        let session = opened["session_id"].as_str().expect("a session");
        self.sandbox.stripe.pay(session, card).expect("paid");
        let intent = self.sandbox.stripe.payment_intents().pop().expect("an intent");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (text(&opened["customer"]), text(&intent["payment_method"]), text(&intent["id"]))
    }

    fn charge(&self, customer: &str, payment_method: &str) -> Effect {
        effect(
            "stripe.charge",
            json!({
                "org_id": self.org_id, "recharge_id": Uuid::new_v4(), "amount_pence": 5000, "currency": "gbp",
                "customer": customer, "payment_method": payment_method,
            }),
        )
    }

    fn taken(&self, customer: &str) -> i64 {
        self.sandbox.stripe.books().customer(customer).paid
    }
}

#[tokio::test]
async fn a_checkout_is_opened_and_whoever_pays_it_has_a_saved_card() {
    let place = Place::new().await;
    let checkout = place.checkout(None, "ann@clinic.test");
    let opened = place.done(&checkout).await;
    let session = place.sandbox.stripe.object(opened["session_id"].as_str().expect("an id")).expect("a session");
    assert_eq!(session["url"], opened["url"]);
    assert_eq!(session["expires_at"], opened["expires_at"]);
    assert_eq!(session["client_reference_id"], json!(place.org_id));
    assert_eq!(session["metadata"], json!({ "org_id": place.org_id, "topup_id": checkout.payload["topup_id"] }));
    let customer = place.sandbox.stripe.object(opened["customer"].as_str().expect("an id")).expect("a customer");
    assert_eq!(customer["email"], json!("ann@clinic.test"));
    assert_eq!(customer["metadata"], json!({ "org_id": place.org_id }));

    place.sandbox.stripe.pay(opened["session_id"].as_str().expect("an id"), Card::Visa).expect("paid");
    let intent = &place.sandbox.stripe.payment_intents()[0];
    assert_eq!(intent["metadata"]["topup_id"], checkout.payload["topup_id"]);
    let payment_method = intent["payment_method"].as_str().expect("a saved card");
    let charged = place.done(&place.charge(opened["customer"].as_str().expect("an id"), payment_method)).await;
    assert_eq!((&charged["status"], &charged["amount_received"]), (&json!("succeeded"), &json!(5000)));
}

#[tokio::test]
async fn answers_that_are_lost_open_one_checkout_for_one_customer() {
    let place = Place::new().await;
    let checkout = place.checkout(None, "ann@clinic.test");
    place.sandbox.stripe.faults().add(Fault::lost_answer().matching("/v1/customers").next(1));
    place.sandbox.stripe.faults().add(Fault::lost_answer().matching("/v1/checkout/sessions").next(1));
    for _ in 0..2 {
        let verdict = place.run(&checkout).await;
        assert!(matches!(verdict, Verdict::Retry { .. }), "{verdict:?}");
    }
    let opened = place.done(&checkout).await;
    assert_eq!(place.sandbox.stripe.sessions().len(), 1);
    assert_eq!(place.done(&checkout).await, opened, "and once more is the same");

    let other = place.done(&place.checkout(None, "bob@clinic.test")).await;
    assert_ne!(other["session_id"], opened["session_id"]);
    assert_ne!(other["customer"], opened["customer"], "the key was used with another email");
}

#[tokio::test]
async fn a_charge_whose_answer_was_lost_is_made_once() {
    let place = Place::new().await;
    let (customer, card, _) = place.saved(Card::Visa).await;
    let charge = place.charge(&customer, &card);
    place.sandbox.stripe.faults().add(Fault::lost_answer().matching("POST /v1/payment_intents").next(2));
    let verdict = place.run(&charge).await;
    assert!(matches!(verdict, Verdict::Retry { .. }), "{verdict:?}");
    assert_eq!(place.taken(&customer), 2500 + 5000, "it happened all the same");

    let charged = place.done(&charge).await;
    assert_eq!(charged["status"], json!("succeeded"));
    assert_eq!(place.done(&charge).await, charged, "as a dead letter that is replayed would find");
    assert_eq!(place.taken(&customer), 2500 + 5000);
}

#[tokio::test]
async fn a_charge_that_broke_after_it_was_made_is_found() {
    let place = Place::new().await;
    let (customer, card, _) = place.saved(Card::Visa).await;
    let charge = place.charge(&customer, &card);
    place.sandbox.stripe.break_next(true);
    let verdict = place.run(&charge).await;
    assert!(matches!(verdict, Verdict::Retry { .. }), "{verdict:?}");
    assert_eq!(place.done(&charge).await["status"], json!("succeeded"));
    assert_eq!(place.taken(&customer), 2500 + 5000);
}

#[tokio::test]
async fn a_card_that_declines_and_one_that_asks_are_told_apart_and_stay_so() {
    for (card, status, code) in [
        (Card::DeclinesLater, "declined", "card_declined"),
        (Card::AuthenticateAlways, "requires_action", "authentication_required"),
    ] {
        let place = Place::new().await;
        let (customer, saved, _) = place.saved(Card::Visa).await;
        place.sandbox.stripe.swap_card(&saved, card).expect("another card");
        let charge = place.charge(&customer, &saved);
        let answered = place.done(&charge).await;
        assert_eq!((&answered["status"], &answered["code"]), (&json!(status), &json!(code)));
        assert!(answered["payment_intent"].as_str().is_some_and(|id| id.starts_with("pi_")), "{answered}");
        let looked_up = place.done(&charge).await;
        assert_eq!(looked_up, answered, "the list says what the answer said");
        assert_eq!(place.taken(&customer), 2500);
    }
}

#[tokio::test]
async fn the_refunds_are_what_stripe_has() {
    let place = Place::new().await;
    let (_, _, payment) = place.saved(Card::Visa).await;
    let wanted = effect("stripe.refunds", json!({ "org_id": place.org_id, "payment_intent": payment }));
    assert_eq!(place.done(&wanted).await, json!({ "refunds": [] }));
    for _ in 0..101 {
        place.sandbox.stripe.refund(&payment, Some(10)).expect("refunded");
    }
    let listed = place.done(&wanted).await;
    let refunds = listed["refunds"].as_array().expect("a list");
    assert_eq!(refunds.len(), 101, "more than fit on a page");
    assert_eq!(refunds.iter().filter_map(|refund| refund["amount"].as_i64()).sum::<i64>(), 1010);
    assert!(refunds.iter().all(|refund| refund["currency"] == "gbp" && refund["charge"].is_string()), "{listed}");
}

#[tokio::test]
async fn what_stripe_does_not_know_is_refused() {
    let place = Place::new().await;
    let verdict = place.run(&place.charge("cus_nobody", "pm_none")).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
    let mut odd = place.checkout(None, "ann@clinic.test");
    odd.payload["success_url"] = json!("/dashboard/wallet");
    let verdict = place.run(&odd).await;
    assert!(
        matches!(&verdict, Verdict::Refused { error } if error.contains("success_url") || error.contains("URL")),
        "{verdict:?}"
    );
}
