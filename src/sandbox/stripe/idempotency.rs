//! `Idempotency-Key` as Stripe keeps it: for the account, for 24 hours, bound to the endpoint and its parameters.

use std::collections::HashMap;

use poem::http::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::error::Refusal;

const KEPT_FOR: Duration = Duration::hours(24);
const LONGEST: usize = 255;

/// An answer as it was first given.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Saved {
    pub(super) status: StatusCode,
    pub(super) body: Value,
    pub(super) request_id: String,
}

#[derive(Debug)]
struct Entry {
    path: String,
    parameters: [u8; 32],
    since: OffsetDateTime,
    /// None while the first request is being worked on.
    answer: Option<Saved>,
}

#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<String, Entry>);

pub(super) enum Claim {
    /// Nobody has used the key: it is this request's until `done` or `abandon`.
    Fresh,
    Known(Saved),
}

impl Keys {
    pub(super) fn claim(
        &mut self,
        path: &str,
        key: &str,
        parameters: &Value,
        now: OffsetDateTime,
    ) -> Result<Claim, Refusal> {
        if key.is_empty() || key.chars().count() > LONGEST {
            return Err(Refusal::idempotency("Idempotency keys must be between 1 and 255 characters long."));
        }
        self.0.retain(|_, entry| now - entry.since < KEPT_FOR);
        let parameters = Sha256::digest(sorted(parameters).to_string()).into();
        match self.0.get(key) {
            None => {
                let entry = Entry { path: path.to_owned(), parameters, since: now, answer: None };
                self.0.insert(key.to_owned(), entry);
                Ok(Claim::Fresh)
            }
            Some(entry) if entry.path != path => Err(Refusal::idempotency(format!(
                "Keys for idempotent requests can only be used for the same endpoint they were first used for ('{}' vs \
                 '{path}'). Try using a key other than '{key}' if you meant to execute a different request.",
                entry.path
            ))),
            Some(entry) if entry.parameters != parameters => Err(Refusal::idempotency(format!(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. Try \
                 using a key other than '{key}' if you meant to execute a different request."
            ))),
            Some(Entry { answer: Some(answer), .. }) => Ok(Claim::Known(answer.clone())),
            Some(_) => Err(Refusal::key_in_use(key)),
        }
    }

    pub(super) fn done(&mut self, key: &str, answer: Saved) {
        if let Some(entry) = self.0.get_mut(key) {
            entry.answer = Some(answer);
        }
    }

    /// Nothing was begun: the caller may correct the request and use the key again.
    pub(super) fn abandon(&mut self, key: &str) {
        self.0.remove(key);
    }
}

/// The order of parameters means nothing.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            pairs.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(pairs.into_iter().collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_is_free_again_after_a_day() {
        let start = OffsetDateTime::now_utc();
        let saved = Saved { status: StatusCode::OK, body: json!({ "id": "a" }), request_id: "req_1".into() };
        let mut keys = Keys::default();
        assert!(matches!(keys.claim("/v1/refunds", "key", &json!({ "a": "1", "b": "2" }), start), Ok(Claim::Fresh)));
        keys.done("key", saved);
        let almost = start + KEPT_FOR - Duration::seconds(1);
        let same = json!({ "b": "2", "a": "1" });
        assert!(matches!(keys.claim("/v1/refunds", "key", &same, almost), Ok(Claim::Known(_))));
        assert!(keys.claim("/v1/customers", "key", &same, almost).is_err());
        assert!(keys.claim("/v1/refunds", "key", &json!({ "a": "1" }), almost).is_err());
        assert!(matches!(keys.claim("/v1/refunds", "key", &json!({ "a": "1" }), start + KEPT_FOR), Ok(Claim::Fresh)));
    }
}
