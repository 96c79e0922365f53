//! What a test, or a person at the desk, can make happen and look at.

use serde::Serialize;
use serde_json::{Map, Value, json};
use time::Duration;
use url::Url;

use super::{
    OAuth,
    authorize::{self, Ask, Wrong},
    calendar,
    error::Refusal,
    store::{Grant, State, Token},
};
use crate::sandbox::clock;

/// Why it cannot happen, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Impossible(String);

/// What a person agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consent {
    pub email: String,
    pub scopes: Vec<String>,
    pub at: String,
    /// Withdrawn, or ended because a code was shown twice.
    pub over: bool,
}

/// The person in front of the consent page.
impl OAuth {
    /// Agrees to everything. Answers where the browser goes next, code and all.
    ///
    /// # Errors
    /// When the page would not have asked.
    pub fn allow(&self, authorize_url: &str, email: &str) -> Result<Url, Impossible> {
        self.allow_without(authorize_url, email, &[])
    }

    /// Agrees, with some scopes unticked. At Microsoft nothing can be.
    ///
    /// # Errors
    /// When the page would not have asked.
    pub fn allow_without(&self, authorize_url: &str, email: &str, unticked: &[&str]) -> Result<Url, Impossible> {
        let ask = self.asked(authorize_url)?;
        let face = self.face();
        let next = ask.allowed(face, &mut self.lock(), email, |scope| unticked.contains(&scope.name));
        Url::parse(&next).map_err(|error| Impossible(error.to_string()))
    }

    /// Says no.
    ///
    /// # Errors
    /// When the page would not have asked.
    pub fn deny(&self, authorize_url: &str) -> Result<Url, Impossible> {
        let next = self.asked(authorize_url)?.denied(self.face());
        Url::parse(&next).map_err(|error| Impossible(error.to_string()))
    }

    fn asked(&self, authorize_url: &str) -> Result<Ask, Impossible> {
        let url = Url::parse(authorize_url).map_err(|error| Impossible(error.to_string()))?;
        if url.path() != self.face().authorize_path() {
            return Err(Impossible(format!("{} is no consent page.", url.path())));
        }
        self.read(url.query().unwrap_or_default()).map_err(|wrong| match wrong {
            Wrong::Said { error, what, .. } => Impossible(format!("{error}: {what}")),
            Wrong::Sent(next) => Impossible(format!("Sent to {next}")),
        })
    }

    pub(super) fn read(&self, query: &str) -> Result<Ask, Wrong> {
        let known = self.lock().redirect_uris.clone();
        authorize::read(self.face(), self.client_id(), &known, query)
    }

    /// Takes the access away that a person gave. Whether there was any.
    pub fn revoke(&self, email: &str) -> bool {
        self.lock().revoke(email)
    }
}

/// Its owner, and time.
impl OAuth {
    /// Lets people be sent back to this address, too.
    pub fn register(&self, redirect_uri: impl Into<String>) {
        self.lock().redirect_uris.push(redirect_uri.into());
    }

    /// As if ten minutes had gone by: codes that were not shown are too old.
    pub fn age_codes(&self) {
        for code in &mut self.lock().codes {
            code.expires_at = clock::now() - Duration::SECOND;
        }
    }

    /// As if an hour had gone by: access tokens are too old.
    pub fn age_access_tokens(&self) {
        for token in self.lock().tokens.values_mut() {
            token.expires_at = token.expires_at.map(|_| clock::now() - Duration::SECOND);
        }
    }
}

/// What was there before the stand-in was started.
impl OAuth {
    /// Somebody agreed to these scopes, and this refresh token came of it.
    pub fn take_up(&self, email: &str, scopes: &str, refresh_token: &str) {
        let mut state = self.lock();
        let scopes = scopes.split_ascii_whitespace().filter_map(|name| self.face().scope(name));
        let scopes = scopes.map(|scope| scope.name).collect();
        state.grants.push(Grant { email: email.to_owned(), scopes, at: clock::now(), over: false });
        let grant = state.grants.len() - 1;
        state.tokens.insert(refresh_token.to_owned(), Token { grant, expires_at: None });
    }
}

/// What it knows.
impl OAuth {
    /// Every consent that was given, oldest first.
    pub fn consents(&self) -> Vec<Consent> {
        let state = self.lock();
        let consent = |grant: &Grant| Consent {
            email: grant.email.clone(),
            scopes: grant.scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            at: clock::iso(grant.at),
            over: grant.over,
        };
        state.grants.iter().map(consent).collect()
    }

    /// Whether a refresh token would be taken.
    pub fn takes(&self, refresh_token: &str) -> bool {
        self.lock().by_refresh_token(refresh_token).is_some()
    }

    /// Somebody's events, those that were deleted included.
    pub fn events(&self, email: &str) -> Vec<Value> {
        calendar::in_state(&self.lock(), email).to_vec()
    }

    /// Somebody enters an appointment by hand.
    ///
    /// # Errors
    /// When the times are none.
    pub fn add_event(&self, email: &str, start: &str, end: &str, summary: &str) -> Result<Value, Impossible> {
        let fields = json!({ "start": { "dateTime": start }, "end": { "dateTime": end }, "summary": summary });
        let fields = fields.as_object().cloned().unwrap_or_else(Map::new);
        calendar::person_adds(&mut self.lock(), email, &fields).map_err(|refusal| match refusal {
            Refusal::Token { description, .. } => Impossible(description),
            Refusal::Api { message, .. } => Impossible(message),
        })
    }

    /// Forgets everything except where people may be sent back to.
    pub fn clear(&self) {
        let mut state = self.lock();
        let redirect_uris = std::mem::take(&mut state.redirect_uris);
        *state = State { redirect_uris, ..State::default() };
    }
}
