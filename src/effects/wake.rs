//! Waking workers after a commit: this process's in memory, other processes' by one coalesced NOTIFY.
//!
//! NOTIFY inside the transactions that put effects on record would serialise their commits; so it is sent by itself,
//! at most every 20 ms, and only where workers listen. Who misses it still polls every second.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, future, stream};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;
use tokio_postgres::AsyncMessage;
use tokio_util::sync::CancellationToken;

use crate::db::{Db, quote_literal, tls};

const CHANNEL: &str = "voxanne_effects";
const COALESCE: Duration = Duration::from_millis(20);
const RECONNECT: Duration = Duration::from_secs(1);

/// Cheap to clone; waking twice before anyone looked is waking once.
#[derive(Clone, Default)]
pub struct Waker(Arc<Bells>);

#[derive(Default)]
struct Bells {
    here: Notify,
    elsewhere: Notify,
}

impl Waker {
    /// Something was put on record and committed.
    pub fn wake(&self) {
        self.wake_here();
        self.0.elsewhere.notify_one();
    }

    pub fn wake_here(&self) {
        self.0.here.notify_one();
    }

    pub async fn woken(&self) {
        self.0.here.notified().await;
    }

    /// Tells other processes what this one was told, until stopped. `name` keeps us from waking ourselves twice.
    pub async fn announce(self, db: Db, name: String, stopping: CancellationToken) {
        let notify = format!("notify {CHANNEL}, {}", quote_literal(&name));
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = self.0.elsewhere.notified() => {}
            }
            match db.worker_pool().get().await {
                Ok(connection) => {
                    if let Err(error) = connection.batch_execute(&notify).await {
                        tracing::debug!(%error, "workers elsewhere were not notified; they poll");
                    }
                }
                Err(error) => tracing::debug!(%error, "workers elsewhere were not notified; they poll"),
            }
            tokio::time::sleep(COALESCE).await;
        }
    }

    /// Wakes this process when another one notifies, until stopped. The connection is direct: a transaction pooler does
    /// not carry LISTEN.
    pub async fn listen(self, url: SecretString, name: String, stopping: CancellationToken) {
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                outcome = self.listen_once(&url, &name) => {
                    if let Err(error) = outcome {
                        tracing::warn!(%error, "not listening for effects; polling until the connection is back");
                    }
                }
            }
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(RECONNECT) => {}
            }
        }
    }

    async fn listen_once(&self, url: &SecretString, name: &str) -> anyhow::Result<()> {
        let (client, mut connection) = tokio_postgres::connect(url.expose_secret(), tls::connector()?).await?;
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        let listening = async {
            client.batch_execute(&format!("listen {CHANNEL}")).await?;
            // What was enqueued while nobody listened here.
            self.wake_here();
            future::pending::<anyhow::Result<()>>().await
        };
        let hearing = async {
            while let Some(message) = messages.next().await {
                if let AsyncMessage::Notification(notification) = message?
                    && notification.payload() != name
                {
                    self.wake_here();
                }
            }
            Ok(())
        };
        tokio::select! { outcome = listening => outcome, outcome = hearing => outcome }
    }
}
