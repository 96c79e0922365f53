//! How traces and error reports leave: over the HTTP client the server has anyway, on a runtime of their own, so that
//! they go out while the server's is busy or on its way down.

use std::time::Duration;

use poem::http::HeaderMap;
use tokio::runtime::{Builder, Runtime};
use tokio_util::task::TaskTracker;

use crate::server;

/// A collector that does not answer must not hold anything up for longer.
const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Courier {
    runtime: Option<Runtime>,
    http: reqwest::Client,
    under_way: TaskTracker,
}

/// A letter: where to, with which headers, and what.
pub struct Letter {
    pub url: String,
    pub headers: HeaderMap,
    pub body: bytes::Bytes,
}

impl Courier {
    pub fn new() -> anyhow::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("courier").enable_all().build()?;
        Ok(Self { runtime: Some(runtime), http: server::http_client()?, under_way: TaskTracker::new() })
    }

    /// Sends at once; what came of it can be waited for from any thread or task.
    pub fn send(&self, letter: Letter) -> tokio::sync::oneshot::Receiver<reqwest::Result<(u16, bytes::Bytes)>> {
        let (answered, answer) = tokio::sync::oneshot::channel();
        let request = self.http.post(letter.url).headers(letter.headers).body(letter.body).timeout(TIMEOUT);
        let sending = async {
            let response = request.send().await?;
            Ok((response.status().as_u16(), response.bytes().await?))
        };
        let runtime = self.runtime.as_ref().expect("it is there until the courier is dropped");
        self.under_way.spawn_on(
            async move {
                // Nobody need wait for the answer.
                let _ = answered.send(sending.await);
            },
            runtime.handle(),
        );
        answer
    }

    /// Waits, blocking the thread, until everything has been sent.
    #[cfg(feature = "sentry")]
    pub fn flush(&self, timeout: Duration) -> bool {
        let until = std::time::Instant::now() + timeout;
        while !self.under_way.is_empty() {
            if std::time::Instant::now() >= until {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }
}

impl Drop for Courier {
    /// May happen inside another runtime, which may not be blocked.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
