//! The stand-in for Twilio, asked as its clients ask.

use serde_json::json;
use voxanne::sandbox::twilio::{BUNDLE, Phone};

use super::twilio_stand_in_support::Exchange;

#[tokio::test]
async fn a_number_that_is_bought_is_nobody_elses_until_it_is_given_back() {
    let exchange = Exchange::open().await;
    let search = "/AvailablePhoneNumbers/GB/Local.json?Contains=%2B44113";
    let (_, found) = exchange.get(search).await;
    let first = found["available_phone_numbers"][0]["phone_number"].as_str().unwrap().to_owned();
    let wanted = [("PhoneNumber", first.as_str()), ("FriendlyName", "voxanne:1"), ("BundleSid", BUNDLE)];
    let (status, bought) = exchange.post("/IncomingPhoneNumbers.json", &wanted).await;
    assert_eq!((status, &bought["phone_number"]), (201, &json!(first)));
    let sid = bought["sid"].as_str().unwrap();

    let (_, found) = exchange.get(search).await;
    assert!(!found.to_string().contains(&first), "it is not for sale any more");
    let (_, named) = exchange.get("/IncomingPhoneNumbers.json?FriendlyName=voxanne:1").await;
    assert_eq!(named["incoming_phone_numbers"], json!([bought]));

    assert_eq!(exchange.delete(&format!("/IncomingPhoneNumbers/{sid}.json")).await.0, 204);
    let (status, gone) = exchange.delete(&format!("/IncomingPhoneNumbers/{sid}.json")).await;
    assert_eq!((status, &gone["code"]), (404, &json!(20404)));
}

#[tokio::test]
async fn a_number_is_a_caller_id_once_somebody_at_the_phone_has_typed_the_code() {
    let exchange = Exchange::open().await;
    let phone = "+447700900123";
    let (status, asked) = exchange.post("/OutgoingCallerIds.json", &[("PhoneNumber", phone)]).await;
    assert_eq!(status, 200, "{asked}");
    let list = "/OutgoingCallerIds.json?PhoneNumber=%2B447700900123";
    assert_eq!(exchange.get(list).await.1["outgoing_caller_ids"], json!([]));
    assert!(exchange.twilio().type_code(phone, asked["validation_code"].as_str().unwrap()).unwrap());
    assert_eq!(exchange.get(list).await.1["outgoing_caller_ids"][0]["phone_number"], phone);
}

#[tokio::test]
async fn a_call_to_a_phone_that_forwards_to_a_number_arrives_there() {
    let exchange = Exchange::open().await;
    let twilio = exchange.twilio();
    let (ours, clinic, patient) = ("+442079460001", "+441134960900", "+447700900001");
    twilio.give_number(twilio.account_sid(), ours).unwrap();
    twilio.set_phone(clinic, Phone::ForwardsUnanswered { to: ours.into(), after: 20 }).unwrap();
    let outside = twilio.dial(patient, clinic).unwrap();
    assert_eq!(twilio.leg_of(&outside), None, "it rings at the clinic");
    twilio.advance(std::time::Duration::from_secs(21));
    let leg = twilio.leg_of(&outside).expect("nobody answered");
    let (_, seen) = exchange.get(&format!("/Calls/{leg}.json")).await;
    let shown = ["from", "to", "direction", "status"].map(|field| seen[field].as_str().unwrap());
    assert_eq!(shown, [patient, ours, "inbound", "in-progress"]);
}
