//! A clinic keeps its own number: what to dial for that, and whether a call to it reaches Voxanne.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::sandbox::{
    Fault,
    twilio::{CallStatus, Phone},
};

use super::phones_support::{FORWARDING, INBOUND, NUMBERS, PHONE, Phones, check_path, connect};
use crate::{
    support::eventually,
    tenancy::asks::{delete, get, post},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_set_up_dialled_confirmed_checked_and_ended() {
    let phones = Phones::open().await;
    let config = phones.forwarding(PHONE, "total_ai", "ee", None).await;
    assert_eq!(
        (&config["generatedActivationCode"], &config["generatedDeactivationCode"], &config["status"]),
        (&json!(format!("**21*{INBOUND}#")), &json!("##21#"), &json!("pending_setup"))
    );
    let steps = config["instructions"].as_array().expect("steps");
    assert!(steps.iter().any(|step| step.as_str().is_some_and(|step| step.contains(&format!("Dial **21*{INBOUND}#")))));

    phones.twilio().set_phone(PHONE, Phone::ForwardsAlways { to: INBOUND.to_owned() }).expect("dialled");
    let id = config["id"].as_str().expect("an id");
    let confirm = format!("{FORWARDING}/confirm");
    let confirmed = phones.post(&confirm, json!({ "forwardingConfigId": id })).await.good();
    assert_eq!(
        (&confirmed["config"]["status"], &confirmed["config"]["userConfirmedSetup"]),
        (&json!("active"), &json!(true))
    );
    let checked = phones.checked(&config).await.good();
    assert_eq!(
        (&checked["success"], &checked["reached"], &checked["operation"]),
        (&json!(true), &json!(true), &Value::Null)
    );

    let path = format!("{FORWARDING}?verifiedCallerId={}", config["verifiedCallerId"].as_str().expect("an id"));
    let shown = get(&phones.server, &phones.admin, &path).await.good();
    assert_eq!(
        (&shown["config"]["lastCheckReached"], &shown["config"]["lastCheckedAt"]),
        (&json!(true), &checked["checkedAt"])
    );
    let numbers = get(&phones.server, &phones.admin, NUMBERS).await.good();
    assert_eq!(numbers["numbers"][0]["hasForwardingConfig"], json!(true));

    let ended = delete(&phones.server, &phones.admin, &format!("{FORWARDING}/{id}")).await.good();
    assert!(ended["message"].as_str().is_some_and(|text| text.contains("Dial ##21#")), "{ended}");
    phones.check(&config).await.is(409, "forwarding_ended");
    let number = format!("{NUMBERS}/{}", config["verifiedCallerId"].as_str().expect("an id"));
    delete(&phones.server, &phones.admin, &number).await.good();
    assert_eq!(phones.count("public.hybrid_forwarding_configs").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_forwards_what_nobody_answers_is_given_its_time_to_ring() {
    let phones = Phones::open().await;
    let config = phones.forwarding(PHONE, "safety_net", "vodafone", Some(20)).await;
    let forwards = Phone::ForwardsUnanswered { to: INBOUND.to_owned(), after: 20 };
    phones.twilio().set_phone(PHONE, forwards).expect("dialled");
    let checked = phones.checked(&config).await.good();
    assert_eq!(checked["reached"], json!(true), "{checked}");
    assert_eq!(phones.placed(), 1);
    let calls = phones.book().calls;
    let over = calls.iter().all(|call| call.status == CallStatus::Completed);
    assert!(calls.len() == 2 && over, "the call is hung up once it was seen: {calls:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_does_not_forward_says_so_whatever_it_does_instead() {
    let elsewhere = Phone::ForwardsAlways { to: "+447700900999".to_owned() };
    for phone in [Phone::Answers { after: 2 }, Phone::Busy, Phone::RingsOut, elsewhere] {
        let phones = Phones::open().await;
        let config = phones.forwarding(PHONE, "total_ai", "three", None).await;
        phones.twilio().set_phone(PHONE, phone.clone()).expect("a phone");
        let checked = phones.checked(&config).await.good();
        assert_eq!(checked["reached"], json!(false), "{phone:?}: {checked}");
        let advice = format!("Dial **21*{INBOUND}# on that phone again");
        assert!(checked["message"].as_str().is_some_and(|text| text.contains(&advice)), "{checked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_takes_long_is_followed_and_calls_nobody_twice() {
    let phones = Phones::open_with(&[("ANSWER_PATIENCE_MS", "100")]).await;
    // The number is verified while nobody waits for it.
    let config = {
        phones.twilio().add_caller_id(&phones.account.sid, PHONE).expect("on the list");
        phones.initiate(PHONE).await;
        phones.settled().await;
        let numbers = get(&phones.server, &phones.admin, NUMBERS).await.good();
        let wish =
            json!({ "verifiedCallerId": numbers["numbers"][0]["id"], "forwardingType": "total_ai", "carrier": "o2" });
        phones.post(FORWARDING, wish).await.good()["config"].take()
    };
    phones.twilio().set_phone(PHONE, Phone::ForwardsAlways { to: INBOUND.to_owned() }).expect("dialled");
    let promised = phones.check(&config).await;
    assert_eq!(promised.status, 202, "{}", promised.text);
    let again = phones.check(&config).await;
    assert_eq!(again.status, 202, "{}", again.text);
    let path = format!("/api/operations/{}", again.good()["id"].as_str().expect("an id"));
    assert_eq!(get(&phones.server, &phones.admin, &path).await.good()["kind"], again.good()["kind"]);
    phones.second_passes().await;
    phones.settled().await;
    let path = format!("{FORWARDING}?verifiedCallerId={}", config["verifiedCallerId"].as_str().expect("an id"));
    let shown = get(&phones.server, &phones.admin, &path).await.good();
    assert_eq!(shown["config"]["lastCheckReached"], json!(true), "what it saw stands in the forwarding");
    assert_eq!(phones.placed(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_whose_answer_was_lost_calls_nobody_twice() {
    let phones = Phones::open().await;
    let config = phones.forwarding(PHONE, "total_ai", "ee", None).await;
    phones.twilio().set_phone(PHONE, Phone::ForwardsAlways { to: INBOUND.to_owned() }).expect("dialled");
    phones.twilio().faults().add(Fault::lost_answer().matching("POST *Calls.json").next(1));
    let checked = phones.checked(&config).await.good();
    assert_eq!(checked["reached"], json!(true), "{checked}");
    let ours = phones.book().calls.iter().filter(|call| call.to == PHONE).count();
    assert_eq!(ours, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_twilio_will_not_place_says_nothing_of_the_forwarding() {
    let phones = Phones::open().await;
    let config = phones.forwarding(PHONE, "total_ai", "ee", None).await;
    phones.twilio().set_phone(PHONE, Phone::Blocked).expect("a phone");
    phones.check(&config).await.is(409, "check_call_refused");
    let path = format!("{FORWARDING}?verifiedCallerId={}", config["verifiedCallerId"].as_str().expect("an id"));
    let shown = get(&phones.server, &phones.admin, &path).await.good();
    assert_eq!(shown["config"]["lastCheckReached"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_forwarding_takes_is_checked_and_someone_elses_is_not_there() {
    let phones = Phones::open().await;
    let config = phones.forwarding(PHONE, "total_ai", "ee", None).await;
    let id = config["verifiedCallerId"].clone();
    let set = |kind: &str, carrier: &str, seconds: Value| {
        let wish =
            json!({ "verifiedCallerId": id, "forwardingType": kind, "carrier": carrier, "ringTimeSeconds": seconds });
        phones.post(FORWARDING, wish)
    };
    set("total_ai", "sky", json!(null)).await.is(422, "carrier_unknown");
    set("sometimes", "ee", json!(null)).await.is(422, "forwarding_type_invalid");
    for (carrier, seconds) in
        [("ee", 4), ("ee", 31), ("ee", 12), ("three", 60), ("tmobile", 4), ("tmobile", 61), ("att", -5)]
    {
        set("safety_net", carrier, json!(seconds)).await.is(422, "ring_time_out_of_range");
    }
    for seconds in [json!(12.5), json!(99_999_999_999_u64), json!("20")] {
        let said = set("safety_net", "tmobile", seconds).await;
        assert!(matches!(said.status, 400 | 422), "{} {}", said.status, said.text);
    }
    let other = phones.server.sign_up("Other").await;
    connect(&phones.server, &other, "+442071230008").await;
    for stranger in [id.clone(), json!(Uuid::new_v4())] {
        let wish = json!({ "verifiedCallerId": stranger, "forwardingType": "total_ai", "carrier": "ee" });
        post(&phones.server, &other, FORWARDING, wish).await.is(404, "caller_id_not_found");
        let path = format!("{FORWARDING}?verifiedCallerId={}", stranger.as_str().expect("an id"));
        get(&phones.server, &other, &path).await.is(404, "caller_id_not_found");
    }
    for stranger in [config["id"].clone(), json!(Uuid::new_v4())] {
        let which = json!({ "forwardingConfigId": stranger });
        post(&phones.server, &other, &format!("{FORWARDING}/confirm"), which)
            .await
            .is(404, "forwarding_config_not_found");
        let theirs = json!({ "id": stranger });
        post(&phones.server, &other, &check_path(&theirs), json!({})).await.is(404, "forwarding_config_not_found");
        let path = format!("{FORWARDING}/{}", stranger.as_str().expect("an id"));
        delete(&phones.server, &other, &path).await.is(404, "forwarding_config_not_found");
    }
    assert_eq!(phones.asked(&Method::POST, "/Calls.json"), 0, "nobody was called");
    let path = format!("{FORWARDING}?verifiedCallerId={}", id.as_str().expect("an id"));
    assert_eq!(get(&phones.server, &phones.admin, &path).await.good()["config"]["status"], config["status"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarding_is_not_set_up_to_a_number_that_is_given_back_at_that_moment() {
    let phones = Phones::open().await;
    let id = phones.verified(PHONE).await;
    let mut releasing = phones.server.db.owner().await;
    let release = releasing.transaction().await.expect("a transaction");
    let pid: i32 = release.query_one("select pg_backend_pid()", &[]).await.expect("a process").get(0);
    let unlink = "select private.unlink_number($1, $2, null, now())";
    release.execute(unlink, &[&phones.admin.org_id, &INBOUND]).await.expect("given back");

    let wish = json!({ "verifiedCallerId": id, "forwardingType": "total_ai", "carrier": "ee" });
    let given_back = async {
        eventually("the set-up waits for the number", async || {
            phones.count(&format!("pg_locks where not granted and {pid} = any (pg_blocking_pids(pid))")).await > 0
        })
        .await;
        release.commit().await.expect("it is gone");
    };
    let (said, ()) = tokio::join!(phones.post(FORWARDING, wish), given_back);
    said.is(409, "no_inbound_number");
    assert_eq!(phones.count("public.hybrid_forwarding_configs").await, 0);
}
