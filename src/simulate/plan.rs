//! What is to happen: organisations, their calls, money that comes and goes, servers that die.

use std::{ops::Range, time::Duration};

use uuid::Uuid;

pub type Window = Range<Duration>;

#[derive(Debug, Clone)]
pub struct Plan {
    pub organizations: Vec<Organization>,
    /// Nothing happens after this, whatever is still open.
    pub until: Duration,
}

/// One organisation and everything around it. Its server may die though others' live: each is a world of its own.
#[derive(Debug, Clone)]
pub struct Organization {
    pub id: Uuid,
    pub name: String,
    pub acts: Vec<(Duration, Act)>,
    pub calls: Vec<Call>,
    /// In order, and never two at once.
    pub deaths: Vec<Death>,
    pub faults: Faults,
}

impl Organization {
    /// With some money from the first moment on, and nothing else to happen.
    pub fn with_money(id: Uuid, name: impl Into<String>, pence: i64) -> Self {
        let first = Act::Credit { amount_pence: pence, kind: "topup", key: format!("simulate:{id}:first") };
        Self {
            id,
            name: name.into(),
            acts: vec![(Duration::ZERO, first)],
            calls: Vec::new(),
            deaths: Vec::new(),
            faults: Faults::default(),
        }
    }

    /// The most its overdraft may come to while rules and providers do their work: nothing with a server that lives and
    /// hears everything, the debt limit otherwise. Nobody can say when money is taken out in the midst of calls.
    pub fn allowed_overdraft(&self, debt_limit_pence: i64) -> Option<i64> {
        let taken_out = |act: &Act| matches!(act, Act::Credit { amount_pence, .. } if *amount_pence < 0);
        if self.acts.iter().any(|(_, act)| taken_out(act)) {
            return None;
        }
        let reached = |call: &Call| !call.line.0.is_empty();
        let undisturbed = self.deaths.is_empty() && self.calls.iter().all(reached) && self.faults.is_empty();
        Some(if undisturbed { 0 } else { debt_limit_pence })
    }

    pub fn dead_until(&self, now: Duration) -> Option<&Death> {
        self.deaths.iter().find(|death| (death.from..death.until).contains(&now))
    }
}

/// Something a person, Stripe or an operator does to a wallet.
#[derive(Debug, Clone)]
pub enum Act {
    Credit { amount_pence: i64, kind: &'static str, key: String },
    Purchase { cost_pence: i64, asset: &'static str, key: String },
    Suspend(bool),
    WriteOff { call_id: Uuid, reason: &'static str },
}

/// A call as its caller wants it and as word of it travels.
#[derive(Debug, Clone)]
pub struct Call {
    pub id: Uuid,
    pub arrives: Duration,
    pub rings: Duration,
    /// How long the caller would talk; None hangs up before anybody answers.
    pub wants: Option<Duration>,
    /// What the agent allows, as the server is asked for it.
    pub max_seconds: i32,
    /// How much later than told the provider ends the call by itself.
    pub lateness: Duration,
    /// How the call is reached: its control URL and the carrier's id.
    pub line: Arrival,
    pub start: Arrival,
    pub end: Arrival,
    pub report: Arrival,
}

impl Call {
    /// A call whose messages all come, once, at once and in order.
    pub fn new(id: Uuid, arrives: Duration, wants: Duration) -> Self {
        Self {
            id,
            arrives,
            rings: Duration::from_secs(2),
            wants: Some(wants),
            max_seconds: 600,
            lateness: Duration::ZERO,
            line: Arrival::after(0.2),
            start: Arrival::after(0.2),
            end: Arrival::after(0.2),
            report: Arrival::after(2.0),
        }
    }
}

/// After how long each copy of a message comes: none when it is lost, two when it is doubled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival(pub Vec<Duration>);

impl Arrival {
    pub fn after(seconds: f64) -> Self {
        Self(vec![Duration::from_secs_f64(seconds)])
    }

    pub fn lost() -> Self {
        Self(Vec::new())
    }
}

/// The server is dead: nothing of it happens, and what the provider says meanwhile waits for it or is lost.
#[derive(Debug, Clone)]
pub struct Death {
    pub from: Duration,
    pub until: Duration,
    pub messages_wait: bool,
}

/// When the providers do not do as they are told.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Vapi takes no orders on live calls.
    pub control: Vec<Window>,
    /// Vapi takes the order to hang up and does nothing.
    pub ignored: Vec<Window>,
    /// The carrier ends no calls.
    pub carrier: Vec<Window>,
    /// Vapi answers nobody who asks about calls.
    pub polls: Vec<Window>,
    /// Vapi knows nothing of the calls it is asked about.
    pub unknown: Vec<Window>,
}

impl Faults {
    pub fn is_empty(&self) -> bool {
        [&self.control, &self.ignored, &self.carrier, &self.polls, &self.unknown]
            .iter()
            .all(|windows| windows.is_empty())
    }

    pub fn now(windows: &[Window], now: Duration) -> bool {
        windows.iter().any(|window| window.contains(&now))
    }
}
