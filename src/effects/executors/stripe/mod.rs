//! Stripe's API: one small client, and an executor a kind.
//!
//! Whatever makes something carries an `Idempotency-Key` that is the same for every attempt, so an answer that was lost
//! makes nothing twice. Stripe forgets keys after a day; what may be repeated later than that looks first.

mod answer;
mod charge;
mod checkout;
mod refunds;

use std::time::Duration;

use poem::http::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use self::answer::{Trouble, judge};
pub use self::{charge::StripeCharge, checkout::StripeCheckout, refunds::StripeRefunds};
use super::encoded;
use crate::config;

/// The version whose shapes are read here. The webhook endpoint is made with the same one.
pub const VERSION: &str = "2026-10-28.endive";

/// A card's issuer takes its time; the effect's own time-out is the outer limit.
const ANSWER_WITHIN: Duration = Duration::from_secs(25);
/// The most Stripe puts on one page.
const PAGE: &str = "100";

/// What a form holds: names with Stripe's brackets, values as text.
type Form<'a> = Vec<(&'a str, String)>;

#[derive(Clone)]
pub struct Stripe {
    http: reqwest::Client,
    base_url: String,
    secret_key: Option<SecretString>,
}

impl Stripe {
    pub fn new(config: &config::Stripe, http: reqwest::Client) -> Self {
        let base_url = format!("{}/v1", config.base_url.as_str().trim_end_matches('/'));
        Self { http, base_url, secret_key: config.secret_key.clone() }
    }

    /// Makes something, once for each key.
    async fn post(&self, path: &str, form: &[(&str, String)], idempotency_key: &str) -> Result<Value, Trouble> {
        let request = self.http.post(format!("{}/{path}", self.base_url));
        let request = request
            .header("idempotency-key", idempotency_key)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(encoded(form));
        self.send(request).await
    }

    async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value, Trouble> {
        self.send(self.http.get(format!("{}/{path}?{}", self.base_url, encoded(query)))).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, Trouble> {
        let Some(key) = &self.secret_key else {
            return Err(Trouble::Never("STRIPE_SECRET_KEY is missing, so Stripe cannot be asked.".to_owned()));
        };
        let request = request.timeout(ANSWER_WITHIN).bearer_auth(key.expose_secret()).header("stripe-version", VERSION);
        match request.send().await {
            Ok(answer) => judge(answer).await,
            Err(error) => Err(Trouble::unanswered(error)),
        }
    }

    /// Walks a list, newest first, page after page until it ends or something is found.
    async fn walk<T>(
        &self,
        path: &str,
        filter: (&str, &str),
        mut found: impl FnMut(Value) -> Option<T>,
    ) -> Result<Option<T>, Trouble> {
        let mut query: Form = vec![(filter.0, filter.1.to_owned()), ("limit", PAGE.to_owned())];
        loop {
            let mut page = self.get(path, &query).await?;
            let more = page["has_more"] == json!(true);
            let Value::Array(items) = page["data"].take() else {
                return Err(Trouble::later("Stripe answered a list that is none."));
            };
            let last = items.last().and_then(|item| item["id"].as_str()).map(str::to_owned);
            if let Some(found) = items.into_iter().find_map(&mut found) {
                return Ok(Some(found));
            }
            let Some(last) = last.filter(|_| more) else { return Ok(None) };
            query.truncate(2);
            query.push(("starting_after", last));
        }
    }
}

/// Some of an object's fields, null where it has none.
fn picked(object: &Value, names: &[&str]) -> Value {
    let field = |name: &&str| (name.to_string(), object.get(name).cloned().unwrap_or_default());
    Value::Object(names.iter().map(field).collect::<Map<_, _>>())
}
