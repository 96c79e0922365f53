//! What 64 connections do to wallets, and what they were answered.

use std::collections::HashMap;

use rand::{Rng, rngs::StdRng};
use serde_json::Value;
use uuid::Uuid;

use crate::billing::books::at;

/// One transaction.
pub struct Operation {
    pub name: &'static str,
    pub call: String,
    accepted: Accepted,
}

/// What it comes to when it is not refused.
enum Accepted {
    Nothing,
    /// A movement that a key stands for.
    Key(String, i64),
    /// Word of a call's end.
    Word(Uuid, Word),
}

/// The greatest counts: by source, then end time, then length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    rank: i64,
    ended: i64,
    pub seconds: i64,
}

#[derive(Default)]
pub struct Answers {
    /// By organisation and key, what it moved.
    pub moved: HashMap<(Uuid, String), i64>,
    /// By call, whose it is and all that was said of its end.
    calls: HashMap<Uuid, (Uuid, Vec<Word>)>,
    /// By operation, how many were taken and how many refused.
    pub counts: HashMap<&'static str, (usize, usize)>,
}

impl Answers {
    pub fn note(&mut self, org: Uuid, operation: Operation, answer: Result<Value, String>) {
        let (taken, refused) = self.counts.entry(operation.name).or_default();
        let Ok(answer) = answer else {
            *refused += 1;
            return;
        };
        *taken += 1;
        match operation.accepted {
            Accepted::Nothing => {}
            Accepted::Key(key, amount) => {
                assert_eq!(answer["amount_pence"], amount, "{key} answers what it stands for");
                self.moved.insert((org, key), amount);
            }
            Accepted::Word(call, word) => self.calls.entry(call).or_insert_with(|| (org, Vec::new())).1.push(word),
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.moved.extend(other.moved);
        for (call, (org, words)) in other.calls {
            self.calls.entry(call).or_insert_with(|| (org, Vec::new())).1.extend(words);
        }
        for (name, (taken, refused)) in other.counts {
            let counts = self.counts.entry(name).or_default();
            *counts = (counts.0 + taken, counts.1 + refused);
        }
    }

    pub fn calls_of(&self, org: Uuid) -> impl Iterator<Item = &[Word]> {
        self.calls.values().filter(move |(of, _)| *of == org).map(|(_, words)| words.as_slice())
    }
}

/// Something that happens to a wallet, `now` seconds after the proof began. Keys and calls repeat, as they do in life: most
/// of it is about the few calls of the hour, `done` being how much of the proof is over, and some about any.
pub fn operation(chance: &mut StdRng, org: Uuid, calls: &[Uuid], now: i64, done: f64) -> Operation {
    let lately = calls.len().min(12);
    let first = ((calls.len() - lately) as f64 * done) as usize;
    let call = if chance.random_bool(0.85) {
        calls[first + chance.random_range(0..lately)]
    } else {
        calls[chance.random_range(0..calls.len())]
    };
    let when = at(now as f64);
    // Payments come some forty times; each is heard of more than once.
    let payment = chance.random_range(0..40);
    let simple = |name, call| Operation { name, call, accepted: Accepted::Nothing };
    match chance.random_range(0..100) {
        0..5 => {
            let amount = 100 + payment * 10;
            let key = format!("stripe:pi_{payment}");
            Operation {
                name: "top-up",
                call: format!(
                    "private.add_credits('{org}', {amount}, 'topup', '{key}', null, 'pi_{payment}', p_now => {when})"
                ),
                accepted: Accepted::Key(key, amount),
            }
        }
        5..9 => {
            let key = format!("refund:pi_{payment}:300");
            Operation {
                name: "refund",
                call: format!(
                    "private.add_credits('{org}', -300, 'refund', '{key}', null, null, 'ch', p_now => {when})"
                ),
                accepted: Accepted::Key(key, -300),
            }
        }
        9..12 => {
            let (sign, what) = if chance.random_bool(0.5) { (-1, "withdrawn") } else { (1, "reinstated") };
            let key = format!("dispute_{what}:dp_{payment}");
            Operation {
                name: "dispute",
                call: format!("private.add_credits('{org}', {}, 'adjustment', '{key}', p_now => {when})", sign * 250),
                accepted: Accepted::Key(key, sign * 250),
            }
        }
        12..18 => {
            let key = format!("purchase:{}", payment + 40 * (done * 5.0) as i64);
            Operation {
                name: "purchase",
                call: format!(
                    "private.check_balance_and_deduct_asset_cost('{org}', 120, 'managed_number', '{key}', p_now => {when})"
                ),
                accepted: Accepted::Key(key, -120),
            }
        }
        18..44 => simple("admission", format!("private.reserve_call_credits('{org}', '{call}', p_now => {when})")),
        44..52 => simple("start", format!("private.start_call_clock('{call}', {when}, {when})")),
        52..62 => simple("renewal", format!("private.renew_call_reservation('{call}', {when})")),
        62..75 => simple("deadline", format!("proof.keep_hold('{org}', '{call}', {when})")),
        75..83 => {
            let (word, source, text) = word(chance, now);
            Operation {
                name: "settlement",
                call: format!(
                    "private.commit_reserved_credits('{call}', {}, '{source}', {text}, {when})",
                    word.seconds
                ),
                accepted: Accepted::Word(call, word),
            }
        }
        83..86 => {
            let (word, source, text) = word(chance, now);
            Operation {
                name: "deduction",
                call: format!(
                    "private.deduct_call_credits('{org}', '{call}', 'vapi', {}, '{source}', {text}, {when})",
                    word.seconds
                ),
                accepted: Accepted::Word(call, word),
            }
        }
        86..91 => Operation {
            name: "settlement",
            call: format!("private.release_reserved_credits('{call}', 'no_answer', 'release', {when})"),
            accepted: Accepted::Word(call, Word { rank: 1, ended: -1, seconds: 0 }),
        },
        // Some are an hour old, by a clock that is ahead. It takes wallet upon wallet, so only few do it, as in life.
        91..93 if chance.random_bool(0.1) => {
            simple("expiry", format!("private.expire_stale_reservations({})", at(now as f64 + 3_000.0)))
        }
        91..95 => simple("write-off", format!("private.write_off_call('{call}', 'nobody knows', {when})")),
        95 if chance.random_bool(0.2) => {
            simple("suspension", format!("private.set_wallet_suspension('{org}', true, {when})"))
        }
        _ => simple("suspension", format!("private.set_wallet_suspension('{org}', false, {when})")),
    }
}

fn word(chance: &mut StdRng, now: i64) -> (Word, &'static str, String) {
    let (rank, source) = [(4, "report"), (3, "poll"), (2, "status")][chance.random_range(0..3)];
    let ended = now + chance.random_range(0..100);
    let seconds = [0, 30, 61, 90, 120, 240][chance.random_range(0..6)];
    (Word { rank, ended, seconds }, source, at(ended as f64))
}
