//! What Vapi does with somebody's account: it sees whether the keys fit, and points a number's calls at itself.

use super::{
    Phone, Twilio,
    store::{AccountStatus, CallStatus, new_sid},
};
use crate::sandbox::vapi::{Carried, Carrier, Pickup, TwilioKeys, TwilioSecret};

const CALLS_GO_TO: &str = "https://api.vapi.ai/twilio/inbound_call";
const MESSAGES_GO_TO: &str = "https://api.vapi.ai/twilio/sms";

impl Carrier for Twilio {
    fn lets_in(&self, keys: &TwilioKeys) -> bool {
        // There are no API keys here, so none of them fits.
        let TwilioSecret::AuthToken(token) = &keys.secret else { return false };
        let state = self.lock();
        let account = state.account(&keys.account_sid);
        account.is_some_and(|account| account.token == *token && account.status == AccountStatus::Active)
    }

    fn take_over(&self, keys: &TwilioKeys, number: &str, sms: bool) -> Carried {
        if !self.lets_in(keys) {
            return Carried::WrongKeys;
        }
        let mut state = self.lock();
        let theirs = |one: &&mut super::store::Number| one.account == keys.account_sid && one.phone_number == number;
        let Some(number) = state.numbers.iter_mut().find(theirs) else { return Carried::NoSuchNumber };
        number.settings.insert("VoiceUrl", CALLS_GO_TO.to_owned());
        if sms {
            number.settings.insert("SmsUrl", MESSAGES_GO_TO.to_owned());
        }
        Carried::TakenOver
    }

    fn may_call_from(&self, keys: &TwilioKeys, number: &str) -> Carried {
        if !self.lets_in(keys) {
            return Carried::WrongKeys;
        }
        let state = self.lock();
        let is_theirs = state.number(number).is_some_and(|one| one.account == keys.account_sid);
        match is_theirs || state.caller_id(&keys.account_sid, number).is_some() {
            true => Carried::TakenOver,
            false => Carried::NoSuchNumber,
        }
    }

    fn arrives(&self, account: &str, from: &str, to: &str) -> Option<String> {
        let sid = new_sid("CA");
        let kept = self.act(|state| {
            state.must_be_active(account)?;
            state.carry(account, from, to, &sid, true);
            Ok(())
        });
        kept.ok().map(|()| sid)
    }

    fn dials(&self, account: &str, from: &str, to: &str, sid: &str) -> Pickup {
        let phone = self.act(|state| {
            if state.must_be_active(account).is_ok() {
                state.carry(account, from, to, sid, false);
            }
            Ok(state.phone(to))
        });
        match phone {
            Ok(Phone::Busy) => Pickup::Busy,
            Ok(Phone::RingsOut | Phone::Unreachable | Phone::Blocked | Phone::CountryNotPermitted) => Pickup::NoAnswer,
            _ => Pickup::Answers,
        }
    }

    fn picked_up(&self, sid: &str) {
        let _ = self.act(|state| {
            state.pick_up(sid);
            Ok(())
        });
    }

    fn hung_up(&self, sid: &str) {
        let _ = self.act(|state| {
            let talked = state.call(sid).is_some_and(|call| call.status == CallStatus::InProgress);
            state.end_call(sid, if talked { CallStatus::Completed } else { CallStatus::NoAnswer });
            Ok(())
        });
    }
}
