//! What the stand-in for Twilio refuses, and with which words.

use reqwest::Method;
use serde_json::{Value, json};
use voxanne::sandbox::twilio::{ADDRESS, BUNDLE, Credentials, Phone};

use super::twilio_stand_in_support::{Answer, Exchange, answer, under};

/// Every refusal has Twilio's four fields; the code is what programs go by.
#[track_caller]
fn assert_refused((status, body): &Answer, code: u32) {
    let expected = match code {
        20003 | 20005 => 401,
        20404 => 404,
        20004 => 405,
        _ => 400,
    };
    assert_eq!((*status, &body["code"]), (expected, &json!(code)), "{body}");
    assert_eq!(body["status"], *status);
    assert_eq!(body["more_info"], format!("https://www.twilio.com/docs/errors/{code}"));
    assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()));
    assert_eq!(body.as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn nobody_gets_in_without_the_keys_of_the_account() {
    let exchange = Exchange::open().await;
    let platform = exchange.platform();
    let address = under(&platform.sid, ".json");
    let keys = |sid: &str, token: &str| Credentials { sid: sid.into(), token: token.into() };
    for wrong in [keys(&platform.sid, "wrong"), keys(&platform.sid, ""), keys("AC1", &platform.token), keys("", "")] {
        assert_refused(&exchange.read(&wrong, &address).await, 20003);
    }
    let bare = reqwest::Client::new().get(format!("{}{address}", exchange.sandbox.twilio_url()));
    let said = bare.try_clone().unwrap().send().await.unwrap();
    assert!(said.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"));
    assert_refused(&answer(bare.bearer_auth(&platform.token)).await, 20003);
    assert_eq!(exchange.read(&platform, &address).await.0, 200);
}

#[tokio::test]
async fn an_account_acts_for_itself_and_its_subaccounts_and_nobody_else() {
    let exchange = Exchange::open().await;
    let platform = exchange.platform();
    let (first, second) = (exchange.subaccount("voxanne:1").await, exchange.subaccount("voxanne:2").await);
    let stranger = exchange.twilio().open_account("Greenfield Clinic");
    let numbers = |account: &Credentials| under(&account.sid, "/IncomingPhoneNumbers.json");
    for (who, whose) in [(&platform, &platform), (&platform, &first), (&first, &first), (&stranger, &stranger)] {
        assert_eq!(exchange.read(who, &numbers(whose)).await.0, 200);
    }
    for (who, whose) in [(&first, &second), (&first, &platform), (&platform, &stranger), (&stranger, &first)] {
        assert_refused(&exchange.read(who, &numbers(whose)).await, 20003);
        let buys = exchange.write(who, &numbers(whose), &[("PhoneNumber", "+12125550100")]).await;
        assert_refused(&buys, 20003);
        assert_refused(&exchange.write(who, &under(&whose.sid, ".json"), &[("Status", "closed")]).await, 20003);
    }
    let nested = exchange.write(&first, "/2010-04-01/Accounts.json", &[("FriendlyName", "deeper")]).await;
    assert_refused(&nested, 20003);
    let (_, seen) = exchange.read(&first, "/2010-04-01/Accounts.json").await;
    assert_eq!(seen["accounts"].as_array().unwrap().len(), 1, "its own");
}

#[tokio::test]
async fn what_cannot_be_bought_is_said_by_its_code() {
    let exchange = Exchange::open().await;
    let stranger = exchange.twilio().open_account("Greenfield Clinic");
    exchange.twilio().give_number(&stranger.sid, "+12125550142").unwrap();
    let bundle = ("BundleSid", BUNDLE);
    for (fields, code) in [
        (&[("PhoneNumber", "2125550100")][..], 21421),
        (&[("PhoneNumber", "+1")], 21421),
        (&[("PhoneNumber", "+15005550000")], 21422),
        (&[("PhoneNumber", "+12125550142")], 21422),
        (&[("AreaCode", "21")], 21451),
        (&[("AreaCode", "999")], 21452),
        (&[("PhoneNumber", "+441134960001")], 21649),
        (&[("PhoneNumber", "+441134960001"), ("BundleSid", "BU00000000000000000000000000000000")], 21649),
        (&[("PhoneNumber", "+61255500001")], 21631),
        (&[("PhoneNumber", "+353209110001"), bundle], 21615),
        (&[("PhoneNumber", "+12125550100"), ("VoiceUrl", "nowhere")], 21402),
        (&[("PhoneNumber", "+12125550100"), ("VoiceMethod", "PATCH")], 21403),
        (&[("PhoneNumber", "+12125550100"), ("Voiceurl", "https://a.example")], 20001),
        (&[], 20001),
    ] {
        assert_refused(&exchange.post("/IncomingPhoneNumbers.json", fields).await, code);
    }
    let (status, irish) = exchange
        .post("/IncomingPhoneNumbers.json", &[("PhoneNumber", "+353209110001"), bundle, ("AddressSid", ADDRESS)])
        .await;
    assert_eq!((status, &irish["address_requirements"]), (201, &json!("local")));
    assert_eq!(exchange.book().numbers.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_searched_is_said_by_its_code() {
    let exchange = Exchange::open().await;
    for (path, code) in [
        ("/AvailablePhoneNumbers/XX.json", 20404),
        ("/AvailablePhoneNumbers/XX/Local.json", 20404),
        ("/AvailablePhoneNumbers/NZ/Mobile.json", 20404),
        ("/AvailablePhoneNumbers/GB/Regional.json", 20404),
        ("/AvailablePhoneNumbers/US/Local.json?AreaCode=41", 21451),
        ("/AvailablePhoneNumbers/US/Local.json?Contains=5", 20001),
        ("/AvailablePhoneNumbers/US/Local.json?PageSize=0", 20001),
        ("/AvailablePhoneNumbers/US/Local.json?Areacode=415", 20001),
        ("/IncomingPhoneNumbers/PN00000000000000000000000000000000.json", 20404),
        ("/OutgoingCallerIds/PN00000000000000000000000000000000.json", 20404),
        ("/Calls/CA00000000000000000000000000000000.json", 20404),
        ("/Calls.json?StartTime%3E=yesterday", 20001),
        ("/Calls.json?StartTime%3E%3D=2026-01-01", 20001),
        ("/Calls", 20404),
        ("/Conferences.json", 20404),
    ] {
        assert_refused(&exchange.get(path).await, code);
    }
    assert_refused(&exchange.delete("/AvailablePhoneNumbers/GB.json").await, 20004);
    let put = exchange.request(&exchange.platform(), Method::PUT, "/2010-04-01/Accounts.json");
    assert_refused(&answer(put).await, 20004);
}

#[tokio::test]
async fn a_number_that_cannot_be_asked_for_a_code_is_refused_before_anybody_is_called() {
    let exchange = Exchange::open().await;
    let twilio = exchange.twilio();
    for (phone, does) in [
        ("+447700900011", Phone::Unreachable),
        ("+447700900012", Phone::CountryNotPermitted),
        ("+447700900013", Phone::Blocked),
    ] {
        twilio.set_phone(phone, does).unwrap();
    }
    twilio.add_caller_id(twilio.account_sid(), "+447700900014").unwrap();
    for (fields, code) in [
        (&[("PhoneNumber", "07700900010")][..], 21217),
        (&[("PhoneNumber", "+447700900011")], 21214),
        (&[("PhoneNumber", "+447700900012")], 21215),
        (&[("PhoneNumber", "+447700900013")], 21216),
        (&[("PhoneNumber", "+447700900014")], 21450),
        (&[("PhoneNumber", "+447700900015"), ("CallDelay", "61")], 21454),
        (&[("PhoneNumber", "+447700900015"), ("StatusCallback", "here")], 21402),
        (&[], 21201),
    ] {
        assert_refused(&exchange.post("/OutgoingCallerIds.json", fields).await, code);
    }
    assert_eq!(twilio.pending_validations(), []);
    assert_eq!(exchange.book().calls, []);
}

#[tokio::test]
async fn a_call_is_made_from_ones_own_number_or_a_verified_one() {
    let exchange = Exchange::open().await;
    let twilio = exchange.twilio();
    twilio.give_number(twilio.account_sid(), "+442079460001").unwrap();
    let stranger = twilio.open_account("Greenfield Clinic");
    twilio.give_number(&stranger.sid, "+442079460002").unwrap();
    twilio.add_caller_id(&stranger.sid, "+447700900009").unwrap();
    twilio.set_phone("+447700900011", Phone::Unreachable).unwrap();
    let twiml = ("Twiml", "<Response><Pause length=\"20\"/></Response>");
    let (ours, patient) = (("From", "+442079460001"), ("To", "+447700900001"));
    for (fields, code) in [
        (&[ours, twiml][..], 21201),
        (&[patient, twiml], 21213),
        (&[ours, ("To", "07700900001"), twiml], 21211),
        (&[patient, ("From", "clinic"), twiml], 21212),
        (&[patient, ("From", "+442079460002"), twiml], 21210),
        (&[patient, ("From", "+447700900009"), twiml], 21210),
        (&[ours, ("To", "+447700900011"), twiml], 21214),
        (&[ours, patient], 21205),
        (&[ours, patient, ("Url", "nowhere")], 21205),
        (&[ours, patient, ("Twiml", "Hello")], 12100),
        (&[ours, patient, twiml, ("Timeout", "601")], 21208),
    ] {
        assert_refused(&exchange.post("/Calls.json", fields).await, code);
    }
    assert_eq!(exchange.book().calls, []);
    let (status, made) = exchange.post("/Calls.json", &[ours, patient, twiml]).await;
    assert_eq!((status, &made["status"]), (201, &json!("queued")));
}

#[tokio::test]
async fn a_suspended_account_gets_nothing_done_and_a_closed_one_gives_everything_back_for_ever() {
    let exchange = Exchange::open().await;
    let (twilio, platform) = (exchange.twilio(), exchange.platform());
    let clinic = exchange.subaccount("voxanne:1").await;
    let own = under(&clinic.sid, ".json");
    let buy = under(&clinic.sid, "/IncomingPhoneNumbers.json");
    exchange.write(&clinic, &buy, &[("PhoneNumber", "+12125550100")]).await;
    twilio.add_caller_id(&clinic.sid, "+447700900001").unwrap();

    assert_eq!(exchange.write(&platform, &own, &[("Status", "suspended")]).await.1["status"], "suspended");
    assert_refused(&exchange.read(&clinic, &own).await, 20005);
    assert_eq!(exchange.read(&platform, &own).await.1["status"], "suspended");
    assert_refused(&exchange.write(&platform, &buy, &[("PhoneNumber", "+12125550101")]).await, 20005);
    exchange.write(&platform, &own, &[("Status", "active")]).await;
    assert_eq!(exchange.read(&clinic, &own).await.0, 200);

    assert_refused(&exchange.write(&platform, &under(&platform.sid, ".json"), &[("Status", "closed")]).await, 20001);
    assert_eq!(exchange.write(&platform, &own, &[("Status", "closed")]).await.1["status"], "closed");
    let book = twilio.books().account(&clinic.sid).unwrap().clone();
    assert!(book.numbers.is_empty() && book.caller_ids.is_empty(), "{book:?}");
    assert_eq!((book.bought, book.released, book.monthly_cents), (1, 1, 0));
    assert_refused(&exchange.write(&platform, &own, &[("Status", "active")]).await, 20001);
    assert_refused(&exchange.read(&clinic, &own).await, 20005);
    let list = "/2010-04-01/Accounts.json?FriendlyName=voxanne:1&Status=";
    let seen = async |status: &str| exchange.read(&platform, &format!("{list}{status}")).await.1["accounts"].clone();
    assert_eq!(seen("active").await, Value::Array(vec![]));
    assert_eq!(seen("closed").await.as_array().unwrap().len(), 1);
}
