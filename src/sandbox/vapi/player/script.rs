//! What happens on a call, written down before it happens.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Era, Heard, Mischief};

/// How fast the call's own time goes by.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Nobody waits: ten minutes are over at once. The call ends about now and so began in the past, unless the script
    /// says when.
    #[default]
    AtOnce,
    /// So many times faster than real time.
    Times(f64),
    Real,
}

/// What somebody who is called does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pickup {
    #[default]
    Answers,
    NoAnswer,
    Busy,
    Voicemail,
}

/// One tool, asked once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    pub tool: String,
    pub arguments: Value,
}

impl Ask {
    pub fn new(tool: impl Into<String>, arguments: Value) -> Self {
        Self { tool: tool.into(), arguments }
    }
}

type Decision = dyn Fn(&Heard) -> Vec<Step> + Send + Sync;

/// What comes next depends on what was answered.
#[derive(Clone)]
pub struct Decide(pub(super) Arc<Decision>);

impl fmt::Debug for Decide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Decide(…)")
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Says(String),
    CallerSays(String),
    /// In one message.
    Tools(Vec<Ask>),
    /// The caller talks into the answer, and the model asks the same again: so many times in all, each under an id of its own
    /// and without waiting for the one before.
    BargesIn(Ask, u32),
    /// Talk that nobody wrote down.
    Waits(f64),
    /// Nobody says a word; from some length on that ends the call.
    Silence(f64),
    /// The model was slow.
    Hangs,
    AsksToTransfer,
    CallerHangsUp,
    AssistantHangsUp,
    /// For any of Vapi's reasons.
    Ends(String),
    /// Until somebody ends it from outside.
    Holds,
    #[serde(skip)]
    Decides(Decide),
}

/// How the server is told who sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signing {
    /// `x-vapi-secret`, whatever the server's own headers say.
    Secret(String),
    /// `x-timestamp` and `x-signature`: HMAC-SHA256 over `timestamp.body`, in hexadecimal.
    Hmac(String),
    Nothing,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Script {
    /// Of the caller; of who is called, where the call goes out.
    pub from: String,
    /// The number of ours that is called.
    pub to: String,
    pub steps: Vec<Step>,
    pub pace: Pace,
    pub pickup: Pickup,
    pub era: Era,
    pub mischief: Mischief,
    /// Fields that are left out wherever they stand at the top of a message or in its call.
    pub without: Vec<String>,
    pub signing: Option<Signing>,
    /// Where messages go, whatever the number and the assistant say.
    pub server_url: Option<String>,
    pub id: Option<Uuid>,
    pub twilio_call_sid: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub begins_at: Option<OffsetDateTime>,
    /// As long as it rings.
    pub rings: f64,
    /// Of the report; absent: Vapi writes one.
    pub analysis: Option<Value>,
    /// Only what a server must have, and no bodies kept: for many calls.
    pub is_terse: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self::new("+447700900123", "")
    }
}

/// Who, and how.
impl Script {
    /// Somebody calls a number of ours. For a call that goes out, both are those of the call.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
            steps: Vec::new(),
            pace: Pace::default(),
            pickup: Pickup::default(),
            era: Era::default(),
            mischief: Mischief::default(),
            without: Vec::new(),
            signing: None,
            server_url: None,
            id: None,
            twilio_call_sid: None,
            begins_at: None,
            rings: 2.0,
            analysis: None,
            is_terse: false,
        }
    }

    /// What the person does whom we call.
    pub fn called() -> Self {
        Self::default()
    }

    /// Whoever is called where nobody is a test: answers, says a word, listens for half a minute.
    pub fn somebody() -> Self {
        Self::called().caller_says("Hello?").waits(30.0).caller_says("Thank you, goodbye.").pace(Pace::Times(10.0))
    }

    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    pub fn pickup(mut self, pickup: Pickup) -> Self {
        self.pickup = pickup;
        self
    }

    pub fn era(mut self, era: Era) -> Self {
        self.era = era;
        self
    }

    pub fn mischief(mut self, mischief: Mischief) -> Self {
        self.mischief = mischief;
        self
    }

    pub fn without(mut self, fields: &[&str]) -> Self {
        self.without = fields.iter().map(|field| (*field).to_owned()).collect();
        self
    }

    pub fn signing(mut self, signing: Signing) -> Self {
        self.signing = Some(signing);
        self
    }

    pub fn server_url(mut self, url: impl Into<String>) -> Self {
        self.server_url = Some(url.into());
        self
    }

    pub fn id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    pub fn begins_at(mut self, at: OffsetDateTime) -> Self {
        self.begins_at = Some(at);
        self
    }

    pub fn analysis(mut self, analysis: Value) -> Self {
        self.analysis = Some(analysis);
        self
    }

    pub fn terse(mut self) -> Self {
        self.is_terse = true;
        self
    }
}

/// What happens, in this order. A script that ends without an end: the caller hangs up.
impl Script {
    fn then_step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    pub fn says(self, text: impl Into<String>) -> Self {
        self.then_step(Step::Says(text.into()))
    }

    pub fn caller_says(self, text: impl Into<String>) -> Self {
        self.then_step(Step::CallerSays(text.into()))
    }

    pub fn tool(self, name: impl Into<String>, arguments: Value) -> Self {
        self.then_step(Step::Tools(vec![Ask::new(name, arguments)]))
    }

    pub fn tools(self, asks: Vec<Ask>) -> Self {
        self.then_step(Step::Tools(asks))
    }

    /// The same tool so many times at once.
    pub fn barges_in(self, name: impl Into<String>, arguments: Value, times: u32) -> Self {
        self.then_step(Step::BargesIn(Ask::new(name, arguments), times))
    }

    pub fn waits(self, seconds: f64) -> Self {
        self.then_step(Step::Waits(seconds))
    }

    pub fn silence(self, seconds: f64) -> Self {
        self.then_step(Step::Silence(seconds))
    }

    pub fn hangs(self) -> Self {
        self.then_step(Step::Hangs)
    }

    pub fn asks_to_transfer(self) -> Self {
        self.then_step(Step::AsksToTransfer)
    }

    pub fn caller_hangs_up(self) -> Self {
        self.then_step(Step::CallerHangsUp)
    }

    pub fn assistant_hangs_up(self) -> Self {
        self.then_step(Step::AssistantHangsUp)
    }

    pub fn ends(self, reason: impl Into<String>) -> Self {
        self.then_step(Step::Ends(reason.into()))
    }

    pub fn holds(self) -> Self {
        self.then_step(Step::Holds)
    }

    /// What comes next depends on what was answered so far.
    pub fn decides(self, decision: impl Fn(&Heard) -> Vec<Step> + Send + Sync + 'static) -> Self {
        self.then_step(Step::Decides(Decide(Arc::new(decision))))
    }
}

/// How long it takes to say this, in seconds.
pub(super) fn spoken(text: &str) -> f64 {
    (text.chars().count() as f64 * 0.06).max(0.5)
}

/// Greetings, thoughts and whatever else nobody wrote into a script.
const AROUND: f64 = 15.0;

/// Between two turns.
pub(super) const BREATH: f64 = 0.4;

impl Script {
    /// How long the call would last if nobody ended it, ringing included.
    pub(super) fn length(&self) -> f64 {
        let of = |step: &Step| match step {
            Step::Says(text) | Step::CallerSays(text) => spoken(text) + BREATH,
            Step::Waits(seconds) | Step::Silence(seconds) => *seconds,
            Step::Tools(_) | Step::BargesIn(..) | Step::AsksToTransfer => 1.0,
            _ => 0.0,
        };
        let ringing = if self.pickup == Pickup::NoAnswer { 30.0 } else { self.rings };
        ringing + AROUND + self.steps.iter().map(of).sum::<f64>()
    }
}
