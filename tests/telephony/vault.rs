//! What a customer entrusted to us opens for that customer's errands and nowhere else.

use secrecy::ExposeSecret;
use serde_json::json;
use uuid::Uuid;
use voxanne::{
    effects::Verdict,
    vault::{Account, Unavailable},
};

use super::vault_support::{
    ONE, SID, TOKEN, TWO, TWO_AND_ONE, entrusted, keyring, open_db, put_credentials, sealed, twilio_keys, vault,
};
use crate::support::TestDb;

fn account(org_id: Uuid, sid: &str, kind: &str) -> Account {
    serde_json::from_value(json!({ "org_id": org_id, "sid": sid, "type": kind })).expect("an effect's account")
}

/// What goes on record for an effect whose secret is not to be had.
fn told(unavailable: Unavailable) -> String {
    match Verdict::from(unavailable) {
        Verdict::Refused { error } => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_account_opens_to_its_own_keys() {
    let db = TestDb::new().await;
    let clinics = entrusted(&db, &vault(ONE)).await;
    let keyring = keyring(&db, TWO_AND_ONE).await;
    for own in [account(clinics[0].org_id, SID, "default"), account(clinics[1].org_id, SID, "subaccount")] {
        let (sid, token) = keyring.twilio(&own).await.expect("opens");
        assert_eq!((sid.as_str(), token.expose_secret()), (SID, TOKEN), "{own:?}");
    }
    let platform = serde_json::from_value(json!({ "org_id": null, "sid": null, "type": "platform" })).expect("one");
    let (sid, token) = keyring.twilio(&platform).await.expect("from the environment");
    assert_eq!((sid.as_str(), token.expose_secret()), ("ACplatform", "platform-token"));
    keyring.refresh_token(clinics[0].org_id, "google").await.expect_err("those are keys of Twilio");
}

#[tokio::test]
async fn a_row_moved_to_another_organisation_does_not_open_there() {
    let db = TestDb::new().await;
    let clinics = entrusted(&db, &vault(ONE)).await;
    let (from, to) = (clinics[0].org_id, clinics[2].org_id);
    let thief = db.superuser().await;
    let moved = thief
        .execute(
            "update private.org_credentials set org_id = $2 where org_id = $1 and provider = 'twilio'",
            &[&from, &to],
        )
        .await;
    assert_eq!(moved.expect("a superuser moves it"), 1);

    let keyring = keyring(&db, ONE).await;
    let said = told(keyring.twilio(&account(to, SID, "default")).await.expect_err("it must not open"));
    assert!(said.contains(&format!("twilio/default of organisation {to} does not open")), "{said}");
    let gone = keyring.twilio(&account(from, SID, "default")).await.expect_err("it is gone");
    assert!(matches!(gone, Unavailable::NoRow { .. }), "{gone}");
}

#[tokio::test]
async fn a_secret_copied_to_another_place_of_the_same_organisation_does_not_open() {
    let db = TestDb::new().await;
    let clinics = entrusted(&db, &vault(ONE)).await;
    let thief = db.superuser().await;
    let copies = [
        "update private.org_credentials c set encrypted_config = o.encrypted_config from private.org_credentials o
         where c.provider = 'google' and o.provider = 'twilio'",
        "update private.twilio_subaccounts s set encrypted_token = o.encrypted_config from private.org_credentials o
         where o.provider = 'outlook'",
    ];
    for copy in copies {
        assert_eq!(thief.execute(copy, &[]).await.expect("a superuser copies it"), 1);
    }
    let keyring = keyring(&db, ONE).await;
    let calendar = keyring.refresh_token(clinics[0].org_id, "google").await.expect_err("of another provider");
    assert!(matches!(calendar, Unavailable::Shut { .. }), "{calendar}");
    let subaccount = keyring.twilio(&account(clinics[1].org_id, SID, "subaccount")).await.expect_err("of another type");
    assert!(matches!(subaccount, Unavailable::Shut { .. }), "{subaccount}");
}

#[tokio::test]
async fn an_errand_of_an_account_that_was_replaced_does_not_act_in_the_new_one() {
    let db = TestDb::new().await;
    let clinics = entrusted(&db, &vault(ONE)).await;
    let before = account(clinics[0].org_id, "AC0000000000000000000000000000000f", "default");
    let said = told(keyring(&db, ONE).await.twilio(&before).await.expect_err("another account"));
    assert!(said.contains("has another Twilio account than AC0000000000000000000000000000000f"), "{said}");
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_without_a_secret() {
    let db = TestDb::new().await;
    let clinics = entrusted(&db, &vault(ONE)).await;
    let own = account(clinics[0].org_id, SID, "default");
    let keyless = told(keyring(&db, "").await.twilio(&own).await.expect_err("no key"));
    assert_eq!(keyless, "VAULT_KEYS is missing, so no customer's secret can be sealed or opened.");
    let newer = told(keyring(&db, TWO).await.twilio(&own).await.expect_err("the key is gone"));
    assert!(newer.ends_with("does not open: it was sealed with key 1, which is not in VAULT_KEYS."), "{newer}");
    let exchanged = TWO.replacen("2:", "1:", 1);
    let exchanged = told(keyring(&db, &exchanged).await.twilio(&own).await.expect_err("another key"));
    let unreadable = keyring(&db, ONE).await.refresh_token(clinics[0].org_id, "google").await;
    let unreadable = told(unreadable.expect_err("keys of Twilio are no refresh token"));
    let at_rest = sealed(&vault(ONE), clinics[0].org_id, "twilio", "default").sealed;
    for said in [keyless, newer, exchanged, unreadable] {
        for secret in [TOKEN, &twilio_keys(), "AQEBAQ", "AgICAg", &at_rest[..8]] {
            assert!(!said.contains(secret), "{said}");
        }
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_asked_again() {
    let db = TestDb::new().await;
    let clinics = entrusted(&db, &vault(ONE)).await;
    let keyring = keyring(&db, ONE).await;
    let breaking = "alter function private.sealed_config(uuid, text, text) rename to sealed_config_of_another_release";
    db.superuser().await.batch_execute(breaking).await.expect("renamed");
    let away = keyring.twilio(&account(clinics[0].org_id, SID, "default")).await.expect_err("nobody answers");
    assert!(matches!(Verdict::from(away), Verdict::Retry { .. }));
}

#[tokio::test]
async fn nobody_but_the_service_is_handed_a_sealed_secret() {
    let db = TestDb::new().await;
    let clinics = entrusted(&db, &vault(ONE)).await;
    put_credentials(&db.superuser().await, &vault(ONE), clinics[2].org_id, "twilio").await;
    let api = db.api().await;
    for role in ["anon", "authenticated"] {
        for call in [
            format!("select private.sealed_config('{}', 'twilio', 'default')", clinics[0].org_id),
            "select private.sealed_rows(2, 10)".to_owned(),
            "select encrypted_config from private.org_credentials".to_owned(),
            "select encrypted_token from private.twilio_subaccounts".to_owned(),
            "select encrypted_code from private.oauth_flows".to_owned(),
        ] {
            let tried = api.batch_execute(&format!("begin; set local role {role}; {call}; commit")).await;
            let refused = tried.expect_err("must be refused");
            assert_eq!(refused.code().map(|code| code.code()), Some("42501"), "{role}: {call}: {refused:?}");
            api.batch_execute("rollback").await.expect("rolled back");
        }
    }
    assert!(open_db(&db).await.as_service().read("private.sealed_census", voxanne::args! {}).await.is_ok());
}
