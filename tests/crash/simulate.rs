//! A simulation that is really killed, with signal 9, at named moments of a call's life: inside the transaction, after its
//! commit, between an effect's claim and its record. Run again over the same database it ends as if it had never died.

use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};

use tokio::process::Command;

use crate::billing::simulate_support::final_state;
use crate::support::{TestDb, server::base_settings};

/// `voxanne simulate` in a process of its own: two organisations, a death of the (simulated) server, a top-up each.
async fn simulate(db: &TestDb, crash_at: Option<&str>) -> ExitStatus {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voxanne"));
    command
        .args(["simulate", "--use-settings", "--organisations", "2", "--calls", "14", "--topups", "2", "--seed", "5"])
        .env_clear()
        .envs(base_settings(db, "http://127.0.0.1:1"))
        .envs(std::env::vars().filter(|(name, _)| name == "PATH"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    if let Some(point) = crash_at {
        command.env("VOXANNE_CRASH_AT", point);
    }
    command.status().await.expect("it runs")
}

async fn never_killed() -> Vec<String> {
    let db = TestDb::new().await;
    assert!(simulate(&db, None).await.success());
    final_state(&db).await
}

/// Kills a run at each point, on a database of its own, and runs it again from the start.
async fn assert_kills_change_nothing(points: &[&str]) {
    let wanted = never_killed().await;
    for point in points {
        let db = TestDb::new().await;
        let status = simulate(&db, Some(point)).await;
        assert_eq!(status.signal(), Some(9), "{point}: killed, not ended: {status}");
        assert_ne!(final_state(&db).await, wanted, "{point}: in the midst of it");
        assert!(simulate(&db, None).await.success(), "{point}: the books are right");
        assert_eq!(final_state(&db).await, wanted, "{point}: as if it had never died");
    }
}

#[tokio::test]
async fn killed_while_money_comes_in() {
    assert_kills_change_nothing(&["simulate.act.1.open", "simulate.act.1.committed", "simulate.act.3.committed"]).await;
}

#[tokio::test]
async fn killed_while_a_call_is_let_in() {
    let points = [
        "simulate.reserve.1.open",
        "simulate.reserve.1.committed",
        "simulate.reserve.6.open",
        "simulate.reserve.6.committed",
    ];
    assert_kills_change_nothing(&points).await;
}

#[tokio::test]
async fn killed_while_a_hold_is_renewed() {
    let points =
        ["simulate.renew.1.open", "simulate.renew.1.committed", "simulate.renew.5.open", "simulate.renew.5.committed"];
    assert_kills_change_nothing(&points).await;
}

#[tokio::test]
async fn killed_while_a_call_is_settled() {
    let points = [
        "simulate.settle.1.open",
        "simulate.settle.1.committed",
        "simulate.settle.5.open",
        "simulate.settle.5.committed",
    ];
    assert_kills_change_nothing(&points).await;
}

#[tokio::test]
async fn killed_while_a_call_is_hung_up() {
    let points = ["simulate.hang_up.1.open", "simulate.hang_up.1.committed"];
    assert_kills_change_nothing(&points).await;
}

#[tokio::test]
async fn killed_between_the_claim_of_an_effect_and_its_record() {
    let points = ["simulate.claimed.1", "simulate.claimed.4", "simulate.carried_out.1", "simulate.carried_out.6"];
    assert_kills_change_nothing(&points).await;
}
