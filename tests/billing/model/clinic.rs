//! A clinic's money as the specification has it: a ledger that is summed, calls that remember all that was said of them.
//!
//! Nothing is kept that can be worked out. What is held, capped, spent or owed is a sum; what a call costs is a function of
//! the words about its end. Times are microseconds since the proof began.

use std::collections::BTreeMap;

use super::call::{Call, SECOND, Word};
use crate::billing::books::{RATE, charge};

const DEBT_LIMIT: i64 = 500;
const GUARD: i64 = 3 * SECOND;
/// London's midnight, an hour before Greenwich's: the proof begins three hours before a month does.
const NEXT_MONTH: i64 = 3 * 3_600 * SECOND;

pub struct Entry {
    pub key: String,
    pub payment: Option<u8>,
    pub kind: &'static str,
    pub amount: i64,
    pub after: i64,
    call: Option<usize>,
    month: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Suspended {
    ForDebt,
    ByOperator,
}

pub struct Clinic {
    pub now: i64,
    pub ledger: Vec<Entry>,
    /// In the order they came.
    pub calls: Vec<Call>,
    pub refused: BTreeMap<usize, &'static str>,
    pub suspended: Option<Suspended>,
    pub max_calls: usize,
    pub monthly_cap: Option<i64>,
}

pub struct Settlement {
    pub outcome: &'static str,
    pub posted: i64,
    pub released: i64,
}

impl Clinic {
    pub fn new(opening: i64) -> Self {
        let mut clinic = Self {
            now: 0,
            ledger: Vec::new(),
            calls: Vec::new(),
            refused: BTreeMap::new(),
            suspended: None,
            max_calls: 1_000,
            monthly_cap: None,
        };
        if opening > 0 {
            clinic.post("opening".into(), None, "topup", opening, None);
        }
        clinic
    }

    pub fn balance(&self) -> i64 {
        self.ledger.iter().map(|entry| entry.amount).sum()
    }

    pub fn held(&self) -> i64 {
        self.calls.iter().filter(|call| call.is_held()).map(|call| call.reserved).sum()
    }

    pub fn available(&self) -> i64 {
        self.balance() - self.held()
    }

    pub fn capped(&self) -> i64 {
        self.calls.iter().filter(|call| !call.is_over()).map(|call| call.cap).sum()
    }

    /// What calls cost this month, corrections included.
    pub fn spent(&self) -> i64 {
        let month = self.now >= NEXT_MONTH;
        -self.ledger.iter().filter(|e| e.call.is_some() && e.month == month).map(|e| e.amount).sum::<i64>()
    }

    pub fn owes_too_much(&self) -> bool {
        self.balance() < -DEBT_LIMIT
    }

    fn month_left(&self) -> i64 {
        self.monthly_cap.map_or(i64::MAX, |cap| cap - self.held() - self.spent())
    }

    pub fn place(&self, name: usize) -> Option<usize> {
        self.calls.iter().position(|call| call.name == name)
    }

    fn post(
        &mut self,
        key: String,
        payment: Option<u8>,
        kind: &'static str,
        amount: i64,
        call: Option<usize>,
    ) -> usize {
        let (after, month) = (self.balance() + amount, self.now >= NEXT_MONTH);
        self.ledger.push(Entry { key, payment, kind, amount, after, call, month });
        self.ledger.len() - 1
    }

    /// What a key stands for already: its entry, unless something else is asked for under it.
    fn known(&self, key: &str, kind: &str, amount: i64) -> Option<Result<usize, &'static str>> {
        let place = self.ledger.iter().position(|entry| entry.key == key)?;
        let entry = &self.ledger[place];
        Some(if entry.kind == kind && entry.amount == amount { Ok(place) } else { Err("idempotency_key_reused") })
    }

    pub fn credit(
        &mut self,
        kind: &'static str,
        amount: i64,
        key: &str,
        payment: Option<u8>,
    ) -> Result<usize, &'static str> {
        if amount == 0 || amount.abs() > 100_000_000 || (amount < 0 && matches!(kind, "topup" | "bonus")) {
            return Err("invalid_amount");
        }
        if payment.is_some()
            && let Some(place) = self.ledger.iter().position(|entry| entry.payment == payment)
        {
            return Ok(place);
        }
        let place = match self.known(key, kind, amount) {
            Some(known) => known?,
            None => self.post(key.to_owned(), payment, kind, amount, None),
        };
        self.moved();
        Ok(place)
    }

    pub fn purchase(&mut self, cost: i64, key: &str) -> Result<usize, &'static str> {
        if !(1..=100_000_000).contains(&cost) {
            return Err("invalid_amount");
        }
        let place = match self.known(key, "deduction", -cost) {
            Some(known) => known?,
            None if self.suspended.is_some() => return Err("wallet_suspended"),
            None if self.available() < cost || self.balance() - cost + DEBT_LIMIT < self.capped() => {
                return Err("insufficient_balance");
            }
            None => self.post(key.to_owned(), None, "deduction", -cost, None),
        };
        self.moved();
        Ok(place)
    }

    /// Lets a call in, or says why not; the first answer stands.
    pub fn admit(&mut self, name: usize, max_seconds: i64) -> Result<usize, &'static str> {
        if let Some(place) = self.place(name) {
            let call = &self.calls[place];
            return if call.is_held() && !call.is_over() { Ok(place) } else { Err("already_settled") };
        }
        if let Some(reason) = self.refused.get(&name) {
            return Err(reason);
        }
        let longest = max_seconds.clamp(120, 3_300);
        let cap = ((longest * RATE + 59) / 60).min(self.balance() + DEBT_LIMIT - self.capped());
        let live = self.calls.iter().filter(|call| !call.is_over()).count();
        let refusal = if self.suspended.is_some() {
            Some("wallet_suspended")
        } else if live >= self.max_calls {
            Some("too_many_calls")
        } else if self.available() < RATE {
            Some("insufficient_balance")
        } else if self.month_left() < RATE {
            Some("monthly_cap_reached")
        } else if cap < 2 * RATE {
            Some("cap_too_small")
        } else {
            None
        };
        if let Some(reason) = refusal {
            self.refused.insert(name, reason);
            return Err(reason);
        }
        let held = (5 * RATE).min(self.available()).min(cap).min(self.month_left());
        self.open(name, held, cap);
        self.moved();
        Ok(self.calls.len() - 1)
    }

    fn open(&mut self, name: usize, held: i64, cap: i64) -> usize {
        let mut call = Call::new(name, self.now, cap);
        call.hold(held);
        self.calls.push(call);
        self.calls.len() - 1
    }

    pub fn start(&mut self, name: usize, at: i64) -> Result<(), &'static str> {
        let place = self.place(name).ok_or("call_not_found")?;
        let call = &mut self.calls[place];
        if call.started.is_some_and(|started| started <= at) {
            return Ok(());
        }
        call.started = Some(at);
        call.paid_from = at.clamp(call.admitted, call.admitted + 120 * SECOND);
        call.hold(call.reserved);
        if !call.words.is_empty() {
            self.settle(place);
        }
        Ok(())
    }

    /// Another slice, as far as there is money, cap and month; answers whether there was.
    fn extend(&mut self, place: usize) -> bool {
        let call = &self.calls[place];
        let more = (5 * RATE).min(self.available()).min(call.cap - call.reserved).min(self.month_left());
        if more <= 0 || self.suspended.is_some() {
            return false;
        }
        let expires = self.now + 3_600 * SECOND;
        let call = &mut self.calls[place];
        call.hold(call.reserved + more);
        call.expires = expires;
        self.moved();
        true
    }

    pub fn renew(&mut self, name: usize) -> Result<(), &'static str> {
        let place = self.place(name).ok_or("call_not_found")?;
        let call = &self.calls[place];
        if call.is_held() && !call.is_over() && call.told_to_end.is_none() {
            self.extend(place);
        }
        Ok(())
    }

    /// A deadline made for the hold's end `of`.
    pub fn deadline(&mut self, name: usize, of: i64) -> &'static str {
        let Some(place) = self.place(name) else { return "stale" };
        let call = &self.calls[place];
        if call.hold_ends != of || !call.is_held() || call.told_to_end.is_some() {
            return "stale";
        }
        if self.extend(place) {
            return "renewed";
        }
        let now = self.now;
        let call = &mut self.calls[place];
        if call.is_over() {
            "over"
        } else if now >= of - GUARD {
            call.end("hold_exhausted");
            "ended"
        } else if call.warned == Some(of) {
            "waiting"
        } else {
            call.warned = Some(of);
            "warned"
        }
    }

    /// Word of a call's end; `None` opens a bill for a call that never asked.
    pub fn hear(&mut self, place: usize, word: Word) -> Result<Settlement, &'static str> {
        if word.seconds.is_some_and(|seconds| !(0..=10_000_000).contains(&seconds)) {
            return Err("invalid_duration");
        }
        self.calls[place].words.push(word);
        Ok(self.settle(place))
    }

    pub fn hear_of_a_stranger(&mut self, name: usize, word: Word) -> Result<Settlement, &'static str> {
        if let Some(place) = self.place(name) {
            return self.hear(place, word);
        }
        if word.seconds.is_some_and(|seconds| !(0..=10_000_000).contains(&seconds)) {
            return Err("invalid_duration");
        }
        let place = self.open(name, 0, 0);
        self.hear(place, word)
    }

    fn settle(&mut self, place: usize) -> Settlement {
        let call = &mut self.calls[place];
        let Some(length) = call.length() else {
            return Settlement { outcome: "pending", posted: 0, released: 0 };
        };
        let freed = if call.is_held() { call.reserved } else { 0 };
        let first = !std::mem::replace(&mut call.settled, true);
        let due = charge(length);
        let charged: i64 = -self.ledger.iter().filter(|e| e.call == Some(place)).map(|e| e.amount).sum::<i64>();
        let posted = due - charged;
        if posted != 0 {
            self.post(format!("call:{place}:{}", self.ledger.len()), None, "deduction", -posted, Some(place));
        } else if !first {
            return Settlement { outcome: "unchanged", posted: 0, released: 0 };
        }
        self.moved();
        Settlement { outcome: if first { "settled" } else { "corrected" }, posted, released: (freed - due).max(0) }
    }

    pub fn expire(&mut self) -> usize {
        let now = self.now;
        let stale: Vec<&mut Call> =
            self.calls.iter_mut().filter(|call| call.is_held() && call.expires <= now).collect();
        let count = stale.len();
        for call in stale {
            call.expired = true;
            call.end("hold_expired");
        }
        count
    }

    pub fn write_off(&mut self, name: usize) -> Result<(), &'static str> {
        let place = self.place(name).ok_or("call_not_found")?;
        let call = &mut self.calls[place];
        if call.is_over() {
            return Err("call_has_ended");
        }
        if call.is_held() {
            call.expired = true;
            call.end("hold_expired");
        }
        call.written_off = true;
        Ok(())
    }

    pub fn suspend(&mut self, suspended: bool) {
        self.suspended = suspended.then_some(Suspended::ByOperator);
        self.moved();
    }

    /// What follows every movement: debt suspends, money above nothing lifts that; calls that are not covered end.
    fn moved(&mut self) {
        if self.owes_too_much() && self.suspended.is_none() {
            self.suspended = Some(Suspended::ForDebt);
        } else if self.balance() > 0 && self.suspended == Some(Suspended::ForDebt) {
            self.suspended = None;
        }
        self.cut_holds();
        let why = match (self.suspended, self.balance()) {
            (Some(_), _) => Some("wallet_suspended"),
            (None, ..=0) => Some("wallet_empty"),
            _ => None,
        };
        let mut uncovered = self.capped() - self.balance() - DEBT_LIMIT;
        for call in self.calls.iter_mut().rev().filter(|call| !call.is_over()) {
            if why.is_none() && uncovered <= 0 {
                break;
            }
            call.end(why.unwrap_or("cap_uncovered"));
            uncovered -= call.cap;
        }
    }

    /// Newest first, to what the balance still covers; a call left without paid time ends.
    fn cut_holds(&mut self) {
        let (now, mut short) = (self.now, -self.available());
        for call in self.calls.iter_mut().rev().filter(|call| call.is_held() && call.reserved > 0) {
            if short <= 0 {
                break;
            }
            let cut = short.min(call.reserved);
            short -= cut;
            call.hold(call.reserved - cut);
            if call.hold_ends <= now + GUARD {
                call.end("hold_cut");
            }
        }
    }
}
