//! Schemathesis asks everything the document allows, and much that it does not. Bounded, and with a fixed seed.

use tokio::process::Command;
use voxanne::api::openapi;

use crate::support::{Session, TestServer};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.voxanne/venv/bin/schemathesis");

/// No 5xx, and no answer that the document does not allow.
async fn examine(server: &TestServer, who: Option<&Session>) {
    assert!(std::path::Path::new(PROGRAM).exists(), "schemathesis is missing: run scripts/install");
    let folder = tempfile::tempdir().expect("a folder");
    let document = folder.path().join("openapi.json");
    std::fs::write(&document, openapi::document()).expect("written");

    let mut command = Command::new(PROGRAM);
    command.arg("run").arg(&document).arg("--url").arg(server.url(""));
    command.args([
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
    ]);
    command.args(["--phases", "examples,coverage,fuzzing", "--max-examples", "25", "--seed", "20261121"]);
    command.args(["--workers", "2", "--generation-database", "none", "--suppress-health-check", "all", "--no-color"]);
    // A stream has no end to wait for; tests/platform/events.rs reads it.
    command.args(["--exclude-path", "/api/events", "--continue-on-failure", "--request-timeout", "30"]);
    if let Some(session) = who {
        command.args(["--header", &format!("Authorization: Bearer {}", session.token)]);
    }
    let ran = command.current_dir(folder.path()).kill_on_drop(true).output().await.expect("schemathesis starts");
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_admin_sends_gets_an_answer_the_document_allows() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    // A second admin, so that the first can be changed without being the last.
    server.add_member(admin.org_id, "admin").await;
    examine(&server, Some(&admin)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_stranger_sends_gets_an_answer_the_document_allows() {
    let server = TestServer::without_workers(&[]).await;
    examine(&server, None).await;
}
