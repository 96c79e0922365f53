//! Text messages at the stand-in for Twilio.

use serde_json::json;
use voxanne::sandbox::twilio::{Phone, Texts, sign};

use super::twilio_stand_in_support::{Exchange, Mailbox};

const THEIRS: &str = "+447700900001";

/// With a number that takes messages, of the inventory: its SID.
async fn exchange() -> (Exchange, String) {
    let exchange = Exchange::open().await;
    let (_, found) = exchange.get("/AvailablePhoneNumbers/GB/Mobile.json").await;
    let number = found["available_phone_numbers"][0]["phone_number"].as_str().expect("a number for sale").to_owned();
    exchange.twilio().give_number(&exchange.platform().sid, &number).unwrap();
    (exchange, number)
}

#[tokio::test]
async fn a_message_is_queued_sent_delivered_and_told_of() {
    let (exchange, ours) = exchange().await;
    let mailbox = Mailbox::open().await;
    let fields = [
        ("To", THEIRS),
        ("From", ours.as_str()),
        ("Body", "See you on Tuesday."),
        ("StatusCallback", mailbox.url.as_str()),
    ];
    let (status, queued) = exchange.post("/Messages.json", &fields).await;
    assert_eq!((status, &queued["status"], &queued["direction"]), (201, &json!("queued"), &json!("outbound-api")));
    let sid = queued["sid"].as_str().unwrap();
    crate::support::eventually("it is told of", || async { mailbox.letters().len() == 2 }).await;
    let token = exchange.platform().token;
    for (letter, status) in mailbox.letters().iter().zip(["sent", "delivered"]) {
        assert_eq!((letter.field("MessageSid").as_str(), letter.field("MessageStatus").as_str()), (sid, status));
        assert_eq!(letter.signature, sign(&token, &mailbox.url, &letter.fields));
    }
    let (_, shown) = exchange.get(&format!("/Messages/{sid}.json")).await;
    assert_eq!((&shown["status"], &shown["body"]), (&json!("delivered"), &json!("See you on Tuesday.")));
    assert!(shown["date_sent"].is_string());
    assert_eq!(exchange.twilio().texts_to(THEIRS), ["See you on Tuesday."]);
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_with_its_code() {
    let (exchange, ours) = exchange().await;
    let twilio = exchange.twilio();
    twilio.give_number(&exchange.platform().sid, "+442079460999").unwrap();
    twilio.set_texts("+442079460002", Texts::Landline);
    twilio.set_texts("+447700900002", Texts::Unreachable);
    twilio.set_phone("+22501020304", Phone::CountryNotPermitted).unwrap();
    let (long, ours) = ("x".repeat(1601), ours.as_str());
    for (to, from, body, code) in [
        ("", ours, "Hi", 21604),
        (THEIRS, "", "Hi", 21603),
        (THEIRS, ours, "", 21602),
        (THEIRS, ours, long.as_str(), 21617),
        ("07700900001", ours, "Hi", 21211),
        (THEIRS, "Voxanne", "Hi", 21212),
        (THEIRS, "+447700900009", "Hi", 21606),
        (THEIRS, "+442079460999", "Hi", 21606),
        ("+442079460002", ours, "Hi", 21614),
        ("+447700900002", ours, "Hi", 21612),
        ("+22501020304", ours, "Hi", 21408),
    ] {
        let (status, refused) = exchange.post("/Messages.json", &[("To", to), ("From", from), ("Body", body)]).await;
        assert_eq!((status, &refused["code"]), (400, &json!(code)), "{to} {from}: {refused}");
    }
    let wrong = [("To", THEIRS), ("From", ours), ("Body", "Hi"), ("StatusCallback", "nowhere")];
    assert_eq!(exchange.post("/Messages.json", &wrong).await.1["code"], 21609);
    let unknown = [("To", THEIRS), ("From", ours), ("Body", "Hi"), ("Text", "Hi")];
    assert_eq!(exchange.post("/Messages.json", &unknown).await.1["code"], 20001);
    assert_eq!(exchange.get("/Messages.json").await.1["messages"], json!([]));
}

#[tokio::test]
async fn who_says_stop_is_written_to_no_more_until_start() {
    let (exchange, ours) = exchange().await;
    let mailbox = Mailbox::open().await;
    let sid = exchange.book().numbers[0].sid.clone();
    let set = [("SmsUrl", mailbox.url.as_str())];
    assert_eq!(exchange.post(&format!("/IncomingPhoneNumbers/{sid}.json"), &set).await.0, 200);
    let twilio = exchange.twilio();
    let write =
        async || exchange.post("/Messages.json", &[("To", THEIRS), ("From", ours.as_str()), ("Body", "Hi")]).await;

    for (words, kind, status) in [("Thank you!", "", 201), (" stop ", "STOP", 400), ("START", "START", 201)] {
        let sid = twilio.text(THEIRS, &ours, words).unwrap();
        twilio.delivered().await;
        let letter = mailbox.letters().pop().unwrap();
        assert_eq!((letter.field("MessageSid"), letter.field("Body")), (sid, words.to_owned()));
        assert_eq!((letter.field("OptOutType"), letter.field("SmsStatus")), (kind.to_owned(), "received".to_owned()));
        assert_eq!(letter.signature, sign(&exchange.platform().token, &mailbox.url, &letter.fields));
        let (answered, refused) = write().await;
        assert_eq!(answered, status, "{words}: {refused}");
        assert!(status == 201 || refused["code"] == 21610);
    }
    assert!(twilio.text(THEIRS, "+442079460001", "Hi").is_err(), "nobody has it");
}

#[tokio::test]
async fn a_message_may_not_arrive() {
    let (exchange, ours) = exchange().await;
    let twilio = exchange.twilio();
    for (texts, status, code) in [
        (Texts::Undelivered(30003), "undelivered", json!(30003)),
        (Texts::Failed(30007), "failed", json!(30007)),
        (Texts::Unknown, "sent", json!(null)),
    ] {
        twilio.set_texts(THEIRS, texts);
        let (_, made) =
            exchange.post("/Messages.json", &[("To", THEIRS), ("From", ours.as_str()), ("Body", "Hi")]).await;
        let path = format!("/Messages/{}.json", made["sid"].as_str().unwrap());
        let (_, shown) = exchange.get(&path).await;
        assert_eq!((&shown["status"], &shown["error_code"]), (&json!(status), &code));
        assert_eq!(shown["date_sent"].is_null(), status == "failed");
    }
}

#[tokio::test]
async fn messages_are_listed_by_whom_and_when_redacted_and_deleted() {
    let (exchange, ours) = exchange().await;
    for to in [THEIRS, "+447700900002"] {
        exchange.post("/Messages.json", &[("To", to), ("From", ours.as_str()), ("Body", "Hi")]).await;
    }
    let count = async |query: &str| {
        exchange.get(&format!("/Messages.json{query}")).await.1["messages"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 2);
    assert_eq!(count("?To=%2B447700900002").await, 1);
    assert_eq!(count("?From=%2B447700900002").await, 0);
    assert_eq!(count("?DateSent%3E=2020-01-01").await, 2);
    assert_eq!(count("?DateSent%3C=2020-01-01").await, 0);
    let (_, list) = exchange.get("/Messages.json?To=%2B447700900002").await;
    let path = format!("/Messages/{}.json", list["messages"][0]["sid"].as_str().unwrap());
    assert_eq!(exchange.post(&path, &[("Body", "")]).await.1["body"], "");
    assert_eq!(exchange.post(&path, &[("Body", "Other")]).await.0, 400);
    assert_eq!(exchange.delete(&path).await.0, 204);
    assert_eq!(exchange.get(&path).await.0, 404);
    assert_eq!(count("").await, 1);
}
