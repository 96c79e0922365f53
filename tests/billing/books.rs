//! What the proofs of the money core share: wallets in a test's own database, and the questions that must answer nothing.

use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::TestDb;

/// When the virtual time of a proof begins: an hour in which no month ends.
pub const MORNING: &str = "2026-06-10 09:00:00+00";

/// Pence a minute that prices are seeded with, and the provider's slack.
pub const RATE: i64 = 56;
pub const SLACK: i64 = 5;

/// A database with the proofs' own functions in it, and a connection of its owner.
pub async fn open() -> (TestDb, Client) {
    let db = TestDb::new().await;
    let owner = db.owner().await;
    owner.batch_execute(include_str!("books.sql")).await.expect("the proofs' functions");
    (db, owner)
}

pub async fn organization(owner: &Client, balance: i64) -> Uuid {
    let org: Uuid = owner
        .query_one(&format!("select proof.organization($1, '{MORNING}')"), &[&balance])
        .await
        .expect("an organisation with a wallet")
        .get(0);
    org
}

/// So many seconds after the proof began, as SQL.
pub fn at(seconds: f64) -> String {
    format!("timestamptz '{MORNING}' + interval '{seconds} seconds'")
}

/// By the second, rounded up to a whole penny once.
pub fn charge(seconds: i64) -> i64 {
    (seconds * RATE + 59) / 60
}

/// Nothing may be lost, doubled, out of order, or held for nobody.
pub async fn assert_books(owner: &Client) {
    let drift: Vec<String> = owner
        .query("select proof.drift()", &[])
        .await
        .expect("the books are read")
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert!(drift.is_empty(), "{} things drifted, the first: {}", drift.len(), drift[..drift.len().min(5)].join("\n"));
}

/// Postgres's own word on deadlocks in this database.
pub async fn assert_no_deadlock(owner: &Client) {
    let row = owner
        .query_one(
            "select s.deadlocks from (select pg_stat_force_next_flush(), pg_stat_clear_snapshot()) as f (flushed, fresh) \
             cross join lateral (select deadlocks from pg_stat_database where datname = current_database()) as s",
            &[],
        )
        .await
        .expect("statistics");
    assert_eq!(row.get::<_, i64>(0), 0, "Postgres broke a deadlock");
}

/// What one statement of one value answers, as JSON: `Ok`, or the code of a refusal. Anything else fails the test.
pub async fn ask(client: &Client, expression: &str) -> Result<Value, String> {
    match client.query_one(&format!("select to_jsonb(x) from {expression} as x"), &[]).await {
        Ok(row) => Ok(row.get::<_, Option<Value>>(0).unwrap_or(Value::Null)),
        Err(error) => {
            let db = error.as_db_error().unwrap_or_else(|| panic!("{expression}: {error:?}"));
            assert!(db.code().code().starts_with("PT"), "{expression}: {db:?}");
            Err(db.hint().unwrap_or_default().to_owned())
        }
    }
}
