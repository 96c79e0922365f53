//! The server's part: the functions of the database, called as service_role, each with the virtual time.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use anyhow::{Context, Result, bail};
use futures_util::future::try_join_all;
use serde_json::Value;
use time::OffsetDateTime;
use tokio_postgres::{Client, Statement, types::Json, types::ToSql};
use uuid::Uuid;

use super::{Act, Call, epoch, provider::Phone};
use crate::effects::{Effect, crash};

/// The name its leases are under: a run that was killed is followed by one of the same name.
const WORKER: &str = "simulate";
const KINDS: [&str; 6] =
    ["billing.hold_deadline", "billing.sweep", "twilio.end_call", "vapi.end_call", "vapi.poll_call", "vapi.say"];
const CLAIM_AT_ONCE: i32 = 500;

/// What the database is asked to do.
#[derive(Debug)]
pub enum Order<'a> {
    Act(usize, Uuid, &'a Act),
    Reserve(Phone, Uuid, &'a Call),
    Line(&'a Call),
    Start(&'a Call, Duration),
    End { call: &'a Call, ended: Duration, seconds: Option<i64>, source: &'static str },
    Finish(Effect, Value),
    Fail(Effect, String, &'static str),
}

impl Order<'_> {
    /// What tests of sudden death call it.
    fn name(&self) -> &'static str {
        match self {
            Order::Act(..) => "act",
            Order::Reserve(..) => "reserve",
            Order::Line(..) => "line",
            Order::Start(..) => "start",
            Order::End { .. } => "settle",
            Order::Finish(effect, _) | Order::Fail(effect, ..) => match effect.kind.as_str() {
                "billing.hold_deadline" => "renew",
                "vapi.end_call" => "hang_up",
                _ => "effect",
            },
        }
    }
}

pub enum Answer {
    Admission { allowed: bool, max_seconds: i32 },
    Done,
    Refused(String),
}

pub struct Server<'a> {
    client: &'a Client,
    statements: Statements,
    /// One order after the other, each in a transaction that may be cut in two: for tests of sudden death.
    step_by_step: bool,
    counts: Mutex<HashMap<&'static str, usize>>,
}

struct Statements {
    reserve: Statement,
    line: Statement,
    start: Statement,
    end: Statement,
    credit: Statement,
    purchase: Statement,
    suspend: Statement,
    write_off: Statement,
    finish: Statement,
    fail: Statement,
    claim: Statement,
    next: Statement,
    sweep: Statement,
}

impl Statements {
    async fn prepare(client: &Client) -> Result<Self> {
        let prepare = async |sql: &str| client.prepare(sql).await.with_context(|| format!("{sql} does not prepare"));
        Ok(Self {
            reserve: prepare(
                "select a.allowed, a.max_duration_seconds from private.reserve_call_credits($1, $2, $3, $4, $5) as a",
            )
            .await?,
            line: prepare("select private.note_call_line($1, $2, $3, $4, $5)").await?,
            start: prepare("select private.start_call_clock($1, $2, $3)").await?,
            end: prepare("select private.commit_reserved_credits($1, $2, $3, $4, $5)").await?,
            credit: prepare("select private.add_credits($1, $2, $3, $4, p_now => $5)").await?,
            purchase: prepare("select private.check_balance_and_deduct_asset_cost($1, $2, $3, $4, p_now => $5)")
                .await?,
            suspend: prepare("select private.set_wallet_suspension($1, $2, $3)").await?,
            write_off: prepare("select private.write_off_call($1, $2, $3)").await?,
            finish: prepare("select private.finish_effect($1, $2, $3, $4)").await?,
            fail: prepare("select private.fail_effect($1, $2, $3, $4, null, $5)").await?,
            claim: prepare(
                "select to_jsonb(c) from private.claim_effects($1, $2, $3, array[null, 0, null, 0]::float8[], $4) as c",
            )
            .await?,
            next: prepare("select private.next_effect_in($1, array[null, 0, null, 0]::float8[], $2)").await?,
            sweep: prepare("select private.sweep_calls($1)").await?,
        })
    }
}

impl<'a> Server<'a> {
    pub async fn new(client: &'a Client) -> Result<Self> {
        let step_by_step = cfg!(debug_assertions) && std::env::var_os("VOXANNE_CRASH_AT").is_some();
        Ok(Self { client, statements: Statements::prepare(client).await?, step_by_step, counts: Mutex::default() })
    }

    /// What a run that was killed had claimed is ready again.
    pub async fn take_back_leases(&self) -> Result<()> {
        self.client.execute("select private.release_leases($1, $2)", &[&WORKER, &epoch()]).await?;
        Ok(())
    }

    /// When the next effect is due that this simulation carries out.
    pub async fn next_due(&self, now: Duration) -> Result<Option<Duration>> {
        let row = self.client.query_one(&self.statements.next, &[&KINDS.as_slice(), &(epoch() + now)]).await?;
        // The database answers in seconds, exact to the microsecond it counts in.
        let ahead = row.get::<_, Option<f64>>(0).map(|seconds| (seconds.max(0.0) * 1e6).round() as u64);
        Ok(ahead.map(|micros| now + Duration::from_micros(micros)))
    }

    /// Everything that is due.
    pub async fn claim(&self, now: Duration) -> Result<Vec<Effect>> {
        let mut claimed = Vec::new();
        loop {
            let arguments: [&(dyn ToSql + Sync); 4] = [&WORKER, &CLAIM_AT_ONCE, &KINDS.as_slice(), &(epoch() + now)];
            let rows = self.client.query(&self.statements.claim, &arguments).await?;
            let full = rows.len() == CLAIM_AT_ONCE as usize;
            for row in rows {
                claimed.push(serde_json::from_value::<Effect>(row.get::<_, Json<Value>>(0).0)?);
            }
            if !full {
                break;
            }
        }
        // As they were enqueued: a claim answers in no order.
        claimed.sort_by_key(|effect| effect.id);
        if !claimed.is_empty() {
            self.between("claimed");
        }
        Ok(claimed)
    }

    pub async fn sweep(&self, now: Duration) -> Result<()> {
        self.client.execute(&self.statements.sweep, &[&(epoch() + now)]).await?;
        Ok(())
    }

    /// In order, on one connection: sent together, since none waits for another's answer.
    pub async fn carry_out(&self, orders: &[Order<'_>], now: Duration) -> Result<Vec<Answer>> {
        let now = epoch() + now;
        if !self.step_by_step {
            return try_join_all(orders.iter().map(|order| self.carry_out_one(order, now))).await;
        }
        let mut answers = Vec::new();
        for order in orders {
            let nth = self.nth(order.name());
            self.client.batch_execute("begin").await?;
            let answer = self.carry_out_one(order, now).await?;
            crash::point(&format!("simulate.{}.{nth}.open", order.name()));
            self.client.batch_execute("commit").await?;
            crash::point(&format!("simulate.{}.{nth}.committed", order.name()));
            answers.push(answer);
        }
        Ok(answers)
    }

    /// How many of this name there have been, this one included.
    fn nth(&self, name: &'static str) -> usize {
        let mut counts = self.counts.lock().expect("no panic holds it");
        let count = counts.entry(name).or_default();
        *count += 1;
        *count
    }

    /// For tests of sudden death: a moment outside every transaction.
    pub fn between(&self, what: &'static str) {
        if self.step_by_step {
            crash::point(&format!("simulate.{what}.{}", self.nth(what)));
        }
    }

    async fn carry_out_one(&self, order: &Order<'_>, now: OffsetDateTime) -> Result<Answer> {
        let s = &self.statements;
        let vapi_id = |call: &Call| format!("simulated-{}", call.id);
        match order {
            Order::Reserve(_, org_id, call) => {
                let arguments: [&(dyn ToSql + Sync); 5] = [org_id, &call.id, &call.max_seconds, &vapi_id(call), &now];
                let row = self.client.query_one(&s.reserve, &arguments).await?;
                Ok(Answer::Admission { allowed: row.get(0), max_seconds: row.get(1) })
            }
            Order::Line(call) => {
                let url = format!("http://provider.invalid/{}/control", call.id);
                let sid = format!("CA{}", call.id.simple());
                self.tell(&s.line, &[&call.id, &vapi_id(call), &url, &sid, &now]).await
            }
            Order::Start(call, started) => self.tell(&s.start, &[&call.id, &(epoch() + *started), &now]).await,
            Order::End { call, ended, seconds, source } => {
                self.tell(&s.end, &[&call.id, seconds, source, &(epoch() + *ended), &now]).await
            }
            Order::Act(_, org_id, Act::Credit { amount_pence, kind, key }) => {
                self.tell(&s.credit, &[org_id, amount_pence, kind, key, &now]).await
            }
            Order::Act(_, org_id, Act::Purchase { cost_pence, asset, key }) => {
                self.tell(&s.purchase, &[org_id, cost_pence, asset, key, &now]).await
            }
            Order::Act(_, org_id, Act::Suspend(suspended)) => self.tell(&s.suspend, &[org_id, suspended, &now]).await,
            Order::Act(_, _, Act::WriteOff { call_id, reason }) => {
                self.tell(&s.write_off, &[call_id, reason, &now]).await
            }
            Order::Finish(effect, result) => {
                self.finish(&s.finish, &[&effect.id, &effect.lease_token, &Json(result), &now], effect).await
            }
            Order::Fail(effect, error, verdict) => {
                self.finish(&s.fail, &[&effect.id, &effect.lease_token, error, verdict, &now], effect).await
            }
        }
    }

    async fn tell(&self, statement: &Statement, arguments: &[&(dyn ToSql + Sync)]) -> Result<Answer> {
        match self.client.execute(statement, arguments).await {
            Ok(_) => Ok(Answer::Done),
            Err(error) => match error.as_db_error() {
                Some(refusal) if refusal.code().code().starts_with("PT") => {
                    Ok(Answer::Refused(refusal.hint().unwrap_or_default().to_owned()))
                }
                _ => Err(error.into()),
            },
        }
    }

    async fn finish(
        &self,
        statement: &Statement,
        arguments: &[&(dyn ToSql + Sync)],
        effect: &Effect,
    ) -> Result<Answer> {
        let row = self.client.query_one(statement, arguments).await.with_context(|| format!("finishing {effect:?}"))?;
        match row.get::<_, &str>(0) {
            "lost" => bail!("{} {} was somebody else's", effect.kind, effect.id),
            _ => Ok(Answer::Done),
        }
    }
}
