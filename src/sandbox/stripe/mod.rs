//! A stand-in for Stripe: Checkout, saved cards, refunds and disputes with books of their own, and no money.

mod api;
mod books;
mod card;
mod checkout;
mod config;
mod courier;
mod customers;
mod desk;
mod disputes;
mod error;
mod form;
mod handle;
mod idempotency;
mod lists;
mod objects;
mod pages;
mod payments;
mod refunds;
mod shapes;
mod store;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, OnceLock},
};

use poem::{IntoResponse, Response, Route, endpoint::BoxEndpoint, http::StatusCode, web::Json};
use serde_json::Value;

pub use self::{
    books::{Books, PaymentBook, Totals},
    card::Card,
    checkout::Payment,
    config::StripeConfig,
    courier::{Attempt, sign},
    disputes::Turn,
    handle::Impossible,
};
use self::{
    courier::Courier,
    error::{Outcome, Refusal},
    store::{Cause, State},
};
use super::{
    faults::Faults,
    log::RequestLog,
    stand_in::{Frame, Provider},
};

/// The version of Stripe's API that is spoken here, and no other.
pub const VERSION: &str = "2026-10-28.endive";

/// A handle on the running stand-in; clones share everything.
#[derive(Clone)]
pub struct Stripe {
    config: Arc<StripeConfig>,
    frame: Frame,
    courier: Courier,
    state: Arc<Mutex<State>>,
    /// Known once the port is.
    base_url: Arc<OnceLock<String>>,
    /// For each of the next requests that change something: whether it is done before it breaks.
    breaks: Arc<Mutex<VecDeque<bool>>>,
}

impl Stripe {
    pub(crate) fn new(config: &StripeConfig) -> Self {
        let frame = Frame::default();
        Self {
            courier: Courier::new(
                frame.clone(),
                config.webhook_url.clone(),
                &config.webhook_secret,
                config.webhook_time_scale,
            ),
            config: Arc::new(config.clone()),
            frame,
            state: Arc::default(),
            base_url: Arc::default(),
            breaks: Arc::default(),
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

    pub fn secret_key(&self) -> &str {
        &self.config.secret_key
    }

    pub fn webhook_secret(&self) -> &str {
        &self.config.webhook_secret
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("stripe")
    }

    /// Does one thing and sends its events, in the order in which things are done.
    fn act<T>(&self, cause: Cause, work: impl FnOnce(&mut State) -> Outcome<T>) -> Outcome<T> {
        let mut state = self.lock();
        state.cause = cause;
        let result = work(&mut state);
        let events = std::mem::take(&mut state.outbox);
        self.courier.take(&events);
        result
    }

    fn next_break(&self) -> Option<bool> {
        self.breaks.lock().expect("breaks").pop_front()
    }
}

impl Provider for Stripe {
    const NAME: &'static str = "stripe stand-in";

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
        ours || path == "/" || path.starts_with("/c/pay/")
    }

    fn error(&self, status: StatusCode) -> Response {
        let refusal = Refusal::general(status);
        let request_id = store::new_id("req_", 14);
        let body: Value = refusal.body(&request_id);
        (status, Json(body)).with_header("request-id", request_id).into_response()
    }
}
