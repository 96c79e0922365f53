//! What docs/ledger.md and docs/runbooks/money-drift.md tell a person to type works as it stands there.

use std::path::Path;

use tokio::process::Command;
use uuid::Uuid;

use super::ledger_support::{SEED, intruder, lived_in_wallet, reconcile};
use crate::support::{TestDb, TestServer, eventually, server::base_settings};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The page's fenced blocks, in order: language and text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(format!("{ROOT}/docs/{page}")).expect("a page");
    let parts: Vec<&str> = text.split("```").collect();
    let fenced = parts.iter().skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
    fenced.map(|(language, text)| (language.to_owned(), text.to_owned())).collect()
}

/// A shell in this folder that knows the organisation and finds `voxanne`.
fn shell(db: &TestDb, folder: &Path, org_id: Uuid, script: &str) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_voxanne")).parent().expect("a folder");
    let mut command = Command::new("bash");
    command
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(folder)
        .envs(base_settings(db, "http://localhost"))
        .env("PATH", format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default()))
        .env("ORG", org_id.to_string());
    command
}

async fn check_chain(db: &TestDb, org_id: Uuid) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let blocks = blocks("ledger.md");
    let block = |language: &str| blocks.iter().find(|(of, _)| of == language).map(|(_, text)| text).expect("a block");
    std::fs::write(folder.path().join("check_chain.py"), block("python")).expect("written");
    let script = block("sh").replace("ORGANISATION_ID", &org_id.to_string());
    let ran = shell(db, folder.path(), org_id, &script).output().await.expect("a shell");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("text")
}

#[tokio::test]
async fn the_chain_can_be_recomputed_in_another_language() {
    let db = TestDb::new().await;
    let org_id = lived_in_wallet(&db).await;
    let odd = "select private.add_credits($1, 10, 'bonus', E'odd: \"quoted\" \\\\ \\t \\x01 \\x7f £ 🎁')";
    db.owner().await.execute(odd, &[&org_id]).await.expect("an entry");
    assert_eq!(check_chain(&db, org_id).await, "wrong entries: []\n");

    let damage = "update public.credit_transactions set stripe_object_id = 'another' where org_id = $1 and seq = 4";
    intruder(&db).await.execute(damage, &[&org_id]).await.expect("a superuser");
    assert_eq!(check_chain(&db, org_id).await, "wrong entries: [4]\n");
}

#[tokio::test]
async fn the_runbook_can_be_followed_to_its_end() {
    let heads = tempfile::tempdir().expect("a folder");
    let heads = heads.path().to_str().expect("a path");
    let server = TestServer::start_with(&[("LEDGER_SIGNING_KEY", SEED), ("LEDGER_HEADS_DIR", heads)]).await;
    let db = &server.db;
    let org_id = lived_in_wallet(db).await;
    let owner = db.owner().await;
    owner.execute("select private.export_ledger_heads()", &[]).await.expect("it exports");
    eventually("the heads are written", || async { std::fs::read_dir(heads).is_ok_and(|files| files.count() > 0) })
        .await;
    let drift = "update public.credit_wallets set held_pence = 7, capped_pence = 8 where org_id = $1";
    owner.execute(drift, &[&org_id]).await.expect("planted");
    assert_eq!(reconcile(db, &[]).await.status, Some(1));

    let key = voxanne::ledger_heads::SigningKey::from_base64(SEED).expect("a key").public_key().to_base64();
    let folder = tempfile::tempdir().expect("a folder");
    for (language, text) in blocks("runbooks/money-drift.md") {
        let script = match language.as_str() {
            "sh" => text.clone(),
            "sql" => {
                format!("psql \"$MIGRATE_DATABASE_URL\" -v ON_ERROR_STOP=1 -v org=$ORG -v seq=4 <<'SQL'\n{text}\nSQL")
            }
            other => panic!("nobody runs {other}"),
        };
        let mut shell = shell(db, folder.path(), org_id, &script);
        let ran = shell.env("HEADS_DIR", heads).env("PUBLIC_KEY", &key).output().await.expect("a shell");
        let said = format!("{text}{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        let may_drift = text.contains("voxanne reconcile");
        assert!(ran.status.success() || may_drift && ran.status.code() == Some(1), "{said}");
    }

    let evidence = std::fs::read_to_string(folder.path().join(format!("evidence-{org_id}.csv"))).expect("evidence");
    assert_eq!(evidence.lines().count(), 9, "a line of titles and every entry: {evidence}");
    let said = reconcile(db, &["--org", &org_id.to_string()]).await;
    assert_eq!(said.status, Some(0), "{}{}", said.out, said.err);
}
