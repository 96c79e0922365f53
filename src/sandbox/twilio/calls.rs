//! Calls: made by an account, arriving at a number, and what becomes of them in time.

use std::{collections::VecDeque, sync::LazyLock};

use regex::Regex;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::{
    Phone,
    callbacks::Callback,
    error::{Outcome, Refusal},
    lists,
    params::{Params, is_e164},
    phones::Reached,
    render,
    store::{Call, CallStatus, State, Step, new_sid},
};

const MADE_WITH: [&str; 35] = [
    "To",
    "From",
    "Method",
    "FallbackUrl",
    "FallbackMethod",
    "StatusCallback",
    "StatusCallbackEvent",
    "StatusCallbackMethod",
    "SendDigits",
    "Timeout",
    "Record",
    "RecordingChannels",
    "RecordingStatusCallback",
    "RecordingStatusCallbackMethod",
    "SipAuthUsername",
    "SipAuthPassword",
    "MachineDetection",
    "MachineDetectionTimeout",
    "RecordingStatusCallbackEvent",
    "Trim",
    "CallerId",
    "MachineDetectionSpeechThreshold",
    "MachineDetectionSpeechEndThreshold",
    "MachineDetectionSilenceTimeout",
    "AsyncAmd",
    "AsyncAmdStatusCallback",
    "AsyncAmdStatusCallbackMethod",
    "Byoc",
    "CallReason",
    "CallToken",
    "RecordingTrack",
    "TimeLimit",
    "ClientNotificationUrl",
    "Url",
    "Twiml",
];
const RINGS: i64 = 60;
/// Four hours: no call is longer.
const LONGEST: i64 = 14_400;
/// How long anything but a pause keeps a call up. A document that would have to be fetched is not.
const SPOKEN: i64 = 5;
const FETCHED: i64 = 60;

pub(super) fn list(state: &State, account: &str, path: &str, params: &Params) -> Outcome<Value> {
    let times = ["StartTime", "StartTime<", "StartTime>", "EndTime", "EndTime<", "EndTime>"];
    params.known(&[&["To", "From", "ParentCallSid", "Status"], &times[..], &lists::PAGING[..]].concat())?;
    let status = params.get("Status").map(|text| {
        let found = CallStatus::ALL.into_iter().find(|status| status.name() == text);
        found.ok_or_else(|| Refusal::bad(20001, format!("Invalid Status: {text}")))
    });
    let status = status.transpose()?;
    let started = Span::read(params, "StartTime")?;
    let ended = Span::read(params, "EndTime")?;
    let found = state.calls.iter().rev().filter(|call| {
        call.account.as_deref() == Some(account)
            && params.get("To").is_none_or(|to| call.to == to)
            && params.get("From").is_none_or(|from| call.from == from)
            // No call here is spawned by another one.
            && params.get("ParentCallSid").is_none()
            && status.is_none_or(|status| call.status == status)
            && started.holds(call.started)
            && ended.holds(call.ended)
    });
    lists::page(path, "calls", found.map(render::call).collect(), params)
}

/// From the first moment, inclusive, to before the second.
pub(super) struct Span(Option<OffsetDateTime>, Option<OffsetDateTime>);

impl Span {
    pub(super) fn read(params: &Params, name: &str) -> Outcome<Self> {
        if let Some(day) = params.moment(name)? {
            return Ok(Self(Some(day), Some(day + Duration::DAY)));
        }
        Ok(Self(params.moment(&format!("{name}>"))?, params.moment(&format!("{name}<"))?))
    }

    pub(super) fn holds(&self, at: Option<OffsetDateTime>) -> bool {
        if self.0.is_none() && self.1.is_none() {
            return true;
        }
        at.is_some_and(|at| self.0.is_none_or(|from| at >= from) && self.1.is_none_or(|to| at < to))
    }
}

/// What Twilio refuses before it dials.
pub(super) fn check_line(state: &State, number: &str) -> Outcome<()> {
    match state.phone(number) {
        Phone::Unreachable => Err(Refusal::bad(21214, format!("'To' phone number cannot be reached: {number}"))),
        Phone::Blocked => Err(Refusal::bad(21216, format!("Call blocked by Twilio blocklist: {number}"))),
        Phone::CountryNotPermitted => Err(Refusal::bad(
            21215,
            format!(
                "Account not authorized to call {number}. Perhaps you need to enable some international permissions."
            ),
        )),
        _ => Ok(()),
    }
}

pub(super) fn make(state: &mut State, account: &str, params: &Params) -> Outcome<Value> {
    params.known(&[&["ApplicationSid"], &MADE_WITH[..]].concat())?;
    state.must_be_active(account)?;
    let to = params.get("To").ok_or_else(|| Refusal::bad(21201, "No 'To' number is specified"))?;
    let from = params.get("From").ok_or_else(|| Refusal::bad(21213, "No 'From' number is specified"))?;
    if !is_e164(to) {
        return Err(Refusal::bad(21211, format!("Invalid 'To' Phone Number: {to}")));
    }
    if !is_e164(from) {
        return Err(Refusal::bad(21212, format!("Invalid From Number (caller ID): {from}")));
    }
    let length = length(params)?;
    let patience = params.number("Timeout", 1, 600, 21208)?.unwrap_or(RINGS);
    let callback = Callback::read(state, account, params)?;
    let own = state.numbers.iter().find(|number| number.account == account && number.phone_number == from);
    let number_sid = own.map(|number| number.sid.clone());
    if number_sid.is_none() && state.caller_id(account, from).is_none() {
        let message = format!("The source phone number provided, {from}, is not yet verified for your account.");
        return Err(Refusal::bad(21210, message));
    }
    check_line(state, to)?;
    let sid = state.dial(Some(account), from, to, patience, length);
    let call = state.calls.iter_mut().find(|call| call.sid == sid).expect("it was just made");
    (call.number_sid, call.callback) = (number_sid, callback);
    Ok(render::call(call))
}

/// How long the call is kept up once it is answered.
fn length(params: &Params) -> Outcome<i64> {
    static PAUSES: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"<Pause(?:\s+length="(\d{1,5})")?\s*/>"#).expect("a literal pattern"));
    let limit = params.number("TimeLimit", 1, LONGEST, 20001)?.unwrap_or(LONGEST);
    let length = match (params.get("Twiml"), params.url("Url", 21205)?) {
        (Some(twiml), None) if twiml.contains("<Response") => {
            let pauses =
                PAUSES.captures_iter(twiml).map(|pause| pause.get(1).map_or(1, |s| s.as_str().parse().unwrap_or(1)));
            pauses.reduce(|sum: i64, next| sum + next).unwrap_or(SPOKEN)
        }
        (Some(_), None) => return Err(Refusal::bad(12100, "Document parse failure")),
        (Some(_), Some(_)) => return Err(Refusal::bad(20001, "Twiml and Url are mutually exclusive")),
        (None, None) if params.get("ApplicationSid").is_none() => {
            return Err(Refusal::bad(21205, "Url, Twiml or ApplicationSid is required"));
        }
        (None, _) => FETCHED,
    };
    Ok(length.min(limit))
}

fn find<'a>(state: &'a State, account: &str, path: &str, sid: &str) -> Outcome<&'a Call> {
    let found = state.call(sid).filter(|call| call.account.as_deref() == Some(account));
    found.ok_or_else(|| Refusal::not_found(path))
}

pub(super) fn fetch(state: &State, account: &str, path: &str, sid: &str) -> Outcome<Value> {
    find(state, account, path, sid).map(render::call)
}

/// Hangs up, before anybody answered (`canceled`) or at any time (`completed`).
pub(super) fn update(state: &mut State, account: &str, path: &str, sid: &str, params: &Params) -> Outcome<Value> {
    params.known(&[
        "Url",
        "Method",
        "Status",
        "FallbackUrl",
        "FallbackMethod",
        "StatusCallback",
        "StatusCallbackMethod",
        "Twiml",
        "TimeLimit",
    ])?;
    let status = find(state, account, path, sid)?.status;
    match (params.get("Status"), status) {
        (Some("completed" | "canceled"), status) if status.is_over() => {
            return Err(Refusal::bad(21220, "Call is not in-progress. Cannot redirect."));
        }
        (Some("canceled"), CallStatus::InProgress) => {
            return Err(Refusal::bad(21220, "Call is in-progress. Cannot cancel."));
        }
        (Some(ends @ ("completed" | "canceled")), status) => {
            let talked = ends == "completed" && status == CallStatus::InProgress;
            // Whoever hears of the end hears by whom.
            state.ended.push((sid.to_owned(), true));
            state.end_call(sid, if talked { CallStatus::Completed } else { CallStatus::Canceled });
        }
        (Some(other), _) => return Err(Refusal::bad(20001, format!("Invalid Status: {other}"))),
        (None, CallStatus::InProgress) => {
            return Err(Refusal::bad(20001, "The sandbox changes nothing of a call but its end"));
        }
        (None, _) => return Err(Refusal::bad(21220, "Call is not in-progress. Cannot redirect.")),
    }
    fetch(state, account, path, sid)
}

impl State {
    /// Puts a call on its way and on record, with all that will happen to it if nobody hangs up.
    pub(super) fn dial(&mut self, account: Option<&str>, from: &str, to: &str, patience: i64, length: i64) -> String {
        let now = self.now();
        let (after, reached) = self.follow(to, patience);
        let then = now + Duration::seconds(after);
        let end = (then + Duration::seconds(length), Step::End(CallStatus::Completed));
        let mut steps = VecDeque::from([(now, Step::Ring)]);
        match reached {
            Reached::Person => steps.extend([(then, Step::Answer), end]),
            Reached::Number(number) => steps.extend([(then, Step::Arrive(number)), end]),
            Reached::Nobody(status) => steps.push_back((then, Step::End(status))),
        }
        let sid = new_sid("CA");
        self.calls.push(Call {
            sid: sid.clone(),
            account: account.map(str::to_owned),
            from: from.to_owned(),
            to: to.to_owned(),
            inbound: false,
            number_sid: None,
            status: CallStatus::Queued,
            created: now,
            updated: now,
            started: None,
            answered: None,
            ended: None,
            steps,
            peer: None,
            callback: None,
        });
        sid
    }

    /// A call that somebody else carries: it lasts until they say otherwise.
    pub(super) fn carry(&mut self, account: &str, from: &str, to: &str, sid: &str, inbound: bool) {
        let now = self.now();
        let ours = if inbound { to } else { from };
        self.calls.push(Call {
            sid: sid.to_owned(),
            account: Some(account.to_owned()),
            from: from.to_owned(),
            to: to.to_owned(),
            inbound,
            number_sid: self.number(ours).filter(|one| one.account == account).map(|one| one.sid.clone()),
            status: CallStatus::Ringing,
            created: now,
            updated: now,
            started: Some(now),
            answered: None,
            ended: None,
            steps: VecDeque::new(),
            peer: None,
            callback: None,
        });
    }

    pub(super) fn pick_up(&mut self, sid: &str) {
        let now = self.now();
        if let Some(call) = self.calls.iter_mut().find(|call| call.sid == sid && !call.status.is_over()) {
            call.status = CallStatus::InProgress;
            call.answered = Some(now);
            call.updated = now;
        }
    }

    /// Lets everything happen whose time has come, in its order.
    pub(super) fn catch_up(&mut self) {
        let now = self.now();
        loop {
            let due = self.calls.iter().enumerate().filter_map(|(place, call)| {
                let (at, _) = call.steps.front()?;
                (*at <= now).then_some((*at, place))
            });
            let Some((at, place)) = due.min() else { return self.deliver_texts(now) };
            let (_, step) = self.calls[place].steps.pop_front().expect("it was just seen");
            self.take(place, at, step);
        }
    }

    fn take(&mut self, place: usize, at: OffsetDateTime, step: Step) {
        let call = &mut self.calls[place];
        call.updated = at;
        match step {
            Step::Ring => {
                call.status = CallStatus::Ringing;
                call.started = Some(at);
            }
            Step::Answer => {
                call.status = CallStatus::InProgress;
                call.answered = Some(at);
            }
            Step::Arrive(number) => self.arrive(place, at, &number),
            Step::End(status) => {
                let sid = call.sid.clone();
                self.end_call_at(&sid, status, at);
            }
        }
    }

    /// The other half of the call, in the log of whoever has the number.
    fn arrive(&mut self, place: usize, at: OffsetDateTime, number: &str) {
        let Some((owner, number_sid)) = self.number(number).map(|one| (one.account.clone(), one.sid.clone())) else {
            // Given back while it rang.
            let sid = self.calls[place].sid.clone();
            return self.end_call_at(&sid, CallStatus::Failed, at);
        };
        let sid = new_sid("CA");
        let call = &mut self.calls[place];
        call.status = CallStatus::InProgress;
        call.answered = Some(at);
        call.peer = Some(sid.clone());
        let leg = Call {
            sid,
            account: Some(owner),
            from: call.from.clone(),
            to: number.to_owned(),
            inbound: true,
            number_sid: Some(number_sid),
            status: CallStatus::InProgress,
            created: at,
            updated: at,
            started: Some(at),
            answered: Some(at),
            ended: None,
            steps: VecDeque::new(),
            peer: Some(call.sid.clone()),
            callback: None,
        };
        self.calls.push(leg);
    }

    pub(super) fn end_call(&mut self, sid: &str, status: CallStatus) {
        let now = self.now();
        self.end_call_at(sid, status, now);
    }

    fn end_call_at(&mut self, sid: &str, status: CallStatus, at: OffsetDateTime) {
        let Some(call) = self.calls.iter_mut().find(|call| call.sid == sid && !call.status.is_over()) else { return };
        call.steps.clear();
        call.status = status;
        call.started.get_or_insert(at);
        call.ended = Some(at);
        call.updated = at;
        if self.ended.iter().all(|(ended, _)| ended != sid) {
            self.ended.push((sid.to_owned(), false));
        }
        let (peer, callback) = (call.peer.clone(), call.callback.clone());
        if let Some(callback) = callback {
            let told = told(call);
            self.outbox.push((callback, told));
        }
        if let Some(place) = self.open_validation(sid) {
            self.conclude(place, false);
        }
        if let Some(peer) = peer {
            self.end_call_at(&peer, CallStatus::Completed, at);
        }
    }
}

fn told(call: &Call) -> Vec<(&'static str, String)> {
    vec![
        ("AccountSid", call.account.clone().unwrap_or_default()),
        ("ApiVersion", "2010-04-01".to_owned()),
        ("CallDuration", call.seconds().unwrap_or_default().to_string()),
        ("CallSid", call.sid.clone()),
        ("CallStatus", call.status.name().to_owned()),
        ("Called", call.to.clone()),
        ("Caller", call.from.clone()),
        ("Direction", call.direction().to_owned()),
        ("From", call.from.clone()),
        ("To", call.to.clone()),
    ]
}
