//! Heads that were signed and kept elsewhere show what the chain alone does not.

use std::path::Path;

use uuid::Uuid;

use super::ledger_support::{OTHER_SEED, Outcome, SEED, intruder, lived_in_wallet, move_head, reconcile_with, rehash};
use crate::support::{TestDb, TestServer, eventually, server::base_settings};

/// A server whose heads go to this directory, exported once.
async fn exported(directory: &Path) -> (TestServer, Uuid) {
    let folder = directory.to_str().expect("a path");
    let server = TestServer::start_with(&[("LEDGER_SIGNING_KEY", SEED), ("LEDGER_HEADS_DIR", folder)]).await;
    let org_id = lived_in_wallet(&server.db).await;
    let worker = server.db.worker().await;
    worker.execute("select private.export_ledger_heads()", &[]).await.expect("it may export");
    let path = directory.to_owned();
    eventually("the heads are written", || {
        let files = std::fs::read_dir(&path).expect("a folder");
        let there = files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("heads-"));
        async move { there }
    })
    .await;
    (server, org_id)
}

async fn reconcile(db: &TestDb, seed: Option<&str>, args: &[&str]) -> Outcome {
    let mut settings = base_settings(db, "http://localhost");
    settings.extend(seed.map(|seed| ("LEDGER_SIGNING_KEY".to_owned(), seed.to_owned())));
    reconcile_with(settings, args).await
}

#[tokio::test]
async fn a_ledger_that_grew_still_has_its_heads() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    let (server, org_id) = exported(folder.path()).await;
    let grow = "select private.add_credits($1, 10, 'bonus', 'later')";
    server.db.owner().await.execute(grow, &[&org_id]).await.expect("an entry");

    let said = reconcile(&server.db, Some(SEED), &["--heads", path]).await;
    assert_eq!(said.status, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("Heads: 1, organisations: 1, newest: "), "{}", said.out);
    assert!(said.out.contains("All are still in their ledgers."), "{}", said.out);

    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let said =
        reconcile(&server.db, Some(SEED), &["--heads", file.to_str().unwrap(), "--org", &org_id.to_string()]).await;
    assert_eq!(said.status, Some(0), "one file, one organisation: {}{}", said.out, said.err);
}

#[tokio::test]
async fn a_tail_that_was_cut_off_with_the_head_rewritten_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    let (server, org_id) = exported(folder.path()).await;
    let cut =
        format!("delete from public.credit_transactions where org_id = '{org_id}' and seq > 6; {}", move_head(org_id));
    intruder(&server.db).await.batch_execute(&cut).await.expect("a superuser");

    assert_eq!(reconcile(&server.db, None, &[]).await.status, Some(0), "the ledger by itself adds up");
    let said = reconcile(&server.db, Some(SEED), &["--heads", path]).await;
    assert_eq!(said.status, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains(&format!("head  {org_id}  entry 8, kept on ")), "{}", said.out);
    assert!(said.out.contains("the ledger ends at entry 6"), "{}", said.out);
}

#[tokio::test]
async fn a_whole_ledger_that_was_rewritten_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    let (server, org_id) = exported(folder.path()).await;
    let rewrite = format!(
        "update public.credit_transactions set idempotency_key = 'another' where org_id = '{org_id}' and seq = 4; {}",
        rehash(org_id)
    );
    intruder(&server.db).await.batch_execute(&rewrite).await.expect("a superuser");

    assert_eq!(reconcile(&server.db, None, &[]).await.status, Some(0), "the ledger by itself adds up");
    let said = reconcile(&server.db, Some(SEED), &["--heads", path, "--json"]).await;
    assert_eq!(said.status, Some(1), "{}{}", said.out, said.err);
    let problem = &said.json()["heads"]["problems"][0];
    assert_eq!((&problem["org_id"], &problem["seq"]), (&org_id.to_string().into(), &8.into()));
    assert_eq!(problem["problem"], "entry 8 is not the one that was there");
}

#[tokio::test]
async fn heads_that_cannot_be_believed_are_no_proof() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    let (server, _) = exported(folder.path()).await;

    let said = reconcile(&server.db, Some(OTHER_SEED), &["--heads", path]).await;
    assert_eq!(said.status, Some(2), "{}{}", said.out, said.err);
    assert!(said.out.contains("is signed with another key."), "{}", said.out);
    let said = reconcile(&server.db, None, &["--heads", path]).await;
    assert_eq!(said.status, Some(2), "{}", said.out);
    assert!(said.err.contains("LEDGER_SIGNING_KEY is not set and no --public-key"), "{}", said.err);
    let said = reconcile(&server.db, None, &["--heads", path, "--public-key", "short"]).await;
    assert_eq!(said.status, Some(2), "{}", said.out);

    // Whoever checks needs no secret: the public key is enough.
    let key = voxanne::ledger_heads::SigningKey::from_base64(SEED).expect("a key").public_key().to_base64();
    let said = reconcile(&server.db, None, &["--heads", path, "--public-key", &key]).await;
    assert_eq!(said.status, Some(0), "{}{}", said.out, said.err);

    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("\\\"seq\\\":8", "\\\"seq\\\":7")).unwrap();
    let said = reconcile(&server.db, Some(SEED), &["--heads", path]).await;
    assert_eq!(said.status, Some(2), "{}{}", said.out, said.err);
    assert!(said.out.contains("was changed after it was signed."), "{}", said.out);
}

#[tokio::test]
async fn where_there_are_no_heads_nothing_was_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = TestDb::new().await;
    let path = folder.path().to_str().expect("a path");
    let said = reconcile(&db, Some(SEED), &["--heads", path]).await;
    assert_eq!(said.status, Some(2), "{}{}", said.out, said.err);
    let said = reconcile(&db, Some(SEED), &["--heads", &format!("{path}/nowhere")]).await;
    assert_eq!(said.status, Some(2), "{}{}", said.out, said.err);
    assert!(said.err.contains("cannot be read"), "{}", said.err);
}
