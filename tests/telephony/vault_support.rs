//! Secrets at rest, put there as their functions put them.

use tokio_postgres::Client;
use uuid::Uuid;
use voxanne::{
    config::Config,
    db::Db,
    vault::{Aad, Keyring, Sealed, Vault},
};

use crate::support::{Session, TestDb, server::base_settings};

pub const ONE: &str = "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
pub const TWO: &str = "2:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
pub const TWO_AND_ONE: &str =
    "2:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=,1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

pub const SID: &str = "AC00000000000000000000000000000001";
pub const TOKEN: &str = "planted-auth-token";

pub fn vault(keys: &str) -> Vault {
    Vault::from_keys(keys).expect("keys")
}

pub fn twilio_keys() -> String {
    format!(r#"{{"account_sid":"{SID}","auth_token":"{TOKEN}"}}"#)
}

pub async fn open_db(db: &TestDb) -> Db {
    let config = Config::from_map(&base_settings(db, "http://localhost")).expect("fit");
    Db::connect(&config.database, config.org_in_flight).await.expect("a database")
}

/// What an executor opens with, under these keys or none.
pub async fn keyring(db: &TestDb, keys: &str) -> Keyring {
    let mut settings = base_settings(db, "http://localhost");
    settings.insert("VAULT_KEYS".to_owned(), keys.to_owned());
    settings.insert("TWILIO_ACCOUNT_SID".to_owned(), "ACplatform".to_owned());
    settings.insert("TWILIO_AUTH_TOKEN".to_owned(), "platform-token".to_owned());
    Keyring::new(&Config::from_map(&settings).expect("fit"), open_db(db).await)
}

/// Three organisations with an own account, a calendar or a subaccount each, one with a consent that is asked for: five secrets.
pub async fn entrusted(db: &TestDb, vault: &Vault) -> Vec<Session> {
    let owner = db.superuser().await;
    let clinics = [db.sign_up("A").await, db.sign_up("B").await, db.sign_up("C").await];
    for (clinic, provider) in [(&clinics[0], "twilio"), (&clinics[0], "google"), (&clinics[1], "outlook")] {
        put_credentials(&owner, vault, clinic.org_id, provider).await;
    }
    let keys = sealed(vault, clinics[1].org_id, "twilio", "subaccount");
    owner
        .execute(
            "insert into private.twilio_subaccounts (org_id, subaccount_sid, encrypted_token, key_version)
             values ($1, $2, decode($3, 'base64'), $4)",
            &[&clinics[1].org_id, &SID, &keys.sealed, &keys.key_version],
        )
        .await
        .expect("a subaccount");
    let verifier = sealed(vault, clinics[2].org_id, "google", "oauth_verifier");
    owner
        .execute(
            "insert into private.oauth_flows (org_id, provider, user_id, encrypted_verifier, key_version, expires_at)
             values ($1, 'google', $2, decode($3, 'base64'), $4, now() + interval '10 minutes')",
            &[&clinics[2].org_id, &clinics[2].user_id, &verifier.sealed, &verifier.key_version],
        )
        .await
        .expect("a consent that is asked for");
    clinics.into()
}

pub fn sealed(vault: &Vault, org_id: Uuid, provider: &str, kind: &str) -> Sealed {
    vault.seal(&Aad { org_id, provider, kind }, twilio_keys().as_bytes())
}

pub async fn put_credentials(owner: &Client, vault: &Vault, org_id: Uuid, provider: &str) {
    let keys = sealed(vault, org_id, provider, "default");
    owner
        .execute(
            "insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version, is_active)
             values ($1, $2, 'default', decode($3, 'base64'), $4, true)",
            &[&org_id, &provider, &keys.sealed, &keys.key_version],
        )
        .await
        .expect("credentials");
}

/// Everything sealed, as the rotation finds it.
pub async fn all_sealed(owner: &Client) -> Vec<(Uuid, String, String, Sealed)> {
    let rows = owner
        .query("select org_id, provider, type, sealed, key_version from private.sealed_rows(-1, 100000)", &[])
        .await
        .expect("every sealed row");
    let of = |row: &tokio_postgres::Row| {
        (row.get(0), row.get(1), row.get(2), Sealed { sealed: row.get(3), key_version: row.get(4) })
    };
    rows.iter().map(of).collect()
}

/// Whether every secret opens with these keys and is what was entrusted.
pub async fn all_open(owner: &Client, vault: &Vault) -> bool {
    use secrecy::ExposeSecret;
    all_sealed(owner).await.iter().all(|(org_id, provider, kind, sealed)| {
        let opened = vault.open(&Aad { org_id: *org_id, provider, kind }, sealed);
        opened.is_ok_and(|plain| plain.expose_secret() == twilio_keys())
    })
}
