//! `twilio.send_sms`: a text message, once.

use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use url::Url;

use super::{
    Desk, Form, SMS_WEBHOOK, Trouble, Twilio,
    answer::Problem,
    calls::{SKEW, moment_of, no_moment},
    moment, text,
};
use crate::{
    effects::{
        Effect, Executor, Verdict,
        executors::{payload, within},
    },
    vault::Account,
};

/// Sends, unless an earlier attempt did: Twilio's list has what it was given.
pub struct TwilioSendSms {
    twilio: Twilio,
    /// Where Twilio tells what becomes of a message.
    callback: Url,
}

#[derive(Deserialize)]
struct Sms {
    account: Account,
    message_id: String,
    from: String,
    to: String,
    body: String,
    /// When it was decided: what was sent before is another message.
    since: String,
}

impl Executor for TwilioSendSms {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Sms = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        let Some(since) = moment_of(&wanted.since) else { return no_moment() };
        match self.send(&wanted, since).await {
            Ok(message) => Verdict::Done(message),
            Err(Trouble::No(problem)) => Verdict::Done(refused(&problem)),
            Err(trouble) => trouble.verdict(&[]),
        }
    }
}

impl TwilioSendSms {
    pub fn new(twilio: Twilio, backend_url: &Url) -> Self {
        Self { twilio, callback: within(backend_url, &SMS_WEBHOOK) }
    }

    async fn send(&self, wanted: &Sms, since: OffsetDateTime) -> Result<Value, Trouble> {
        let desk = self.twilio.desk(&wanted.account).await?;
        let message = match desk.sent_before(wanted, since - SKEW).await? {
            Some(message) => message,
            None => desk.post(desk.url(&["Messages"]), &self.form(wanted)).await?,
        };
        Ok(json!({ "sid": text(&message, "sid")?, "status": message["status"] }))
    }

    /// The message names itself, so that word of it which overtakes the answer finds it.
    fn form(&self, wanted: &Sms) -> Form {
        let mut callback = self.callback.clone();
        callback.query_pairs_mut().append_pair("message", &wanted.message_id);
        vec![
            ("To", wanted.to.clone()),
            ("From", wanted.from.clone()),
            ("Body", wanted.body.clone()),
            ("StatusCallback", callback.into()),
        ]
    }
}

impl Desk<'_> {
    /// The message an earlier attempt sent. The list begins with the newest; by the day of sending it would be without those
    /// that only wait.
    async fn sent_before(&self, wanted: &Sms, oldest: OffsetDateTime) -> Result<Option<Value>, Trouble> {
        let query: Form =
            vec![("To", wanted.to.clone()), ("From", wanted.from.clone()), ("PageSize", "100".to_owned())];
        let sent = |message: Value| {
            let is_old = moment(&message, "date_created").is_some_and(|made| made < oldest);
            match (is_old, message["body"] == wanted.body.as_str()) {
                (true, _) => Some(None),
                (false, true) => Some(Some(message)),
                (false, false) => None,
            }
        };
        Ok(self.walk(self.url(&["Messages"]), "messages", &query, sent).await?.flatten())
    }
}

/// Twilio's no, with the number that says which: 21610 is a STOP.
fn refused(problem: &Problem) -> Value {
    let code = match problem.code {
        0 => problem.status.as_u16().to_string(),
        code => code.to_string(),
    };
    json!({ "refused": "sms_refused", "error_code": code, "said": problem.message })
}
