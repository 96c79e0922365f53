//! Everything the stand-in remembers: who agreed to what, and the codes and tokens that came of it.

use std::collections::BTreeMap;

use rand::{Rng, distr::Alphanumeric};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::face::Face;
use crate::sandbox::clock;

/// Of a code. Nobody takes longer.
pub(super) const CODE_LIVES: Duration = Duration::minutes(10);
pub(super) const ACCESS_LIVES: Duration = Duration::seconds(3_599);

/// That a person agreed, once.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) email: String,
    pub(super) scopes: Vec<&'static str>,
    pub(super) at: OffsetDateTime,
    pub(super) over: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) text: String,
    pub(super) grant: usize,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) expires_at: OffsetDateTime,
    pub(super) used: bool,
    /// A refresh token goes with it.
    pub(super) lasting: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) grant: usize,
    /// None: a refresh token.
    pub(super) expires_at: Option<OffsetDateTime>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) grants: Vec<Grant>,
    pub(super) codes: Vec<Code>,
    pub(super) tokens: BTreeMap<String, Token>,
    /// By calendar, which is the account's address; oldest first.
    pub(super) events: BTreeMap<String, Vec<Value>>,
    pub(super) redirect_uris: Vec<String>,
}

impl State {
    /// The live grants of somebody.
    pub(super) fn grants_of(&self, email: &str) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.email == email && !grant.over)
    }

    /// Ends everything a person agreed to. Whether there was anything.
    pub(super) fn revoke(&mut self, email: &str) -> bool {
        let theirs = self.grants.iter_mut().filter(|grant| grant.email == email && !grant.over);
        theirs.map(|grant| grant.over = true).count() > 0
    }

    pub(super) fn give_access_token(&mut self, face: Face, grant: usize) -> String {
        let token = face.access_token();
        let expires_at = Some(clock::now() + ACCESS_LIVES);
        self.tokens.insert(token.clone(), Token { grant, expires_at });
        token
    }

    pub(super) fn give_refresh_token(&mut self, face: Face, grant: usize) -> String {
        let token = face.refresh_token();
        self.tokens.insert(token.clone(), Token { grant, expires_at: None });
        token
    }

    /// The grant of a refresh token that works.
    pub(super) fn by_refresh_token(&self, token: &str) -> Option<usize> {
        let known = self.tokens.get(token).filter(|token| token.expires_at.is_none())?;
        (!self.grants[known.grant].over).then_some(known.grant)
    }

    /// The grant of an access token that works.
    pub(super) fn by_access_token(&self, token: &str) -> Option<&Grant> {
        let known = self.tokens.get(token)?;
        let lives = known.expires_at.is_some_and(|end| end > clock::now());
        Some(&self.grants[known.grant]).filter(|grant| lives && !grant.over)
    }
}

pub(super) fn letters(length: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect()
}
