//! Plays calls: sends what Vapi sends, in the order, the time and the shape it does, or wrong in the ways it can be wrong.
//!
//! A call has a clock of its own, so that ten minutes take as long as somebody wants. It reads what it is answered and does it:
//! who takes the call, for how long at most, what a tool said, what came over the control URL. Its own count of seconds is the
//! truth that others are compared with.

mod ask;
mod clock;
mod courier;
mod era;
mod live;
mod message;
mod mischief;
mod play;
mod post;
mod report;
mod script;
mod turns;

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

pub(super) use self::live::Live;
use self::{clock::Clock, courier::Letter, mischief::Dice, play::LONGEST};
pub use self::{
    era::Era,
    live::{Answered, Heard, Line, Over, Sent, ToolResult},
    mischief::Mischief,
    post::sign,
    script::{Ask, Decide, Pace, Pickup, Script, Signing, Step},
};
use super::{Impossible, NewCall, Vapi, calls, recordings::Links, store::text};

pub(super) fn client() -> reqwest::Client {
    post::client()
}

struct Player {
    vapi: Vapi,
    id: String,
    script: Script,
    dice: Dice,
    /// Goes out after the next one.
    held: Option<Letter>,
    late: Vec<Letter>,
    /// How many turns the server knows of.
    told: usize,
    besides: u64,
}

impl Player {
    fn new(vapi: Vapi, id: String, script: Script) -> Self {
        let dice = Dice::new(&script.mischief);
        Self { vapi, id, script, dice, held: None, late: Vec::new(), told: 0, besides: 0 }
    }
}

/// Calls that are played.
impl Vapi {
    /// Somebody calls a number of ours. Answers the id of the call, which goes on by itself.
    ///
    /// # Errors
    /// When nobody imported the number.
    pub fn place_call(&self, script: Script) -> Result<String, Impossible> {
        let number = self.phone_number(&script.to);
        let number = number.ok_or_else(|| Impossible(format!("Nobody imported {}.", script.to)))?;
        let account = text(&number, "twilioAccountSid").to_owned();
        let sid = match &script.twilio_call_sid {
            Some(sid) => Some(sid.clone()),
            None => self.carrier().arrives(&account, &script.from, &script.to),
        };
        let call = self.begin_call(NewCall {
            id: Some(script.id.unwrap_or_else(Uuid::new_v4)),
            outbound: false,
            phone_number_id: Some(text(&number, "id").to_owned()),
            customer: Some(script.from.clone()),
            twilio_call_sid: sid,
        });
        let id = text(&call, "id").to_owned();
        if let Some(assistant) = number["assistantId"].as_str()
            && let Some(call) = self.lock().call_mut(&id)
        {
            call["assistantId"] = json!(assistant);
        }
        self.set_going(&id, script);
        Ok(id)
    }

    /// Lets a call that was made over the API be answered, or not.
    ///
    /// # Errors
    /// When there is no such call, it is played already, or nobody can take it.
    pub fn play(&self, id: &str, script: Script) -> Result<(), Impossible> {
        let call = self.call(id).ok_or_else(|| Impossible(format!("There is no call {id}.")))?;
        if call["status"] != "queued" || self.lock().lives.contains_key(id) {
            return Err(Impossible(format!("Call {id} is on its way already.")));
        }
        self.set_going(id, script);
        Ok(())
    }

    /// How whoever is called at this number behaves, or whoever is called at all.
    pub fn when_called(&self, number: Option<&str>, script: Script) {
        self.lock().people.insert(number.map(str::to_owned), script);
    }

    /// A call that was just made over the API, to whom somebody's behaviour was set.
    pub(super) fn call_out(&self, call: &Value) {
        let to = text(&call["customer"], "number");
        let script = {
            let state = self.lock();
            state.people.get(&Some(to.to_owned())).or_else(|| state.people.get(&None)).cloned()
        };
        if let Some(script) = script {
            let _ = self.play(text(call, "id"), script);
        }
    }

    fn set_going(&self, id: &str, mut script: Script) {
        let call = self.call(id).unwrap_or_default();
        let began = clock::beginning(script.pace, script.begins_at, script.length());
        self.lock().lives.insert(id.to_owned(), Live::new(Clock::new(script.pace, began)));
        if call["type"] == "outboundPhoneCall" {
            let (number, account) = self.caller_of(&call);
            let dialled = self.carrier().dials(
                &account,
                &number,
                text(&call["customer"], "number"),
                text(&call, "phoneCallProviderId"),
            );
            if script.pickup == Pickup::Answers {
                script.pickup = dialled;
            }
        }
        let player = Player::new(self.clone(), id.to_owned(), script);
        if call["type"] == "outboundPhoneCall" {
            let overrides = call["assistantOverrides"].clone();
            if player.is_taken_by(call["assistantId"].as_str(), &call["assistant"], overrides).is_err() {
                self.with_live(id, |live| live.note("Vapi", "nobody is there to talk"));
            }
        }
        self.frame.spawn(player.run());
    }

    /// The number that calls out, and whose it is.
    fn caller_of(&self, call: &Value) -> (String, String) {
        let state = self.lock();
        let known = state.numbers.iter().find(|number| number["id"] == call["phoneNumberId"]);
        match known {
            Some(number) => (text(number, "number").to_owned(), text(number, "twilioAccountSid").to_owned()),
            None => {
                let given = &call["phoneNumber"];
                (text(given, "twilioPhoneNumber").to_owned(), text(given, "twilioAccountSid").to_owned())
            }
        }
    }

    pub(super) fn with_live<T>(&self, id: &str, work: impl FnOnce(&mut Live) -> T) -> T {
        work(self.lock().lives.get_mut(id).expect("a call that is played is known"))
    }

    pub(super) fn links(&self) -> Links {
        Links { base_url: self.base_url(), key: self.api_key().to_owned(), seconds: self.config.recording_link_seconds }
    }
}

/// What is known of calls that were played.
impl Vapi {
    /// Waits until the call is over and all it had to send is sent, retries included.
    ///
    /// # Panics
    /// When there is no such call.
    pub async fn over(&self, id: &str) -> Over {
        let mut busy = self.with_live(id, |live| live.busy.subscribe());
        // The sender lives as long as the call is known.
        let _ = busy.wait_for(|busy| *busy == 0).await;
        let reason = self.call(id).map(|call| text(&call, "endedReason").to_owned()).unwrap_or_default();
        self.with_live(id, |live| Over {
            id: id.to_owned(),
            reason,
            connected: live.started.is_some(),
            seconds: live.seconds().unwrap_or_default(),
            started_at: live.started,
            ended_at: live.ended,
        })
    }

    /// Whether the call, its messages and their retries are done with. A call that is not played is.
    pub fn is_over(&self, id: &str) -> bool {
        self.lock().lives.get(id).is_none_or(|live| *live.busy.borrow() == 0)
    }

    /// How long it was talked, in whole seconds of the call's own clock. None while it goes on.
    pub fn seconds_of(&self, id: &str) -> Option<i64> {
        self.lock().lives.get(id)?.seconds()
    }

    /// Whether somebody picked up.
    pub fn connected(&self, id: &str) -> bool {
        self.lock().lives.get(id).is_some_and(|live| live.started.is_some())
    }

    /// Every message, oldest first, with its answers.
    pub fn sent(&self, id: &str) -> Vec<Sent> {
        self.lock().lives.get(id).map(|live| live.sent.clone()).unwrap_or_default()
    }

    /// What tools said, in the order they were asked.
    pub fn heard(&self, id: &str) -> Vec<ToolResult> {
        self.lock().lives.get(id).map(|live| live.heard.results.clone()).unwrap_or_default()
    }

    pub fn lines(&self, id: &str) -> Vec<Line> {
        self.lock().lives.get(id).map(|live| live.lines.clone()).unwrap_or_default()
    }

    /// The caller hangs up.
    ///
    /// # Errors
    /// When there is no such call.
    pub fn hang_up(&self, id: &str) -> Result<Value, Impossible> {
        self.end_call(id, "customer-ended-call")
    }

    /// Lets time go by on a call that holds.
    ///
    /// # Errors
    /// When it is not played.
    pub fn pass(&self, id: &str, seconds: f64) -> Result<(), Impossible> {
        let mut state = self.lock();
        let live = state.lives.get_mut(id).ok_or_else(|| Impossible(format!("Call {id} is not played.")))?;
        live.clock.skip(time::Duration::seconds_f64(seconds));
        live.wake();
        Ok(())
    }

    /// For Twilio, to say that a call is over: by its SID, and whether its account ended it.
    pub(crate) fn when_cut_off(&self) -> impl Fn(&str, bool) + Send + Sync + 'static {
        let state = Arc::downgrade(&self.state);
        move |call_sid, by_its_account| {
            let Some(state) = state.upgrade() else { return };
            let mut state = state.lock().expect("vapi");
            let found = state.calls.iter().rev().find(|call| call["phoneCallProviderId"] == call_sid);
            let Some(id) = found.map(|call| text(call, "id").to_owned()) else { return };
            let reason = if by_its_account { "call.in-progress.twilio-completed-call" } else { "customer-ended-call" };
            let _ = calls::end(&mut state, &id, reason);
        }
    }
}
