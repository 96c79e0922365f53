//! The real `supabase-js`, from its registry, against both doors.

use std::process::Stdio;

use serde_json::json;

use crate::support::{Shape, TestServer, server::base_settings};

async fn a_server_with_functions_of_every_form() -> TestServer {
    let server = TestServer::without_workers(&[("DATABASE_POOL_SIZE", "8")]).await;
    let owner = server.db.owner().await;
    owner.batch_execute(include_str!("supabase_js.sql")).await.expect("the functions of the door's tests");
    server.app.db.refresh_catalogue().await.expect("the catalogue is read again");
    server
}

/// What `voxanne token …` prints for this server.
async fn token(server: &TestServer, args: &[&str]) -> String {
    let ran = tokio::process::Command::new(env!("CARGO_BIN_EXE_voxanne"))
        .arg("token")
        .args(args)
        .env_clear()
        .envs(base_settings(&server.db, &server.url("")))
        .stdin(Stdio::null())
        .output()
        .await
        .expect("the command line runs");
    assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("text").trim().to_owned()
}

/// Runs a file with Node's own test runner; its report is the failure's message.
async fn node(server: &TestServer, file: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/js");
    assert!(
        std::path::Path::new(folder).join("node_modules").exists(),
        "tests/js has no node_modules: run scripts/install, or npm ci --prefix tests/js"
    );
    let mut sessions = Vec::new();
    for name in ["First Clinic", "Second Clinic"] {
        let session = server.sign_up(name).await;
        sessions.push(json!({ "token": session.token, "org_id": session.org_id, "user_id": session.user_id }));
    }
    let ran = tokio::process::Command::new("node")
        .args(["--test", file])
        .current_dir(folder)
        .env("VOXANNE_URL", server.url(""))
        .env("VOXANNE_ANON_KEY", token(server, &["anon"]).await)
        .env("VOXANNE_SERVICE_KEY", token(server, &["service-role"]).await)
        .env("VOXANNE_SESSIONS", json!(sessions).to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("node runs");
    let report = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{file}:\n{report}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert!(!report.contains("# pass 0\n"), "{file} tested nothing:\n{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn supabase_js_calls_functions_in_all_its_forms() {
    let server = a_server_with_functions_of_every_form().await;
    node(&server, "supabase_rpc.test.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn supabase_js_signs_up_in_and_out() {
    if Shape::current() == Shape::Supabase {
        return supabase_auth_is_left_alone().await;
    }
    let server = a_server_with_functions_of_every_form().await;
    node(&server, "supabase_auth.test.mjs").await;
}

/// Where Supabase Auth stands, our own refuses even when it is switched on.
async fn supabase_auth_is_left_alone() {
    let server = TestServer::without_workers(&[("LOCAL_AUTH", "on")]).await;
    let body = json!({ "email": "ann@clinic.test", "password": "correct horse" });
    for path in ["/auth/v1/signup", "/auth/v1/token?grant_type=password"] {
        let answer = server.client().post(server.url(path)).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
        let said: serde_json::Value = answer.json().await.expect("JSON");
        assert_eq!(said["error_code"], "sign_in_elsewhere");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_made_at_the_command_line_is_its_users() {
    let server = TestServer::without_workers(&[]).await;
    let session = server.sign_up("Clinic").await;
    let token = token(&server, &["user", &session.email.to_uppercase()]).await;
    let answer = server.client().get(server.url("/api/me")).bearer_auth(token).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let said: serde_json::Value = answer.json().await.expect("JSON");
    assert!(said.to_string().contains(&session.org_id.to_string()), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_is_off_is_not_there() {
    let server = TestServer::without_workers(&[("SUPABASE_DOOR", "off"), ("LOCAL_AUTH", "off")]).await;
    for path in ["/rest/v1/rpc/auth_org_id", "/rest/v1/organizations", "/auth/v1/signup", "/auth/v1/settings"] {
        let answer = server.client().post(server.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
        let said: serde_json::Value = answer.json().await.expect("JSON");
        assert_eq!(said["code"], "not_found");
    }
}
