//! Numbers that calls may be made from, and the calls that find out whose they are.

use std::collections::VecDeque;

use rand::Rng;
use serde_json::Value;
use time::Duration;

use super::{
    callbacks::Callback,
    calls::check_line,
    error::{Outcome, Refusal},
    inventory::formatted,
    lists,
    params::{Params, is_e164},
    render,
    store::{Call, CallStatus, State, Step, Validation, new_sid},
};

/// Twilio asks from this number, as its example shows.
const ASKED_FROM: &str = "+14157234000";
/// As long as a person may take, who has to look up the code. From memory, and generous.
const PATIENCE: i64 = 120;
pub(super) const CODE_LENGTH: usize = 6;

pub(super) fn list(state: &State, account: &str, path: &str, params: &Params) -> Outcome<Value> {
    params.known(&[&["PhoneNumber", "FriendlyName"], &lists::PAGING[..]].concat())?;
    let found = state.caller_ids.iter().rev().filter(|one| {
        one.account == account
            && params.get("PhoneNumber").is_none_or(|number| one.phone_number == number)
            && params.get("FriendlyName").is_none_or(|name| one.name == name)
    });
    lists::page(path, "outgoing_caller_ids", found.map(render::caller_id).collect(), params)
}

/// Calls the number; whoever answers types the code that is answered here.
pub(super) fn ask(state: &mut State, account: &str, params: &Params) -> Outcome<Value> {
    params.known(&[
        "PhoneNumber",
        "FriendlyName",
        "CallDelay",
        "Extension",
        "StatusCallback",
        "StatusCallbackMethod",
    ])?;
    state.must_be_active(account)?;
    let name = params.friendly_name()?;
    let delay = params.number("CallDelay", 0, 60, 21454)?.unwrap_or(0);
    let callback = Callback::read(state, account, params)?;
    let number = params.get("PhoneNumber").ok_or_else(|| Refusal::bad(21201, "No 'PhoneNumber' is specified"))?;
    if !is_e164(number) {
        return Err(Refusal::bad(21217, format!("Phone number does not appear to be valid: {number}")));
    }
    if state.caller_id(account, number).is_some() {
        return Err(Refusal::bad(21450, format!("Phone number already validated on your account: {number}")));
    }
    check_line(state, number)?;
    let now = state.now();
    let ends = if state.phone(number) == super::Phone::Busy { CallStatus::Busy } else { CallStatus::NoAnswer };
    let patience = if ends == CallStatus::Busy { 0 } else { PATIENCE };
    let steps =
        [(now + Duration::seconds(delay), Step::Ring), (now + Duration::seconds(delay + patience), Step::End(ends))];
    let call_sid = new_sid("CA");
    state.calls.push(Call {
        sid: call_sid.clone(),
        account: Some(account.to_owned()),
        from: ASKED_FROM.to_owned(),
        to: number.to_owned(),
        inbound: false,
        number_sid: None,
        status: CallStatus::Queued,
        created: now,
        updated: now,
        started: None,
        answered: None,
        ended: None,
        steps: VecDeque::from(steps),
        peer: None,
        callback: None,
    });
    let validation = Validation {
        account: account.to_owned(),
        call_sid,
        phone_number: number.to_owned(),
        name: name.unwrap_or_else(|| formatted(number)),
        code: format!("{:0CODE_LENGTH$}", rand::rng().random_range(0..1_000_000)),
        typed: String::new(),
        callback,
        verified: None,
    };
    let answer = render::validation(&validation);
    state.validations.push(validation);
    Ok(answer)
}

fn find(state: &State, account: &str, path: &str, sid: &str) -> Outcome<usize> {
    let found = state.caller_ids.iter().position(|one| one.account == account && one.sid == sid);
    found.ok_or_else(|| Refusal::not_found(path))
}

pub(super) fn fetch(state: &State, account: &str, path: &str, sid: &str) -> Outcome<Value> {
    find(state, account, path, sid).map(|place| render::caller_id(&state.caller_ids[place]))
}

pub(super) fn rename(state: &mut State, account: &str, path: &str, sid: &str, params: &Params) -> Outcome<Value> {
    params.known(&["FriendlyName"])?;
    let place = find(state, account, path, sid)?;
    let (name, now) = (params.friendly_name()?, state.now());
    let one = &mut state.caller_ids[place];
    if let Some(name) = name {
        one.name = name;
    }
    one.updated = now;
    Ok(render::caller_id(one))
}

pub(super) fn delete(state: &mut State, account: &str, path: &str, sid: &str) -> Outcome<Value> {
    let place = find(state, account, path, sid)?;
    state.caller_ids.remove(place);
    Ok(Value::Null)
}

impl State {
    /// The person at the phone types digits: the right ones put the number on the list, and any end the call.
    pub(super) fn type_code(&mut self, call_sid: &str, typed: &str) -> bool {
        let Some(place) = self.open_validation(call_sid) else { return false };
        let right = self.validations[place].code == typed;
        let now = self.now();
        if let Some(call) = self.calls.iter_mut().find(|call| call.sid == call_sid) {
            call.started.get_or_insert(now);
            call.answered = Some(now);
        }
        self.conclude(place, right);
        self.end_call(call_sid, CallStatus::Completed);
        right
    }

    /// One key at a time: the last one decides. None: there are more to come.
    pub(super) fn press(&mut self, call_sid: &str, key: char) -> Option<bool> {
        let place = self.open_validation(call_sid)?;
        self.validations[place].typed.push(key);
        let typed = self.validations[place].typed.clone();
        (typed.len() >= CODE_LENGTH).then(|| self.type_code(call_sid, &typed))
    }

    /// The validation whose call goes on.
    pub(super) fn open_validation(&self, call_sid: &str) -> Option<usize> {
        self.validations.iter().position(|one| one.call_sid == call_sid && one.verified.is_none())
    }

    /// Says how it ended, once.
    pub(super) fn conclude(&mut self, place: usize, right: bool) {
        let one = &mut self.validations[place];
        one.verified = Some(right);
        let (account, phone_number, name) = (one.account.clone(), one.phone_number.clone(), one.name.clone());
        let (call_sid, callback) = (one.call_sid.clone(), one.callback.clone());
        let mut told = vec![
            ("AccountSid", account.clone()),
            ("CallSid", call_sid),
            ("CallStatus", CallStatus::Completed.name().to_owned()),
            ("To", phone_number.clone()),
            ("From", ASKED_FROM.to_owned()),
            ("Called", phone_number.clone()),
            ("Caller", ASKED_FROM.to_owned()),
            ("Direction", "outbound-api".to_owned()),
            ("ApiVersion", "2010-04-01".to_owned()),
            ("VerificationStatus", if right { "success" } else { "failed" }.to_owned()),
        ];
        if right {
            let known = self.caller_id(&account, &phone_number).map(|known| known.sid.clone());
            let sid = known.unwrap_or_else(|| self.add_caller_id(&account, &phone_number, &name).sid.clone());
            told.push(("OutgoingCallerIdSid", sid));
        }
        if let Some(callback) = callback {
            self.outbox.push((callback, told));
        }
    }
}
