//! What a stand-in was asked, kept for tests and for the curious.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use poem::http::HeaderMap;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

const KEPT: usize = 1_000;

#[derive(Debug, Clone, Serialize)]
pub struct RecordedRequest {
    pub number: u64,
    pub at: String,
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// None while it is being worked on, and for ever when the answer was lost.
    pub status: Option<u16>,
}

impl RecordedRequest {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<RecordedRequest>,
    count: u64,
}

#[derive(Debug, Clone)]
pub struct RequestLog {
    entries: Arc<Mutex<Entries>>,
    seen: watch::Sender<u64>,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self { entries: Arc::default(), seen: watch::Sender::new(0) }
    }
}

impl RequestLog {
    pub fn all(&self) -> Vec<RecordedRequest> {
        self.entries.lock().expect("request log").kept.iter().cloned().collect()
    }

    pub fn count(&self) -> u64 {
        self.entries.lock().expect("request log").count
    }

    pub fn clear(&self) {
        let mut entries = self.entries.lock().expect("request log");
        entries.kept.clear();
        entries.count = 0;
    }

    /// Returns once `count` requests have arrived since the start or the last `clear`, answered or not.
    pub async fn arrived(&self, count: u64) {
        let mut seen = self.seen.subscribe();
        while self.count() < count {
            if seen.changed().await.is_err() {
                return;
            }
        }
    }

    pub(crate) fn begin(&self, method: &str, path: &str, headers: &HeaderMap, body: &[u8]) -> u64 {
        let mut entries = self.entries.lock().expect("request log");
        entries.count += 1;
        let number = entries.count;
        if entries.kept.len() == KEPT {
            entries.kept.pop_front();
        }
        entries.kept.push_back(RecordedRequest {
            number,
            at: super::clock::iso(super::clock::now()),
            method: method.to_owned(),
            path: path.to_owned(),
            headers: headers.iter().map(|(name, value)| (name.to_string(), shown(name.as_str(), value))).collect(),
            body: String::from_utf8_lossy(body).into_owned(),
            status: None,
        });
        drop(entries);
        self.seen.send_modify(|seen| *seen += 1);
        number
    }

    pub(crate) fn end(&self, number: u64, status: u16) {
        let mut entries = self.entries.lock().expect("request log");
        let first = entries.kept.front().map_or(0, |entry| entry.number);
        let place = number.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        // A cleared log counts from one again, so the place alone does not tell.
        match place.and_then(|place| entries.kept.get_mut(place)) {
            Some(entry) if entry.number == number && entry.status.is_none() => entry.status = Some(status),
            _ => {}
        }
    }
}

/// The log is readable by anyone on the machine, and somebody may point a real key at a stand-in.
fn shown(name: &str, value: &poem::http::HeaderValue) -> String {
    if name.eq_ignore_ascii_case("authorization") {
        return "(hidden)".to_owned();
    }
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}
