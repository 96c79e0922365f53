//! A Twilio that misbehaves at any step, and the page for a person.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use voxanne::sandbox::{
    Fault,
    twilio::{BUNDLE, Phone},
};

use super::twilio_stand_in_support::{Exchange, FORM, Mailbox, form, under};

const BUY: &str = "POST *IncomingPhoneNumbers.json";
const WANTED: [(&str, &str); 2] = [("PhoneNumber", "+441134960001"), ("BundleSid", BUNDLE)];

#[tokio::test]
async fn a_fault_before_the_deed_leaves_the_books_alone_and_one_after_it_does_not() {
    for (fault, status, bought) in [
        (Fault::error(500), Some((500, 20500)), 0),
        (Fault::error(503), Some((503, 20500)), 0),
        (Fault::rate_limited(2), Some((429, 20429)), 0),
        (Fault::lost_request(), None, 0),
        (Fault::lost_answer(), None, 1),
    ] {
        let exchange = Exchange::open().await;
        exchange.twilio().faults().add(fault.clone().matching(BUY).next(1));
        assert_eq!(exchange.get("/IncomingPhoneNumbers.json").await.0, 200, "it is for buying alone");
        let address = under(&exchange.platform().sid, "/IncomingPhoneNumbers.json");
        let request = exchange.request(&exchange.platform(), Method::POST, &address);
        let said = request.header("content-type", FORM).body(form(&WANTED)).send().await;
        match (status, said) {
            (Some((status, code)), Ok(said)) => {
                assert_eq!(said.status().as_u16(), status);
                assert_eq!(said.headers().contains_key("retry-after"), status == 429);
                assert_eq!(said.json::<serde_json::Value>().await.unwrap()["code"], code);
            }
            (None, Err(_)) => {}
            (_, said) => panic!("{fault:?}: {said:?}"),
        }
        assert_eq!(exchange.book().numbers.len(), bought, "{fault:?}");
        assert_eq!(exchange.post("/IncomingPhoneNumbers.json", &WANTED).await.0, 201, "it is over");
        assert_eq!(exchange.book().bought, 1, "{fault:?}");
    }
}

#[tokio::test]
async fn every_operation_can_be_made_to_fail_by_its_name() {
    let exchange = Exchange::open().await;
    let twilio = exchange.twilio();
    for (method, path) in [
        (Method::GET, ".json"),
        (Method::GET, "/AvailablePhoneNumbers/GB/Local.json"),
        (Method::GET, "/IncomingPhoneNumbers.json"),
        (Method::POST, "/IncomingPhoneNumbers.json"),
        (Method::DELETE, "/IncomingPhoneNumbers/PN1.json"),
        (Method::GET, "/OutgoingCallerIds.json"),
        (Method::POST, "/OutgoingCallerIds.json"),
        (Method::DELETE, "/OutgoingCallerIds/PN1.json"),
        (Method::POST, "/Calls.json"),
        (Method::GET, "/Calls/CA1.json"),
        (Method::POST, "/Calls/CA1.json"),
    ] {
        let part = path.split('/').nth(1).unwrap_or("Accounts").trim_end_matches(".json");
        twilio.faults().add(Fault::error(502).matching(format!("{method} *{part}")).next(1));
        let address = under(&exchange.platform().sid, path);
        let said = exchange.request(&exchange.platform(), method.clone(), &address).send().await.unwrap();
        assert_eq!(said.status().as_u16(), 502, "{method} {path}");
        assert_eq!(twilio.faults().list(), [], "{method} {path}");
    }
}

#[tokio::test]
async fn a_late_answer_is_of_something_done() {
    let exchange = Exchange::open().await;
    exchange.twilio().faults().add(Fault::latency(Duration::from_secs(3600)).matching(BUY));
    let buying = exchange.post("/IncomingPhoneNumbers.json", &WANTED);
    let seen = async {
        crate::support::eventually("it is bought", async || exchange.book().bought == 1).await;
        exchange.twilio().faults().clear();
    };
    let ((status, _), ()) = tokio::join!(buying, seen);
    assert_eq!(status, 201);
}

#[tokio::test]
async fn a_callback_can_be_lost_and_can_come_twice() {
    let exchange = Exchange::open().await;
    let mailbox = Mailbox::open().await;
    for (fault, copies) in [(Fault::silent_webhook(), 0), (Fault::duplicate_webhook(), 2)] {
        let before = mailbox.letters().len();
        exchange.twilio().faults().add(fault.next(1));
        let fields = [("PhoneNumber", "+447700900001"), ("StatusCallback", mailbox.url.as_str())];
        exchange.post("/OutgoingCallerIds.json", &fields).await;
        exchange.twilio().let_ring_out("+447700900001").unwrap();
        exchange.twilio().delivered().await;
        assert_eq!(mailbox.letters().len() - before, copies);
    }
}

#[tokio::test]
async fn the_books_say_who_has_what_and_what_it_costs_a_month() {
    let exchange = Exchange::open().await;
    let clinic = exchange.subaccount("voxanne:1").await;
    let buy = under(&clinic.sid, "/IncomingPhoneNumbers.json");
    exchange.write(&clinic, &buy, &[("PhoneNumber", "+12125550100"), ("FriendlyName", "voxanne:n")]).await;
    exchange.write(&clinic, &buy, &[("PhoneNumber", "+18335550100")]).await;
    let books = exchange.twilio().books();
    let book = books.named("voxanne:1")[0];
    assert_eq!((book.owner.as_str(), book.monthly_cents, book.bought), (exchange.platform().sid.as_str(), 330, 2));
    let (owner, number) = books.number("+12125550100").expect("somebody has it");
    assert_eq!((&owner.sid, number.friendly_name.as_str(), number.monthly_cents), (&clinic.sid, "voxanne:n", 115));
    assert_eq!(books.subaccounts(&exchange.platform().sid).len(), 1);
    assert_eq!(books.numbers().len(), 2);
}

#[tokio::test]
async fn a_person_sees_the_telephones_and_types_the_code_on_a_page_without_scripts() {
    let exchange = Exchange::open().await;
    let url = exchange.sandbox.twilio_url();
    let browser = reqwest::Client::new();
    let see = async || browser.get(&url).send().await.unwrap().text().await.unwrap();
    let send = async |path: &str, fields: &[(&str, &str)]| {
        let request = browser.post(format!("{url}{path}")).header("accept", "text/html").header("content-type", FORM);
        let page = request.body(form(fields)).send().await.unwrap();
        assert!(page.status().is_success(), "{path}: {}", page.text().await.unwrap());
        page.text().await.unwrap()
    };
    let (_, asked) = exchange.post("/OutgoingCallerIds.json", &[("PhoneNumber", "+447700900001")]).await;
    let path = format!("/_sandbox/validations/{}/press", asked["call_sid"].as_str().unwrap());
    assert!(see().await.contains(&path));
    let mut page = String::new();
    for key in asked["validation_code"].as_str().unwrap().chars() {
        page = send(&path, &[("key", &key.to_string())]).await;
    }
    assert!(page.contains("verified") && !page.contains(&path), "{page}");
    assert_eq!(exchange.book().caller_ids.len(), 1);

    send("/_sandbox/accounts", &[("name", "Green & <Field>"), ("number", "+441134960050")]).await;
    let account = exchange.twilio().books().named("Green & <Field>")[0].sid.clone();
    let page = send(&format!("/_sandbox/accounts/{account}/suspend"), &[]).await;
    assert!(page.contains("Green &amp; &lt;Field&gt;") && page.contains("suspended"));
    assert!(!page.contains(&exchange.platform().token), "our own token is on no page");
    send(&format!("/_sandbox/accounts/{account}/reactivate"), &[]).await;

    let forwards =
        [("number", "+441134960900"), ("does", "forwards_unanswered"), ("to", "+441134960050"), ("after", "20")];
    let page = send("/_sandbox/phones", &forwards).await;
    assert!(page.contains("it forwards to +441134960050 when nobody answers for 20 s"));
    let expected = Phone::ForwardsUnanswered { to: "+441134960050".into(), after: 20 };
    assert_eq!(exchange.twilio().phone("+441134960900"), expected);
    send("/_sandbox/calls", &[("from", "+447700900001"), ("to", "+441134960900")]).await;
    send("/_sandbox/clock/advance", &[("seconds", "21")]).await;
    let books: serde_json::Value =
        browser.get(format!("{url}/_sandbox/books")).send().await.unwrap().json().await.unwrap();
    let call = &books["accounts"][&account]["calls"][0];
    assert_eq!((&call["direction"], &call["status"]), (&json!("inbound"), &json!("in-progress")));
    let page = send(&format!("/_sandbox/calls/{}/hang_up", call["sid"].as_str().unwrap()), &[]).await;
    assert!(page.contains("completed") && !page.contains("<script"));

    let wrong = browser.post(format!("{url}/_sandbox/phones")).header("content-type", FORM).body("number=1&does=busy");
    assert_eq!(wrong.send().await.unwrap().status().as_u16(), 422);
}
