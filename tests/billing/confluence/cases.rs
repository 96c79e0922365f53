//! Calls, and what is said of each. Times are seconds after the call was let in.

use crate::billing::books::{RATE, at};

#[derive(Clone)]
pub struct Message {
    pub name: &'static str,
    /// An expression over `{org}` and `{call}`.
    pub call: String,
}

pub struct Case {
    pub name: &'static str,
    pub balance: i64,
    /// What is charged in the end, when all has been said.
    pub seconds: i64,
    /// Whether the call was let in before its messages come.
    pub admitted: bool,
    /// Whether every order is tried as well, which is some 2,000 messages.
    pub in_every_order: bool,
    pub messages: Vec<Message>,
}

impl Case {
    fn admitted(name: &'static str, seconds: i64, messages: Vec<Message>) -> Self {
        Self { name, balance: 5_000, seconds, admitted: true, in_every_order: false, messages }
    }

    fn in_every_order(mut self) -> Self {
        self.in_every_order = true;
        self
    }

    fn with_balance(mut self, balance: i64) -> Self {
        self.balance = balance;
        self
    }
}

const EXPIRY: f64 = 3.0 * 3600.0;

fn message(name: &'static str, call: String) -> Message {
    Message { name, call }
}

fn in_progress(started: f64) -> Message {
    message("in-progress", format!("private.start_call_clock('{{call}}', {}, {})", at(started), at(started + 1.0)))
}

/// Word of an end: `seconds` unless the source names none, `ended` unless it names none.
fn word(name: &'static str, source: &str, seconds: Option<i64>, ended: Option<f64>) -> Message {
    let seconds = seconds.map_or("null".to_owned(), |s| s.to_string());
    let end = ended.map_or("null".to_owned(), at);
    let now = at(ended.unwrap_or(200.0) + 5.0);
    message(name, format!("private.commit_reserved_credits('{{call}}', {seconds}, '{source}', {end}, {now})"))
}

/// The same for a call that nobody asked to let in.
fn deduction(name: &'static str, source: &str, seconds: i64, ended: Option<f64>) -> Message {
    let end = ended.map_or("null".to_owned(), at);
    let now = at(ended.unwrap_or(200.0) + 5.0);
    message(
        name,
        format!("private.deduct_call_credits('{{org}}', '{{call}}', 'vapi', {seconds}, '{source}', {end}, {now})"),
    )
}

fn deadline(due_by: f64) -> Message {
    message("deadline", format!("proof.carry_out_deadlines('{{call}}', {})", at(due_by)))
}

fn expiry() -> Message {
    message("expiry", format!("private.expire_stale_reservations({})", at(EXPIRY)))
}

fn release() -> Message {
    message("release", format!("private.release_reserved_credits('{{call}}', 'no answer', 'release', {})", at(130.0)))
}

pub fn reserve() -> Message {
    message("reserve", format!("private.reserve_call_credits('{{org}}', '{{call}}', 600, null, {})", at(0.0)))
}

/// Started after 4 s, ended after 124 s: 120 s, 112 pence. One renewal is due by 290 s.
fn six(ended: Message, report: Message, poll: Message) -> Vec<Message> {
    vec![in_progress(4.0), ended, report, poll, deadline(290.0), expiry()]
}

fn with(mut messages: Vec<Message>, more: Message) -> Vec<Message> {
    messages.push(more);
    messages
}

pub fn cases() -> Vec<Case> {
    let ended = || word("ended", "status", None, Some(124.0));
    let report = |s| word("report", "report", Some(s), Some(124.0));
    let poll = |s| word("poll", "poll", Some(s), Some(124.0));
    vec![
        Case::admitted("report says more than the poll", 185, six(ended(), report(185), poll(120))).in_every_order(),
        Case::admitted("report says less than the poll", 61, six(ended(), report(61), poll(120))),
        Case::admitted("report says nothing was used", 0, six(ended(), report(0), poll(120))),
        Case::admitted(
            "report names no end time",
            90,
            six(ended(), word("report", "report", Some(90), None), poll(120)),
        ),
        Case::admitted(
            "report names neither length nor end",
            120,
            six(ended(), word("report", "report", None, None), word("poll", "poll", None, None)),
        )
        .in_every_order(),
        Case::admitted(
            "nobody names a length",
            120,
            six(ended(), word("report", "report", None, Some(124.4)), word("poll", "poll", None, Some(125.0))),
        ),
        Case::admitted(
            "the last status names a length",
            120,
            six(word("ended", "status", Some(119), Some(124.0)), report(120), poll(118)),
        ),
        Case::admitted(
            "the polls differ by their end times",
            60,
            vec![
                in_progress(4.0),
                ended(),
                word("poll 1", "poll", Some(90), Some(124.0)),
                word("poll 2", "poll", Some(60), Some(130.0)),
                word("poll 3", "poll", Some(100), Some(124.0)),
            ],
        ),
        Case::admitted(
            "started late",
            120,
            vec![
                in_progress(100.0),
                word("ended", "status", None, Some(220.0)),
                word("report", "report", Some(120), Some(220.0)),
                word("poll", "poll", Some(121), Some(220.0)),
                deadline(380.0),
                expiry(),
            ],
        )
        .in_every_order(),
        Case::admitted(
            "ended before it started",
            0,
            six(word("ended", "status", None, Some(2.0)), word("report", "report", Some(0), Some(2.0)), release()),
        ),
        Case::admitted(
            "two starts",
            120,
            vec![
                in_progress(4.0),
                message("in-progress again", in_progress(9.5).call),
                ended(),
                word("poll", "poll", None, Some(124.0)),
                deadline(290.0),
                expiry(),
            ],
        )
        .in_every_order(),
        Case::admitted("released as well", 120, with(six(ended(), report(120), poll(119)), release())),
        Case::admitted(
            "released and hardly more",
            120,
            vec![in_progress(4.0), ended(), release(), deadline(290.0), expiry()],
        ),
        Case::admitted("just enough for the first hold", 400, six(ended(), report(400), poll(120)))
            .with_balance(5 * RATE)
            .in_every_order(),
        Case::admitted("past the debt limit", 1_200, six(ended(), report(1_200), poll(100))).with_balance(5 * RATE),
        Case {
            name: "never let in",
            balance: 5_000,
            seconds: 120,
            admitted: false,
            in_every_order: true,
            messages: vec![
                deduction("ended", "status", 118, Some(124.0)),
                deduction("report", "report", 120, Some(124.0)),
                deduction("poll", "poll", 125, Some(129.0)),
                deduction("release", "release", 0, None),
                reserve(),
                in_progress(4.0),
            ],
        },
    ]
}
