//! Money that moves in a test, through the functions that move it in life.

use uuid::Uuid;

use crate::support::{Session, TestServer};

pub async fn topped_up(server: &TestServer, who: &Session, pence: i64) {
    let sql = "select private.add_credits($1, $2, 'topup', 'test:' || gen_random_uuid(), 'Top-up')";
    server.db.owner().await.execute(sql, &[&who.org_id, &pence]).await.expect("a top-up");
}

/// A call that is over and charged.
pub async fn call(server: &TestServer, who: &Session, seconds: i64) -> Uuid {
    let id = Uuid::new_v4();
    let sql = "select private.deduct_call_credits($1, $2::uuid, $2::uuid::text, $3)";
    server.db.owner().await.execute(sql, &[&who.org_id, &id, &seconds]).await.expect("a charge");
    id
}

pub async fn spend(server: &TestServer, who: &Session, pence: i64, on: &str) {
    let sql = "select private.check_balance_and_deduct_asset_cost($1, $2, 'managed_number', 'test:' || gen_random_uuid(), $3)";
    server.db.owner().await.execute(sql, &[&who.org_id, &pence, &on]).await.expect("a purchase");
}
