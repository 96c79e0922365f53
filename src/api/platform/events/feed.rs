//! The one reader of live events a process has.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::cursor::Cursor;
use crate::{
    args,
    db::Db,
    error::{Error, Result},
};

/// How often storage is looked at while anybody listens.
const PAUSE: Duration = Duration::from_millis(100);
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);
const BATCH: usize = 200;

/// Events a stream may be behind before it reads from storage instead. More than a batch, which comes at once.
const BEHIND: usize = 256;

/// Streams of one organisation in one process: a screen that reconnects in a loop must not take all there is.
const STREAMS_OF_ONE_ORGANISATION: usize = 100;

/// A row of `private.events`.
#[derive(Debug, Deserialize)]
pub struct Stored {
    #[serde(deserialize_with = "xid")]
    xid: u64,
    id: i64,
    org_id: Uuid,
    pub kind: String,
    pub payload: Box<RawValue>,
    pub created_at: String,
}

/// Postgres writes an xid8 as text: it may not fit a number of JSON.
fn xid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

impl Stored {
    pub fn cursor(&self) -> Cursor {
        Cursor { xid: self.xid, id: self.id }
    }
}

/// How far back and how far on a cursor makes sense; see `private.event_bounds`.
#[derive(Debug, Deserialize)]
pub struct Bounds {
    #[serde(deserialize_with = "xid")]
    horizon: u64,
    #[serde(deserialize_with = "xid")]
    start: u64,
    #[serde(deserialize_with = "xid")]
    head: u64,
}

impl Bounds {
    /// Whether a reader who stands there can go on without a gap.
    pub fn can_resume(&self, cursor: Cursor) -> bool {
        cursor.xid > self.horizon && cursor.xid <= self.head
    }
}

/// Hands every stored event to the streams of its organisation. Reads nothing while nobody listens.
#[derive(Clone)]
pub struct Feed {
    db: Db,
    hub: Arc<Hub>,
}

#[derive(Default)]
struct Hub {
    state: Mutex<State>,
    somebody_listens: Notify,
}

#[derive(Default)]
struct State {
    /// Everything up to here was handed out. None while nobody listens.
    position: Option<Cursor>,
    streams: HashMap<Uuid, broadcast::Sender<Arc<Stored>>>,
}

/// A stream's end of the feed.
pub struct Subscription {
    feed: Feed,
    receiver: broadcast::Receiver<Arc<Stored>>,
}

impl Feed {
    /// Starts the reader, which ends when the server stops.
    pub fn new(db: Db, stopping: CancellationToken) -> Self {
        let feed = Self { db, hub: Arc::default() };
        let reader = feed.clone();
        tokio::spawn(async move { stopping.run_until_cancelled(reader.read_on()).await });
        feed
    }

    /// Every event of an organisation after the position that comes with it.
    pub(super) async fn subscribe(&self, org_id: Uuid) -> Result<(Subscription, Cursor)> {
        loop {
            if let Some(subscribed) = self.try_subscribe(org_id)? {
                self.hub.somebody_listens.notify_one();
                return Ok(subscribed);
            }
            let start = Cursor { xid: self.bounds().await?.start, id: 0 };
            self.state().position.get_or_insert(start);
        }
    }

    fn try_subscribe(&self, org_id: Uuid) -> Result<Option<(Subscription, Cursor)>> {
        let mut state = self.state();
        let Some(position) = state.position else { return Ok(None) };
        let sender = state.streams.entry(org_id).or_insert_with(|| broadcast::channel(BEHIND).0);
        if sender.receiver_count() >= STREAMS_OF_ONE_ORGANISATION {
            return Err(Error::code("organization_busy").retry_after(5));
        }
        Ok(Some((Subscription { feed: self.clone(), receiver: sender.subscribe() }, position)))
    }

    pub(super) async fn bounds(&self) -> Result<Bounds> {
        let answer = self.db.as_service().read("private.event_bounds", args! {}).await?;
        let rows: [Bounds; 1] = answer.parse()?;
        let [bounds] = rows;
        Ok(bounds)
    }

    /// What storage has for an organisation after one cursor and up to another.
    pub(super) async fn stored(&self, org_id: Uuid, after: Cursor, upto: Cursor) -> Result<Vec<Stored>> {
        let args = args! {
            p_org_id: org_id, p_xid: after.xid.to_string(), p_id: after.id,
            p_upto_xid: upto.xid.to_string(), p_upto_id: upto.id, p_limit: BATCH,
        };
        self.db.as_service().read("private.org_events_after", args).await?.parse()
    }

    async fn read_on(self) {
        loop {
            let Some(position) = self.position_or_rest() else {
                self.hub.somebody_listens.notified().await;
                continue;
            };
            let pause = match self.read(position).await {
                Ok(events) => {
                    let more = events.len() == BATCH;
                    self.hand_out(events);
                    if more { Duration::ZERO } else { PAUSE }
                }
                Err(error) => {
                    tracing::warn!(%error, cause = ?error.cause, "live events could not be read; nothing is lost");
                    PAUSE_AFTER_FAILURE
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Where to read on from, or nothing when the last stream has gone.
    fn position_or_rest(&self) -> Option<Cursor> {
        let mut state = self.state();
        state.streams.retain(|_, sender| sender.receiver_count() > 0);
        let listening: usize = state.streams.values().map(broadcast::Sender::receiver_count).sum();
        metrics::gauge!("voxanne_event_streams").set(listening as f64);
        if state.streams.is_empty() {
            state.position = None;
        }
        state.position
    }

    async fn read(&self, after: Cursor) -> Result<Vec<Stored>> {
        let args = args! { p_xid: after.xid.to_string(), p_id: after.id, p_limit: BATCH };
        self.db.as_service().read("private.events_after", args).await?.parse()
    }

    /// Under one lock with the position, so that who subscribes gets each event either from storage or from here.
    fn hand_out(&self, events: Vec<Stored>) {
        let mut state = self.state();
        for event in events {
            state.position = Some(event.cursor());
            if let Some(sender) = state.streams.get(&event.org_id) {
                // Nobody left to hear it is no failure.
                let _ = sender.send(Arc::new(event));
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.hub.state.lock().expect("no panic holds it")
    }
}

impl Subscription {
    pub async fn next(&mut self) -> Result<Arc<Stored>, broadcast::error::RecvError> {
        self.receiver.recv().await
    }

    /// Everything up to here was handed out: what this stream does not have of it is in storage.
    pub fn position(&self) -> Cursor {
        self.feed.state().position.expect("the feed keeps its position while a stream is open")
    }

    /// How far this stream has certainly heard everything; None while something waits for it.
    pub fn caught_up_to(&self) -> Option<Cursor> {
        let state = self.feed.state();
        state.position.filter(|_| self.receiver.is_empty())
    }
}
