//! A client of server-sent events, as a browser has one.

use std::time::Duration;

use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::support::TestServer;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub event: String,
    pub data: Value,
}

impl Message {
    pub fn is_about_the_stream(&self) -> bool {
        self.event.starts_with("stream.")
    }

    /// What the test's own events carry.
    pub fn number(&self) -> u64 {
        self.data["payload"]["n"].as_u64().expect("a numbered event")
    }
}

/// A client of server-sent events.
pub struct Stream {
    response: Response,
    read: Vec<u8>,
    /// So much of what was read holds no end of a message.
    searched: usize,
}

impl Stream {
    pub async fn open(server: &TestServer, token: &str, last: Option<&str>) -> Self {
        let response = Self::ask(server, token, last).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, read: Vec::new(), searched: 0 }
    }

    pub async fn ask(server: &TestServer, token: &str, last: Option<&str>) -> Response {
        let mut request = server.client().get(server.url("/api/events")).bearer_auth(token);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        request.send().await.expect("an answer")
    }

    /// The next message; none at the end of the stream.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            let known = self.searched.saturating_sub(1);
            if let Some(end) = self.read[known..].windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.read.drain(..known + end + 2).collect();
                self.searched = 0;
                return Some(parse(std::str::from_utf8(&block).expect("text")));
            }
            self.searched = self.read.len();
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("a message or a heartbeat");
            self.read.extend_from_slice(&chunk.ok().flatten()?);
        }
    }

    /// The next message that is not about the stream itself.
    pub async fn next_event(&mut self) -> Message {
        loop {
            let message = self.next().await.expect("the stream goes on");
            if !message.is_about_the_stream() {
                return message;
            }
        }
    }

    /// The next message of a kind about the stream.
    pub async fn next_about(&mut self, kind: &str) -> Message {
        loop {
            let message = self.next().await.unwrap_or_else(|| panic!("the stream ended before {kind}"));
            if message.event == kind {
                return message;
            }
        }
    }

    pub async fn ends(&mut self) {
        while self.next().await.is_some() {}
    }
}

fn parse(block: &str) -> Message {
    let field = |name: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix(name)).map(str::trim_start);
        lines.collect::<Vec<_>>().join("\n")
    };
    let data = field("data:");
    Message { id: field("id:"), event: field("event:"), data: serde_json::from_str(&data).expect("JSON data") }
}
