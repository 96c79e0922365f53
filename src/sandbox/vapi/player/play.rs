//! A call from its first ring to its report, as the script says and as long as nobody ends it.

use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{
    Decide, Pickup, Player, Script, Step,
    ask::NotTaken,
    report,
    script::{BREATH, spoken},
    turns::Turn,
};
use crate::sandbox::vapi::{calls, store::text};

/// Unless the assistant says otherwise.
pub(super) const LONGEST: f64 = 600.0;
/// How long nobody may say a word.
const SILENCE: f64 = 30.0;
/// How long an answer takes to be looked up and put into words.
const THINKING: f64 = 0.8;
const RINGS_OUT: f64 = 30.0;

impl Player {
    pub(super) async fn run(mut self) {
        if self.begin().boxed().await {
            let mut steps: Vec<Step> = self.script.steps.iter().rev().cloned().collect();
            while let Some(step) = steps.pop() {
                if let Step::Decides(Decide(decide)) = &step {
                    let heard = self.vapi.with_live(&self.id, |live| live.heard.clone());
                    steps.extend(decide(&heard).into_iter().rev());
                    continue;
                }
                if !self.take(step).boxed().await {
                    break;
                }
                self.catch_up().boxed().await;
            }
            self.end("customer-ended-call");
        }
        self.conclude().boxed().await;
    }

    /// Answers whether somebody talks.
    async fn begin(&mut self) -> bool {
        let call = self.vapi.call(&self.id).unwrap_or_default();
        let is_inbound = call["type"] == "inboundPhoneCall";
        let (customer, number) = (text(&call["customer"], "number"), self.number());
        if is_inbound {
            self.note("Caller", format!("{customer} calls {number}"));
            let known = call["assistantId"].as_str().map(str::to_owned);
            let taken = match known {
                Some(id) => {
                    self.is_taken_by(Some(&id), &Value::Null, call["assistantOverrides"].clone()).map_err(|problem| {
                        self.note("Vapi", problem);
                        NotTaken("assistant-not-found")
                    })
                }
                None => self.who_takes_it().await,
            };
            if let Err(NotTaken(reason)) = taken {
                self.end(reason);
                return false;
            }
        } else {
            self.note("Vapi", format!("calls {customer} from {number}"));
            self.tell("status-update", json!({ "status": "queued" })).await;
            self.set("ringing");
        }
        self.tell("status-update", json!({ "status": "ringing" })).await;
        match self.script.pickup {
            _ if is_inbound => {}
            Pickup::NoAnswer => {
                if self.go(RINGS_OUT).await {
                    self.end("customer-did-not-answer");
                }
                return false;
            }
            Pickup::Busy => {
                if self.go(1.0).await {
                    self.end("customer-busy");
                }
                return false;
            }
            Pickup::Answers | Pickup::Voicemail => {}
        }
        self.go(self.script.rings).await && self.connect().await
    }

    async fn connect(&mut self) -> bool {
        let assistant = {
            let mut state = self.vapi.lock();
            if calls::start(&mut state, &self.id).is_err() {
                return false;
            }
            state.lives.get_mut(&self.id).map(|live| {
                let at = live.now();
                let prompts = live.heard.assistant["model"]["messages"].as_array().into_iter().flatten();
                let prompts = prompts.filter(|one| one["role"] == "system").filter_map(|one| one["content"].as_str());
                let prompts: Vec<Turn> = prompts.map(|text| Turn::System { text: text.to_owned(), at }).collect();
                live.turns.extend(prompts);
                live.heard.assistant.clone()
            })
        };
        let assistant = assistant.unwrap_or_default();
        let sid = self.sid();
        self.vapi.carrier().picked_up(&sid);
        self.note("Vapi", "in progress");
        self.tell("status-update", json!({ "status": "in-progress" })).await;
        if self.script.pickup == Pickup::Voicemail {
            let message = text(&assistant, "voicemailMessage").to_owned();
            if message.is_empty() || self.say(&message).await {
                self.end("voicemail");
            }
            return false;
        }
        let first = text(&assistant, "firstMessage").to_owned();
        if first.is_empty() || assistant["firstMessageMode"] == "assistant-waits-for-user" {
            return !self.is_over();
        }
        self.say(&first).await
    }

    /// Answers whether the call goes on.
    async fn take(&mut self, step: Step) -> bool {
        match step {
            Step::Says(text) => return self.say(&text).await,
            Step::CallerSays(text) => return self.caller_says(&text).await,
            Step::Tools(asks) => {
                match asks.first().and_then(|ask| self.definition(&ask.tool)).map(|tool| tool["type"].clone()) {
                    // Vapi's own, of which nobody is asked.
                    Some(kind) if kind == "endCall" => self.end("assistant-ended-call"),
                    Some(kind) if kind == "transferCall" => return self.put_through().await,
                    _ => {
                        self.use_tools(&asks).await;
                        return self.go(THINKING).await;
                    }
                }
            }
            Step::BargesIn(ask, times) => {
                self.barge_in(&ask, times).await;
                return self.go(THINKING).await;
            }
            Step::Waits(seconds) => return self.go(seconds).await,
            Step::Silence(seconds) => {
                let longest = self.patience();
                if !self.go(seconds.min(longest)).await {
                    return false;
                }
                if seconds < longest {
                    return true;
                }
                self.end("silence-timed-out");
            }
            Step::Hangs => {
                self.tell("hang", json!({})).await;
                return !self.is_over();
            }
            Step::AsksToTransfer => return self.put_through().await,
            Step::CallerHangsUp => self.end("customer-ended-call"),
            Step::AssistantHangsUp => self.end("assistant-ended-call"),
            Step::Ends(reason) => self.end(&reason),
            Step::Holds => self.hold().await,
            // Unfolded before it comes here.
            Step::Decides(_) => return true,
        }
        false
    }

    async fn put_through(&mut self) -> bool {
        if self.where_to().await {
            self.end("assistant-forwarded-call");
            return false;
        }
        self.go(THINKING).await
    }

    /// A hook may be less patient.
    fn patience(&self) -> f64 {
        self.vapi.with_live(&self.id, |live| {
            let hooks = live.heard.assistant["hooks"].as_array().into_iter().flatten();
            let ends = |hook: &&Value| {
                text(hook, "on").starts_with("customer.speech.timeout")
                    && hook["do"].as_array().into_iter().flatten().any(|action| action["tool"]["type"] == "endCall")
            };
            hooks.filter(ends).find_map(|hook| hook["options"]["timeoutSeconds"].as_f64()).unwrap_or(SILENCE)
        })
    }

    async fn say(&mut self, words: &str) -> bool {
        self.speak(words, "assistant").await
    }

    async fn caller_says(&mut self, words: &str) -> bool {
        self.speak(words, "user").await
    }

    fn speak<'a>(&'a mut self, words: &'a str, role: &'a str) -> BoxFuture<'a, bool> {
        self.speak_now(words, role).boxed()
    }

    async fn speak_now(&mut self, words: &str, role: &str) -> bool {
        self.note(if role == "user" { "Caller" } else { "Assistant" }, words);
        let is_told = !self.script.is_terse;
        if is_told {
            self.tell("speech-update", json!({ "status": "started", "role": role })).await;
        }
        self.vapi.with_live(&self.id, |live| {
            let at = live.now();
            let (text, until) = (words.to_owned(), at + Duration::seconds_f64(spoken(words)));
            let until = super::clock::cut(until);
            live.turns.push(if role == "user" {
                Turn::User { text, at, until }
            } else {
                Turn::Bot { text, at, until }
            });
        });
        let goes_on = self.go(spoken(words)).await;
        if is_told {
            self.tell("speech-update", json!({ "status": "stopped", "role": role })).await;
            let transcript = json!({ "role": role, "transcriptType": "final", "transcript": words });
            self.tell("transcript", transcript).await;
        }
        goes_on && self.go(BREATH).await
    }

    /// Tells what was said since, by whomever.
    async fn catch_up(&mut self) {
        let turns = self.vapi.with_live(&self.id, |live| live.turns.clone());
        if turns.len() == self.told || self.script.is_terse {
            return;
        }
        self.told = turns.len();
        let began = self.vapi.with_live(&self.id, |live| live.started.unwrap_or(live.began));
        let said = super::turns::messages(&turns, began);
        let fields = json!({ "messages": said, "messagesOpenAIFormatted": super::turns::for_the_model(&turns) });
        self.tell("conversation-update", fields).await;
    }

    /// Lets time go by, until the call may last no longer. Answers whether it goes on.
    fn go(&self, seconds: f64) -> BoxFuture<'_, bool> {
        self.go_on(seconds).boxed()
    }

    async fn go_on(&self, seconds: f64) -> bool {
        let until =
            self.vapi.with_live(&self.id, |live| super::clock::cut(live.now() + Duration::seconds_f64(seconds)));
        self.go_until(Some(until)).await
    }

    async fn hold(&self) {
        self.go_until(None).await;
    }

    /// None: for ever.
    async fn go_until(&self, until: Option<OffsetDateTime>) -> bool {
        loop {
            if self.is_over() {
                return false;
            }
            let deadline = self.deadline();
            let target = [until, deadline].into_iter().flatten().min();
            let (now, clock, wake) =
                self.vapi.with_live(&self.id, |live| (live.now(), live.clock.clone(), live.wake.clone()));
            if target.is_some_and(|target| target <= now) {
                if deadline.is_some_and(|deadline| target == Some(deadline)) {
                    self.note("Vapi", "the call may last no longer");
                    self.end_at(deadline, "exceeded-max-duration");
                    return false;
                }
                // Whoever has something to say to the call gets a word in.
                tokio::task::yield_now().await;
                return !self.is_over();
            }
            match (target, clock.is_at_once() && until.is_some()) {
                (Some(target), true) => self.vapi.with_live(&self.id, |live| live.clock.skip(target - live.now())),
                (Some(target), false) => match clock.wait(target) {
                    Some(wait) => {
                        let _ = tokio::time::timeout(wait, wake.notified()).await;
                    }
                    None => wake.notified().await,
                },
                (None, _) => wake.notified().await,
            }
        }
    }

    /// When Vapi itself ends it.
    fn deadline(&self) -> Option<OffsetDateTime> {
        self.vapi.with_live(&self.id, |live| {
            let longest = live.heard.assistant["maxDurationSeconds"].as_f64().unwrap_or(LONGEST);
            live.started.map(|started| started + Duration::seconds_f64(longest))
        })
    }

    fn end(&self, reason: &str) {
        self.end_at(None, reason);
    }

    /// What has ended stays as it is.
    fn end_at(&self, at: Option<OffsetDateTime>, reason: &str) {
        let _ = calls::end_at(&mut self.vapi.lock(), &self.id, reason, at);
    }

    /// The last messages, and what `GET /call/{id}` shows from now on.
    async fn conclude(&mut self) {
        self.vapi.carrier().hung_up(&self.sid());
        let call = self.vapi.call(&self.id).unwrap_or_default();
        let reason = text(&call, "endedReason").to_owned();
        let report = self.vapi.with_live(&self.id, |live| {
            live.note("Vapi", format!("ended: {reason}, {} seconds", live.seconds().unwrap_or_default()));
            report::of(live, &self.id, &reason, self.script.analysis.as_ref(), &self.vapi.links())
        });
        if let Some(call) = self.vapi.lock().call_mut(&self.id) {
            for name in ["artifact", "analysis", "cost", "costs", "costBreakdown", "messages"] {
                call[name] = report[name].clone();
            }
        }
        if call["destination"].is_object() {
            let fields = json!({ "status": "forwarding", "destination": call["destination"] });
            self.tell("status-update", fields).await;
        }
        self.tell("status-update", json!({ "status": "ended", "endedReason": reason })).await;
        let mut report = report;
        if call["destination"].is_object() {
            report["destination"] = call["destination"].clone();
        }
        self.tell("end-of-call-report", report).await;
        self.flush().await;
        self.vapi.with_live(&self.id, |live| live.busy.send_modify(|busy| *busy -= 1));
    }

    fn is_over(&self) -> bool {
        self.vapi.with_live(&self.id, |live| live.ended.is_some())
    }

    fn set(&self, status: &str) {
        if let Some(call) = self.vapi.lock().call_mut(&self.id)
            && call["status"] != "ended"
        {
            call["status"] = json!(status);
        }
    }

    fn sid(&self) -> String {
        self.vapi.call(&self.id).map(|call| text(&call, "phoneCallProviderId").to_owned()).unwrap_or_default()
    }

    /// Of ours.
    fn number(&self) -> String {
        let state = self.vapi.lock();
        let Some(call) = state.call(&self.id) else { return String::new() };
        let known = state.numbers.iter().find(|number| number["id"] == call["phoneNumberId"]);
        known.map_or(text(&call["phoneNumber"], "twilioPhoneNumber"), |number| text(number, "number")).to_owned()
    }

    pub(super) fn note(&self, who: &str, what: impl Into<String>) {
        self.vapi.with_live(&self.id, |live| live.note(who, what));
    }

    /// What Vapi says by itself.
    pub(super) fn spoken_to_caller(&self, words: &str) {
        self.vapi.with_live(&self.id, |live| {
            let at = live.now();
            live.turns.push(Turn::Bot { text: words.to_owned(), at, until: at });
            live.note("Assistant", words);
        });
    }

    /// For what is asked at the same time.
    pub(super) fn beside(&mut self) -> Self {
        self.besides += 1;
        let mut script = Script { steps: Vec::new(), ..self.script.clone() };
        script.mischief.seed = script.mischief.seed.wrapping_add(self.besides);
        Self::new(self.vapi.clone(), self.id.clone(), script)
    }
}
