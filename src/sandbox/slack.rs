//! A stand-in for Slack's incoming webhooks.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use poem::{
    EndpointExt, IntoResponse, Request, Response, Route,
    endpoint::BoxEndpoint,
    get,
    http::{StatusCode, header},
    post,
    web::Json,
};
use serde_json::Value;
use tokio::sync::watch;

use super::{
    clock,
    faults::Faults,
    log::RequestLog,
    stand_in::{Frame, Provider},
};

const KEPT: usize = 1_000;
const BLOCKS_LIMIT: usize = 50;

#[derive(Debug, Clone)]
pub struct SlackConfig {
    /// 0: any free port.
    pub port: u16,
    pub team: String,
    pub service: String,
    pub token: String,
    /// The real one allows about 1; absent: no limit.
    pub messages_per_second: Option<u32>,
}

impl Default for SlackConfig {
    fn default() -> Self {
        Self {
            port: 0,
            team: "T00000000".into(),
            service: "B00000000".into(),
            token: "sandboxsandboxsandbox000".into(),
            messages_per_second: None,
        }
    }
}

#[derive(Debug, Default)]
struct State {
    messages: VecDeque<Value>,
    archived: bool,
    window: (i64, u32),
}

/// A handle on the running stand-in; clones share everything.
#[derive(Clone)]
pub struct Slack {
    config: Arc<SlackConfig>,
    frame: Frame,
    state: Arc<Mutex<State>>,
    changes: watch::Sender<u64>,
}

/// Slack answers in plain text.
struct Refusal(StatusCode, &'static str);

impl Slack {
    pub(crate) fn new(config: &SlackConfig) -> Self {
        Self {
            config: Arc::new(config.clone()),
            frame: Frame::default(),
            state: Arc::default(),
            changes: watch::Sender::new(0),
        }
    }

    pub fn faults(&self) -> &Faults {
        &self.frame.faults
    }

    pub fn log(&self) -> &RequestLog {
        &self.frame.log
    }

    pub fn webhook_path(&self) -> String {
        format!("/services/{}/{}/{}", self.config.team, self.config.service, self.config.token)
    }

    /// What was posted, oldest first.
    pub fn messages(&self) -> Vec<Value> {
        self.state.lock().expect("slack").messages.iter().cloned().collect()
    }

    /// The first message that passes, as soon as there is one. Callers bring their own deadline.
    pub async fn message_where(&self, passes: impl Fn(&Value) -> bool) -> Value {
        let mut changes = self.changes.subscribe();
        loop {
            changes.borrow_and_update();
            let found = self.state.lock().expect("slack").messages.iter().find(|message| passes(message)).cloned();
            if let Some(message) = found {
                return message;
            }
            // The sender lives as long as this handle.
            let _ = changes.changed().await;
        }
    }

    pub fn archive_channel(&self, archived: bool) {
        self.state.lock().expect("slack").archived = archived;
    }

    fn take(&self, request: &Request, body: &[u8]) -> Result<(), Refusal> {
        self.check_path(request)?;
        let message = read(request, body).ok_or(Refusal(StatusCode::BAD_REQUEST, "invalid_payload"))?;
        check_message(&message)?;
        let mut state = self.state.lock().expect("slack");
        if state.archived {
            return Err(Refusal(StatusCode::GONE, "channel_is_archived"));
        }
        if let Some(limit) = self.config.messages_per_second {
            let second = clock::now().unix_timestamp();
            if state.window.0 != second {
                state.window = (second, 0);
            }
            if state.window.1 >= limit {
                return Err(Refusal(StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
            }
            state.window.1 += 1;
        }
        if state.messages.len() == KEPT {
            state.messages.pop_front();
        }
        state.messages.push_back(message);
        drop(state);
        self.changes.send_modify(|version| *version += 1);
        Ok(())
    }

    fn check_path(&self, request: &Request) -> Result<(), Refusal> {
        let part = |name| request.raw_path_param(name).unwrap_or_default();
        if part("team") != self.config.team {
            return Err(Refusal(StatusCode::NOT_FOUND, "no_team"));
        }
        if part("service") != self.config.service {
            return Err(Refusal(StatusCode::NOT_FOUND, "no_service"));
        }
        if part("token") != self.config.token {
            return Err(Refusal(StatusCode::FORBIDDEN, "invalid_token"));
        }
        Ok(())
    }
}

/// JSON, or the older form with the JSON in its field `payload`.
fn read(request: &Request, body: &[u8]) -> Option<Value> {
    let form = request.content_type().is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let message = match form {
        false => serde_json::from_slice(body).ok()?,
        true => {
            let (_, payload) = url::form_urlencoded::parse(body).find(|(name, _)| name == "payload")?;
            serde_json::from_str(&payload).ok()?
        }
    };
    matches!(message, Value::Object(_)).then_some(message)
}

fn check_message(message: &Value) -> Result<(), Refusal> {
    let invalid = Refusal(StatusCode::BAD_REQUEST, "invalid_payload");
    let text = match message.get("text") {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text,
        Some(_) => return Err(invalid),
    };
    let list = |name: &str| match message.get(name) {
        None | Some(Value::Null) => Some(&[][..]),
        Some(Value::Array(items)) => Some(items.as_slice()),
        Some(_) => None,
    };
    let blocks = list("blocks").ok_or(Refusal(StatusCode::BAD_REQUEST, "invalid_blocks"))?;
    let attachments = list("attachments").ok_or(invalid)?;
    if blocks.len() > BLOCKS_LIMIT || !blocks.iter().all(|block| block.get("type").is_some_and(Value::is_string)) {
        return Err(Refusal(StatusCode::BAD_REQUEST, "invalid_blocks"));
    }
    match text.is_empty() && blocks.is_empty() && attachments.is_empty() {
        true => Err(Refusal(StatusCode::BAD_REQUEST, "no_text")),
        false => Ok(()),
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.1.with_status(self.0).into_response();
        if self.0 == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, 1.into());
        }
        response
    }
}

impl Provider for Slack {
    const NAME: &'static str = "slack stand-in";

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn api(&self) -> Route {
        let slack = self.clone();
        let take = poem::endpoint::make(move |mut request: Request| {
            let slack = slack.clone();
            async move {
                let body = request.take_body().into_bytes().await.unwrap_or_default();
                match slack.take(&request, &body) {
                    Ok(()) => "ok".into_response(),
                    Err(refusal) => refusal.into_response(),
                }
            }
        });
        Route::new().at("/services/:team/:service/:token", post(take))
    }

    fn desk(&self) -> BoxEndpoint<'static, Response> {
        let slack = self.clone();
        let messages = poem::endpoint::make_sync(move |_| Json(slack.messages()));
        Route::new().at("/_sandbox/messages", get(messages)).map_to_response().boxed()
    }

    fn is_desk(&self, path: &str) -> bool {
        path == "/_sandbox/messages"
    }

    fn error(&self, status: StatusCode) -> Response {
        let text = match status {
            StatusCode::TOO_MANY_REQUESTS => "rate_limited",
            StatusCode::NOT_FOUND => "no_service",
            StatusCode::INTERNAL_SERVER_ERROR => "rollup_error",
            _ => "service_unavailable",
        };
        Refusal(status, text).into_response()
    }
}
