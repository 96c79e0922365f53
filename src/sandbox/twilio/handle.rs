//! What a test, or a person at the desk, can make happen.

use std::time::Duration;

use serde::Serialize;
use time::OffsetDateTime;

use super::{
    Books, Phone, Twilio, accounts, books,
    calls::check_line,
    error::{Outcome, Refusal},
    inventory::{formatted, origin},
    params::is_e164,
    store::{AccountStatus, CallStatus, State, new_sid, new_token},
};

/// How long a person waits who calls, and talks when somebody answers.
const PATIENCE: i64 = 60;
const TALKS: i64 = 120;

/// Why it cannot happen, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Impossible(pub(super) String);

type Done<T> = Result<T, Impossible>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Credentials {
    pub sid: String,
    pub token: String,
}

/// A call that asks for a code right now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PendingValidation {
    pub call_sid: String,
    pub account: String,
    pub phone_number: String,
    pub friendly_name: String,
    pub code: String,
}

/// Accounts, and what they have without having bought it here.
impl Twilio {
    /// An account of somebody else, who is no customer of ours at Twilio.
    pub fn open_account(&self, name: &str) -> Credentials {
        let (sid, token) = (new_sid("AC"), new_token());
        self.by_hand(|state| {
            state.add_account(&sid, &token, &sid, name);
            Ok(())
        })
        .expect("an account can be opened");
        Credentials { sid, token }
    }

    /// The token that Twilio has for an account.
    pub fn token_of(&self, sid: &str) -> Option<String> {
        self.lock().account(sid).map(|account| account.token.clone())
    }

    /// Gives an account a number, of the inventory or not. Answers its SID.
    ///
    /// # Errors
    /// When there is no such account, or somebody has the number.
    pub fn give_number(&self, account: &str, phone_number: &str) -> Done<String> {
        self.by_hand(|state| {
            known(state, account)?;
            fit(phone_number)?;
            if state.number(phone_number).is_some() {
                return Err(Refusal::bad(21422, format!("{phone_number} is somebody's.")));
            }
            let stock = origin(phone_number).map(|(_, stock)| stock);
            let place = state.add_number(account, phone_number, &formatted(phone_number), stock);
            Ok(state.numbers[place].sid.clone())
        })
    }

    /// Takes a number out of service, as its owner may in the console.
    ///
    /// # Errors
    /// When nobody has it.
    pub fn take_number(&self, phone_number: &str) -> Done<()> {
        self.by_hand(|state| {
            let sid = state.number(phone_number).map(|number| number.sid.clone());
            sid.map(|sid| state.release(&sid)).ok_or_else(|| missing("number", phone_number))
        })
    }

    /// # Errors
    /// When there is no such account.
    pub fn suspend(&self, sid: &str) -> Done<()> {
        self.set_status(sid, AccountStatus::Suspended)
    }

    /// # Errors
    /// When there is no such account.
    pub fn reactivate(&self, sid: &str) -> Done<()> {
        self.set_status(sid, AccountStatus::Active)
    }

    fn set_status(&self, sid: &str, status: AccountStatus) -> Done<()> {
        self.by_hand(|state| {
            known(state, sid)?;
            accounts::set_status(state, sid, status);
            Ok(())
        })
    }

    /// The account's token is another one from now on, as after "rotate" in the console.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn change_token(&self, sid: &str) -> Done<Credentials> {
        let token = new_token();
        self.by_hand(|state| {
            let account = state.accounts.iter_mut().find(|account| account.sid == sid);
            let account = account.ok_or_else(|| missing("account", sid))?;
            account.token.clone_from(&token);
            Ok(())
        })?;
        Ok(Credentials { sid: sid.to_owned(), token })
    }

    /// Papers that a regulator approved: `BU…` or `AD…`.
    pub fn approve_papers(&self, sid: &str) {
        self.lock().papers.insert(sid.to_owned());
    }
}

/// What was there before the stand-in was started: known elsewhere under these SIDs.
impl Twilio {
    /// A subaccount of ours.
    pub fn take_up_account(&self, sid: &str, token: &str, name: &str) {
        let owner = self.account_sid().to_owned();
        self.take_up(sid, token, name, &owner);
    }

    /// An account of somebody else.
    pub fn take_up_stranger(&self, sid: &str, token: &str, name: &str) {
        self.take_up(sid, token, name, sid);
    }

    fn take_up(&self, sid: &str, token: &str, name: &str, owner: &str) {
        let mut state = self.lock();
        if state.account(sid).is_none() {
            state.add_account(sid, token, owner, name);
        }
    }

    pub fn take_up_number(&self, account: &str, sid: &str, phone_number: &str, name: &str) {
        let mut state = self.lock();
        if state.number(phone_number).is_none() {
            let place = state.add_number(account, phone_number, name, origin(phone_number).map(|(_, stock)| stock));
            sid.clone_into(&mut state.numbers[place].sid);
        }
    }

    pub fn take_up_caller_id(&self, account: &str, sid: &str, phone_number: &str) {
        let mut state = self.lock();
        if state.caller_id(account, phone_number).is_none() {
            sid.clone_into(&mut state.add_caller_id(account, phone_number, &formatted(phone_number)).sid);
        }
    }
}

/// People at their telephones.
impl Twilio {
    /// How a telephone outside behaves from now on; calls that ring already are not changed.
    ///
    /// # Errors
    /// When it, or where it forwards to, is no number.
    pub fn set_phone(&self, number: &str, phone: Phone) -> Done<()> {
        self.by_hand(|state| {
            fit(number)?;
            if let Phone::ForwardsAlways { to } | Phone::ForwardsUnanswered { to, .. } = &phone {
                fit(to)?;
            }
            state.phones.insert(number.to_owned(), phone);
            Ok(())
        })
    }

    pub fn phone(&self, number: &str) -> Phone {
        self.lock().phone(number)
    }

    /// Somebody outside calls. Answers the SID of that call, which no account sees; `leg_of` it is what arrived at a number.
    ///
    /// # Errors
    /// When one of them is no number, or Twilio would not put such a call through.
    pub fn dial(&self, from: &str, to: &str) -> Done<String> {
        self.by_hand(|state| {
            fit(from)?;
            fit(to)?;
            check_line(state, to)?;
            Ok(state.dial(None, from, to, PATIENCE, TALKS))
        })
    }

    /// The inbound call that a call has led to, by now.
    pub fn leg_of(&self, sid: &str) -> Option<String> {
        self.by_hand(|state| Ok(state.call(sid).and_then(|call| call.peer.clone()))).ok().flatten()
    }

    /// # Errors
    /// When there is no such call.
    pub fn hang_up(&self, sid: &str) -> Done<()> {
        self.by_hand(|state| {
            state.call(sid).ok_or_else(|| missing("call", sid))?;
            state.end_call(sid, CallStatus::Completed);
            Ok(())
        })
    }

    pub fn call_status(&self, sid: &str) -> Option<CallStatus> {
        self.by_hand(|state| Ok(state.call(sid).map(|call| call.status))).ok().flatten()
    }

    /// Calls that ask for a code now, oldest first.
    pub fn pending_validations(&self) -> Vec<PendingValidation> {
        let open = self.by_hand(|state| {
            let open = state.validations.iter().filter(|one| one.verified.is_none());
            Ok(open
                .map(|one| PendingValidation {
                    call_sid: one.call_sid.clone(),
                    account: one.account.clone(),
                    phone_number: one.phone_number.clone(),
                    friendly_name: one.name.clone(),
                    code: one.code.clone(),
                })
                .collect())
        });
        open.unwrap_or_default()
    }

    /// The person at this phone types a code into the newest call that asks for one; the wrong one fails it. `phone` may also
    /// be the SID of the call. Answers whether the number is verified.
    ///
    /// # Errors
    /// When no call asks there.
    pub fn type_code(&self, phone: &str, code: &str) -> Done<bool> {
        self.by_hand(|state| {
            let call = asking(state, phone)?;
            Ok(state.type_code(&call, code))
        })
    }

    /// One key of the telephone at a time; the sixth digit decides. Answers whether the number is verified by now.
    ///
    /// # Errors
    /// When no call asks there, or there is no such key.
    pub fn press(&self, phone: &str, key: char) -> Done<bool> {
        self.by_hand(|state| {
            let call = asking(state, phone)?;
            if !key.is_ascii_digit() {
                return Err(Refusal::bad(20001, format!("No digit: {key}")));
            }
            Ok(state.press(&call, key).unwrap_or(false))
        })
    }

    /// The person does not answer, and the validation fails.
    ///
    /// # Errors
    /// When no call asks there.
    pub fn let_ring_out(&self, phone: &str) -> Done<()> {
        self.by_hand(|state| {
            let call = asking(state, phone)?;
            state.end_call(&call, CallStatus::NoAnswer);
            Ok(())
        })
    }

    /// Puts a number on an account's list without asking anybody. Answers its SID.
    ///
    /// # Errors
    /// When there is no such account, or it is no number.
    pub fn add_caller_id(&self, account: &str, phone_number: &str) -> Done<String> {
        self.by_hand(|state| {
            known(state, account)?;
            fit(phone_number)?;
            if let Some(one) = state.caller_id(account, phone_number) {
                return Ok(one.sid.clone());
            }
            Ok(state.add_caller_id(account, phone_number, &formatted(phone_number)).sid.clone())
        })
    }

    /// # Errors
    /// When it is not on that account's list.
    pub fn remove_caller_id(&self, account: &str, phone_number: &str) -> Done<()> {
        self.by_hand(|state| {
            state.caller_id(account, phone_number).ok_or_else(|| missing("caller ID", phone_number))?;
            state.caller_ids.retain(|one| one.account != account || one.phone_number != phone_number);
            Ok(())
        })
    }
}

/// What Twilio knows, and its clock.
impl Twilio {
    pub fn books(&self) -> Books {
        self.by_hand(|state| Ok(books::of(state))).expect("books can be read")
    }

    /// Lets this much time go by at once.
    pub fn advance(&self, time: Duration) {
        let _ = self.by_hand(|state| {
            state.advance(time.try_into().unwrap_or(time::Duration::MAX));
            state.catch_up();
            Ok(())
        });
    }

    pub fn now(&self) -> OffsetDateTime {
        self.lock().now()
    }

    /// Returns when every callback so far has been posted, in vain or not.
    pub async fn delivered(&self) {
        self.messenger.delivered().await;
    }

    /// Forgets everything: one account is there, as at the beginning.
    pub fn clear(&self) {
        *self.lock() = State::new(&self.config);
    }

    pub(super) fn by_hand<T>(&self, work: impl FnOnce(&mut State) -> Outcome<T>) -> Done<T> {
        self.act(work).map_err(|refusal| Impossible(refusal.message))
    }
}

fn missing(what: &str, which: &str) -> Refusal {
    Refusal::not_found(&format!("{what} {which}"))
}

fn known(state: &State, account: &str) -> Outcome<()> {
    state.account(account).map(|_| ()).ok_or_else(|| missing("account", account))
}

fn fit(number: &str) -> Outcome<()> {
    if is_e164(number) { Ok(()) } else { Err(Refusal::bad(21421, format!("{number} is no telephone number."))) }
}

fn asking(state: &State, phone: &str) -> Outcome<String> {
    let mut open = state.validations.iter().rev().filter(|one| one.verified.is_none());
    let found = open.find(|one| one.phone_number == phone || one.call_sid == phone);
    found.map(|one| one.call_sid.clone()).ok_or_else(|| missing("call that asks", phone))
}
