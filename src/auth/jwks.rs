//! Published signing keys, fetched when first needed and again when a token names one that is not among them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jsonwebtoken::{Algorithm, DecodingKey, jwk::JwkSet};
use tokio::sync::RwLock;
use url::Url;

use crate::error::{Error, Result};

/// An unknown key id makes us ask again at most this often, whoever sends it.
const REFETCH_PAUSE: Duration = Duration::from_secs(30);
/// Withdrawn keys are forgotten after this long.
const MAX_AGE: Duration = Duration::from_secs(600);

pub struct Jwks {
    url: Url,
    http: reqwest::Client,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    keys: Arc<Vec<jsonwebtoken::jwk::Jwk>>,
    asked_at: Option<Instant>,
    fetched_at: Option<Instant>,
}

impl Jwks {
    pub fn new(url: Url, http: reqwest::Client) -> Self {
        Self { url, http, known: RwLock::default() }
    }

    pub async fn key(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<DecodingKey> {
        let known = self.known.read().await;
        let fresh = known.fetched_at.is_some_and(|at| at.elapsed() < MAX_AGE);
        if let (true, Some(key)) = (fresh, find(&known.keys, kid, algorithm)) {
            return Ok(key);
        }
        drop(known);
        self.refetch().await;
        let known = self.known.read().await;
        if known.fetched_at.is_none() {
            return Err(Error::code("not_available").retry_after(5).because(anyhow::anyhow!("no signing keys yet")));
        }
        find(&known.keys, kid, algorithm)
            .ok_or_else(|| Error::code("invalid_token").because(anyhow::anyhow!("a token signed with an unknown key")))
    }

    /// A failure keeps the keys we have: the publisher being away must not sign everyone out.
    async fn refetch(&self) {
        let mut known = self.known.write().await;
        if known.asked_at.is_some_and(|at| at.elapsed() < REFETCH_PAUSE) {
            return;
        }
        known.asked_at = Some(Instant::now());
        match self.fetch().await {
            Ok(set) => {
                known.keys = Arc::new(set.keys);
                known.fetched_at = Some(Instant::now());
            }
            Err(error) => tracing::error!(%error, url = %self.url, "the signing keys could not be fetched"),
        }
    }

    async fn fetch(&self) -> reqwest::Result<JwkSet> {
        let request = self.http.get(self.url.clone()).timeout(Duration::from_secs(5));
        request.send().await?.error_for_status()?.json().await
    }
}

fn find(keys: &[jsonwebtoken::jwk::Jwk], kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
    let named = keys.iter().find(|key| match kid {
        Some(kid) => key.common.key_id.as_deref() == Some(kid),
        None => keys.len() == 1,
    })?;
    let fits = named.common.key_algorithm.is_none_or(|known| known.to_string() == format!("{algorithm:?}"));
    fits.then(|| DecodingKey::from_jwk(named).ok()).flatten()
}
