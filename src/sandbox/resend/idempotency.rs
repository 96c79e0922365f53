//! `Idempotency-Key` as Resend keeps it: per endpoint, for 24 hours, bound to the payload.

use std::collections::HashMap;

use poem::http::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::error::Refusal;

const KEPT_FOR: Duration = Duration::hours(24);
const LONGEST: usize = 256;
const SWEPT_EVERY: Duration = Duration::minutes(10);

#[derive(Debug)]
struct Entry {
    payload: [u8; 32],
    since: OffsetDateTime,
    /// None while the first request is being worked on.
    answer: Option<Value>,
}

impl Entry {
    fn is_valid(&self, now: OffsetDateTime) -> bool {
        now - self.since < KEPT_FOR
    }
}

#[derive(Debug)]
pub(crate) struct Keys {
    known: HashMap<(&'static str, String), Entry>,
    swept: OffsetDateTime,
}

impl Default for Keys {
    fn default() -> Self {
        Self { known: HashMap::new(), swept: OffsetDateTime::now_utc() }
    }
}

pub(crate) enum Claim {
    /// Nobody has used the key: it is this request's until `done` or `abandon`.
    Fresh,
    /// The same request was answered before, like this.
    Known(Value),
}

impl Keys {
    pub(crate) fn claim(
        &mut self,
        endpoint: &'static str,
        key: &str,
        payload: &Value,
        now: OffsetDateTime,
    ) -> Result<Claim, Refusal> {
        if key.is_empty() || key.len() > LONGEST {
            let message = "The key must be between 1-256 chars.";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "invalid_idempotency_key", message));
        }
        if now - self.swept >= SWEPT_EVERY {
            self.known.retain(|_, entry| entry.is_valid(now));
            self.swept = now;
        }
        let payload = Sha256::digest(payload.to_string()).into();
        match self.known.get(&(endpoint, key.to_owned())).filter(|entry| entry.is_valid(now)) {
            None => {
                self.known.insert((endpoint, key.to_owned()), Entry { payload, since: now, answer: None });
                Ok(Claim::Fresh)
            }
            Some(entry) if entry.payload != payload => Err(Refusal::new(
                StatusCode::CONFLICT,
                "invalid_idempotent_request",
                "Same idempotency key used with a different request payload.",
            )),
            Some(Entry { answer: Some(answer), .. }) => Ok(Claim::Known(answer.clone())),
            Some(_) => Err(Refusal::new(
                StatusCode::CONFLICT,
                "concurrent_idempotent_requests",
                "Same idempotency key used while original request is still in progress.",
            )),
        }
    }

    pub(crate) fn done(&mut self, endpoint: &'static str, key: &str, answer: Value) {
        if let Some(entry) = self.known.get_mut(&(endpoint, key.to_owned())) {
            entry.answer = Some(answer);
        }
    }

    /// Refused requests leave no key behind: the caller may correct them and use it again.
    pub(crate) fn abandon(&mut self, endpoint: &'static str, key: &str) {
        self.known.remove(&(endpoint, key.to_owned()));
    }

    pub(crate) fn clear(&mut self) {
        self.known.clear();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_is_free_again_after_a_day() {
        let start = OffsetDateTime::now_utc();
        let mut keys = Keys::default();
        assert!(matches!(keys.claim("/emails", "key", &json!(1), start), Ok(Claim::Fresh)));
        keys.done("/emails", "key", json!({ "id": "a" }));
        let almost = start + KEPT_FOR - Duration::seconds(1);
        assert!(matches!(keys.claim("/emails", "key", &json!(1), almost), Ok(Claim::Known(_))));
        assert!(matches!(keys.claim("/emails/batch", "key", &json!(2), almost), Ok(Claim::Fresh)));
        assert!(matches!(keys.claim("/emails", "key", &json!(2), start + KEPT_FOR), Ok(Claim::Fresh)));
    }
}
