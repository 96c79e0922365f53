//! Giving way and trying again: a lock nobody grants in time, a deadlock, a neighbour changing the same role.

use std::time::Duration;

use tokio_postgres::error::SqlState;

/// How long a change waits for its table. Everybody else queues behind that wait, so it is short.
pub const LOCK_TIMEOUT: &str = "set local lock_timeout = '300ms'";
const ATTEMPTS: u32 = 60;

/// A failure already put into words, with what is needed to judge whether it passes.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub struct Failed {
    said: String,
    passing: bool,
}

impl Failed {
    pub fn new(said: String, cause: &tokio_postgres::Error) -> Self {
        Self { said, passing: is_passing_error(cause) }
    }
}

/// Whether another attempt may go better.
fn is_passing(error: &anyhow::Error) -> bool {
    error.chain().any(|e| {
        e.downcast_ref::<Failed>().is_some_and(|f| f.passing)
            || e.downcast_ref::<tokio_postgres::Error>().is_some_and(is_passing_error)
    })
}

fn is_passing_error(error: &tokio_postgres::Error) -> bool {
    let Some(db) = error.as_db_error() else { return false };
    [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::T_R_SERIALIZATION_FAILURE]
        .contains(db.code())
        || db.message().contains("tuple concurrently updated")
        || db.message().contains("tuple concurrently deleted")
}

/// Counts attempts, and sleeps before the next: longer each time, never longer than a second.
#[derive(Debug, Default)]
pub struct Attempts(u32);

impl Attempts {
    /// Whether to try again; has slept when it says yes.
    pub async fn again(&mut self, error: &anyhow::Error) -> bool {
        self.0 += 1;
        if self.0 >= ATTEMPTS || !is_passing(error) {
            return false;
        }
        let longest = (20u64 << self.0.min(6)).min(1000);
        tokio::time::sleep(Duration::from_millis(rand::random_range(longest / 2..=longest))).await;
        true
    }
}
