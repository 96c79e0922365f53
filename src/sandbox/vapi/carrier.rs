//! What Vapi asks Twilio when it is given somebody's account: only the account's keys can tell whether a number is theirs.

use super::Pickup;

/// The keys to a Twilio account, as they are given to Vapi.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwilioKeys {
    pub account_sid: String,
    pub secret: TwilioSecret,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwilioSecret {
    AuthToken(String),
    ApiKey { key: String, secret: String },
}

/// What became of a number that was to be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    TakenOver,
    WrongKeys,
    NoSuchNumber,
}

/// Twilio, as Vapi meets it. It is asked beside its own requests and faults: what Vapi does there is no request of ours.
pub trait Carrier: Send + Sync {
    fn lets_in(&self, keys: &TwilioKeys) -> bool;

    /// Points the number's calls at Vapi, and its messages with `sms`.
    fn take_over(&self, keys: &TwilioKeys, number: &str, sms: bool) -> Carried;

    /// Whether calls can be made from this number with these keys: one of the account's, or a caller ID it verified.
    fn may_call_from(&self, keys: &TwilioKeys, _number: &str) -> Carried {
        if self.lets_in(keys) { Carried::TakenOver } else { Carried::WrongKeys }
    }

    /// A call reaches a number of this account. Answers the SID it has there; none where nobody keeps calls.
    fn arrives(&self, _account: &str, _from: &str, _to: &str) -> Option<String> {
        None
    }

    /// Vapi calls from a number of this account, under this SID. Answers what whoever is called does.
    fn dials(&self, _account: &str, _from: &str, _to: &str, _sid: &str) -> Pickup {
        Pickup::Answers
    }

    /// Somebody talks on the call with this SID.
    fn picked_up(&self, _sid: &str) {}

    /// Vapi is done with it.
    fn hung_up(&self, _sid: &str) {}
}

/// The carrier of a stand-in that runs alone: every account is good and has every number.
pub(super) struct Obliging;

impl Carrier for Obliging {
    fn lets_in(&self, _: &TwilioKeys) -> bool {
        true
    }

    fn take_over(&self, _: &TwilioKeys, _: &str, _: bool) -> Carried {
        Carried::TakenOver
    }
}
