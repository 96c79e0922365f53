//! What Vapi does with somebody's account: it sees whether the keys fit, and points a number's calls at itself.

use super::{Twilio, store::AccountStatus};
use crate::sandbox::vapi::{Carried, Carrier, TwilioKeys, TwilioSecret};

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
}
