//! Everything the stand-in remembers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Serialize;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    TwilioConfig,
    callbacks::Callback,
    error::{Outcome, Refusal},
    inventory::{Kind, Stock},
    messages::{Message, Texts},
    phones::Phone,
};
use crate::sandbox::clock;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountStatus {
    Active,
    Suspended,
    Closed,
}

impl AccountStatus {
    pub(super) const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Closed];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }
}

#[derive(Debug)]
pub(super) struct Account {
    pub(super) sid: String,
    pub(super) token: String,
    /// Itself, unless it is a subaccount.
    pub(super) owner: String,
    pub(super) name: String,
    pub(super) status: AccountStatus,
    pub(super) created: OffsetDateTime,
    pub(super) updated: OffsetDateTime,
}

#[derive(Debug)]
pub(super) struct Number {
    pub(super) sid: String,
    pub(super) account: String,
    pub(super) phone_number: String,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) sms: bool,
    pub(super) cents: u32,
    /// Parameters that are shown as they were given.
    pub(super) settings: BTreeMap<&'static str, String>,
    pub(super) created: OffsetDateTime,
    pub(super) updated: OffsetDateTime,
}

#[derive(Debug)]
pub(super) struct CallerId {
    pub(super) sid: String,
    pub(super) account: String,
    pub(super) phone_number: String,
    pub(super) name: String,
    pub(super) created: OffsetDateTime,
    pub(super) updated: OffsetDateTime,
}

/// A number that somebody wants to be called from, and the call that finds out.
#[derive(Debug)]
pub(super) struct Validation {
    pub(super) account: String,
    pub(super) call_sid: String,
    pub(super) phone_number: String,
    pub(super) name: String,
    pub(super) code: String,
    /// Digits typed so far.
    pub(super) typed: String,
    pub(super) callback: Option<Callback>,
    /// None: nothing has been typed yet.
    pub(super) verified: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallStatus {
    Queued,
    Ringing,
    InProgress,
    Completed,
    Busy,
    Failed,
    NoAnswer,
    Canceled,
}

impl CallStatus {
    pub(super) const ALL: [Self; 8] = [
        Self::Queued,
        Self::Ringing,
        Self::InProgress,
        Self::Completed,
        Self::Busy,
        Self::Failed,
        Self::NoAnswer,
        Self::Canceled,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::NoAnswer => "no-answer",
            Self::Canceled => "canceled",
        }
    }

    pub fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Ringing | Self::InProgress)
    }
}

/// What is still to happen to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Ring,
    Answer,
    /// It reaches this number of ours, which takes it.
    Arrive(String),
    End(CallStatus),
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) sid: String,
    /// None: the call of somebody outside, which no account sees.
    pub(super) account: Option<String>,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) inbound: bool,
    pub(super) number_sid: Option<String>,
    pub(super) status: CallStatus,
    pub(super) created: OffsetDateTime,
    pub(super) updated: OffsetDateTime,
    pub(super) started: Option<OffsetDateTime>,
    pub(super) answered: Option<OffsetDateTime>,
    pub(super) ended: Option<OffsetDateTime>,
    pub(super) steps: VecDeque<(OffsetDateTime, Step)>,
    /// The other half of a call that begins or ends elsewhere at Twilio.
    pub(super) peer: Option<String>,
    pub(super) callback: Option<Callback>,
}

pub(super) struct State {
    pub(super) accounts: Vec<Account>,
    pub(super) numbers: Vec<Number>,
    pub(super) caller_ids: Vec<CallerId>,
    pub(super) validations: Vec<Validation>,
    pub(super) calls: Vec<Call>,
    pub(super) messages: Vec<Message>,
    /// What becomes of a message to a number outside; usually it is delivered.
    pub(super) texts: BTreeMap<String, Texts>,
    /// Who wants no more messages from which number of ours.
    pub(super) opted_out: BTreeSet<(String, String)>,
    /// Calls that ended in the action that is going on, and whether their account ended them.
    pub(super) ended: Vec<(String, bool)>,
    pub(super) phones: BTreeMap<String, Phone>,
    /// Regulators' papers that were approved, `BU…` and `AD…`.
    pub(super) papers: BTreeSet<String>,
    /// Numbers given back, with the family that had them: nobody else gets them soon.
    pub(super) released: BTreeMap<String, String>,
    /// How often an account bought a number and gave one back.
    pub(super) trades: BTreeMap<String, (usize, usize)>,
    /// Callbacks of the action that is going on.
    pub(super) outbox: Vec<(Callback, Vec<(&'static str, String)>)>,
    shift: Duration,
}

impl State {
    pub(super) fn new(config: &TwilioConfig) -> Self {
        let mut state = Self {
            accounts: Vec::new(),
            numbers: Vec::new(),
            caller_ids: Vec::new(),
            validations: Vec::new(),
            calls: Vec::new(),
            messages: Vec::new(),
            texts: BTreeMap::new(),
            opted_out: BTreeSet::new(),
            ended: Vec::new(),
            phones: BTreeMap::new(),
            papers: [super::BUNDLE, super::ADDRESS].map(str::to_owned).into(),
            released: BTreeMap::new(),
            trades: BTreeMap::new(),
            outbox: Vec::new(),
            shift: Duration::ZERO,
        };
        state.add_account(&config.account_sid, &config.auth_token, &config.account_sid, "Voxanne");
        state
    }

    /// In whole seconds, as everything Twilio shows.
    pub(super) fn now(&self) -> OffsetDateTime {
        (clock::now() + self.shift).replace_nanosecond(0).expect("zero is a number of nanoseconds")
    }

    pub(super) fn advance(&mut self, time: Duration) {
        self.shift += time;
    }

    pub(super) fn add_account(&mut self, sid: &str, token: &str, owner: &str, name: &str) -> &mut Account {
        let now = self.now();
        self.accounts.push(Account {
            sid: sid.to_owned(),
            token: token.to_owned(),
            owner: owner.to_owned(),
            name: name.to_owned(),
            status: AccountStatus::Active,
            created: now,
            updated: now,
        });
        self.accounts.last_mut().expect("it was just added")
    }

    pub(super) fn account(&self, sid: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.sid == sid)
    }

    /// The account that pays for another one, or for itself.
    pub(super) fn family(&self, sid: &str) -> String {
        self.account(sid).map(|account| account.owner.clone()).unwrap_or_default()
    }

    /// The number in service, whoever has it.
    pub(super) fn number(&self, phone_number: &str) -> Option<&Number> {
        self.numbers.iter().find(|number| number.phone_number == phone_number)
    }

    pub(super) fn add_number(&mut self, account: &str, phone_number: &str, name: &str, stock: Option<&Stock>) -> usize {
        let now = self.now();
        self.numbers.push(Number {
            sid: new_sid("PN"),
            account: account.to_owned(),
            phone_number: phone_number.to_owned(),
            name: name.to_owned(),
            kind: stock.map_or(Kind::Local, |stock| stock.kind),
            sms: stock.is_some_and(|stock| stock.sms),
            cents: stock.map_or(115, |stock| stock.cents),
            settings: BTreeMap::new(),
            created: now,
            updated: now,
        });
        self.released.remove(phone_number);
        self.numbers.len() - 1
    }

    pub(super) fn add_caller_id(&mut self, account: &str, phone_number: &str, name: &str) -> &mut CallerId {
        let now = self.now();
        self.caller_ids.push(CallerId {
            sid: new_sid("PN"),
            account: account.to_owned(),
            phone_number: phone_number.to_owned(),
            name: name.to_owned(),
            created: now,
            updated: now,
        });
        self.caller_ids.last_mut().expect("it was just added")
    }

    /// The caller ID of this account.
    pub(super) fn caller_id(&self, account: &str, phone_number: &str) -> Option<&CallerId> {
        self.caller_ids.iter().find(|one| one.account == account && one.phone_number == phone_number)
    }

    pub(super) fn call(&self, sid: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.sid == sid)
    }

    pub(super) fn token_of(&self, account: &str) -> String {
        self.account(account).map(|account| account.token.clone()).unwrap_or_default()
    }

    /// An account that can act; one that is suspended or closed only answers.
    pub(super) fn must_be_active(&self, sid: &str) -> Outcome<()> {
        match self.account(sid) {
            Some(account) if account.status == AccountStatus::Active => Ok(()),
            _ => Err(Refusal::inactive(sid)),
        }
    }
}

pub(super) fn new_sid(prefix: &str) -> String {
    format!("{prefix}{}", Uuid::new_v4().simple())
}

/// As random as a real one.
pub(super) fn new_token() -> String {
    Uuid::new_v4().simple().to_string()
}
