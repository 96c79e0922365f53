//! The README is true: its table is the configuration's, its commands exist, its first hour works.

use std::{os::unix::fs::PermissionsExt, path::Path, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};
use voxanne::config;

const README: &str = include_str!("../../README.md");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("{start} is gone from the README"));
    rest.split_once(end).unwrap_or_else(|| panic!("{end} is gone from the README")).0
}

#[test]
fn the_settings_table_is_printed_from_the_configuration() {
    let table = between(README, "<!-- settings: voxanne config -->", "<!-- /settings -->");
    assert_eq!(table.trim(), config::settings_table().trim(), "put the output of `voxanne config` there");
}

#[tokio::test]
async fn every_command_it_names_exists() {
    let makefile = std::fs::read_to_string(format!("{ROOT}/Makefile")).expect("the Makefile");
    let commands = README.lines().flat_map(|line| line.split('`')).chain(README.lines());
    for command in commands.map(str::trim) {
        let mut words = command.split_whitespace();
        match (words.next(), words.next()) {
            (Some("make"), Some(target)) => {
                assert!(makefile.lines().any(|line| line.starts_with(&format!("{target}:"))), "make {target}");
            }
            (Some("voxanne"), Some(name)) if name.chars().all(|letter| letter.is_ascii_lowercase()) => {
                let help =
                    Command::new(env!("CARGO_BIN_EXE_voxanne")).args([name, "--help"]).output().await.expect("it runs");
                assert!(help.status.success(), "voxanne {name}");
            }
            _ => {}
        }
    }
}

#[test]
fn every_file_it_points_at_is_there() {
    for page in ["README.md", "CONTRIBUTING.md", "docs/architecture.md"] {
        let folder = Path::new(ROOT).join(page).parent().expect("a folder").to_owned();
        let text = std::fs::read_to_string(format!("{ROOT}/{page}")).expect("a page");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(target.starts_with("http") || folder.join(target).exists(), "{page}: {target}");
        }
    }
}

/// Runs the lines of the first hour as a newcomer would, in a shell.
async fn first_hour(address: &str, home: &Path) {
    let script = between(between(README, "<!-- first hour -->", "Then read one rule"), "```sh", "```");
    let ran = Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(home)
        .env("API", address)
        .env("VOXANNE", env!("CARGO_BIN_EXE_voxanne"))
        .output()
        .await
        .expect("bash runs");
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}");
    for expected in [
        "demo@voxanne.test",
        "\"status\":\"pending\"",
        "sam@clinic.test",
        "next_cursor",
        "minutes_left",
        "used_vat_pence",
        "amount_gbp",
        "session_id",
        "requirements_met",
        "vapi_phone_id",
        "takes the call",
        "customer-ended-call",
        "\"status\":\"released\"",
        "openapi",
    ] {
        assert!(said.contains(expected), "{expected} is missing: {said}");
    }
}

/// With the settings that are kept beside the database, for nobody else to read.
async fn the_other_commands_find_it(home: &Path) {
    let settings = home.join(".voxanne/settings");
    let mode = std::fs::metadata(&settings).expect("the settings are kept").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let ran = Command::new("sh")
        .args(["-euc", ". .voxanne/settings && \"$0\" reconcile", env!("CARGO_BIN_EXE_voxanne")])
        .current_dir(home)
        .env_clear()
        .output()
        .await
        .expect("a shell");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

/// What `make dev` runs, in a folder of its own.
struct Dev {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    said: Vec<String>,
}

impl Dev {
    async fn start(home: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_voxanne"))
            .arg("dev")
            .current_dir(home)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
            .spawn()
            .expect("voxanne dev starts");
        let lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let mut dev = Self { process, lines, said: Vec::new() };
        while !dev.said.last().is_some_and(|line| line.contains("Ctrl-C stops everything")) {
            let line = dev.lines.next_line().await.expect("its output is text");
            dev.said.push(line.unwrap_or_else(|| panic!("it ended: {:?}", dev.said)));
        }
        dev
    }

    fn line(&self, start: &str) -> &str {
        self.said.iter().map(|line| line.trim()).find(|line| line.starts_with(start)).expect(start)
    }

    fn address(&self) -> &str {
        self.line("API ")["API ".len()..].trim()
    }

    async fn stop(mut self) {
        let id = self.process.id().expect("it runs").to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().await.expect("kill runs").success());
        assert!(self.process.wait().await.expect("it ends").success(), "Ctrl-C ends it cleanly");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_hour_works_on_what_make_dev_starts_and_again_after_a_restart() {
    let home = tempfile::tempdir().expect("a folder");
    let dev = Dev::start(home.path()).await;
    first_hour(dev.address(), home.path()).await;
    let curl = dev.line("curl ");
    let ran = Command::new("sh").arg("-c").arg(format!("{curl} -sf")).output().await.expect("a shell");
    assert!(String::from_utf8_lossy(&ran.stdout).contains("needs_onboarding"), "{curl}");
    the_other_commands_find_it(home.path()).await;
    dev.stop().await;

    // The database remembers a customer at Stripe's stand-in, which begins anew.
    let dev = Dev::start(home.path()).await;
    first_hour(dev.address(), home.path()).await;
    dev.stop().await;
}
