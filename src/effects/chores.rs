//! What a worker does beside effects: renewing leases, taking back those of the dead, running schedules, counting.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Waker, worker::Held};
use crate::{args, db::Db, error::Result};

const TICK: Duration = Duration::from_secs(1);
const COUNT_EVERY: Duration = Duration::from_secs(10);
const MEASURE_EVERY: Duration = Duration::from_secs(60);

/// Renews the leases of what takes long, and ends the work whose lease went to someone else.
pub(super) async fn heartbeat(db: Db, held: Held) {
    loop {
        tokio::time::sleep(TICK / 4).await;
        let now = Instant::now();
        let due: Vec<(Uuid, Uuid)> = held
            .all()
            .iter()
            .filter(|(_, lease)| lease.renew_at <= now)
            .map(|(id, lease)| (*id, lease.token))
            .collect();
        if due.is_empty() {
            continue;
        }
        let leases: Vec<_> = due.iter().map(|(id, token)| json!({ "id": id, "token": token })).collect();
        let renewed = match db.as_service().write("private.extend_leases", args! { p_leases: leases }).await {
            Ok(answer) => answer.parse::<HashSet<Uuid>>().unwrap_or_default(),
            Err(error) => {
                tracing::warn!(%error, "leases were not renewed; trying again");
                continue;
            }
        };
        let mut held = held.all();
        for (id, token) in due {
            let Some(lease) = held.get_mut(&id).filter(|lease| lease.token == token) else { continue };
            if renewed.contains(&id) {
                lease.renew_at = now + lease.every;
            } else if let Some(lease) = held.remove(&id) {
                // Either recorded in this very moment, or taken over: the work, if any is left, is no longer ours.
                lease.work.inspect(tokio::task::AbortHandle::abort);
            }
        }
    }
}

/// Runs due schedules and takes back expired leases each second, and counts the queue and measures billing now and then.
pub(super) async fn tend(db: Db, waker: Waker) {
    let mut count_at = Instant::now();
    let mut measure_at = Instant::now();
    loop {
        if let Err(error) = tick(&db, &waker).await {
            tracing::warn!(%error, "schedules or expired leases have to wait");
        }
        if Instant::now() >= count_at {
            count_at = Instant::now() + COUNT_EVERY;
            if let Err(error) = count(&db).await {
                tracing::debug!(%error, "the queue was not counted");
            }
        }
        if Instant::now() >= measure_at {
            measure_at = Instant::now() + MEASURE_EVERY;
            if let Err(error) = measure_billing(&db).await {
                tracing::debug!(%error, "billing was not measured");
            }
        }
        tokio::time::sleep(TICK).await;
    }
}

async fn tick(db: &Db, waker: &Waker) -> Result<()> {
    let reaped: i64 = db.as_service().write("private.reap_expired_leases", args! {}).await?.parse()?;
    if reaped > 0 {
        tracing::warn!(reaped, "leases ran out; their effects are ready again");
        metrics::counter!("voxanne_effect_leases_expired_total").increment(reaped.unsigned_abs());
        waker.wake();
    }
    // One at a time, so that a long one holds nothing of the others.
    while db.as_service().write("private.run_due_schedules", args! { p_limit: 1 }).await?.parse::<i64>()? > 0 {
        metrics::counter!("voxanne_schedule_runs_total").increment(1);
    }
    Ok(())
}

#[derive(Deserialize)]
struct Count {
    kind: String,
    state: String,
    effects: f64,
    late_seconds: Option<f64>,
}

async fn count(db: &Db) -> Result<()> {
    let counts: Vec<Count> = db.as_service().read("private.effect_metrics", args! {}).await?.parse()?;
    for state in ["waiting", "ready", "running", "dead"] {
        let of_state = || counts.iter().filter(|count| count.state == state);
        metrics::gauge!("voxanne_effects", "state" => state).set(of_state().map(|count| count.effects).sum::<f64>());
        for count in of_state() {
            metrics::gauge!("voxanne_effects_of_kind", "kind" => count.kind.clone(), "state" => state)
                .set(count.effects);
        }
    }
    let late = counts.iter().filter_map(|count| count.late_seconds).fold(0.0, f64::max);
    metrics::gauge!("voxanne_effects_late_seconds").set(late);
    Ok(())
}

#[derive(Deserialize)]
struct Figure {
    metric: String,
    label: Option<String>,
    value: f64,
}

/// The figures of `private.billing_metrics`; a label is a reason. Each has its zero, so none has to be taken back.
async fn measure_billing(db: &Db) -> Result<()> {
    let figures: Vec<Figure> = db.as_service().read("private.measure_billing", args! {}).await?.parse()?;
    for Figure { metric, label, value } in figures {
        let name = format!("voxanne_billing_{metric}");
        match label {
            Some(reason) => metrics::gauge!(name, "reason" => reason).set(value),
            None => metrics::gauge!(name).set(value),
        }
    }
    Ok(())
}
