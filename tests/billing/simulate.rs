//! The simulator itself: plans by chance come out right whatever happens in them, the same seed comes out the same, and
//! `voxanne simulate` says so by its exit status.

use std::process::Output;

use tokio::process::Command;
use voxanne::simulate::{Act, Recipe};

use super::simulate_support::{Played, credit, final_state, seconds};
use crate::support::{TestDb, server::base_settings};

fn recipe(seed: u64) -> Recipe {
    Recipe { seed, organizations: 4, calls: 60, deaths: 2, topups: 6 }
}

#[tokio::test]
async fn whatever_dies_comes_late_twice_or_never_the_books_are_right_and_no_overdraft_beyond_the_rules() {
    for seed in 1..=6 {
        let plan = recipe(seed).plan();
        let report = Played::to_the_end(&plan).await.report;
        assert_eq!(report.drift, Vec::<String>::new(), "seed {seed}");
        assert_eq!(report.beyond_the_rules(&plan), Vec::<String>::new(), "seed {seed}");
        let books = &report.organizations;
        assert_eq!(books.iter().map(|books| books.unsettled).sum::<usize>(), 0, "seed {seed}: {books:?}");
        assert_eq!(books.iter().map(|books| books.held_pence + books.capped_pence).sum::<i64>(), 0, "seed {seed}");
        assert!(books.iter().any(|books| books.renewals > 0), "seed {seed}: something happened");
    }
}

#[tokio::test]
async fn without_a_death_and_with_every_call_reachable_nothing_is_overdrawn() {
    for seed in 11..=14 {
        let plan = Recipe { deaths: 0, ..recipe(seed) }.plan();
        let played = Played::to_the_end(&plan).await;
        let report = &played.report;
        assert_eq!(report.drift, Vec::<String>::new(), "seed {seed}");
        assert_eq!(report.worst_overdraft(), 0, "seed {seed}: {:?}", report.organizations);
        let rescues = played.count("private.sweep_rescues").await;
        assert_eq!(rescues, 0, "seed {seed}: the sweep had to do nothing that the deadlines should have");
    }
}

#[tokio::test]
async fn whatever_providers_and_people_do_besides_every_call_is_charged_its_length_and_every_penny_is_on_the_books() {
    for seed in 31..=33 {
        let mut plan = recipe(seed).plan();
        for (n, clinic) in plan.organizations.iter_mut().enumerate() {
            let shift = 60 * n as u64;
            let window = |from: u64, until: u64| seconds(from + shift)..seconds(until + shift);
            clinic.faults.control.push(window(300, 600));
            clinic.faults.ignored.push(window(700, 1_000));
            clinic.faults.carrier.push(window(450, 700));
            clinic.faults.polls.push(window(200, 1_500));
            let buy = Act::Purchase { cost_pence: 400, asset: "managed_number", key: "a number".to_owned() };
            clinic.acts.push((seconds(350 + shift), buy));
            clinic.acts.push(credit(400.0 + shift as f64, -900, "refund"));
            clinic.acts.push((seconds(800 + shift), Act::Suspend(true)));
            clinic.acts.push((seconds(860 + shift), Act::Suspend(false)));
            clinic.acts.push(credit(1_100.0 + shift as f64, -1_500, "adjustment"));
        }
        let report = Played::to_the_end(&plan).await.report;
        assert_eq!(report.drift, Vec::<String>::new(), "seed {seed}");
        let books = &report.organizations;
        assert_eq!(books.iter().map(|books| books.unsettled).sum::<usize>(), 0, "seed {seed}: {books:?}");
        assert_eq!(books.iter().map(|books| books.held_pence + books.capped_pence).sum::<i64>(), 0, "seed {seed}");
    }
}

#[tokio::test]
async fn the_same_seed_ends_the_same_elsewhere_and_over_again_in_the_same_place() {
    let plan = recipe(3).plan();
    let first = Played::to_the_end(&plan).await;
    let elsewhere = Played::to_the_end(&plan).await;
    let state = final_state(&first.db).await;
    assert!(state.len() > 40, "every wallet and every call is compared: {}", state.len());
    assert_eq!(final_state(&elsewhere.db).await, state);
    let again = Played::on(first.db, &plan).await;
    assert_eq!(final_state(&again.db).await, state);
    assert_ne!(
        final_state(&Played::to_the_end(&recipe(4).plan()).await.db).await,
        state,
        "another seed, another world"
    );
}

/// `voxanne simulate` in a process of its own, over this database.
async fn simulate(db: &TestDb, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_voxanne"))
        .args(["simulate", "--use-settings", "--organisations", "2", "--calls", "8", "--seed", "2"])
        .args(arguments)
        .env_clear()
        .envs(base_settings(db, "http://127.0.0.1:1"))
        .envs(settings.iter().copied())
        .output()
        .await
        .expect("it runs")
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn the_command_shows_the_calls_and_ends_with_the_reconciliation_and_its_exit_status() {
    let db = TestDb::new().await;
    let output = simulate(&db, &[], &[]).await;
    let said = told(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("8 of 8 calls over") && said.contains("Clinic 2"), "{said}");
    assert!(said.contains("every ledger adds up"), "{said}");
    assert!(!said.contains('\u{1b}'), "plain lines where no terminal is: {said}");

    let owner = db.owner().await;
    let sql = "update public.credit_wallets set balance_pence = balance_pence + 1 where org_id = (select min(org_id::text)::uuid from public.credit_wallets)";
    assert_eq!(owner.execute(sql, &[]).await.expect("somebody tampers"), 1);
    let output = simulate(&db, &[], &[]).await;
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("Clinic"), "the organisation is named: {}", told(&output));
}

#[tokio::test]
async fn the_command_touches_no_production_and_no_database_with_others_in_it() {
    let db = TestDb::new().await;
    let output = simulate(&db, &[], &[("VOXANNE_ENV", "production")]).await;
    assert!(!output.status.success() && told(&output).contains("VOXANNE_ENV"), "{}", told(&output));

    db.sign_up("Somebody's clinic").await;
    let output = simulate(&db, &[], &[]).await;
    assert!(!output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("a database of its own"), "{}", told(&output));
}
