//! `twilio.end_call`: the carrier hangs up, where Vapi did not. `twilio.check_call` and `twilio.check_result`: a call to a
//! clinic's own number, and whether its carrier sent it on to us.

use serde::Deserialize;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use super::{Desk, Form, Trouble, Twilio, answer::Refusals, moment, text};
use crate::{
    effects::{Effect, Executor, Verdict, executors::payload},
    vault::Account,
};

/// "Invalid call state": the call is over, which is what was wanted.
const NOT_IN_PROGRESS: i64 = 21220;

/// Says nothing for long enough to be seen arriving.
const SILENCE: &str = r#"<Response><Pause length="20"/></Response>"#;
/// When nobody hangs it up: in seconds, from when it is answered.
const LONGEST_CHECK: u32 = 30;
/// How long it may ring beyond the time after which the clinic's carrier sends it on.
const RINGS_ON: u32 = 25;

/// Two clocks differ, and Twilio's has whole seconds.
pub(super) const SKEW: Duration = Duration::seconds(5);
const REFUSALS: Refusals = &[
    (13225, "check_call_refused"),
    (13227, "check_call_refused"),
    (21210, "check_call_refused"),
    (21211, "check_call_refused"),
    (21212, "check_call_refused"),
    (21214, "check_call_refused"),
    (21215, "check_call_refused"),
    (21216, "check_call_refused"),
    (21217, "check_call_refused"),
    (21219, "check_call_refused"),
];

pub struct TwilioEndCall(pub Twilio);

/// Places a call, unless an earlier attempt did.
pub struct TwilioCheckCall(pub Twilio);

/// Whether the call that was placed has come in.
pub struct TwilioCheckResult(pub Twilio);

#[derive(Deserialize)]
struct EndCall {
    /// Absent: the platform's.
    account: Option<Account>,
    call_sid: Option<String>,
}

#[derive(Deserialize)]
struct CheckCall {
    account: Account,
    from: String,
    to: String,
    ring_seconds: u32,
    /// When the check was asked for: a call before that was another check's.
    since: String,
}

#[derive(Deserialize)]
struct CheckResult {
    account: Account,
    call_sid: String,
    from: String,
    /// The phone that was rung, when it is told.
    to: Option<String>,
    forwarded_to: String,
    since: String,
}

impl Executor for TwilioEndCall {
    /// Never waits for as long as Twilio may ask: a call that is being paid for does not wait.
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: EndCall = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        let Some(call_sid) = wanted.call_sid.filter(|call_sid| !call_sid.is_empty()) else {
            return Verdict::refused("The call has no SID, so its carrier cannot be asked to end it.");
        };
        match self.end(wanted.account.as_ref(), &call_sid).await {
            Ok(()) => Verdict::Done(json!({})),
            Err(Trouble::Later { error, .. }) => Verdict::retry(error),
            Err(trouble) => trouble.verdict(&[]),
        }
    }
}

impl TwilioEndCall {
    async fn end(&self, account: Option<&Account>, call_sid: &str) -> Result<(), Trouble> {
        let desk = match account {
            Some(account) => self.0.desk(account).await?,
            None => self.0.platform_desk()?,
        };
        desk.hang_up(call_sid).await
    }
}

impl Executor for TwilioCheckCall {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: CheckCall = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        let Some(since) = moment_of(&wanted.since) else { return no_moment() };
        match self.place(&wanted, since).await {
            Ok(call_sid) => Verdict::Done(json!({ "call_sid": call_sid })),
            Err(trouble) => trouble.verdict(REFUSALS),
        }
    }
}

impl TwilioCheckCall {
    async fn place(&self, wanted: &CheckCall, since: OffsetDateTime) -> Result<String, Trouble> {
        let desk = self.0.desk(&wanted.account).await?;
        if let Some(placed) = desk.placed_before(wanted, since - SKEW).await? {
            return Ok(placed);
        }
        let form: Form = vec![
            ("To", wanted.to.clone()),
            ("From", wanted.from.clone()),
            ("Twiml", SILENCE.to_owned()),
            ("Timeout", (wanted.ring_seconds + RINGS_ON).to_string()),
            ("TimeLimit", LONGEST_CHECK.to_string()),
        ];
        text(&desk.post(desk.url(&["Calls"]), &form).await?, "sid")
    }
}

impl Executor for TwilioCheckResult {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: CheckResult = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        let Some(since) = moment_of(&wanted.since) else { return no_moment() };
        self.look(&wanted, since).await.map_or_else(|trouble| trouble.verdict(&[]), Verdict::Done)
    }
}

impl TwilioCheckResult {
    /// A call that Twilio no longer knows has ended.
    async fn look(&self, wanted: &CheckResult, since: OffsetDateTime) -> Result<Value, Trouble> {
        let desk = self.0.desk(&wanted.account).await?;
        let status = match desk.get(desk.url(&["Calls", &wanted.call_sid])).await {
            Ok(call) => text(&call, "status")?,
            Err(Trouble::No(problem)) if problem.is_not_found() => "not_found".to_owned(),
            Err(trouble) => return Err(trouble),
        };
        let reached = desk.came_in(wanted, since).await?;
        let going_on = is_going_on(&status);
        if reached && going_on {
            desk.hang_up(&wanted.call_sid).await?;
        }
        Ok(json!({ "reached": reached, "call_status": status, "ended": reached || !going_on }))
    }
}

impl Desk<'_> {
    async fn hang_up(&self, call_sid: &str) -> Result<(), Trouble> {
        match self.post(self.url(&["Calls", call_sid]), &[("Status", "completed".to_owned())]).await {
            Ok(_) => Ok(()),
            Err(Trouble::No(problem)) if problem.is(NOT_IN_PROGRESS) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    /// The call an earlier attempt placed. The list begins with the newest.
    async fn placed_before(&self, wanted: &CheckCall, oldest: OffsetDateTime) -> Result<Option<String>, Trouble> {
        let query = calls_between(&wanted.from, &wanted.to);
        let placed = |call: Value| {
            let ours = call["direction"].as_str().is_some_and(|direction| direction.starts_with("outbound"));
            match (is_since(&call, oldest), ours) {
                (false, _) => Some(Ok(None)),
                (true, true) => Some(text(&call, "sid").map(Some)),
                (true, false) => None,
            }
        };
        Ok(self.walk(self.url(&["Calls"]), "calls", &query, placed).await?.transpose()?.flatten())
    }

    /// Some carriers show who called, others the phone that forwards, which may also stand beside.
    async fn came_in(&self, wanted: &CheckResult, since: OffsetDateTime) -> Result<bool, Trouble> {
        let query: Form = vec![
            ("To", wanted.forwarded_to.clone()),
            ("StartTime>", day(since - SKEW)),
            ("PageSize", "100".to_owned()),
        ];
        let is_ours = |call: &Value| {
            let by_phone = |field: &str| wanted.to.as_ref().is_some_and(|phone| call[field] == phone.as_str());
            call["from"] == wanted.from.as_str() || by_phone("from") || by_phone("forwarded_from")
        };
        let came = |call: Value| {
            (call["direction"] == "inbound" && is_ours(&call) && is_since(&call, since - SKEW)).then_some(())
        };
        Ok(self.walk(self.url(&["Calls"]), "calls", &query, came).await?.is_some())
    }
}

pub(super) fn moment_of(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

pub(super) fn no_moment() -> Verdict {
    Verdict::refused("The payload's since is no moment.")
}

fn calls_between(from: &str, to: &str) -> Form {
    vec![("To", to.to_owned()), ("From", from.to_owned()), ("PageSize", "100".to_owned())]
}

/// Twilio's list is filtered by whole days, and has no call that has not begun when it is.
fn day(moment: OffsetDateTime) -> String {
    moment.to_offset(UtcOffset::UTC).date().to_string()
}

/// A call that only waits has no beginning yet.
fn is_since(call: &Value, since: OffsetDateTime) -> bool {
    let begun = moment(call, "start_time").or_else(|| moment(call, "date_created"));
    begun.is_none_or(|begun| begun >= since)
}

fn is_going_on(status: &str) -> bool {
    matches!(status, "queued" | "initiated" | "ringing" | "in-progress")
}
