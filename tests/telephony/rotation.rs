//! Keys are exchanged under a running product: nothing is lost, whenever it stops, whoever else is at it.

use std::{process::Stdio, time::Duration};

use tokio::process::Command;
use voxanne::cli::{
    doctor::{Finding, examine},
    rotate_keys::{Tally, rotate},
};
use voxanne::config::Config;

use super::vault_support::{
    ONE, TWO, TWO_AND_ONE, all_open, all_sealed, entrusted, open_db, put_credentials, sealed, vault,
};
use crate::support::{TestDb, eventually, server::base_settings};

async fn with_key_two(db: &TestDb) -> usize {
    all_sealed(&db.superuser().await).await.iter().filter(|(.., sealed)| sealed.key_version == 2).count()
}

fn command(db: &TestDb, keys: &str, batch: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voxanne"));
    command.args(["rotate-keys", "--batch", batch]).env_clear().envs(base_settings(db, "http://localhost"));
    command
        .env("VAULT_KEYS", keys)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// One organisation with very many secrets: enough that a rotation is seen half done.
async fn a_crowd(db: &TestDb, count: usize) {
    let (owner, clinic, vault) = (db.superuser().await, db.sign_up("Crowd").await, vault(ONE));
    let providers: Vec<String> = (0..count).map(|i| format!("p_{i}")).collect();
    let sealed: Vec<String> =
        providers.iter().map(|provider| sealed(&vault, clinic.org_id, provider, "default").sealed).collect();
    owner
        .execute(
            "insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version)
             select $1, u.provider, 'default', decode(u.sealed, 'base64'), 1
             from unnest($2::text[], $3::text[]) u (provider, sealed)",
            &[&clinic.org_id, &providers, &sealed],
        )
        .await
        .expect("a crowd");
}

#[tokio::test]
async fn everything_is_sealed_anew_and_the_old_key_may_go() {
    let db = TestDb::new().await;
    entrusted(&db, &vault(ONE)).await;
    let (pools, owner) = (open_db(&db).await, db.superuser().await);
    let before = all_sealed(&owner).await;
    assert_eq!(before.len(), 5);

    let tally = rotate(&pools, &vault(TWO_AND_ONE), 2).await.expect("rotates");
    assert_eq!(tally, Tally { resealed: 5, ..Tally::default() });
    assert!(all_open(&owner, &vault(TWO)).await, "the new key alone opens everything");
    let again = rotate(&pools, &vault(TWO_AND_ONE), 2).await.expect("rotates");
    assert_eq!(again, Tally::default(), "there is nothing to do a second time");
}

#[tokio::test]
async fn the_command_says_what_it_did_and_the_doctor_what_to_do() {
    let db = TestDb::new().await;
    entrusted(&db, &vault(ONE)).await;
    let look = async |keys: &str| {
        let mut settings = base_settings(&db, "http://localhost");
        settings.insert("VAULT_KEYS".to_owned(), keys.to_owned());
        let findings = examine(&Config::from_map(&settings).expect("fit"), false).await;
        let text = |finding: Finding| match finding {
            Finding::Fine(text) => format!("fine {text}"),
            Finding::Note(text) => format!("note {text}"),
            Finding::Mend(text) => format!("mend {text}"),
        };
        findings.into_iter().map(text).collect::<Vec<_>>().join("\n")
    };
    let said = look(TWO_AND_ONE).await;
    assert!(said.contains("note 5 secrets are sealed with key 1 and not with key 2"), "{said}");
    let said = look(TWO).await;
    assert!(said.contains("mend 5 secrets are sealed with key 1, which is not in VAULT_KEYS"), "{said}");
    let said = look("").await;
    assert!(said.contains("mend VAULT_KEYS is missing, and 5 secrets are sealed"), "{said}");

    let output = command(&db, TWO_AND_ONE, "2").output().await.expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("5 sealed anew with key 2, 0 changed meanwhile."), "{said}");
    assert!(said.contains("5 secrets are sealed with key 2, the current one."), "{said}");
    assert!(said.contains("Nothing is sealed with key 1 any more: it can be taken out"), "{said}");
    let said = look(TWO).await;
    assert!(said.contains("fine 5 secrets are sealed with key 2") && !said.contains("key 1"), "{said}");
}

#[tokio::test]
async fn a_rotation_that_is_killed_leaves_everything_open_and_is_simply_run_again() {
    let db = TestDb::new().await;
    entrusted(&db, &vault(ONE)).await;
    a_crowd(&db, 1500).await;
    let owner = db.superuser().await;

    let mut child = command(&db, TWO_AND_ONE, "50").spawn().expect("it runs");
    eventually("some are sealed anew", async || with_key_two(&db).await > 0).await;
    child.kill().await.expect("killed");
    let half = with_key_two(&db).await;
    assert!(half < 1505, "it was over before it was killed");
    assert!(all_open(&owner, &vault(TWO_AND_ONE)).await, "with both keys everything opens");

    let output = command(&db, TWO_AND_ONE, "500").output().await.expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains(" sealed anew with key 2"), "{said}");
    assert!(all_open(&owner, &vault(TWO)).await);
}

#[tokio::test]
async fn two_rotations_at_once_and_a_customer_who_connects_anew_lose_nothing() {
    let db = TestDb::new().await;
    let clinics = entrusted(&db, &vault(ONE)).await;
    a_crowd(&db, 200).await;
    let (first, second, keys) = (open_db(&db).await, open_db(&db).await, vault(TWO_AND_ONE));
    let connecting = async {
        let owner = db.superuser().await;
        for _ in 0..20 {
            owner
                .execute(
                    "delete from private.org_credentials where org_id = $1 and provider = 'twilio'",
                    &[&clinics[0].org_id],
                )
                .await
                .expect("disconnected");
            put_credentials(&owner, &vault(ONE), clinics[0].org_id, "twilio").await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let (one, two, ()) = tokio::join!(rotate(&first, &keys, 7), rotate(&second, &keys, 11), connecting);
    let (one, two) = (one.expect("rotates"), two.expect("rotates"));
    assert!(one.shut.is_empty() && two.shut.is_empty(), "{one:?} {two:?}");
    assert!(one.resealed + two.resealed >= 204, "{one:?} {two:?}");

    rotate(&first, &keys, 100).await.expect("rotates");
    let owner = db.superuser().await;
    assert_eq!(all_sealed(&owner).await.len(), 205);
    assert!(all_open(&owner, &vault(TWO)).await);
}

#[tokio::test]
async fn a_row_that_does_not_open_is_named_and_keeps_no_other_from_being_sealed_anew() {
    let db = TestDb::new().await;
    let clinics = entrusted(&db, &vault(ONE)).await;
    let owner = db.superuser().await;
    owner
        .execute(
            "update private.org_credentials set org_id = $1 where org_id = $2 and provider = 'twilio'",
            &[&clinics[2].org_id, &clinics[0].org_id],
        )
        .await
        .expect("moved");

    let output = command(&db, TWO_AND_ONE, "1").output().await.expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("4 sealed anew with key 2"), "{said}");
    assert!(said.contains(&format!("of organisation {} stays shut", clinics[2].org_id)), "{said}");
    assert_eq!(with_key_two(&db).await, 4);
}

#[tokio::test]
async fn without_keys_nothing_is_rotated() {
    let db = TestDb::new().await;
    let output = command(&db, "", "1").output().await.expect("it runs");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("VAULT_KEYS is missing"));
}
