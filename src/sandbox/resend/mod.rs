//! A stand-in for Resend: emails in, events out, nobody bothered.

mod api;
mod check;
mod config;
mod error;
mod events;
mod idempotency;
mod mail;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use poem::{EndpointExt, IntoResponse, Response, Route, endpoint::BoxEndpoint, http::StatusCode};
use time::OffsetDateTime;
use tokio::sync::watch;
use uuid::Uuid;

pub use self::{
    config::ResendConfig,
    events::Outcome,
    mail::{Happening, Mail},
};
use self::{error::Refusal, events::Coming, idempotency::Keys, mail::address_of};
use super::{
    clock,
    faults::{Faults, Misbehaviour},
    inbox,
    log::RequestLog,
    stand_in::{Frame, Provider},
    svix::{Attempt, Courier, Letter},
};

/// As many as fit on a developer's screen many times over; the oldest go first.
const KEPT: usize = 2_000;

#[derive(Default)]
struct State {
    mails: Vec<Mail>,
    keys: Keys,
    suppressed: HashMap<String, &'static str>,
    /// The current second and how many requests it has seen.
    window: (i64, u32),
}

/// A handle on the running stand-in; clones share everything.
#[derive(Clone)]
pub struct Resend {
    config: Arc<ResendConfig>,
    frame: Frame,
    courier: Courier,
    state: Arc<Mutex<State>>,
    changes: watch::Sender<u64>,
}

impl Resend {
    pub(crate) fn new(config: &ResendConfig) -> Self {
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
            changes: watch::Sender::new(0),
        }
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

    pub fn webhook_secret(&self) -> &str {
        &self.config.webhook_secret
    }

    /// The endpoint is often known only after the stand-in runs.
    pub fn send_webhooks_to(&self, url: impl Into<String>) {
        self.courier.aim_at(Some(url.into()));
    }

    /// Everything sent so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.state.lock().expect("resend").mails.clone()
    }

    pub fn mail(&self, id: Uuid) -> Option<Mail> {
        self.state.lock().expect("resend").mails.iter().find(|mail| mail.id == id).cloned()
    }

    pub fn attempts(&self, id: Uuid) -> Vec<Attempt> {
        self.courier.attempts_about(id)
    }

    /// Counts every change, so that a page or a test knows when to look again.
    pub fn version(&self) -> u64 {
        *self.changes.borrow()
    }

    /// The first email that passes, as soon as there is one. Callers bring their own deadline.
    pub async fn mail_where(&self, passes: impl Fn(&Mail) -> bool) -> Mail {
        let mut changes = self.changes.subscribe();
        loop {
            changes.borrow_and_update();
            let found = self.state.lock().expect("resend").mails.iter().find(|mail| passes(mail)).cloned();
            if let Some(mail) = found {
                return mail;
            }
            // The sender lives as long as this handle.
            let _ = changes.changed().await;
        }
    }

    /// The first email to this address, as soon as there is one.
    pub async fn mail_to(&self, address: &str) -> Mail {
        self.mail_where(|mail| mail.is_to(address)).await
    }

    /// Forgets emails, keys and suppressed addresses.
    pub fn clear(&self) {
        let mut state = self.state.lock().expect("resend");
        state.mails.clear();
        state.keys.clear();
        state.suppressed.clear();
        drop(state);
        self.courier.forget();
        self.changed();
    }

    /// Makes something happen to an email by hand and tells of it by webhook. False: no such email.
    pub async fn simulate(&self, id: Uuid, outcome: Outcome) -> bool {
        let Some(mail) = self.mail(id) else { return false };
        let coming = Coming { kind: outcome.event(), to: mail.to.clone(), reason: None };
        if let Some(letter) = self.happen(id, &coming) {
            self.courier.send(letter).await;
            self.changed();
        }
        true
    }

    fn changed(&self) {
        self.changes.send_modify(|version| *version += 1);
    }

    fn take_in(&self, mails: Vec<Mail>) {
        let mut lives = Vec::new();
        let mut state = self.state.lock().expect("resend");
        for mail in mails {
            lives.push((mail.id, events::life_of(&mail, |address| state.suppressed.get(address).copied())));
            if state.mails.len() == KEPT {
                state.mails.remove(0);
            }
            state.mails.push(mail);
        }
        drop(state);
        self.changed();
        for (id, life) in lives {
            let resend = self.clone();
            self.frame.spawn(async move { resend.live(id, life).await });
        }
    }

    async fn live(&self, id: Uuid, life: Vec<Coming>) {
        let reorder = life
            .iter()
            .any(|coming| self.faults().take(coming.kind, |what| *what == Misbehaviour::ReorderWebhooks).is_some());
        let mut held_back = Vec::new();
        for (step, coming) in life.iter().enumerate() {
            if step > 0 {
                tokio::time::sleep(self.config.delivery_delay).await;
            }
            let Some(letter) = self.happen(id, coming) else { return };
            match reorder {
                true => held_back.push(letter),
                false => self.courier.send(letter).await,
            }
            self.changed();
        }
        for letter in held_back.into_iter().rev() {
            self.courier.send(letter).await;
            self.changed();
        }
    }

    /// Writes down that something happened. None when the email was cleared away meanwhile.
    fn happen(&self, id: Uuid, coming: &Coming) -> Option<Letter> {
        let at = clock::now();
        let mut state = self.state.lock().expect("resend");
        let reason = match coming.kind {
            "email.bounced" => Some("previous_bounce"),
            "email.complained" => Some("previous_complaint"),
            _ => None,
        };
        if let Some(reason) = reason {
            for address in coming.to.iter().filter_map(|written| address_of(written)) {
                // The test addresses stay usable whatever happened to them.
                if !address.ends_with("@resend.dev") {
                    state.suppressed.insert(address, reason);
                }
            }
        }
        let mail = state.mails.iter_mut().find(|mail| mail.id == id)?;
        let letter = Letter::new(id, coming.kind, &events::body(mail, coming, at));
        mail.last_event = coming.kind.trim_start_matches("email.").to_owned();
        mail.events.push(Happening {
            kind: coming.kind,
            at,
            svix_id: letter.id.clone(),
            detail: events::detail(coming.kind).map(str::to_owned),
        });
        drop(state);
        self.changed();
        Some(letter)
    }

    /// How many requests are left in this second, or that there are none.
    fn admit(&self, now: OffsetDateTime) -> Result<Option<u32>, Refusal> {
        let Some(limit) = self.config.requests_per_second else { return Ok(None) };
        let mut state = self.state.lock().expect("resend");
        if state.window.0 != now.unix_timestamp() {
            state.window = (now.unix_timestamp(), 0);
        }
        if state.window.1 >= limit {
            return Err(Refusal::general(StatusCode::TOO_MANY_REQUESTS));
        }
        state.window.1 += 1;
        Ok(Some(limit - state.window.1))
    }
}

impl Provider for Resend {
    const NAME: &'static str = "resend stand-in";

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn api(&self) -> Route {
        api::routes(self.clone())
    }

    fn desk(&self) -> BoxEndpoint<'static, Response> {
        inbox::mount(Route::new(), "/").data(self.clone()).map_to_response().boxed()
    }

    fn is_desk(&self, path: &str) -> bool {
        path == "/" || path.starts_with("/api/email-testing")
    }

    fn error(&self, status: StatusCode) -> Response {
        Refusal::general(status).into_response()
    }
}
