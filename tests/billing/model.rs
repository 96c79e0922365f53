//! Random operations on a wallet, held against a small model of the specification after every one.
//!
//! `PROOF_CASES` asks for more sequences than the tests run, `PROOF_SEED` for others. A failure is shrunk to the shortest
//! sequence that still shows it.

mod call;
mod clinic;
mod operations;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::Value;
use tokio_postgres::{Client, SimpleQueryMessage};
use uuid::Uuid;

use self::call::SECOND;
use self::clinic::Clinic;
use self::operations::{BASE, Step, picture, steps};
use super::books;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// One sequence in a transaction of its own, which is never committed.
async fn play(client: &Client, opening: i64, steps: &[Step]) -> Result<(), String> {
    client.batch_execute("begin").await.map_err(|e| format!("{e:?}"))?;
    let result = compare(client, opening, steps).await;
    client.batch_execute("rollback").await.map_err(|e| format!("{e:?}"))?;
    result
}

async fn compare(client: &Client, opening: i64, steps: &[Step]) -> Result<(), String> {
    let org: Uuid = client
        .query_one(&format!("select proof.organization({opening}, {BASE})"), &[])
        .await
        .map_err(|e| format!("{e:?}"))?
        .get(0);
    let mut clinic = Clinic::new(opening);
    for (place, step) in steps.iter().enumerate() {
        clinic.now += step.wait_seconds * SECOND;
        let (call, answer) = step.operation.perform(org, &mut clinic);
        let seen = ask(client, org, &call, clinic.now).await.map_err(|e| format!("step {place}: {call}: {e}"))?;
        let expected = picture(org, &clinic);
        if !says(&seen["attempt"], &answer) || !says(&seen["clinic"], &expected) {
            return Err(format!(
                "step {place}, {:?}:\n  {call}\n  Postgres: {}\n  the model: {answer}\n  Postgres: {}\n  the model: {expected}",
                step.operation, seen["attempt"], seen["clinic"]
            ));
        }
    }
    Ok(())
}

/// The operation's answer and the clinic after it, in one exchange.
async fn ask(client: &Client, org: Uuid, call: &str, now: i64) -> Result<Value, String> {
    let quoted = call.replace('\'', "''");
    let sql = format!(
        "select jsonb_build_object('attempt', proof.attempt('{quoted}'), \
         'clinic', proof.clinic('{org}', {BASE}, {BASE} + {now} * interval '1 microsecond'))"
    );
    let messages = client.simple_query(&sql).await.map_err(|e| format!("{e:?}"))?;
    messages
        .iter()
        .find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(|text| serde_json::from_str(text).expect("JSON")),
            _ => None,
        })
        .ok_or_else(|| "no row".to_owned())
}

/// Whether everything the model says is what Postgres says; what the model leaves out is left open.
fn says(seen: &Value, expected: &Value) -> bool {
    match expected {
        Value::Object(fields) => fields.iter().all(|(name, value)| says(&seen[name], value)),
        value => seen == value,
    }
}

fn run(half: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (_db, client) = runtime.block_on(async {
        let (db, owner) = books::open().await;
        owner.batch_execute(include_str!("model/clinic.sql")).await.expect("the model's own view");
        (db, owner)
    });
    let config = Config {
        cases: u32::try_from(setting("PROOF_CASES", 2_000) / 2).expect("a number of cases"),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    };
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&(setting("PROOF_SEED", 1) * 2 + half).to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let outcome = runner.run(&steps(), |(opening, steps)| {
        runtime.block_on(play(&client, opening, &steps)).map_err(TestCaseError::fail)
    });
    if let Err(TestError::Fail(why, (opening, steps))) = &outcome {
        let steps: Vec<String> = steps.iter().map(|s| format!("  +{} s {:?}", s.wait_seconds, s.operation)).collect();
        panic!("opening with {opening} pence:\n{}\n{why}", steps.join("\n"));
    }
    outcome.expect("the sequences run");
}

#[test]
fn whatever_happens_to_a_wallet_it_is_as_the_specification_says() {
    run(0);
}

#[test]
fn whatever_else_happens_to_a_wallet_it_is_as_the_specification_says() {
    run(1);
}
