//! Text messages: sent by an account, received by its numbers, and what becomes of them.
//!
//! From memory are: that a message is `sent` before it is `delivered` and both are told, that STOP and its like are heeded by
//! Twilio itself and the webhook comes all the same, and the words that count as such.

use std::{collections::VecDeque, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use super::{
    Impossible, Phone, Twilio,
    callbacks::Callback,
    calls::Span,
    error::{Outcome, Refusal},
    lists,
    params::{Params, is_e164},
    render,
    store::{State, new_sid},
};

/// Everything that is published.
const SENT_WITH: [&str; 25] = [
    "To",
    "From",
    "Body",
    "StatusCallback",
    "ProvideFeedback",
    "ApplicationSid",
    "MaxPrice",
    "Attempt",
    "ValidityPeriod",
    "ForceDelivery",
    "ContentRetention",
    "AddressRetention",
    "SmartEncoded",
    "PersistentAction",
    "TrafficType",
    "ShortenUrls",
    "ScheduleType",
    "SendAt",
    "SendAsMms",
    "ContentVariables",
    "RiskCheck",
    "FallbackFrom",
    "MessagingServiceSid",
    "MediaUrl",
    "ContentSid",
];
/// These would change what happens.
const NOT_HERE: [&str; 8] = [
    "ApplicationSid",
    "ScheduleType",
    "SendAt",
    "ContentSid",
    "ContentVariables",
    "FallbackFrom",
    "MessagingServiceSid",
    "MediaUrl",
];
const LONGEST: usize = 1600;
const STOP: [&str; 6] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"];
const START: [&str; 3] = ["START", "YES", "UNSTOP"];

/// What becomes of messages to a number outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Texts {
    #[default]
    Delivered,
    /// Sent, and then this error, such as 30003.
    Undelivered(u32),
    /// Never sent, for this error.
    Failed(u32),
    /// Sent, and never heard of again.
    Unknown,
    /// No mobile: refused with 21614.
    Landline,
    /// Refused with 21612.
    Unreachable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum MessageStatus {
    Queued,
    Sent,
    Delivered,
    Undelivered,
    Failed,
    Received,
}

impl MessageStatus {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Received => "received",
        }
    }
}

#[derive(Debug)]
pub(super) struct Message {
    pub(super) sid: String,
    pub(super) account: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) body: String,
    pub(super) inbound: bool,
    pub(super) status: MessageStatus,
    pub(super) error: Option<u32>,
    pub(super) created: OffsetDateTime,
    pub(super) updated: OffsetDateTime,
    pub(super) sent: Option<OffsetDateTime>,
    /// What is still to happen to it.
    steps: VecDeque<(MessageStatus, Option<u32>)>,
    callback: Option<Callback>,
}

impl Message {
    pub(super) fn direction(&self) -> &'static str {
        if self.inbound { "inbound" } else { "outbound-api" }
    }

    /// 160 characters of the usual alphabet, or 70; a little less of each part of several.
    pub(super) fn segments(&self) -> usize {
        let (length, whole, part) = match self.body.is_ascii() {
            true => (self.body.len(), 160, 153),
            false => (self.body.encode_utf16().count(), 70, 67),
        };
        if length <= whole { 1 } else { length.div_ceil(part) }
    }
}

pub(super) fn list(state: &State, account: &str, path: &str, params: &Params) -> Outcome<Value> {
    params.known(&[&["To", "From", "DateSent", "DateSent<", "DateSent>"], &lists::PAGING[..]].concat())?;
    let sent = Span::read(params, "DateSent")?;
    let found = state.messages.iter().rev().filter(|one| {
        one.account == account
            && params.get("To").is_none_or(|to| one.to == to)
            && params.get("From").is_none_or(|from| one.from == from)
            && sent.holds(one.sent)
    });
    lists::page(path, "messages", found.map(render::message).collect(), params)
}

pub(super) fn send(state: &mut State, account: &str, params: &Params) -> Outcome<Value> {
    params.known(&SENT_WITH)?;
    state.must_be_active(account)?;
    if let Some(name) = NOT_HERE.into_iter().find(|name| params.get(name).is_some()) {
        return Err(Refusal::bad(20001, format!("The sandbox sends nothing with {name}")));
    }
    let to = params.get("To").ok_or_else(|| Refusal::bad(21604, "A 'To' phone number is required."))?;
    let from = params.get("From");
    let from = from.ok_or_else(|| Refusal::bad(21603, "A 'From' or 'MessagingServiceSid' parameter is required."))?;
    let body = params.get("Body").ok_or_else(|| Refusal::bad(21602, "Message body is required."))?;
    if body.chars().count() > LONGEST {
        return Err(Refusal::bad(21617, "The concatenated message body exceeds the 1600 character limit"));
    }
    if !is_e164(to) {
        return Err(Refusal::bad(21211, format!("Invalid 'To' Phone Number: {to}")));
    }
    if !is_e164(from) {
        return Err(Refusal::bad(21212, format!("Invalid From Number (caller ID): {from}")));
    }
    let own = state.number(from).is_some_and(|number| number.account == account && number.sms);
    if !own {
        let message =
            format!("The 'From' phone number {from} is not a valid, message-capable Twilio phone number for {to}.");
        return Err(Refusal::bad(21606, message));
    }
    params.url("StatusCallback", 21609)?;
    let callback = Callback::read(state, account, params)?;
    let fate = check_reach(state, from, to)?;
    let now = state.now();
    let message = Message {
        sid: new_sid("SM"),
        account: account.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        body: body.to_owned(),
        inbound: false,
        status: MessageStatus::Queued,
        error: None,
        created: now,
        updated: now,
        sent: None,
        steps: fate,
        callback,
    };
    let shown = render::message(&message);
    state.messages.push(message);
    Ok(shown)
}

/// What will happen to a message, unless it is refused at once.
fn check_reach(state: &State, from: &str, to: &str) -> Outcome<VecDeque<(MessageStatus, Option<u32>)>> {
    if state.opted_out.contains(&(to.to_owned(), from.to_owned())) {
        return Err(Refusal::bad(21610, "Attempt to send to unsubscribed recipient"));
    }
    match state.phone(to) {
        Phone::CountryNotPermitted => {
            return Err(Refusal::bad(21408, format!("Permission to send an SMS has not been enabled for {to}")));
        }
        Phone::Unreachable => {
            return Err(Refusal::bad(21612, format!("The 'To' phone number {to} is not currently reachable via SMS")));
        }
        _ => {}
    }
    let sent = (MessageStatus::Sent, None);
    Ok(match state.texts.get(to).copied().unwrap_or_default() {
        Texts::Delivered => VecDeque::from([sent, (MessageStatus::Delivered, None)]),
        Texts::Undelivered(code) => VecDeque::from([sent, (MessageStatus::Undelivered, Some(code))]),
        Texts::Failed(code) => VecDeque::from([(MessageStatus::Failed, Some(code))]),
        Texts::Unknown => VecDeque::from([sent]),
        Texts::Landline => return Err(Refusal::bad(21614, format!("'To' number is not a valid mobile number: {to}"))),
        Texts::Unreachable => {
            return Err(Refusal::bad(21612, format!("The 'To' phone number {to} is not currently reachable via SMS")));
        }
    })
}

fn find(state: &State, account: &str, path: &str, sid: &str) -> Outcome<usize> {
    let found = state.messages.iter().position(|one| one.account == account && one.sid == sid);
    found.ok_or_else(|| Refusal::not_found(path))
}

pub(super) fn fetch(state: &State, account: &str, path: &str, sid: &str) -> Outcome<Value> {
    find(state, account, path, sid).map(|place| render::message(&state.messages[place]))
}

/// Takes the words away.
pub(super) fn update(state: &mut State, account: &str, path: &str, sid: &str, params: &Params) -> Outcome<Value> {
    params.known(&["Body", "Status"])?;
    let place = find(state, account, path, sid)?;
    match (params.given("Body"), params.get("Status")) {
        (Some(""), None) => state.messages[place].body.clear(),
        (Some(_), _) => return Err(Refusal::bad(20001, "Body can only be set to nothing")),
        (None, _) => return Err(Refusal::bad(20001, "Only a scheduled message can be canceled")),
    }
    Ok(render::message(&state.messages[place]))
}

pub(super) fn delete(state: &mut State, account: &str, path: &str, sid: &str) -> Outcome<Value> {
    let place = find(state, account, path, sid)?;
    state.messages.remove(place);
    Ok(Value::Null)
}

impl State {
    /// One step of each message at a time, so that each is told.
    pub(super) fn deliver_texts(&mut self, now: OffsetDateTime) {
        let Self { messages, outbox, .. } = self;
        for message in messages.iter_mut() {
            while let Some((status, error)) = message.steps.pop_front() {
                message.status = status;
                message.error = error;
                message.updated = now;
                if status == MessageStatus::Sent {
                    message.sent = Some(now);
                }
                if let Some(callback) = message.callback.clone() {
                    outbox.push((callback, told(message)));
                }
            }
        }
    }
}

fn told(message: &Message) -> Vec<(&'static str, String)> {
    let mut told = vec![
        ("AccountSid", message.account.clone()),
        ("ApiVersion", "2010-04-01".to_owned()),
        ("From", message.from.clone()),
        ("MessageSid", message.sid.clone()),
        ("MessageStatus", message.status.name().to_owned()),
        ("SmsSid", message.sid.clone()),
        ("SmsStatus", message.status.name().to_owned()),
        ("To", message.to.clone()),
    ];
    told.extend(message.error.map(|code| ("ErrorCode", code.to_string())));
    if message.status == MessageStatus::Delivered {
        let at = message.updated;
        let day = (at.year() % 100, u8::from(at.month()), at.day(), at.hour(), at.minute());
        told.push(("RawDlrDoneDate", format!("{:02}{:02}{:02}{:02}{:02}", day.0, day.1, day.2, day.3, day.4)));
    }
    told
}

/// People who write, and what becomes of what is written to them.
impl Twilio {
    /// Somebody sends a message to a number in service. Answers its SID.
    ///
    /// # Errors
    /// When one of them is no number, or nobody has the one that is written to, or it takes no messages.
    pub fn text(&self, from: &str, to: &str, body: &str) -> Result<String, Impossible> {
        self.by_hand(|state| {
            for number in [from, to] {
                if !is_e164(number) {
                    return Err(Refusal::bad(21211, format!("{number} is no telephone number.")));
                }
            }
            let number = state.number(to).filter(|number| number.sms);
            let number = number.ok_or_else(|| Refusal::bad(21601, format!("{to} takes no messages.")))?;
            let set = |name: &str| number.settings.get(name).filter(|value| !value.is_empty());
            let token = state.token_of(&number.account);
            let get = set("SmsMethod").is_some_and(|method| method == "GET");
            let callback = set("SmsUrl").map(|url| Callback::to(url, get, &token));
            let (account, now) = (number.account.clone(), state.now());
            let sid = new_sid("SM");
            let message = Message {
                sid: sid.clone(),
                account,
                from: from.to_owned(),
                to: to.to_owned(),
                body: body.to_owned(),
                inbound: true,
                status: MessageStatus::Received,
                error: None,
                created: now,
                updated: now,
                sent: Some(now),
                steps: VecDeque::new(),
                callback: None,
            };
            let opts = heed(state, &message);
            if let Some(callback) = callback {
                state.outbox.push((callback, received(&message, opts)));
            }
            state.messages.push(message);
            Ok(sid)
        })
    }

    /// From now on. What is on its way already does not change.
    pub fn set_texts(&self, number: &str, texts: Texts) {
        self.lock().texts.insert(number.to_owned(), texts);
    }

    /// The words of each message to this number, oldest first.
    pub fn texts_to(&self, number: &str) -> Vec<String> {
        self.lock().messages.iter().filter(|one| one.to == number).map(|one| one.body.clone()).collect()
    }

    /// What was just sent is delivered by itself, after the answer.
    pub(super) fn deliver_soon(&self) {
        let twilio = self.clone();
        self.frame.spawn(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let _ = twilio.act(|_| Ok(()));
        });
    }
}

/// Whether somebody wants no more messages, or wants them again.
fn heed(state: &mut State, message: &Message) -> Option<&'static str> {
    let word = message.body.trim().to_uppercase();
    let pair = (message.from.clone(), message.to.clone());
    if STOP.contains(&word.as_str()) {
        state.opted_out.insert(pair);
        return Some("STOP");
    }
    if START.contains(&word.as_str()) {
        return state.opted_out.remove(&pair).then_some("START");
    }
    (word == "HELP").then_some("HELP")
}

fn received(message: &Message, opts: Option<&'static str>) -> Vec<(&'static str, String)> {
    let mut told = vec![
        ("AccountSid", message.account.clone()),
        ("ApiVersion", "2010-04-01".to_owned()),
        ("Body", message.body.clone()),
        ("From", message.from.clone()),
        ("MessageSid", message.sid.clone()),
        ("NumMedia", "0".to_owned()),
        ("NumSegments", message.segments().to_string()),
        ("SmsMessageSid", message.sid.clone()),
        ("SmsSid", message.sid.clone()),
        ("SmsStatus", "received".to_owned()),
        ("To", message.to.clone()),
    ];
    told.extend(opts.map(|kind| ("OptOutType", kind.to_owned())));
    told
}
