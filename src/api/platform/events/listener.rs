//! One open stream: what was missed, then what happens, until it may not or cannot go on.

use std::{collections::VecDeque, time::Duration};

use futures_util::FutureExt;
use poem::web::sse::Event;
use serde::Serialize;
use serde_json::{json, value::RawValue};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    cursor::Cursor,
    feed::{Feed, Stored, Subscription},
};
use crate::{args, db::Caller, error::Result, server::App};

/// The longest a stream lives without a new token check; also for credentials that do not end by themselves.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);

pub struct Listener {
    feed: Feed,
    caller: Caller,
    org_id: Uuid,
    subscription: Subscription,
    /// The last event this stream was given, or where it began.
    sent: Cursor,
    /// While storage is read: up to where. From there on the subscription knows everything. Where a stream begins that
    /// comes back, and where one goes that cannot keep up: it then reads at its own pace.
    splice: Option<Cursor>,
    stored: VecDeque<Stored>,
    waiting: VecDeque<Event>,
    heartbeat: Interval,
    ends_at: Instant,
    stopping: CancellationToken,
    over: bool,
}

impl Listener {
    /// Opens a stream that goes on after `last`, or begins now.
    pub async fn open(
        app: &App,
        caller: Caller,
        org_id: Uuid,
        last: Option<Cursor>,
        expires_at: Option<i64>,
    ) -> Result<Self> {
        let feed = app.events.clone();
        let (subscription, position) = feed.subscribe(org_id).await?;
        let resumable = match last {
            Some(cursor) => feed.bounds().await?.can_resume(cursor).then_some(cursor),
            None => None,
        };
        let sent = resumable.unwrap_or(position);

        let mut waiting = VecDeque::from([message("stream.ready", sent, json!({}))]);
        if last.is_some() && resumable.is_none() {
            waiting.push_back(message("stream.reset", sent, json!({})));
        }
        let mut heartbeat = interval_at(Instant::now() + app.config.events_heartbeat, app.config.events_heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let left = expires_at.map(|at| at - OffsetDateTime::now_utc().unix_timestamp()).unwrap_or(i64::MAX);
        let left = Duration::from_secs(left.max(0) as u64).min(LIFETIME);
        Ok(Self {
            feed,
            caller,
            org_id,
            subscription,
            sent,
            splice: resumable.filter(|cursor| *cursor < position).map(|_| position),
            stored: VecDeque::new(),
            waiting,
            heartbeat,
            ends_at: Instant::now() + left,
            stopping: app.stopping.clone(),
            over: false,
        })
    }

    /// The next message; none when the stream is over.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.over || self.stopping.is_cancelled() {
                return None;
            }
            if Instant::now() >= self.ends_at {
                self.close("token_expired");
                continue;
            }
            if self.heartbeat.tick().now_or_never().is_some() {
                self.beat().await;
                continue;
            }
            if let Some(event) = self.stored.pop_front() {
                return Some(self.give(&event));
            }
            if let Some(upto) = self.splice {
                self.read_stored(upto).await;
                continue;
            }
            let stopping = self.stopping.clone();
            tokio::select! {
                biased;
                () = stopping.cancelled() => return None,
                () = sleep_until(self.ends_at) => {}
                _ = self.heartbeat.tick() => self.beat().await,
                heard = self.subscription.next() => match heard {
                    Ok(event) if event.cursor() > self.sent => return Some(self.give(&event)),
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => {
                        metrics::counter!("voxanne_event_streams_behind_total").increment(1);
                        self.splice = Some(self.subscription.position());
                    }
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    fn give(&mut self, event: &Stored) -> Event {
        self.sent = event.cursor();
        let data = Data { kind: &event.kind, created_at: &event.created_at, payload: &event.payload };
        let data = serde_json::to_string(&data).expect("an event serialises");
        Event::message(data).event_type(event.kind.as_str()).id(self.sent.to_string())
    }

    /// A page of what was missed. When it cannot be read the stream ends: the client comes back with its cursor.
    async fn read_stored(&mut self, upto: Cursor) {
        match self.feed.stored(self.org_id, self.sent, upto).await {
            Ok(page) if page.is_empty() => {
                self.sent = self.sent.max(upto);
                self.splice = None;
            }
            Ok(page) => self.stored.extend(page),
            Err(error) => self.close(&error.code),
        }
    }

    /// Asks whether the caller may still listen. A database that does not answer is no reason to end the stream.
    async fn beat(&mut self) {
        match self.caller.read("open_event_stream", args! {}).await.and_then(|answer| answer.parse::<Uuid>()) {
            Ok(org_id) if org_id != self.org_id => self.close("not_a_member"),
            Err(error) if error.status.is_client_error() => self.close(&error.code),
            Ok(_) | Err(_) => {
                if self.splice.is_none() && self.stored.is_empty() {
                    self.sent = self.subscription.caught_up_to().map_or(self.sent, |position| self.sent.max(position));
                }
                self.waiting.push_back(message("stream.heartbeat", self.sent, json!({})));
            }
        }
    }

    fn close(&mut self, code: &str) {
        self.waiting.push_back(message("stream.closed", self.sent, json!({ "code": code })));
        self.over = true;
    }
}

#[derive(Serialize)]
struct Data<'a> {
    kind: &'a str,
    created_at: &'a str,
    payload: &'a RawValue,
}

/// A message about the stream itself. It carries the cursor too: who comes back after a quiet hour goes on from there.
fn message(kind: &str, cursor: Cursor, payload: serde_json::Value) -> Event {
    let now = OffsetDateTime::now_utc().format(&Rfc3339).expect("the time can be written");
    let data = json!({ "kind": kind, "created_at": now, "payload": payload });
    Event::message(data.to_string()).event_type(kind).id(cursor.to_string())
}
