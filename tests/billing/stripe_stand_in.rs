//! The Stripe stand-in refuses what Stripe refuses, and answers the same question once.

use std::time::Duration;

use voxanne::sandbox::{Fault, stripe::VERSION};

use super::stripe_stand_in_support::{Till, checkout, http, within};

#[tokio::test]
async fn only_the_secret_key_is_let_in() {
    let till = Till::open().await;
    let url = till.url("/v1/customers");
    let key = till.stripe().secret_key().to_owned();
    let ask = |request: reqwest::RequestBuilder| async {
        request.header("stripe-version", VERSION).send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask(http().get(&url)).await, 401);
    assert_eq!(ask(http().get(&url).bearer_auth("sk_test_another")).await, 401);
    assert_eq!(ask(http().get(&url).bearer_auth(&key)).await, 200);
    assert_eq!(ask(http().get(&url).basic_auth(&key, Some(""))).await, 200);
    let unversioned = http().get(&url).bearer_auth(&key).send().await.unwrap();
    assert_eq!(unversioned.status(), 400);
    let older = http().get(&url).bearer_auth(&key).header("stripe-version", "2023-08-16").send().await.unwrap();
    assert_eq!(older.status(), 400);
}

#[tokio::test]
async fn a_body_in_json_is_refused() {
    let till = Till::open().await;
    let request = http().post(till.url("/v1/customers")).json(&serde_json::json!({ "email": "a@clinic.test" }));
    let answer = till.send(request).await;
    assert_eq!(answer.refusal(), (400, "invalid_request_error"));
    assert!(answer.message().contains("application/x-www-form-urlencoded"));
    assert!(till.stripe().events().is_empty());
}

#[tokio::test]
async fn what_stripe_does_not_know_is_refused_by_its_name() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let good = checkout(&customer, 2_500);
    for unknown in [
        "payment_method_types[0]=card",
        "amount=2500",
        "payment_intent_data[customer]=cus_1",
        "line_items[0][price_data][amount]=2500",
        "line_items[0][amount]=2500",
        "line_items[0][price_data][product_data][price]=2500",
    ] {
        let answer = till.post("/v1/checkout/sessions", &format!("{good}&{unknown}")).await;
        assert_eq!(answer.refusal(), (400, "parameter_unknown"), "{unknown}");
        assert_eq!(answer.body["error"]["param"], unknown.split('=').next().unwrap().trim_end_matches("[0]"));
    }
    assert_eq!(till.get("/v1/refunds?customer=x").await.refusal(), (400, "parameter_unknown"));
    assert_eq!(till.get("/v1/wallets").await.refusal(), (404, "invalid_request_error"));
    assert_eq!(till.get("/v1/customers/cus_none").await.refusal(), (404, "resource_missing"));
}

#[tokio::test]
async fn a_checkout_session_that_stripe_would_refuse_is_refused() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let good = checkout(&customer, 2_500);
    let replaced = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replace(from, to)
    };
    for (form, code) in [
        (replaced("mode=payment", ""), "parameter_missing"),
        (replaced("unit_amount]=2500", "unit_amount]=0"), "parameter_invalid_integer"),
        (replaced("unit_amount]=2500", "unit_amount]=-5"), "parameter_invalid_integer"),
        (replaced("unit_amount]=2500", "unit_amount]=25.5"), "parameter_invalid_integer"),
        (replaced("unit_amount]=2500", "unit_amount]=29"), "amount_too_small"),
        (replaced("unit_amount]=2500", "unit_amount]=100000000"), "amount_too_large"),
        (replaced("unit_amount]=2500", "unit_amount]=99999999999999999999"), "parameter_invalid_integer"),
        (replaced("quantity]=1", "quantity]=0"), "parameter_invalid_integer"),
        (replaced("currency]=gbp", "currency]=xxx"), "invalid_request_error"),
        (replaced("success_url=http", "success_url=javascript"), "url_invalid"),
        (replaced("cancel_url=http", "cancel_url=%2F%2F"), "url_invalid"),
        (replaced(&format!("customer={customer}"), "customer=cus_none"), "resource_missing"),
        (format!("{good}&ui_mode=hosted"), "invalid_request_error"),
        (format!("{good}&customer_email=a@clinic.test"), "invalid_request_error"),
        (format!("{good}&metadata[{}]=x", "k".repeat(41)), "invalid_request_error"),
        (format!("{good}&metadata[k]={}", "v".repeat(501)), "invalid_request_error"),
    ] {
        let answer = till.post("/v1/checkout/sessions", &form).await;
        assert!((400..=404).contains(&answer.status), "{form}");
        assert_eq!(answer.refusal().1, code, "{form}");
    }
    assert!(till.stripe().sessions().is_empty());
    assert_eq!(till.post("/v1/checkout/sessions", &format!("{good}&ui_mode=hosted_page")).await.status, 200);
}

#[tokio::test]
async fn the_same_key_brings_the_same_answer_and_nothing_new() {
    let till = Till::open().await;
    let first = till.post_with_key("customer/1", "/v1/customers", "email=a@clinic.test&name=A").await;
    let again = till.post_with_key("customer/1", "/v1/customers", "name=A&email=a@clinic.test").await;
    assert_eq!(first.body, again.body);
    assert!(first.headers.get("idempotent-replayed").is_none());
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.headers["original-request"], first.headers["request-id"]);
    assert_eq!(till.kinds(), ["customer.created"]);
    let event = &till.stripe().events()[0];
    assert_eq!(event["request"]["idempotency_key"], "customer/1");
    assert_eq!(event["request"]["id"], first.headers["request-id"].to_str().unwrap());

    let other = till.post_with_key("customer/1", "/v1/customers", "email=b@clinic.test").await;
    assert_eq!(other.refusal(), (400, "idempotency_error"));
    let elsewhere = till.post_with_key("customer/1", "/v1/refunds", "email=a@clinic.test&name=A").await;
    assert_eq!(elsewhere.refusal(), (400, "idempotency_error"));
    let long = till.post_with_key(&"k".repeat(256), "/v1/customers", "name=A").await;
    assert_eq!(long.refusal(), (400, "idempotency_error"));
}

#[tokio::test]
async fn a_key_whose_parameters_were_wrong_can_be_used_again() {
    let till = Till::open().await;
    assert_eq!(till.post_with_key("k", "/v1/customers", "emial=a@clinic.test").await.status, 400);
    assert_eq!(till.post_with_key("k", "/v1/customers", "email=a@clinic.test").await.status, 200);
}

#[tokio::test]
async fn a_key_in_use_is_refused_until_its_answer_is_there() {
    let till = Till::open().await;
    till.stripe().faults().add(Fault::latency(Duration::from_secs(60)).next(1));
    let first = till.posting("/v1/customers", "name=A").header("idempotency-key", "k");
    let first = first.bearer_auth(till.stripe().secret_key()).header("stripe-version", VERSION);
    let first = tokio::spawn(first.send());
    within(till.stripe().log().arrived(1)).await;
    let mut meanwhile = till.post_with_key("k", "/v1/customers", "name=A").await;
    // The first may still be on its way from the log to the key.
    while meanwhile.status == 200 {
        meanwhile = till.post_with_key("k", "/v1/customers", "name=A").await;
    }
    assert_eq!(meanwhile.refusal(), (409, "idempotency_key_in_use"));
    till.stripe().faults().clear();
    assert_eq!(within(first).await.unwrap().unwrap().status(), 200);
    assert_eq!(till.kinds(), ["customer.created"]);
}

#[tokio::test]
async fn a_500_stays_with_its_key_whether_or_not_it_acted() {
    let till = Till::open().await;
    for (acted, customers) in [(false, 0), (true, 1)] {
        let key = format!("k{acted}");
        till.stripe().break_next(acted);
        let broken = till.post_with_key(&key, "/v1/customers", "name=A").await;
        assert_eq!(broken.refusal(), (500, "api_error"));
        let again = till.post_with_key(&key, "/v1/customers", "name=A").await;
        assert_eq!((again.status, &again.body), (500, &broken.body));
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert_eq!(till.kinds().len(), customers);
    }
}

#[tokio::test]
async fn lists_come_in_pages_newest_first() {
    let till = Till::open().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(till.post("/v1/customers", &format!("name=N{n}&email=n{}@clinic.test", n % 2)).await.id());
    }
    ids.reverse();
    let page = |path: String| {
        let till = &till;
        async move {
            let body = till.get(&path).await.body;
            let ids = body["data"].as_array().expect("data").iter().map(|one| one["id"].as_str().unwrap().to_owned());
            (ids.collect::<Vec<_>>(), body["has_more"].as_bool().unwrap())
        }
    };
    assert_eq!(page("/v1/customers?limit=2".into()).await, (ids[..2].to_vec(), true));
    assert_eq!(page(format!("/v1/customers?limit=2&starting_after={}", ids[1])).await, (ids[2..4].to_vec(), true));
    assert_eq!(page(format!("/v1/customers?starting_after={}", ids[3])).await, (ids[4..].to_vec(), false));
    assert_eq!(page(format!("/v1/customers?limit=2&ending_before={}", ids[4])).await, (ids[2..4].to_vec(), true));
    assert_eq!(page("/v1/customers?email=n1@clinic.test".into()).await.0, [ids[1].clone(), ids[3].clone()]);
    for wrong in ["limit=0", "limit=101", "limit=x", "starting_after=cus_none"] {
        assert!(till.get(&format!("/v1/customers?{wrong}")).await.status >= 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_deleted_customer_is_gone_with_the_cards() {
    let till = Till::open().await;
    let customer = till.customer().await;
    let intent = till.paid(&customer, 2_500, voxanne::sandbox::stripe::Card::Visa).await;
    let method = till.field(&intent, "payment_method");
    assert_eq!(till.get(&format!("/v1/customers/{customer}/payment_methods")).await.body["data"][0]["id"], method);
    let gone = till.send(http().delete(till.url(&format!("/v1/customers/{customer}")))).await;
    assert_eq!(gone.body["deleted"], true);
    assert_eq!(till.get(&format!("/v1/customers/{customer}")).await.body["deleted"], true);
    assert_eq!(till.get(&format!("/v1/payment_methods/{method}")).await.body["customer"], serde_json::Value::Null);
    let session = till.post("/v1/checkout/sessions", &checkout(&customer, 2_500)).await;
    assert_eq!(session.refusal(), (404, "resource_missing"));
    assert_eq!(till.stripe().books().customer(&customer).net(), 2_500, "what was paid stays in the books");
}
