//! What happens to an email after it was taken, and the webhooks that tell of it.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::mail::{Mail, address_of};
use crate::sandbox::clock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Deliver,
    Bounce,
    Complain,
    Suppress,
}

impl Outcome {
    /// What Resend's test addresses stand for; every other address receives its mail.
    pub(crate) fn of_address(address: &str) -> Self {
        let Some((local, "resend.dev")) = address.split_once('@') else { return Self::Deliver };
        match local.split('+').next() {
            Some("bounced") => Self::Bounce,
            Some("complained") => Self::Complain,
            Some("suppressed") => Self::Suppress,
            _ => Self::Deliver,
        }
    }

    pub(crate) fn event(self) -> &'static str {
        match self {
            Self::Deliver => "email.delivered",
            Self::Bounce => "email.bounced",
            Self::Complain => "email.complained",
            Self::Suppress => "email.suppressed",
        }
    }
}

/// An event that is about to happen to some recipients of an email.
#[derive(Debug, Clone)]
pub(crate) struct Coming {
    pub(crate) kind: &'static str,
    pub(crate) to: Vec<String>,
    pub(crate) reason: Option<&'static str>,
}

/// The life of an email from here on, in order. `known_reason` says why an address is already suppressed.
///
/// A suppressed recipient gets `email.suppressed` and no `email.sent`: nothing was handed to a mail server. Whether the
/// real one sends both is not documented.
pub(crate) fn life_of(mail: &Mail, known_reason: impl Fn(&str) -> Option<&'static str>) -> Vec<Coming> {
    let mut suppressed = Vec::new();
    let mut groups: Vec<(Outcome, Vec<String>)> = Vec::new();
    for written in mail.everyone() {
        let Some(address) = address_of(written) else { continue };
        let outcome = Outcome::of_address(&address);
        if outcome == Outcome::Suppress || known_reason(&address).is_some() {
            suppressed.push((written.clone(), known_reason(&address).unwrap_or("previous_bounce")));
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, members)) => members.push(written.clone()),
            None => groups.push((outcome, vec![written.clone()])),
        }
    }
    let mut coming = Vec::new();
    let sent: Vec<String> = groups.iter().flat_map(|(_, members)| members.clone()).collect();
    if !sent.is_empty() {
        coming.push(Coming { kind: "email.sent", to: sent, reason: None });
    }
    for (outcome, members) in groups {
        if outcome == Outcome::Complain {
            coming.push(Coming { kind: Outcome::Deliver.event(), to: members.clone(), reason: None });
        }
        coming.push(Coming { kind: outcome.event(), to: members, reason: None });
    }
    for (member, reason) in suppressed {
        coming.push(Coming { kind: Outcome::Suppress.event(), to: vec![member], reason: Some(reason) });
    }
    coming
}

/// The webhook's body, by the official event schemas.
pub(crate) fn body(mail: &Mail, coming: &Coming, at: OffsetDateTime) -> Value {
    let mut data = Map::new();
    data.insert("email_id".into(), json!(mail.id));
    data.insert("created_at".into(), json!(clock::iso(mail.created_at)));
    data.insert("from".into(), json!(mail.from));
    data.insert("to".into(), json!(coming.to));
    data.insert("subject".into(), json!(mail.subject));
    if !mail.tags.is_empty() {
        let tags: Map<_, _> = mail.tags.iter().map(|tag| (tag.name.clone(), json!(tag.value))).collect();
        data.insert("tags".into(), Value::Object(tags));
    }
    if !mail.headers.is_empty() {
        data.insert("headers".into(), json!(mail.headers));
    }
    match coming.kind {
        "email.bounced" => {
            data.insert(
                "bounce".into(),
                json!({
                    "type": "Permanent",
                    "subType": "General",
                    "message": detail(coming.kind),
                    "diagnosticCode": ["smtp; 550 5.1.1 user unknown"],
                }),
            );
        }
        "email.suppressed" => {
            data.insert(
                "suppressed".into(),
                json!({
                    "type": "OnAccountSuppressionList",
                    "reason": coming.reason.unwrap_or("previous_bounce"),
                    "message": detail(coming.kind),
                    "diagnosticCode": [],
                }),
            );
        }
        _ => {}
    }
    json!({ "type": coming.kind, "created_at": clock::iso(at), "data": data })
}

/// A sentence for the events that need one.
pub(crate) fn detail(kind: &str) -> Option<&'static str> {
    match kind {
        "email.bounced" => Some("The recipient's mail server permanently rejected the email."),
        "email.suppressed" => Some("The address is on the suppression list, so the email was not sent to it."),
        _ => None,
    }
}
