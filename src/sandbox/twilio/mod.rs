//! A stand-in for Twilio: accounts, numbers, caller IDs and calls with books of their own, and no telephone network.
//!
//! Calls happen in the stand-in's time, which a test moves on. What it does not do: fetch TwiML, call the `VoiceUrl` of a number
//! that is called, read the TwiML a message is answered with, or know API keys.
//!
//! Shapes, parameters, codes and signatures are Twilio's as published. From memory, or as its users report it, are: the wording
//! of refusals, what a country asks for and what numbers cost, that a number given back is kept for who had it, that buying
//! one's own number again changes it, that a call hung up before anybody answered is `canceled`, how long a code is waited
//! for and that a wrong one ends the call, and that an account which is not active is refused with 401 and 20005.

mod accounts;
mod api;
mod available;
mod books;
mod callbacks;
mod caller_ids;
mod calls;
mod carrier;
mod config;
mod desk;
mod error;
mod handle;
mod inventory;
mod lists;
mod messages;
mod numbers;
mod pages;
mod params;
mod pattern;
mod phones;
mod render;
mod store;

use std::sync::{Arc, Mutex, MutexGuard};

use poem::{Response, Route, endpoint::BoxEndpoint, http::StatusCode};

pub use self::{
    books::{AccountBook, Books, CallBook, CallerIdBook, NumberBook},
    callbacks::sign,
    config::TwilioConfig,
    handle::{Credentials, Impossible, PendingValidation},
    inventory::Kind,
    messages::Texts,
    phones::Phone,
    store::{AccountStatus, CallStatus},
};
use self::{
    callbacks::Messenger,
    error::{Outcome, Refusal},
    store::State,
};
use super::{
    faults::Faults,
    log::RequestLog,
    stand_in::{Frame, Provider},
};

/// Papers that are approved from the beginning, in every country.
pub const BUNDLE: &str = "BU5a0db0c0ffee5a0db0c0ffee5a0db0c0";
pub const ADDRESS: &str = "AD5a0db0c0ffee5a0db0c0ffee5a0db0c0";

/// A handle on the running stand-in; clones share everything.
#[derive(Clone)]
pub struct Twilio {
    config: Arc<TwilioConfig>,
    frame: Frame,
    messenger: Messenger,
    state: Arc<Mutex<State>>,
    listener: Arc<Mutex<Option<Listener>>>,
}

/// Is told the SID of each call that ended, and whether its account ended it.
type Listener = Box<dyn Fn(&str, bool) + Send + Sync>;

impl Twilio {
    pub(crate) fn new(config: &TwilioConfig) -> Self {
        let frame = Frame::default();
        Self {
            messenger: Messenger::new(&frame),
            state: Arc::new(Mutex::new(State::new(config))),
            config: Arc::new(config.clone()),
            frame,
            listener: Arc::default(),
        }
    }

    pub fn faults(&self) -> &Faults {
        &self.frame.faults
    }

    pub fn log(&self) -> &RequestLog {
        &self.frame.log
    }

    pub fn account_sid(&self) -> &str {
        &self.config.account_sid
    }

    pub fn auth_token(&self) -> &str {
        &self.config.auth_token
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("twilio")
    }

    /// Does one thing, after all that had to happen before, and posts what it leads to.
    fn act<T>(&self, work: impl FnOnce(&mut State) -> Outcome<T>) -> Outcome<T> {
        let mut state = self.lock();
        state.catch_up();
        let result = work(&mut state);
        let letters = std::mem::take(&mut state.outbox);
        self.messenger.take(letters);
        let ended = std::mem::take(&mut state.ended);
        drop(state);
        if let Some(listener) = self.listener.lock().expect("listener").as_ref() {
            ended.iter().for_each(|(sid, by_its_account)| listener(sid, *by_its_account));
        }
        result
    }

    /// Who hears of calls that end, besides their accounts.
    pub(crate) fn tells(&self, listener: impl Fn(&str, bool) + Send + Sync + 'static) {
        *self.listener.lock().expect("listener") = Some(Box::new(listener));
    }
}

impl Provider for Twilio {
    const NAME: &'static str = "twilio stand-in";

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
        path == "/" || path.strip_prefix("/_sandbox/").is_some_and(|rest| !matches!(rest, "faults" | "requests"))
    }

    fn error(&self, status: StatusCode) -> Response {
        api::refused(&Refusal::general(status))
    }
}
