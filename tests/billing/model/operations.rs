//! What may happen to a clinic's money: as SQL, on the model, and made up at random.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use uuid::Uuid;

use super::call::{SECOND, Word};
use super::clinic::{Clinic, Settlement, Suspended};

/// When the proof begins: three hours before London's April.
pub const BASE: &str = "timestamptz '2026-03-31 20:00:00+00'";

/// Calls are few, so that most operations find one that something happened to.
const CALLS: usize = 4;

#[derive(Debug, Clone)]
pub struct Step {
    pub wait_seconds: i64,
    pub operation: Operation,
}

#[derive(Debug, Clone)]
pub enum Operation {
    Credit {
        kind: &'static str,
        amount: i64,
        key: u8,
        payment: Option<u8>,
    },
    Purchase {
        cost: i64,
        key: u8,
    },
    Admit {
        call: usize,
        max_seconds: i64,
    },
    Start {
        call: usize,
        ago: i64,
    },
    Renew {
        call: usize,
    },
    /// Of the hold as it is, or of one that was.
    Deadline {
        call: usize,
        stale: bool,
    },
    /// Everybody waits until so many seconds before the call's hold ends, and its deadline is carried out.
    HoldRunsOut {
        call: usize,
        seconds_left: i64,
    },
    Word {
        call: usize,
        source: &'static str,
        ended_ago: Option<i64>,
        seconds: Option<i64>,
        asked: bool,
    },
    Release {
        call: usize,
    },
    Expire,
    WriteOff {
        call: usize,
    },
    Suspend(bool),
    Limits {
        max_calls: usize,
        monthly_cap: Option<i64>,
    },
}

fn call_id(org: Uuid, call: usize) -> Uuid {
    Uuid::from_u128(org.as_u128() ^ (call as u128 + 1))
}

fn at(micros: i64) -> String {
    format!("{BASE} + {micros} * interval '1 microsecond'")
}

fn sql(value: Option<impl ToString>) -> String {
    value.map_or("null".to_owned(), |value| value.to_string())
}

fn rank(source: &str) -> u8 {
    ["release", "status", "poll", "report"].iter().position(|known| *known == source).expect("a source") as u8 + 1
}

impl Operation {
    /// How it is asked of Postgres, and what the model says the answer is.
    pub fn perform(&self, org: Uuid, clinic: &mut Clinic) -> (String, Value) {
        let id = |call: &usize| call_id(org, *call);
        let now = |clinic: &Clinic| at(clinic.now);
        match self {
            Self::Credit { kind, amount, key, payment } => (
                format!(
                    "private.add_credits('{org}', {amount}, '{kind}', 'k{key}', null, {}, null, {})",
                    payment.map_or("null".to_owned(), |payment| format!("'pi_{payment}'")),
                    now(clinic)
                ),
                entry(clinic.credit(kind, *amount, &format!("k{key}"), *payment), clinic),
            ),
            Self::Purchase { cost, key } => (
                format!(
                    "private.check_balance_and_deduct_asset_cost('{org}', {cost}, 'managed_number', 'k{key}', null, {})",
                    now(clinic)
                ),
                entry(clinic.purchase(*cost, &format!("k{key}")), clinic),
            ),
            Self::Admit { call, max_seconds } => (
                format!("private.reserve_call_credits('{org}', '{}', {max_seconds}, null, {})", id(call), now(clinic)),
                match clinic.admit(*call, *max_seconds) {
                    Ok(place) => {
                        let call = &clinic.calls[place];
                        json!({ "answer": {
                            "allowed": true, "reason": null, "held_pence": call.reserved, "cap_pence": call.cap,
                            "max_duration_seconds": call.max_seconds()
                        }})
                    }
                    Err(reason) => json!({ "answer": { "allowed": false, "reason": reason } }),
                },
            ),
            Self::Start { call, ago } => {
                let started = clinic.now - ago * SECOND;
                (
                    format!("private.start_call_clock('{}', {}, {})", id(call), at(started), now(clinic)),
                    done(clinic.start(*call, started)),
                )
            }
            Self::Renew { call } => {
                (format!("private.renew_call_reservation('{}', {})", id(call), now(clinic)), done(clinic.renew(*call)))
            }
            Self::Deadline { call, stale } => self.deadline(org, clinic, *call, i64::from(*stale)),
            Self::HoldRunsOut { call, seconds_left } => {
                if let Some(place) = clinic.place(*call) {
                    clinic.now = clinic.now.max(clinic.calls[place].hold_ends - seconds_left * SECOND);
                }
                self.deadline(org, clinic, *call, 0)
            }
            Self::Word { call, source, ended_ago, seconds, asked } => {
                let ended = ended_ago.map(|ago| clinic.now - ago * SECOND);
                let word = Word { rank: rank(source), ended, seconds: *seconds };
                let (seconds, end) = (sql(*seconds), sql(ended.map(at)));
                if *asked {
                    let heard = match clinic.place(*call) {
                        Some(place) => clinic.hear(place, word),
                        None => Err("call_not_found"),
                    };
                    let sql = format!(
                        "private.commit_reserved_credits('{}', {seconds}, '{source}', {end}, {})",
                        id(call),
                        now(clinic)
                    );
                    (sql, settlement(heard, clinic, *call))
                } else {
                    let heard = clinic.hear_of_a_stranger(*call, word);
                    let sql = format!(
                        "private.deduct_call_credits('{org}', '{}', null, {seconds}, '{source}', {end}, {})",
                        id(call),
                        now(clinic)
                    );
                    (sql, settlement(heard, clinic, *call))
                }
            }
            Self::Release { call } => {
                let word = Word { rank: rank("release"), ended: None, seconds: Some(0) };
                let heard = match clinic.place(*call) {
                    Some(place) => clinic.hear(place, word),
                    None => Err("call_not_found"),
                };
                let sql = format!(
                    "private.release_reserved_credits('{}', 'no_answer', 'release', {})",
                    id(call),
                    now(clinic)
                );
                (sql, settlement(heard, clinic, *call))
            }
            Self::Expire => {
                let sql = format!("private.expire_stale_reservations({})", now(clinic));
                (sql, json!({ "answer": clinic.expire() }))
            }
            Self::WriteOff { call } => (
                format!("private.write_off_call('{}', 'nobody knows', {})", id(call), now(clinic)),
                done(clinic.write_off(*call)),
            ),
            Self::Suspend(suspended) => {
                clinic.suspend(*suspended);
                (
                    format!("private.set_wallet_suspension('{org}', {suspended}, {})", now(clinic)),
                    json!({ "answer": {} }),
                )
            }
            Self::Limits { max_calls, monthly_cap } => {
                (clinic.max_calls, clinic.monthly_cap) = (*max_calls, *monthly_cap);
                (format!("proof.limit('{org}', {max_calls}, {})", sql(*monthly_cap)), json!({}))
            }
        }
    }

    fn deadline(&self, org: Uuid, clinic: &mut Clinic, call: usize, off: i64) -> (String, Value) {
        let of = clinic.place(call).map_or(clinic.now, |place| clinic.calls[place].hold_ends) - off * SECOND;
        (
            format!("private.keep_hold('{org}', '{}', {}, {})", call_id(org, call), at(of), at(clinic.now)),
            json!({ "answer": clinic.deadline(call, of) }),
        )
    }
}

fn done(result: Result<(), &'static str>) -> Value {
    match result {
        Ok(()) => json!({ "answer": {} }),
        Err(code) => json!({ "refused": code }),
    }
}

fn entry(result: Result<usize, &'static str>, clinic: &Clinic) -> Value {
    match result {
        Ok(place) => {
            let entry = &clinic.ledger[place];
            json!({ "answer": {
                "seq": place + 1, "type": entry.kind, "amount_pence": entry.amount, "balance_after_pence": entry.after
            }})
        }
        Err(code) => json!({ "refused": code }),
    }
}

fn settlement(result: Result<Settlement, &'static str>, clinic: &Clinic, call: usize) -> Value {
    match result {
        Ok(settlement) => {
            let call = &clinic.calls[clinic.place(call).expect("the call has a bill")];
            json!({ "answer": {
                "outcome": settlement.outcome, "status": call.status(), "charged_pence": call.committed(),
                "posted_pence": settlement.posted, "released_pence": settlement.released,
                "balance_pence": clinic.balance(), "limit_exceeded": clinic.owes_too_much()
            }})
        }
        Err(code) => json!({ "refused": code }),
    }
}

/// The wallet and its calls as `proof.clinic()` shows them.
pub fn picture(org: Uuid, clinic: &Clinic) -> Value {
    let calls: serde_json::Map<String, Value> = clinic
        .calls
        .iter()
        .map(|call| {
            let lines = json!([
                call.status(),
                call.reserved,
                call.committed(),
                call.cap,
                call.hold_ends,
                call.is_over(),
                call.told_to_end
            ]);
            (call_id(org, call.name).to_string(), lines)
        })
        .collect();
    json!({
        "balance": clinic.balance(), "held": clinic.held(), "capped": clinic.capped(), "spent": clinic.spent(),
        "entries": clinic.ledger.len(), "active": clinic.suspended.is_none(),
        "for_debt": clinic.suspended == Some(Suspended::ForDebt),
        "refused": clinic.refused.len(), "unwatched": 0, "calls": calls,
    })
}

pub fn steps() -> impl Strategy<Value = (i64, Vec<Step>)> {
    let opening = select(vec![0, 100, 280, 400, 700, 2_240, 10_000]);
    (opening, prop::collection::vec(step(), 1..25))
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![6 => 1..20i64, 3 => 20..400i64, 1 => 400..4_000i64];
    (wait, operation()).prop_map(|(wait_seconds, operation)| Step { wait_seconds, operation })
}

fn operation() -> impl Strategy<Value = Operation> {
    let call = || 0..CALLS;
    let key = || 0..5u8;
    let amounts = vec![1, 40, 100, 280, 600, 1_000, 2_500];
    let credit = (
        select(vec!["topup", "bonus", "refund", "adjustment"]),
        select(amounts.clone()),
        key(),
        prop::option::of(0..3u8),
    )
        .prop_map(|(kind, amount, key, payment)| Operation::Credit { kind, amount, key, payment });
    let debit = (select(vec!["refund", "adjustment"]), select(amounts), key())
        .prop_map(|(kind, amount, key)| Operation::Credit { kind, amount: -amount, key, payment: None });
    let odd = (select(vec!["topup", "bonus"]), select(vec![0, -1, 100_000_001, i64::MAX]), key())
        .prop_map(|(kind, amount, key)| Operation::Credit { kind, amount, key, payment: None });
    let word = (
        call(),
        select(vec!["report", "poll", "status"]),
        prop::option::weighted(0.8, -2..300i64),
        prop::option::weighted(0.6, select(vec![0, 1, 59, 60, 61, 120, 300, 1_300, -1, 10_000_001])),
        prop::bool::weighted(0.8),
    )
        .prop_map(|(call, source, ended_ago, seconds, asked)| Operation::Word {
            call,
            source,
            ended_ago,
            seconds,
            asked,
        });
    prop_oneof![
        3 => credit,
        3 => debit,
        1 => odd,
        3 => (prop_oneof![9 => 1..600i64, 1 => -1..1i64], key()).prop_map(|(cost, key)| Operation::Purchase { cost, key }),
        8 => (call(), select(vec![60, 120, 600, 1_200, 3_300, 9_000]))
            .prop_map(|(call, max_seconds)| Operation::Admit { call, max_seconds }),
        4 => (call(), -5..200i64).prop_map(|(call, ago)| Operation::Start { call, ago }),
        3 => call().prop_map(|call| Operation::Renew { call }),
        2 => (call(), any::<bool>()).prop_map(|(call, stale)| Operation::Deadline { call, stale }),
        4 => (call(), select(vec![33, 20, 3, 0]))
            .prop_map(|(call, seconds_left)| Operation::HoldRunsOut { call, seconds_left }),
        7 => word,
        1 => call().prop_map(|call| Operation::Release { call }),
        2 => Just(Operation::Expire),
        1 => call().prop_map(|call| Operation::WriteOff { call }),
        2 => any::<bool>().prop_map(Operation::Suspend),
        2 => (1..5usize, prop::option::of(select(vec![0, 60, 112, 300, 500, 1_000])))
            .prop_map(|(max_calls, monthly_cap)| Operation::Limits { max_calls, monthly_cap }),
    ]
}
