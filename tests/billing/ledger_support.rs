//! A ledger that has lived, somebody who may do anything to it, and `voxanne reconcile`.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio::process::Command;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{TestDb, server::base_settings};

/// Seed and public key, in base64.
pub const SEED: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
pub const OTHER_SEED: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

/// 1 a top-up of 5,000; 2 and 3 calls of 112; 4 a number for 1,000; 5 to 8 bonuses of 10.
pub async fn lived_in_wallet(db: &TestDb) -> Uuid {
    let org_id = db.sign_up("Clinic").await.org_id;
    let steps = format!(
        "select private.credit_payment('{org_id}', 'pi_{org_id}', 5000, '{{}}', null, now());
         select private.deduct_call_credits('{org_id}', gen_random_uuid(), null, 120) from generate_series(1, 2);
         select private.check_balance_and_deduct_asset_cost('{org_id}', 1000, 'managed_number', 'number');
         select private.add_credits('{org_id}', 10, 'bonus', 'bonus ' || n) from generate_series(1, 4) as n"
    );
    db.owner().await.batch_execute(&steps).await.expect("a ledger");
    org_id
}

/// A superuser whose statements fire no trigger.
pub async fn intruder(db: &TestDb) -> Client {
    let client = db.superuser().await;
    client.batch_execute("set session_replication_role = replica").await.expect("a superuser");
    client
}

/// What an intruder does who knows how the chain is made: every hash from the first entry on, and the wallet's head.
pub fn rehash(org_id: Uuid) -> String {
    format!(
        "with recursive anew as (
             select t.seq, private.entry_hash(null, t) as hash from public.credit_transactions t
             where t.org_id = '{org_id}' and t.seq = 1
             union all
             select t.seq, private.entry_hash(a.hash, t) from anew a
             join public.credit_transactions t on t.org_id = '{org_id}' and t.seq = a.seq + 1
         )
         update public.credit_transactions t set entry_hash = a.hash from anew a where t.org_id = '{org_id}' and t.seq = a.seq;
         {}",
        move_head(org_id)
    )
}

/// The wallet says what the ledger's last row says.
pub fn move_head(org_id: Uuid) -> String {
    format!(
        "update public.credit_wallets w set balance_pence = t.balance_after_pence, entry_count = t.seq,
             last_entry_hash = t.entry_hash, last_entry_at = t.created_at
         from (select * from public.credit_transactions where org_id = '{org_id}' order by seq desc limit 1) as t
         where w.org_id = t.org_id"
    )
}

pub struct Outcome {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Outcome {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {} {}", self.out, self.err))
    }

    /// What drifts, as (check, detail).
    pub fn drifting(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let all = self.json();
        let checks = all["checks"].as_array().expect("checks").clone();
        let drifting = checks.iter().filter(|check| check["drift"] != 0);
        drifting.map(|check| (text(&check["check_name"]), text(&check["detail"]))).collect()
    }
}

/// `voxanne reconcile …` as an operator runs it.
pub async fn reconcile(db: &TestDb, args: &[&str]) -> Outcome {
    reconcile_with(base_settings(db, "http://localhost"), args).await
}

pub async fn reconcile_with(settings: BTreeMap<String, String>, args: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_voxanne"))
        .arg("reconcile")
        .args(args)
        .env_remove("LEDGER_SIGNING_KEY")
        .envs(settings)
        .output()
        .await
        .expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Outcome { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}
