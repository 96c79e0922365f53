//! What is known of a call that is played, and stays known afterwards.

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use tokio::sync::{Notify, watch};

use super::{clock::Clock, turns::Turn};

/// One message and what came back.
#[derive(Debug, Clone, Serialize)]
pub struct Sent {
    /// `tool-calls`, `status-update ended`, …
    pub kind: String,
    /// In the call's own time.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub url: String,
    /// Null for a terse call.
    pub body: Value,
    /// In the order they came; empty when it was lost or is still to come.
    pub answers: Vec<Answered>,
    pub is_lost: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Answered {
    pub status: Option<u16>,
    pub body: Value,
    /// Why there was no answer.
    pub error: Option<String>,
    pub took: Duration,
}

impl Answered {
    pub fn is_taken(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// What a tool said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolResult {
    pub tool: String,
    pub arguments: Value,
    pub tool_call_id: String,
    pub result: Option<String>,
    pub error: Option<String>,
}

/// What was answered so far.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    pub results: Vec<ToolResult>,
    /// Who answered the call: the assistant with its overrides.
    pub assistant: Value,
}

impl Heard {
    /// The last result, or nothing.
    pub fn last(&self) -> &str {
        self.results.last().and_then(|one| one.result.as_deref()).unwrap_or_default()
    }
}

/// For people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Of the call, from its first moment.
    pub second: f64,
    pub who: String,
    pub what: String,
}

/// A call that has ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Over {
    pub id: String,
    pub reason: String,
    pub connected: bool,
    /// Whole ones: the truth that charges are compared with.
    pub seconds: i64,
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
}

pub(crate) struct Live {
    pub(super) clock: Clock,
    /// Something changed that the player should look at.
    pub(super) wake: Arc<Notify>,
    pub(super) turns: Vec<Turn>,
    pub(super) sent: Vec<Sent>,
    pub(super) heard: Heard,
    pub(super) lines: Vec<Line>,
    pub(super) began: OffsetDateTime,
    pub(super) started: Option<OffsetDateTime>,
    pub(super) ended: Option<OffsetDateTime>,
    /// What keeps it from being over: the player, and messages on their way.
    pub(super) busy: watch::Sender<usize>,
    pub(super) is_recorded: bool,
}

impl Live {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            began: clock.now(),
            clock,
            wake: Arc::default(),
            turns: Vec::new(),
            sent: Vec::new(),
            heard: Heard::default(),
            lines: Vec::new(),
            started: None,
            ended: None,
            busy: watch::Sender::new(1),
            is_recorded: true,
        }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(crate) fn note(&mut self, who: &str, what: impl Into<String>) {
        let second = (self.clock.now() - self.began).as_seconds_f64();
        self.lines.push(Line { second, who: who.to_owned(), what: what.into() });
    }

    /// Somebody picked up.
    pub(crate) fn start(&mut self, at: OffsetDateTime) {
        self.started = Some(at);
    }

    pub(crate) fn end(&mut self, at: OffsetDateTime) {
        self.ended.get_or_insert(at);
        self.wake.notify_one();
    }

    /// Over its control URL.
    pub(crate) fn is_told(&mut self, kind: &str, content: Option<&str>) {
        self.note("Order", content.map_or_else(|| kind.to_owned(), |content| format!("{kind}: {content}")));
        if let Some(content) = content {
            let at = self.now();
            self.turns.push(Turn::Bot { text: content.to_owned(), at, until: at });
        }
        self.wake.notify_one();
    }

    /// The newest first.
    pub(crate) fn last_lines(&self, count: usize) -> Vec<String> {
        self.lines.iter().rev().take(count).map(|line| format!("{}: {}", line.who, line.what)).collect()
    }

    pub(crate) fn seconds(&self) -> Option<i64> {
        let ended = self.ended?;
        Some(self.started.map_or(0, |started| (ended - started).whole_seconds()))
    }
}
