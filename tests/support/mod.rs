//! What every test stands on: a database of its own, a server of its own, people in it.

#![allow(dead_code, reason = "each test uses what it needs of this")]

pub mod db;
pub mod people;
pub mod server;

use std::future::Future;
use std::time::{Duration, Instant};

pub use db::{Shape, TestDb};
pub use people::Session;
pub use server::TestServer;

/// Longer than anything takes on a busy machine; a condition that holds is seen within milliseconds.
const DEADLINE: Duration = Duration::from_secs(30);

/// Waits until the condition holds, and fails the test when it does not within the deadline.
pub async fn eventually<F, Fut>(what: &str, mut condition: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = bool>,
{
    let until = Instant::now() + DEADLINE;
    while !condition().await {
        assert!(Instant::now() < until, "{what}: not within {DEADLINE:?}");
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

/// Waits until there is an answer.
pub async fn eventually_some<T, F, Fut>(what: &str, mut look: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    let until = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < until, "{what}: not within {DEADLINE:?}");
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}
