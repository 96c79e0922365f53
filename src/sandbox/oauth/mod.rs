//! A stand-in for logins with consent, in two faces: Google with userinfo and calendar, Microsoft with Graph's `/me`.
//!
//! The endpoints, parameters and errors of Google's token endpoint are the published ones, and so are the calendar's shapes.
//! From memory are: the rest of Google's error sentences, everything of Microsoft's (endpoints, AADSTS numbers, `/me`), that
//! a code shown once is used up whatever comes of it and ends its tokens when it is shown again, and that giving one token
//! back at Google ends all that the person agreed to. Stricter than both: PKCE must be there, and Google gives a refresh
//! token for `prompt=consent` alone. There is no `id_token`, and of Outlook's calendar nothing yet.

mod api;
mod authorize;
mod calendar;
mod config;
mod desk;
mod error;
mod face;
mod handle;
mod pages;
mod profile;
mod store;
mod token;

use std::sync::{Arc, Mutex, MutexGuard};

use poem::{IntoResponse, Response, Route, endpoint::BoxEndpoint, http::StatusCode, web::Json};

pub use self::{
    config::OAuthConfig,
    face::Face,
    handle::{Consent, Impossible},
};
use self::{error::Refusal, store::State};
use super::{
    faults::Faults,
    log::RequestLog,
    stand_in::{Frame, Provider},
};

/// A handle on the running stand-in; clones share everything.
#[derive(Clone)]
pub struct OAuth {
    face: Face,
    config: Arc<OAuthConfig>,
    frame: Frame,
    state: Arc<Mutex<State>>,
}

impl OAuth {
    pub(crate) fn new(face: Face, config: &OAuthConfig) -> Self {
        let state = State { redirect_uris: config.redirect_uris.clone(), ..State::default() };
        Self { face, config: Arc::new(config.clone()), frame: Frame::default(), state: Arc::new(Mutex::new(state)) }
    }

    pub fn face(&self) -> Face {
        self.face
    }

    pub fn faults(&self) -> &Faults {
        &self.frame.faults
    }

    pub fn log(&self) -> &RequestLog {
        &self.frame.log
    }

    pub fn client_id(&self) -> &str {
        &self.config.client_id
    }

    pub fn client_secret(&self) -> &str {
        &self.config.client_secret
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("oauth")
    }
}

impl Provider for OAuth {
    const NAME: &'static str = "oauth stand-in";

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
        ours || path == "/" || path == self.face.authorize_path()
    }

    fn error(&self, status: StatusCode) -> Response {
        (status, Json(Refusal::general(status).body(self.face))).into_response()
    }
}
