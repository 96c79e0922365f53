//! The stand-in for Twilio, asked as its clients ask.

use serde_json::{Value, json};
use voxanne::sandbox::{
    twilio::{BUNDLE, Credentials},
    vapi::{Carried, Carrier, TwilioKeys, TwilioSecret},
};

use super::twilio_stand_in_support::{Exchange, under};

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
async fn a_number_given_back_comes_back_to_who_had_it_and_to_nobody_else() {
    let exchange = Exchange::open().await;
    let stranger = exchange.twilio().open_account("Greenfield Clinic");
    let wanted = [("PhoneNumber", "+12125550100")];
    let (_, bought) = exchange.post("/IncomingPhoneNumbers.json", &wanted).await;
    let sid = bought["sid"].as_str().unwrap();
    exchange.delete(&format!("/IncomingPhoneNumbers/{sid}.json")).await;

    let theirs = under(&stranger.sid, "/IncomingPhoneNumbers.json");
    assert_eq!(exchange.write(&stranger, &theirs, &wanted).await.1["code"], 21422);
    let (_, found) = exchange.get("/AvailablePhoneNumbers/US/Local.json?AreaCode=212").await;
    assert_eq!(found["available_phone_numbers"][0]["phone_number"], "+12125550101");
    let (status, again) = exchange.post("/IncomingPhoneNumbers.json", &wanted).await;
    assert!(status == 201 && again["sid"] != sid, "{again}");
    assert_eq!((exchange.book().bought, exchange.book().released), (2, 1));
}

#[tokio::test]
async fn whoever_buys_what_it_has_changes_it_and_pays_once() {
    let exchange = Exchange::open().await;
    let buy = async |name: &str| {
        let fields = [("PhoneNumber", "+12125550100"), ("FriendlyName", name)];
        exchange.post("/IncomingPhoneNumbers.json", &fields).await
    };
    let ((_, first), (status, second)) = (buy("voxanne:1").await, buy("voxanne:2").await);
    assert_eq!((status, &second["sid"], &second["friendly_name"]), (201, &first["sid"], &json!("voxanne:2")));
    let book = exchange.book();
    assert_eq!((book.bought, book.numbers.len(), book.monthly_cents), (1, 1, 115));
}

#[tokio::test]
async fn numbers_are_found_by_area_by_pattern_and_by_what_they_can_do() {
    let exchange = Exchange::open().await;
    let found = async |path: &str| {
        let (_, found) = exchange.get(&format!("/AvailablePhoneNumbers/{path}")).await;
        let numbers = found["available_phone_numbers"].as_array().unwrap().clone();
        numbers.iter().map(|number| number["phone_number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let area = found("US/Local.json?AreaCode=415&PageSize=2").await;
    assert_eq!(area, ["+14155550100", "+14155550101"]);
    assert_eq!(found("US/Local.json?AreaCode=415").await, found("US/Local.json?AreaCode=415").await);
    assert_eq!(found("GB/Local.json?Contains=%2B4420&PageSize=1000").await.len(), 100, "London's");
    assert_eq!(found("CA/Local.json?Contains=0142$").await.len(), 3);
    assert_eq!(found("GB/Local.json?SmsEnabled=true").await, [""; 0]);
    assert_eq!(found("GB/Mobile.json?SmsEnabled=true&VoiceEnabled=true").await.len(), 30);
    assert_eq!(found("US/TollFree.json?PageSize=1").await, ["+18335550100"]);
    assert_eq!(found("AU/Local.json?ExcludeAllAddressRequired=true").await, [""; 0]);
    for country in ["GB", "US", "CA", "IE", "AU"] {
        let (_, shown) = exchange.get(&format!("/AvailablePhoneNumbers/{country}.json")).await;
        assert_eq!(shown["country_code"], country);
        assert!(shown["subresource_uris"]["local"].is_string());
    }
}

#[tokio::test]
async fn a_number_is_bought_by_its_area_set_up_and_moved_within_the_family() {
    let exchange = Exchange::open().await;
    let (_, bought) = exchange.post("/IncomingPhoneNumbers.json", &[("AreaCode", "604")]).await;
    assert_eq!((&bought["phone_number"], &bought["friendly_name"]), (&json!("+16045550100"), &json!("(604) 555-0100")));
    let path = format!("/IncomingPhoneNumbers/{}.json", bought["sid"].as_str().unwrap());
    let (_, set) =
        exchange.post(&path, &[("VoiceUrl", "https://a.example/voice"), ("FriendlyName", "voxanne:1")]).await;
    assert_eq!((&set["voice_url"], &set["friendly_name"]), (&json!("https://a.example/voice"), &json!("voxanne:1")));
    assert_eq!(exchange.post(&path, &[("VoiceUrl", "")]).await.1["voice_url"], "");

    let clinic = exchange.subaccount("voxanne:1").await;
    let stranger = exchange.twilio().open_account("Greenfield Clinic");
    assert_eq!(exchange.post(&path, &[("AccountSid", &stranger.sid)]).await.0, 401);
    assert_eq!(exchange.post(&path, &[("AccountSid", &clinic.sid)]).await.1["account_sid"], clinic.sid);
    assert_eq!(exchange.get(&path).await.0, 404);
    assert_eq!(exchange.read(&clinic, &under(&clinic.sid, &path)).await.0, 200);
}

#[tokio::test]
async fn long_lists_come_in_pages_that_nothing_new_shifts() {
    let exchange = Exchange::open().await;
    for place in 0..5 {
        exchange.post("/IncomingPhoneNumbers.json", &[("PhoneNumber", &format!("+1212555010{place}"))]).await;
    }
    let shown = |page: &Value| {
        let numbers = page["incoming_phone_numbers"].as_array().unwrap().clone();
        numbers
            .iter()
            .map(|number| number["phone_number"].as_str().unwrap()[9..].to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (_, first) = exchange.get("/IncomingPhoneNumbers.json?PageSize=2&PhoneNumber=212").await;
    assert_eq!((shown(&first), &first["start"], &first["end"]), ("104 103".into(), &json!(0), &json!(1)));
    exchange.post("/IncomingPhoneNumbers.json", &[("PhoneNumber", "+12125550105")]).await;
    let platform = exchange.platform();
    let (_, second) = exchange.read(&platform, first["next_page_uri"].as_str().unwrap()).await;
    assert_eq!((shown(&second), &second["page"]), ("102 101".into(), &json!(1)));
    assert!(second["previous_page_uri"].is_string());
    let (_, last) = exchange.read(&platform, second["next_page_uri"].as_str().unwrap()).await;
    assert_eq!((shown(&last), &last["next_page_uri"]), ("100".into(), &Value::Null));
    let (_, beginning) = exchange.read(&platform, last["first_page_uri"].as_str().unwrap()).await;
    assert_eq!(shown(&beginning), "105 104");
}

#[tokio::test]
async fn what_was_known_before_a_restart_is_taken_up_once() {
    let exchange = Exchange::open().await;
    let twilio = exchange.twilio();
    let keys = |sid: &str| Credentials { sid: format!("AC{sid:0>32}"), token: "secret".into() };
    let (clinic, stranger) = (keys("1"), keys("2"));
    for _ in 0..2 {
        twilio.take_up_account(&clinic.sid, &clinic.token, "voxanne:1");
        twilio.take_up_stranger(&stranger.sid, &stranger.token, "Greenfield Clinic");
        twilio.take_up_number(&clinic.sid, "PN00000000000000000000000000000001", "+12125550100", "voxanne:n");
        twilio.take_up_caller_id(&stranger.sid, "PN00000000000000000000000000000002", "+447700900001");
    }
    let platform = exchange.platform();
    let (_, number) = exchange
        .read(&platform, &under(&clinic.sid, "/IncomingPhoneNumbers/PN00000000000000000000000000000001.json"))
        .await;
    assert_eq!((&number["phone_number"], &number["friendly_name"]), (&json!("+12125550100"), &json!("voxanne:n")));
    assert_eq!(exchange.read(&platform, &under(&stranger.sid, ".json")).await.0, 401, "it is no subaccount");
    let (_, listed) = exchange.read(&stranger, &under(&stranger.sid, "/OutgoingCallerIds.json")).await;
    assert_eq!(listed["outgoing_caller_ids"].as_array().unwrap().len(), 1);
    let books = twilio.books();
    assert_eq!((books.accounts.len(), books.numbers().len()), (3, 1));
    assert_eq!(books.account(&clinic.sid).unwrap().bought, 0, "it was bought before");
}

#[tokio::test]
async fn vapi_takes_over_a_number_of_the_account_whose_keys_it_is_given_and_no_other() {
    let exchange = Exchange::open().await;
    let twilio = exchange.twilio();
    let clinic = exchange.subaccount("voxanne:1").await;
    twilio.give_number(&clinic.sid, "+12125550100").unwrap();
    let keys =
        |token: &str| TwilioKeys { account_sid: clinic.sid.clone(), secret: TwilioSecret::AuthToken(token.into()) };
    let voice_url = async || {
        let (_, listed) = exchange.read(&clinic, &under(&clinic.sid, "/IncomingPhoneNumbers.json")).await;
        listed["incoming_phone_numbers"][0]["voice_url"].as_str().unwrap().to_owned()
    };
    assert_eq!(twilio.take_over(&keys("wrong"), "+12125550100", false), Carried::WrongKeys);
    assert_eq!(twilio.take_over(&keys(&clinic.token), "+12125550101", false), Carried::NoSuchNumber);
    assert_eq!(voice_url().await, "");
    assert_eq!(twilio.take_over(&keys(&clinic.token), "+12125550100", false), Carried::TakenOver);
    assert!(voice_url().await.starts_with("https://api.vapi.ai/"));
    twilio.suspend(&clinic.sid).unwrap();
    assert!(!twilio.lets_in(&keys(&clinic.token)));
}
