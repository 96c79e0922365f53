//! The Stripe stand-in's refunds and disputes, and the books they leave.

use serde_json::{Value, json};
use voxanne::sandbox::stripe::{Card, Totals, Turn};

use super::stripe_stand_in_support::{Till, http};

async fn paid(pence: i64) -> (Till, String) {
    let till = Till::open().await;
    let customer = till.customer().await;
    let intent = till.paid(&customer, pence, Card::Visa).await;
    (till, intent)
}

fn charge_of(till: &Till, intent: &str) -> Value {
    till.stripe().object(&till.field(intent, "latest_charge")).expect("a charge")
}

fn last_kinds(till: &Till, count: usize) -> Vec<String> {
    let kinds = till.kinds();
    kinds[kinds.len() - count..].to_vec()
}

#[tokio::test]
async fn a_payment_is_refunded_in_parts_and_no_further_than_it_goes() {
    let (till, intent) = paid(5_000).await;
    let part = till.post("/v1/refunds", &format!("payment_intent={intent}&amount=1500&metadata[why]=x")).await;
    assert_eq!((&part.body["amount"], &part.body["status"]), (&1_500.into(), &"succeeded".into()));
    assert_eq!(last_kinds(&till, 2), ["refund.created", "charge.refunded"]);
    let told = till.stripe().events_of("charge.refunded").remove(0);
    assert_eq!(told["data"]["object"]["amount_refunded"], 1_500);
    assert_eq!(told["data"]["previous_attributes"]["amount_refunded"], 0);

    let over = till.post("/v1/refunds", &format!("payment_intent={intent}&amount=3501")).await;
    assert_eq!(over.status, 400);
    assert!(over.message().contains("greater than unrefunded amount"));
    for wrong in ["amount=0", "amount=-1", "amount=1.5", "amount=x"] {
        assert_eq!(till.post("/v1/refunds", &format!("payment_intent={intent}&{wrong}")).await.status, 400, "{wrong}");
    }
    let charge = charge_of(&till, &intent)["id"].as_str().unwrap().to_owned();
    let rest = till.post("/v1/refunds", &format!("charge={charge}")).await;
    assert_eq!(rest.body["amount"], 3_500);
    assert_eq!(charge_of(&till, &intent)["refunded"], true);
    let more = till.post("/v1/refunds", &format!("charge={charge}")).await;
    assert_eq!(more.refusal(), (400, "charge_already_refunded"));
    assert_eq!(till.post("/v1/refunds", "amount=1").await.refusal(), (400, "parameter_missing"));
    assert_eq!(till.post("/v1/refunds", "payment_intent=pi_none").await.refusal(), (404, "resource_missing"));

    let listed = till.get(&format!("/v1/refunds?payment_intent={intent}")).await.body;
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    assert_eq!(till.stripe().books().payment(&intent), Totals { paid: 5_000, refunded: 5_000, ..Totals::default() });
}

#[tokio::test]
async fn a_refund_that_fails_gives_its_amount_back() {
    let (till, intent) = paid(5_000).await;
    let refund = till.stripe().refund(&intent, Some(2_000)).unwrap();
    till.stripe().refund(&intent, Some(1_000)).unwrap();
    let refund = refund["id"].as_str().unwrap();
    till.stripe().fail_refund(refund).unwrap();
    assert_eq!(last_kinds(&till, 3), ["refund.updated", "refund.failed", "charge.refund.updated"]);
    assert_eq!(charge_of(&till, &intent)["amount_refunded"], 1_000);
    assert_eq!(till.stripe().books().payment(&intent).refunded, 1_000);
    assert!(till.stripe().fail_refund(refund).is_err(), "it fails once");
    assert_eq!(till.stripe().refund(&intent, None).unwrap()["amount"], 4_000);
    assert_eq!(till.stripe().books().payment(&intent).net(), 0);
}

#[tokio::test]
async fn a_dispute_takes_the_money_and_gives_it_back_when_it_is_won() {
    for (turn, status, net) in [(Turn::Win, "won", 5_000), (Turn::Lose, "lost", 2_000)] {
        let (till, intent) = paid(5_000).await;
        let dispute = till.stripe().dispute(&intent, Some(3_000)).unwrap();
        let id = dispute["id"].as_str().unwrap();
        assert_eq!(last_kinds(&till, 2), ["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
        assert_eq!(till.stripe().books().payment(&intent).net(), 2_000);
        assert_eq!(charge_of(&till, &intent)["disputed"], true);
        let refund = till.post("/v1/refunds", &format!("payment_intent={intent}")).await;
        assert_eq!(refund.refusal(), (400, "charge_disputed"));

        till.stripe().turn_dispute(id, turn).unwrap();
        assert_eq!(till.get(&format!("/v1/disputes/{id}")).await.body["status"], status);
        let reinstated = till.stripe().events_of("charge.dispute.funds_reinstated").len();
        assert_eq!(reinstated, usize::from(turn == Turn::Win));
        assert_eq!(till.stripe().events_of("charge.dispute.closed").len(), 1);
        assert_eq!(till.stripe().books().payment(&intent).net(), net);
        assert!(till.stripe().turn_dispute(id, Turn::Win).is_err(), "it ends once");
        assert!(till.stripe().dispute(&intent, None).is_err(), "a payment is disputed once");
    }
}

#[tokio::test]
async fn an_inquiry_moves_no_money_unless_it_becomes_a_dispute() {
    let (till, intent) = paid(5_000).await;
    let inquiry = till.stripe().inquire(&intent, None).unwrap();
    assert_eq!(inquiry["status"], "warning_needs_response");
    let id = inquiry["id"].as_str().unwrap();
    assert_eq!(last_kinds(&till, 1), ["charge.dispute.created"]);
    assert_eq!(till.stripe().books().payment(&intent).net(), 5_000);
    assert!(till.stripe().win_dispute(id).is_err(), "there is nothing to win yet");
    till.stripe().turn_dispute(id, Turn::Escalate).unwrap();
    assert_eq!(last_kinds(&till, 2), ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]);
    assert_eq!(till.stripe().books().payment(&intent).net(), 0);

    let (till, intent) = paid(5_000).await;
    let inquiry = till.stripe().inquire(&intent, None).unwrap();
    till.stripe().turn_dispute(inquiry["id"].as_str().unwrap(), Turn::Close).unwrap();
    assert_eq!(till.stripe().refund(&intent, None).unwrap()["amount"], 5_000, "an inquiry forbids no refund");
}

#[tokio::test]
async fn the_books_are_the_sum_of_what_was_moved() {
    let till = Till::open().await;
    let (anna, ben) = (till.customer().await, till.customer().await);
    let first = till.paid(&anna, 5_000, Card::Visa).await;
    let second = till.paid(&anna, 2_500, Card::Mastercard).await;
    let third = till.paid(&ben, 10_000, Card::Visa).await;
    till.stripe().refund(&first, Some(1_000)).unwrap();
    let failed = till.stripe().refund(&third, Some(4_000)).unwrap();
    till.stripe().fail_refund(failed["id"].as_str().unwrap()).unwrap();
    till.stripe().dispute(&second, None).unwrap();
    let won = till.stripe().dispute(&third, None).unwrap();
    till.stripe().win_dispute(won["id"].as_str().unwrap()).unwrap();

    let books = till.stripe().books();
    assert_eq!(books.customer(&anna), Totals { paid: 7_500, refunded: 1_000, withdrawn: 2_500, reinstated: 0 });
    assert_eq!(books.customer(&ben), Totals { paid: 10_000, refunded: 0, withdrawn: 10_000, reinstated: 10_000 });
    assert_eq!(books.total.net(), 4_000 + 10_000);
    let listed = till.get("/v1/balance_transactions?limit=100").await.body;
    let moved: i64 = listed["data"].as_array().unwrap().iter().map(|one| one["amount"].as_i64().unwrap()).sum();
    assert_eq!(moved, books.total.net());
    let shown: Value = http().get(till.url("/_sandbox/books")).send().await.unwrap().json().await.unwrap();
    assert_eq!(shown["customers"][&anna], json!(books.customer(&anna)));
}

#[tokio::test]
async fn all_of_it_can_be_done_with_curl() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let session = till.session(&customer, 5_000).await;
    let pull = |path: String| {
        let request = http().post(till.url(&format!("/_sandbox/{path}")));
        async move {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        }
    };
    assert_eq!(pull(format!("checkout/{session}/pay")).await.0, 422, "which card?");
    assert_eq!(pull(format!("checkout/{session}/pay?card=visa")).await.1["payment_status"], "paid");
    assert_eq!(pull(format!("checkout/{session}/pay?card=visa")).await.0, 422);
    assert_eq!(pull("checkout/cs_none/pay?card=visa".into()).await.0, 404);
    assert_eq!(pull(format!("checkout/{session}/dance")).await.0, 404);
    let intent = till.field(&session, "payment_intent");
    let (_, refund) = pull(format!("payments/{intent}/refund?amount=1000")).await;
    let (_, failed) = pull(format!("refunds/{}/fail", refund["id"].as_str().unwrap())).await;
    assert_eq!(failed["status"], "failed");
    let (_, dispute) = pull(format!("payments/{intent}/dispute")).await;
    let (_, won) = pull(format!("disputes/{}/win", dispute["id"].as_str().unwrap())).await;
    assert_eq!(won["status"], "won");
    let method = till.field(&intent, "payment_method");
    assert_eq!(pull(format!("cards/{method}/swap?card=declined")).await.0, 200);
    assert_eq!(till.stripe().books().payment(&intent).net(), 5_000);

    let desk = http().get(till.url("/")).send().await.unwrap().text().await.unwrap();
    assert!(desk.contains(&intent) && desk.contains("£50.00") && !desk.contains("{{"));
    let browser = http().post(till.url(&format!("/_sandbox/payments/{intent}/refund"))).header("accept", "text/html");
    assert_eq!(browser.send().await.unwrap().status(), 303);
}
