//! A stand-in for Vapi: assistants, function tools, imported numbers, Twilio credentials, calls with recordings, and a player
//! that lets calls happen.
//!
//! Requests and objects are Vapi's published ones. Errors are not published (see `error`). From memory are, too: that a number
//! is refused with 400 when it was imported before, that importing asks Twilio at once, that a list of credentials is cut
//! like one of numbers, and what a control URL says. A number is shown with the Twilio token it was imported with, as the
//! published shape has it: nothing Vapi answers may be kept or logged whole.

mod api;
mod assistants;
mod body;
mod calls;
mod carrier;
mod config;
mod credentials;
mod desk;
mod error;
mod handle;
mod lists;
mod numbers;
mod outbound;
mod player;
mod recordings;
mod shape;
mod store;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use poem::{IntoResponse, Response, Route, endpoint::BoxEndpoint, http::StatusCode, web::Json};

pub use self::{
    calls::NewCall,
    carrier::{Carried, Carrier, TwilioKeys, TwilioSecret},
    config::VapiConfig,
    handle::Impossible,
    player::{
        Answered, Ask, Era, Heard, Line, Mischief, Over, Pace, Pickup, Script, Sent, Signing, Step, ToolResult, sign,
    },
};
use self::{error::Refusal, store::State};
use super::{
    faults::Faults,
    log::RequestLog,
    stand_in::{Frame, Provider},
};

/// A handle on the running stand-in; clones share everything.
#[derive(Clone)]
pub struct Vapi {
    config: Arc<VapiConfig>,
    frame: Frame,
    state: Arc<Mutex<State>>,
    carrier: Arc<Mutex<Arc<dyn Carrier>>>,
    /// Known once the port is.
    base_url: Arc<OnceLock<String>>,
    /// Sends what calls send.
    player_http: reqwest::Client,
}

impl Vapi {
    pub(crate) fn new(config: &VapiConfig) -> Self {
        Self {
            config: Arc::new(config.clone()),
            frame: Frame::default(),
            state: Arc::default(),
            carrier: Arc::new(Mutex::new(Arc::new(carrier::Obliging))),
            base_url: Arc::default(),
            player_http: player::client(),
        }
    }

    pub(crate) fn served_at(&self, url: &str) {
        let _ = self.base_url.set(url.to_owned());
    }

    fn base_url(&self) -> String {
        self.base_url.get().cloned().unwrap_or_default()
    }

    pub fn faults(&self) -> &Faults {
        &self.frame.faults
    }

    pub fn log(&self) -> &RequestLog {
        &self.frame.log
    }

    pub fn api_key(&self) -> &str {
        &self.config.api_key
    }

    fn carrier(&self) -> Arc<dyn Carrier> {
        self.carrier.lock().expect("carrier").clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("vapi")
    }
}

impl Provider for Vapi {
    const NAME: &'static str = "vapi stand-in";

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn api(&self) -> Route {
        api::routes(self.clone())
    }

    fn desk(&self) -> BoxEndpoint<'static, Response> {
        desk::routes(self.clone())
    }

    fn is_desk(&self, path: &str) -> bool {
        let ours = path.strip_prefix("/_sandbox/").is_some_and(|rest| !matches!(rest, "faults" | "requests"));
        ours || path == "/"
    }

    fn error(&self, status: StatusCode) -> Response {
        (status, Json(Refusal::general(status).body())).into_response()
    }
}
