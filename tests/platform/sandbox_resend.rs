//! The Resend stand-in accepts and refuses what the real one does.

use serde_json::{Value, json};
use voxanne::sandbox::{Sandbox, resend::Outcome};

use super::sandbox_support::{KEY, Receiver, get, http, letter, post, quick, sandbox, within};

#[tokio::test]
async fn an_email_is_taken_and_can_be_read_back() {
    let sandbox = sandbox().await;
    let (status, taken) = post(&sandbox, "/emails", None, &letter("anna@clinic.test")).await;
    assert_eq!(status, 200, "{taken}");
    let (status, read) = get(&sandbox, &format!("/emails/{}", taken["id"].as_str().unwrap())).await;
    assert_eq!(status, 200);
    assert_eq!(read["object"], "email");
    assert_eq!(read["to"], json!(["anna@clinic.test"]));
    assert_eq!(read["html"], "<p>Hello</p>");
    let mail = within(sandbox.resend.mail_where(|mail| mail.last_event == "delivered")).await;
    assert_eq!(mail.events.iter().map(|event| event.kind).collect::<Vec<_>>(), ["email.sent", "email.delivered"]);
}

#[tokio::test]
async fn a_caller_without_the_key_is_turned_away() {
    let sandbox = sandbox().await;
    let url = format!("{}/emails", sandbox.resend_url());
    let ask = |authorization: Option<&str>| {
        let request = http().post(&url).json(&letter("anna@clinic.test"));
        authorization.into_iter().fold(request, |request, value| request.header("authorization", value)).send()
    };
    for (authorization, status, name) in [
        (None, 401, "missing_api_key"),
        (Some("Basic cmVfc2FuZGJveA=="), 401, "missing_api_key"),
        (Some("Bearer "), 401, "missing_api_key"),
        (Some("Bearer re_somebody_elses"), 403, "invalid_api_key"),
    ] {
        let answer: Value = ask(authorization).await.unwrap().json().await.unwrap();
        assert_eq!(answer["statusCode"], status, "{authorization:?}");
        assert_eq!(answer["name"], name, "{authorization:?}");
        assert!(answer["message"].as_str().is_some_and(|message| !message.is_empty()));
    }
    let nameless = reqwest::Client::new().get(&url).bearer_auth(KEY).send().await.unwrap();
    assert_eq!(nameless.status(), 403, "the real one wants a User-Agent");
    assert!(sandbox.resend.mails().is_empty());
}

#[tokio::test]
async fn what_the_real_one_refuses_is_refused_in_its_shape() {
    let sandbox = sandbox().await;
    let with = |name: &str, value: Value| {
        let mut body = letter("anna@clinic.test");
        body[name] = value;
        body
    };
    let crowd: Vec<String> = (0..51).map(|n| format!("p{n}@clinic.test")).collect();
    for (body, name) in [
        (with("from", Value::Null), "missing_required_field"),
        (with("to", Value::Null), "missing_required_field"),
        (with("to", json!([])), "missing_required_field"),
        (with("subject", Value::Null), "missing_required_field"),
        (json!({ "from": "a@b.test", "to": "c@d.test", "subject": "No body" }), "missing_required_field"),
        (with("from", json!("nobody")), "validation_error"),
        (with("from", json!(7)), "validation_error"),
        (with("to", json!("not an address")), "validation_error"),
        (with("to", json!("a@b@c.test")), "validation_error"),
        (with("to", json!("two@clinic.test, at@once.test")), "validation_error"),
        (with("to", json!([1])), "validation_error"),
        (with("to", json!(crowd)), "validation_error"),
        (with("to", json!("somebody@resend.dev")), "validation_error"),
        (with("subject", json!(["Hello"])), "validation_error"),
        (with("html", json!(1)), "validation_error"),
        (with("template", json!({ "id": "welcome" })), "validation_error"),
        (with("headers", json!({ "X-Number": 1 })), "validation_error"),
        (with("tags", json!([{ "name": "org", "value": "with space" }])), "validation_error"),
        (with("tags", json!([{ "name": "org" }])), "validation_error"),
        (with("attachments", json!([{ "filename": "a.pdf" }])), "invalid_attachment"),
        (with("sujbect", json!("a typo")), "validation_error"),
    ] {
        let (status, answer) = post(&sandbox, "/emails", None, &body).await;
        assert_eq!((status, answer["name"].as_str()), (422, Some(name)), "{body} → {answer}");
        assert_eq!(answer["statusCode"], 422);
        let fields: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["statusCode", "name", "message"]);
    }
    assert!(sandbox.resend.mails().is_empty(), "nothing refused was sent");
}

#[tokio::test]
async fn unknown_places_answer_in_its_shape() {
    let sandbox = sandbox().await;
    assert_eq!(get(&sandbox, "/nowhere").await.1["name"], "not_found");
    assert_eq!(get(&sandbox, "/emails/batch").await.0, 405);
    assert_eq!(get(&sandbox, "/emails/7").await.1["name"], "invalid_parameter");
    assert_eq!(get(&sandbox, "/emails/00000000-0000-4000-8000-000000000000").await.0, 404);
}

#[tokio::test]
async fn a_sender_of_an_unverified_domain_and_example_recipients_are_refused() {
    let mut config = quick();
    config.resend.verified_domains = Some(vec!["voxanne.test".into()]);
    let sandbox = Sandbox::start(config).await.unwrap();
    let mut body = letter("anna@clinic.test");
    assert_eq!(post(&sandbox, "/emails", None, &body).await.0, 200);
    body["from"] = json!("hello@elsewhere.test");
    assert_eq!(post(&sandbox, "/emails", None, &body).await.0, 403);
    assert_eq!(post(&sandbox, "/emails", None, &letter("anna@example.com")).await.0, 422);
}

#[tokio::test]
async fn the_same_key_and_payload_send_one_email_and_answer_alike() {
    let sandbox = sandbox().await;
    let body = letter("anna@clinic.test");
    let first = post(&sandbox, "/emails", Some("email/1"), &body).await;
    let again = post(&sandbox, "/emails", Some("email/1"), &body).await;
    assert_eq!(first, again);
    assert_eq!(sandbox.resend.mails().len(), 1);

    let (status, other) = post(&sandbox, "/emails", Some("email/1"), &letter("ben@clinic.test")).await;
    assert_eq!((status, other["name"].as_str()), (409, Some("invalid_idempotent_request")));
    let (status, long) = post(&sandbox, "/emails", Some(&"k".repeat(257)), &body).await;
    assert_eq!((status, long["name"].as_str()), (400, Some("invalid_idempotency_key")));
    assert_eq!(post(&sandbox, "/emails", Some(&"k".repeat(256)), &body).await.0, 200);
    assert_eq!(sandbox.resend.mails().len(), 2);
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let sandbox = sandbox().await;
    assert_eq!(post(&sandbox, "/emails", Some("email/1"), &json!({ "from": "a@b.test" })).await.0, 422);
    assert_eq!(post(&sandbox, "/emails", Some("email/1"), &letter("anna@clinic.test")).await.0, 200);
}

#[tokio::test]
async fn a_batch_is_taken_or_refused_whole() {
    let sandbox = sandbox().await;
    let good = json!([letter("anna@clinic.test"), letter("ben@clinic.test")]);
    let (status, taken) = post(&sandbox, "/emails/batch", Some("batch/1"), &good).await;
    assert_eq!(status, 200);
    assert_eq!(taken["data"].as_array().unwrap().len(), 2);
    assert_eq!(post(&sandbox, "/emails/batch", Some("batch/1"), &good).await.1, taken);
    assert_eq!(post(&sandbox, "/emails/batch", None, &json!([letter("anna@clinic.test"), {}])).await.0, 422);
    assert_eq!(post(&sandbox, "/emails/batch", None, &json!(vec![letter("anna@clinic.test"); 101])).await.0, 422);
    assert_eq!(post(&sandbox, "/emails/batch", None, &json!([])).await.0, 422);
    assert_eq!(sandbox.resend.mails().len(), 2);
}

#[tokio::test]
async fn the_list_is_newest_first_and_paged() {
    let sandbox = sandbox().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let (_, taken) = post(&sandbox, "/emails", None, &letter(&format!("p{n}@clinic.test"))).await;
        ids.insert(0, taken["id"].as_str().unwrap().to_owned());
    }
    let listed = |answer: &Value| {
        let data = answer["data"].as_array().unwrap();
        data.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (_, first) = get(&sandbox, "/emails?limit=2").await;
    assert_eq!((listed(&first), &first["has_more"]), (ids[..2].to_vec(), &json!(true)));
    let (_, rest) = get(&sandbox, &format!("/emails?limit=10&after={}", ids[1])).await;
    assert_eq!((listed(&rest), &rest["has_more"]), (ids[2..].to_vec(), &json!(false)));
    let (_, before) = get(&sandbox, &format!("/emails?limit=1&before={}", ids[2])).await;
    assert_eq!((listed(&before), &before["has_more"]), (ids[1..2].to_vec(), &json!(true)));
    assert_eq!(get(&sandbox, "/emails?limit=101").await.0, 422);
}

#[tokio::test]
async fn requests_beyond_the_limit_are_told_when_to_come_back() {
    let mut config = quick();
    config.resend.requests_per_second = Some(2);
    let sandbox = Sandbox::start(config).await.unwrap();
    let url = format!("{}/emails", sandbox.resend_url());
    let client = http();
    let refused = within(async {
        loop {
            let answer = client.get(&url).bearer_auth(KEY).send().await.unwrap();
            assert_eq!(answer.headers()["ratelimit-limit"], "2");
            if answer.status() == 429 {
                break answer;
            }
        }
    })
    .await;
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(refused.headers()["ratelimit-remaining"], "0");
    assert_eq!(refused.json::<Value>().await.unwrap()["name"], "rate_limit_exceeded");
}

#[tokio::test]
async fn the_test_addresses_meet_their_fate() {
    let sandbox = sandbox().await;
    let receiver = Receiver::start(&[]).await;
    sandbox.resend.send_webhooks_to(&receiver.url);
    for (to, fate) in [
        ("delivered@resend.dev", &["email.sent", "email.delivered"][..]),
        ("Bounced <bounced+label@resend.dev>", &["email.sent", "email.bounced"]),
        ("complained@resend.dev", &["email.sent", "email.delivered", "email.complained"]),
        ("suppressed@resend.dev", &["email.suppressed"]),
    ] {
        let before = receiver.all().len();
        assert_eq!(post(&sandbox, "/emails", None, &letter(to)).await.0, 200);
        receiver.at_least(before + fate.len()).await;
        assert_eq!(receiver.kinds()[before..], *fate, "{to}");
    }
}

#[tokio::test]
async fn an_address_that_bounced_is_suppressed_from_then_on() {
    let sandbox = sandbox().await;
    let (_, taken) = post(&sandbox, "/emails", None, &letter("gone@clinic.test")).await;
    let id = taken["id"].as_str().unwrap().parse().unwrap();
    within(sandbox.resend.mail_where(|mail| mail.last_event == "delivered")).await;
    assert!(sandbox.resend.simulate(id, Outcome::Bounce).await);
    post(&sandbox, "/emails", None, &letter("Gone <GONE@clinic.test>")).await;
    let second = within(sandbox.resend.mail_where(|mail| mail.last_event == "suppressed")).await;
    assert_eq!(second.events.len(), 1, "it was never sent");
    sandbox.resend.clear();
    post(&sandbox, "/emails", None, &letter("gone@clinic.test")).await;
    within(sandbox.resend.mail_where(|mail| mail.last_event == "delivered")).await;
}
