//! A TypeScript client, generated from the document, compiled and used for real.

use std::path::Path;

use tokio::process::Command;
use voxanne::api::openapi;

use crate::support::TestServer;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/js");

async fn run(command: &mut Command) {
    let ran = command.current_dir(FOLDER).kill_on_drop(true).output().await.expect("the program starts");
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{command:?}:\n{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_client_compiles_and_works() {
    assert!(Path::new(FOLDER).join("node_modules").exists(), "tests/js has no node_modules: run scripts/install");
    let generated = Path::new(FOLDER).join("generated");
    std::fs::create_dir_all(&generated).expect("a folder");
    std::fs::write(generated.join("openapi.json"), openapi::document()).expect("written");
    let program = |name: &str| Command::new(format!("{FOLDER}/node_modules/.bin/{name}"));
    run(program("openapi-typescript").args(["generated/openapi.json", "--output", "generated/api.d.ts"])).await;
    run(&mut program("tsc")).await;

    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    run(Command::new("node")
        .arg("generated/dist/client.js")
        .env("VOXANNE_URL", server.url(""))
        .env("VOXANNE_TOKEN", &admin.token))
    .await;
}
