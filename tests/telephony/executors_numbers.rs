//! Subaccounts and numbers: found before they are made, and made once.

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::{
    effects::{Effect, Verdict},
    sandbox::{Fault, twilio::BUNDLE},
    vault::{Aad, Sealed},
};

use super::executors_support::{Place, name, vault};

fn buy(place: &Place, account: &Value, id: Uuid) -> Effect {
    let wish = json!({
        "account": account, "name": name(id), "country_code": "US", "number_type": "Local", "area_code": "415",
    });
    place.effect("twilio.buy_number", wish)
}

fn release(place: &Place, account: &Value, id: Uuid, sid: Option<&str>) -> Effect {
    place.effect("twilio.release_number", json!({ "account": account, "name": name(id), "twilio_sid": sid }))
}

/// As the platform may, for ever.
async fn close(place: &Place, sid: &str) {
    let twilio = &place.sandbox.twilio;
    let url = format!("{}/2010-04-01/Accounts/{sid}.json", place.sandbox.twilio_url());
    let request =
        reqwest::Client::new().post(url).basic_auth(twilio.account_sid(), twilio.token_of(twilio.account_sid()));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body("Status=closed");
    assert!(request.send().await.expect("an answer").status().is_success());
}

fn of(place: &Place, account: &Value) -> Vec<String> {
    let books = place.sandbox.twilio.books();
    let account = books.account(account["sid"].as_str().expect("a SID")).expect("the account").clone();
    account.numbers.into_iter().map(|number| number.phone_number).collect()
}

#[tokio::test]
async fn a_subaccount_is_made_once_and_its_token_is_sealed() {
    let place = Place::new().await;
    let twilio = &place.sandbox.twilio;
    twilio.faults().add(Fault::lost_answer().matching("POST /2010-04-01/Accounts.json").next(1));
    Place::assert_retry(&place.run(&place.subaccount()).await);
    let made = place.done(&place.subaccount()).await;
    let again = place.done(&place.subaccount()).await;
    assert_eq!(made["subaccount_sid"], again["subaccount_sid"]);
    let books = twilio.books();
    assert_eq!(books.subaccounts(twilio.account_sid()).len(), 1);

    let sid = made["subaccount_sid"].as_str().expect("a SID");
    assert_eq!(books.account(sid).expect("the account").friendly_name, name(place.org_id));
    let aad = Aad { org_id: place.org_id, provider: "twilio", kind: "subaccount" };
    let sealed: Sealed = serde_json::from_value(made.clone()).expect("a sealed secret");
    let opened = vault().open(&aad, &sealed).expect("it opens");
    let keys: Value = serde_json::from_str(opened.expose_secret()).expect("JSON");
    let token = twilio.token_of(sid).expect("a token");
    assert_eq!(keys, json!({ "account_sid": sid, "auth_token": token }));
    assert!(!made.to_string().contains(&token));
}

#[tokio::test]
async fn of_two_subaccounts_of_a_name_the_older_one_is_taken_that_is_not_closed() {
    let place = Place::new().await;
    let twilio = &place.sandbox.twilio;
    let first = place.done(&place.subaccount()).await["subaccount_sid"].clone();
    twilio.advance(std::time::Duration::from_secs(5));
    let other = "AC00000000000000000000000000000002";
    twilio.take_up_account(other, "token", &name(place.org_id));
    assert_eq!(place.done(&place.subaccount()).await["subaccount_sid"], first);
    close(&place, first.as_str().expect("a SID")).await;
    assert_eq!(place.done(&place.subaccount()).await["subaccount_sid"], json!(other));
}

/// Its numbers could never be given back.
#[tokio::test]
async fn a_subaccount_suspended_between_two_purchases_is_not_replaced() {
    let (place, account) = Place::managed().await;
    let (twilio, sid) = (&place.sandbox.twilio, account["sid"].as_str().expect("a SID"));
    place.done(&buy(&place, &account, Uuid::new_v4())).await;
    twilio.suspend(sid).expect("suspended");
    for other in [None, Some("AC00000000000000000000000000000002")] {
        if let Some(other) = other {
            twilio.advance(std::time::Duration::from_secs(5));
            twilio.take_up_account(other, "token", &name(place.org_id));
        }
        assert_eq!(place.refused(&place.subaccount()).await, "twilio_account_inactive");
        let others = usize::from(other.is_some());
        assert_eq!(twilio.books().subaccounts(twilio.account_sid()).len(), 1 + others, "no other one is made");
    }
    twilio.reactivate(sid).expect("active again");
    assert_eq!(place.done(&place.subaccount()).await["subaccount_sid"], account["sid"]);
}

#[tokio::test]
async fn an_account_that_may_not_list_its_numbers_says_why() {
    let (place, account) = Place::managed().await;
    let (twilio, sid) = (&place.sandbox.twilio, account["sid"].as_str().expect("a SID"));
    let id = Uuid::new_v4();
    let bought = place.done(&buy(&place, &account, id)).await;
    let list = place.effect("twilio.list_numbers", json!({ "account": account }));
    let listed = json!({ "numbers": [
        { "phone_number": bought["phone_number"], "twilio_sid": bought["twilio_sid"], "name": name(id) },
    ] });
    assert_eq!(place.done(&list).await, listed);
    twilio.suspend(sid).expect("suspended");
    assert_eq!(place.refused(&list).await, "twilio_account_inactive");
    twilio.reactivate(sid).expect("active again");
    assert_eq!(place.done(&list).await, listed);
    twilio.change_token(sid).expect("another token");
    assert_eq!(place.refused(&list).await, "twilio_credentials_wrong");
}

#[tokio::test]
async fn a_number_is_bought_once_whatever_became_of_the_answer() {
    for fault in [Fault::lost_answer(), Fault::lost_request(), Fault::error(500), Fault::rate_limited(1)] {
        let (place, account) = Place::managed().await;
        let wanted = buy(&place, &account, Uuid::new_v4());
        place.sandbox.twilio.faults().add(fault.matching("POST /2010-04-01/Accounts/AC").next(1));
        Place::assert_retry(&place.run(&wanted).await);
        let bought = place.done(&wanted).await;
        assert_eq!(place.done(&wanted).await, bought, "and once more is the same");
        assert_eq!(of(&place, &account), [bought["phone_number"].as_str().expect("a number")]);
        let books = place.sandbox.twilio.books();
        let (owner, number) = books.number(bought["phone_number"].as_str().expect("a number")).expect("it is sold");
        assert_eq!((json!(owner.sid), json!(number.sid)), (account["sid"].clone(), bought["twilio_sid"].clone()));
        assert_eq!((owner.bought, owner.released), (1, 0));
        assert_eq!(json!(number.friendly_name), wanted.payload["name"]);
    }
}

#[tokio::test]
async fn a_chosen_number_that_is_gone_is_refused_and_no_other_is_bought() {
    let (place, account) = Place::managed().await;
    let others = place.sandbox.twilio.open_account("somebody else");
    place.sandbox.twilio.give_number(&others.sid, "+14155550105").expect("a number");
    let mut wanted = buy(&place, &account, Uuid::new_v4());
    for (number, refusal) in [("+14155550105", "number_unavailable"), ("+999", "number_invalid")] {
        wanted.payload["phone_number"] = json!(number);
        assert_eq!(place.refused(&wanted).await, refusal);
    }
    wanted.payload["phone_number"] = Value::Null;
    wanted.payload["area_code"] = json!("999");
    assert_eq!(place.refused(&wanted).await, "number_unavailable");
    assert_eq!(of(&place, &account), Vec::<String>::new());
}

#[tokio::test]
async fn numbers_bought_at_once_for_one_account_are_different_ones() {
    let (place, account) = Place::managed().await;
    let wanted: Vec<Effect> = (0..6).map(|_| buy(&place, &account, Uuid::new_v4())).collect();
    let (one, two, three) = (place.done(&wanted[0]), place.done(&wanted[1]), place.done(&wanted[2]));
    let (four, five, six) = (place.done(&wanted[3]), place.done(&wanted[4]), place.done(&wanted[5]));
    let (one, two, three, four, five, six) = tokio::join!(one, two, three, four, five, six);
    let numbers = [one, two, three, four, five, six].map(|bought| bought["phone_number"].to_string());
    assert_eq!(numbers.iter().collect::<std::collections::BTreeSet<_>>().len(), 6, "{numbers:?}");
    assert_eq!(of(&place, &account).len(), 6);
}

/// Twilio would rename the number it has, and answer as if it had sold it.
#[tokio::test]
async fn a_number_the_account_has_is_not_bought_under_another_name() {
    let (place, account) = Place::managed().await;
    let first = Uuid::new_v4();
    let bought = place.done(&buy(&place, &account, first)).await;
    let mut wanted = buy(&place, &account, Uuid::new_v4());
    wanted.payload["phone_number"] = bought["phone_number"].clone();
    assert_eq!(place.refused(&wanted).await, "number_unavailable");
    let books = place.sandbox.twilio.books();
    let (_, number) = books.number(bought["phone_number"].as_str().expect("a number")).expect("it is there");
    assert_eq!(number.friendly_name, name(first));
}

#[tokio::test]
async fn papers_are_shown_where_a_country_asks_for_them() {
    let (place, account) = Place::managed().await;
    let mut wanted = buy(&place, &account, Uuid::new_v4());
    for (country, bundle, refusal) in [
        ("GB", None, Some("country_requirements_unmet")),
        ("AU", None, Some("country_requirements_unmet")),
        ("DE", Some(BUNDLE), Some("country_requirements_unmet")),
        ("GB", Some(BUNDLE), None),
    ] {
        wanted.payload["country_code"] = json!(country);
        wanted.payload["area_code"] = Value::Null;
        wanted.payload["bundle_sid"] = json!(bundle);
        let result = place.done(&wanted).await;
        assert_eq!(result["refused"].as_str(), refusal, "{country}: {result}");
    }
    assert!(of(&place, &account)[0].starts_with("+44"));
}

#[tokio::test]
async fn a_number_is_released_once_by_its_sid_or_its_name() {
    for by_name in [false, true] {
        let (place, account) = Place::managed().await;
        let (id, other) = (Uuid::new_v4(), Uuid::new_v4());
        let bought = place.done(&buy(&place, &account, id)).await;
        let kept = place.done(&buy(&place, &account, other)).await;
        let sid = bought["twilio_sid"].as_str().filter(|_| !by_name);
        let wanted = release(&place, &account, id, sid);
        place.sandbox.twilio.faults().add(Fault::lost_answer().matching("DELETE ").next(1));
        Place::assert_retry(&place.run(&wanted).await);
        assert_eq!(place.done(&wanted).await, json!({ "released": false }), "it was, and is gone");
        assert_eq!(of(&place, &account), [kept["phone_number"].as_str().expect("a number")]);
        let released = place.done(&release(&place, &account, other, kept["twilio_sid"].as_str())).await;
        assert_eq!(released, json!({ "released": true }));
    }
}

/// Such as an attempt that was given up and carried out all the same.
#[tokio::test]
async fn what_was_bought_twice_is_paid_for_once() {
    let (place, account) = Place::managed().await;
    let (id, sid) = (Uuid::new_v4(), account["sid"].as_str().expect("a SID"));
    let twilio = &place.sandbox.twilio;
    twilio.take_up_number(sid, "PN00000000000000000000000000000001", "+14155550150", &name(id));
    twilio.advance(std::time::Duration::from_secs(5));
    twilio.take_up_number(sid, "PN00000000000000000000000000000002", "+14155550151", &name(id));
    assert_eq!(place.done(&buy(&place, &account, id)).await["phone_number"], json!("+14155550150"));
    assert_eq!(of(&place, &account), ["+14155550150"]);

    twilio.take_up_number(sid, "PN00000000000000000000000000000003", "+14155550152", &name(id));
    let wanted = release(&place, &account, id, Some("PN00000000000000000000000000000001"));
    assert_eq!(place.done(&wanted).await, json!({ "released": true }));
    assert_eq!(of(&place, &account), Vec::<String>::new());
}

#[tokio::test]
async fn a_search_shows_what_can_be_bought_and_nothing_is_no_failure() {
    let place = Place::new().await;
    let search = |wish: Value| place.effect("twilio.search_numbers", wish);
    let us = search(json!({ "country_code": "US", "number_type": "Local", "area_code": "212", "limit": 3 }));
    let found = place.done(&us).await;
    let numbers = found["numbers"].as_array().expect("a list");
    assert_eq!(numbers.len(), 3);
    assert_eq!(
        numbers[0],
        json!({
            "phone_number": "+12125550100", "friendly_name": "(212) 555-0100", "locality": "New York", "region": "NY",
            "country_code": "US", "voice": true, "sms": true,
        })
    );
    let leeds =
        search(json!({ "country_code": "GB", "number_type": "Local", "area_code": "0113", "calling_code": "44" }));
    let found = place.done(&leeds).await;
    let numbers = found["numbers"].as_array().expect("a list");
    assert!(!numbers.is_empty() && numbers.iter().all(|one| one["locality"] == "Leeds"), "{found}");
    for nothing in [
        json!({ "country_code": "ZZ", "number_type": "Local" }),
        json!({ "country_code": "IE", "number_type": "TollFree" }),
        json!({ "country_code": "US", "number_type": "Local", "area_code": "99" }),
        json!({ "country_code": "US", "number_type": "Local", "area_code": "999" }),
    ] {
        assert_eq!(place.done(&search(nothing)).await, json!({ "numbers": [] }));
    }
}

#[tokio::test]
async fn an_account_is_judged_by_its_keys_its_state_and_its_numbers() {
    let (place, account, theirs) = Place::own_account("+442079460123").await;
    let twilio = &place.sandbox.twilio;
    for kind in ["twilio.validate_account", "twilio.check_account"] {
        let validate = |number: &str| place.effect(kind, json!({ "account": account, "phone_number": number }));
        let valid = place.done(&validate("+442079460123")).await;
        assert_eq!(valid["account_name"], json!("Smile Dental"));
        assert!(valid["twilio_sid"].as_str().is_some_and(|sid| sid.starts_with("PN")), "{valid}");
        for missing in ["+442079460124", "+4420794601"] {
            assert_eq!(place.refused(&validate(missing)).await, "number_not_in_account");
        }
        twilio.suspend(&theirs.sid).expect("suspended");
        assert_eq!(place.refused(&validate("+442079460123")).await, "twilio_account_inactive");
        twilio.reactivate(&theirs.sid).expect("active again");
    }

    let validate =
        place.effect("twilio.validate_account", json!({ "account": account, "phone_number": "+442079460123" }));
    let other = twilio.change_token(&theirs.sid).expect("another token");
    assert_eq!(place.refused(&validate).await, "twilio_credentials_wrong");
    place.row.holds_keys(place.org_id, "default", &theirs.sid, &other.token);
    place.done(&validate).await;
}

#[tokio::test]
async fn without_its_secret_an_account_does_nothing() {
    let (place, account) = Place::managed().await;
    let wanted = buy(&place, &account, Uuid::new_v4());
    place.row.holds(Uuid::new_v4(), "subaccount", &json!("c2hvcnQ="), &json!(1));
    let verdict = place.run(&wanted).await;
    assert!(matches!(&verdict, Verdict::Refused { error } if error.contains("has no secret")), "{verdict:?}");
    place.row.holds(place.org_id, "subaccount", &json!("c2hvcnQ="), &json!(1));
    let verdict = place.run(&wanted).await;
    assert!(matches!(&verdict, Verdict::Refused { error } if error.contains("does not open")), "{verdict:?}");
}
