//! The phone provider: calls ring, are answered, end; at the length it was told it ends them by itself, a little late.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::{Call, Faults, Plan, epoch, world::Past};
use crate::effects::{Effect, Verdict};

/// How late the provider may be in ending a call: five pence of the call's cap are left for it, at 56 pence a minute.
pub const MAX_LATENESS: Duration = Duration::from_millis(5_357);
/// From the order to hang up to a call that has ended.
const HANGING_UP_TAKES: Duration = Duration::from_millis(300);

/// Where a call stands in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Phone {
    pub organization: usize,
    pub call: usize,
}

impl Phone {
    pub fn in_plan(self, plan: &Plan) -> &Call {
        &plan.organizations[self.organization].calls[self.call]
    }
}

#[derive(Debug, Clone, Default)]
pub struct State {
    pub max_length: Duration,
    pub over: bool,
    pub started: Option<Duration>,
    pub ended: Option<Duration>,
}

impl State {
    pub fn never_answered(&self) -> bool {
        self.started.is_none()
    }

    /// Whole seconds spoken by a moment, on the provider's own clock.
    pub fn seconds_by(&self, moment: Duration) -> i64 {
        let until = self.ended.map_or(moment, |ended| ended.min(moment));
        self.started.map_or(0, |started| until.saturating_sub(started).as_secs() as i64)
    }

    pub fn seconds(&self) -> i64 {
        self.seconds_by(Duration::MAX)
    }
}

pub struct Provider<'a> {
    plan: &'a Plan,
    phones: HashMap<Uuid, Phone>,
    calls: HashMap<Phone, State>,
    past: HashMap<Uuid, Past>,
    over: usize,
}

impl<'a> Provider<'a> {
    pub fn new(plan: &'a Plan, past: HashMap<Uuid, Past>) -> Self {
        let phones = plan
            .organizations
            .iter()
            .enumerate()
            .flat_map(|(o, organization)| {
                organization
                    .calls
                    .iter()
                    .enumerate()
                    .map(move |(n, call)| (call.id, Phone { organization: o, call: n }))
            })
            .collect();
        Self { plan, phones, calls: HashMap::new(), past, over: 0 }
    }

    pub fn state(&self, phone: Phone) -> State {
        self.calls.get(&phone).cloned().unwrap_or_default()
    }

    pub fn over(&self) -> usize {
        self.over
    }

    pub fn turned_away(&mut self, phone: Phone) {
        self.over += 1;
        self.calls.insert(phone, State { over: true, ..State::default() });
    }

    /// The length a run that was killed had agreed on for this call.
    pub fn past_length(&self, phone: Phone) -> Option<i32> {
        self.past.get(&phone.in_plan(self.plan).id).map(|past| past.max_seconds)
    }

    /// It rings: whether somebody will answer, and when a run that was killed had it hung up.
    pub fn ring(&mut self, phone: Phone, now: Duration, max_seconds: i32) -> (bool, Option<Duration>) {
        let call = phone.in_plan(self.plan);
        let hung_up_at = self.past.get(&call.id).and_then(|past| past.hung_up_at);
        let max_length = Duration::from_secs(max_seconds.max(0) as u64);
        self.calls.insert(phone, State { max_length, ..State::default() });
        (call.wants.is_some(), hung_up_at.map(|at| (at + HANGING_UP_TAKES).max(now)))
    }

    /// Somebody answers: when the call will end if nobody ends it before. None when it is over already.
    pub fn answer(&mut self, phone: Phone, now: Duration) -> Option<Duration> {
        let call = phone.in_plan(self.plan);
        let state = self.calls.get_mut(&phone).filter(|state| !state.over)?;
        state.started = Some(now);
        let cut_off = state.max_length + call.lateness;
        Some(now + call.wants.unwrap_or(cut_off).min(cut_off))
    }

    /// The call ends; false when it had.
    pub fn end(&mut self, phone: Phone, now: Duration) -> bool {
        match self.calls.get_mut(&phone) {
            Some(state) if !state.over => {
                state.over = true;
                state.ended = Some(now);
                self.over += 1;
                true
            }
            _ => false,
        }
    }

    /// What a provider answers to an effect, and which call it hangs up when.
    pub fn carry_out(
        &mut self,
        organization: usize,
        effect: &Effect,
        now: Duration,
    ) -> Result<(Verdict, Option<(Phone, Duration)>)> {
        let faults = &self.plan.organizations[organization].faults;
        let has = |what: &str| effect.payload.get(what).is_some_and(|value| !value.is_null());
        let verdict = match effect.kind.as_str() {
            "vapi.say" | "vapi.end_call" if !has("control_url") => Verdict::refused("The call has no control URL."),
            "vapi.say" | "vapi.end_call" if Faults::now(&faults.control, now) => {
                Verdict::retry("Vapi does not answer.")
            }
            "twilio.end_call" if Faults::now(&faults.carrier, now) => Verdict::retry("Twilio does not answer."),
            "vapi.poll_call" if Faults::now(&faults.polls, now) => Verdict::retry("Vapi does not answer."),
            "vapi.poll_call" if Faults::now(&faults.unknown, now) => Verdict::Done(json!({ "status": "not_found" })),
            "vapi.poll_call" => Verdict::Done(self.known(self.phone_of(effect)?)?),
            _ => Verdict::Done(json!({})),
        };
        let ignored = effect.kind == "vapi.end_call" && Faults::now(&faults.ignored, now);
        let hangs_up = matches!(verdict, Verdict::Done(_)) && effect.kind.ends_with(".end_call") && !ignored;
        let hung_up = if hangs_up { Some((self.phone_of(effect)?, now + HANGING_UP_TAKES)) } else { None };
        Ok((verdict, hung_up))
    }

    fn phone_of(&self, effect: &Effect) -> Result<Phone> {
        let id: Option<Uuid> = effect.payload["call_id"].as_str().and_then(|id| id.parse().ok());
        id.and_then(|id| self.phones.get(&id)).copied().context("an effect names a call that is not of this simulation")
    }

    /// A call as `GET /call/{id}` shows it.
    fn known(&self, phone: Phone) -> Result<Value> {
        let state = self.state(phone);
        let moment = |at: Option<Duration>| at.map(|at| (epoch() + at).format(&Rfc3339)).transpose();
        let status = match (state.started, state.ended) {
            (_, Some(_)) => "ended",
            (Some(_), None) => "in-progress",
            (None, None) => "ringing",
        };
        Ok(json!({ "status": status, "started_at": moment(state.started)?, "ended_at": moment(state.ended)? }))
    }
}
