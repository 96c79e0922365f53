//! The telephones outside, and whom a call reaches that is dialled to one of them.

use serde::{Deserialize, Serialize};

use super::store::{CallStatus, State};

/// As many networks as a call is passed on through before it is dropped.
const HOPS: u32 = 5;

/// What a telephone does when it is called. One that nobody has described is answered after two seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case")]
pub enum Phone {
    /// Somebody answers after so many seconds.
    Answers {
        after: u32,
    },
    RingsOut,
    Busy,
    /// Every call goes there at once, as after `**21*…#`.
    ForwardsAlways {
        to: String,
    },
    /// A call that nobody answers goes there after so many seconds, as after `**61*…#`.
    ForwardsUnanswered {
        to: String,
        after: u32,
    },
    /// 21214: no network knows it.
    Unreachable,
    /// 21216: Twilio calls it for nobody.
    Blocked,
    /// 21215: the account may not call that country.
    CountryNotPermitted,
}

impl Default for Phone {
    fn default() -> Self {
        Self::Answers { after: 2 }
    }
}

/// Where a call ends up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reached {
    Person,
    /// A number in service at Twilio.
    Number(String),
    Nobody(CallStatus),
}

impl State {
    pub(super) fn phone(&self, number: &str) -> Phone {
        self.phones.get(number).cloned().unwrap_or_default()
    }

    /// Whom a call reaches, and after how many seconds, when the caller waits for so many.
    pub(super) fn follow(&self, to: &str, patience: i64) -> (i64, Reached) {
        self.follow_on(to, 0, patience, HOPS)
    }

    fn follow_on(&self, to: &str, waited: i64, patience: i64, hops: u32) -> (i64, Reached) {
        if hops == 0 {
            return (waited, Reached::Nobody(CallStatus::Failed));
        }
        if let Some(number) = self.number(to) {
            let reached = match self.must_be_active(&number.account) {
                Ok(()) => Reached::Number(to.to_owned()),
                Err(_) => Reached::Nobody(CallStatus::Failed),
            };
            return (waited, reached);
        }
        let given_up = (patience, Reached::Nobody(CallStatus::NoAnswer));
        match self.phone(to) {
            Phone::Answers { after } if waited + i64::from(after) < patience => {
                (waited + i64::from(after), Reached::Person)
            }
            Phone::Answers { .. } | Phone::RingsOut => given_up,
            Phone::Busy => (waited, Reached::Nobody(CallStatus::Busy)),
            Phone::ForwardsAlways { to } => self.follow_on(&to, waited, patience, hops - 1),
            Phone::ForwardsUnanswered { to, after } if waited + i64::from(after) < patience => {
                self.follow_on(&to, waited + i64::from(after), patience, hops - 1)
            }
            Phone::ForwardsUnanswered { .. } => given_up,
            Phone::Unreachable | Phone::Blocked | Phone::CountryNotPermitted => {
                (waited, Reached::Nobody(CallStatus::Failed))
            }
        }
    }
}
