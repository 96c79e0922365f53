//! What a person sees: which calls ask for a code, how the telephones outside behave, and who has which numbers.

use super::{
    AccountBook, AccountStatus, Phone, Twilio,
    caller_ids::CODE_LENGTH,
    messages::Message,
    store::{Call, CallStatus, State, Validation},
};
use crate::sandbox::page::{escaped, filled};

const DESK: &str = include_str!("desk.html");

pub(super) fn desk(twilio: &Twilio) -> String {
    let books = twilio.books();
    let state = twilio.lock();
    let numbers = books.numbers();
    let cost: u32 = numbers.iter().map(|(_, number)| number.monthly_cents).sum();
    let (count, cost) = (numbers.len().to_string(), dollars(cost));
    let caller_ids = state.caller_ids.len().to_string();
    let going = state.calls.iter().filter(|call| call.account.is_some() && !call.status.is_over()).count().to_string();
    let (open, over): (Vec<_>, Vec<_>) = state.validations.iter().rev().partition(|one| one.verified.is_none());
    let mut ringing: String = open.into_iter().chain(over).take(12).map(|one| keypad(&state, one)).collect();
    if ringing.is_empty() {
        ringing.push_str("<p class=\"hint\">None now.</p>");
    }
    let mut phones: String = state.phones.iter().map(|(number, phone)| telephone(number, phone)).collect();
    if phones.is_empty() {
        phones.push_str("<tr><td colspan=\"2\">Every telephone is answered after two seconds.</td></tr>");
    }
    // Ours first, and whoever is no customer of ours at Twilio last.
    let mut all: Vec<_> = books.accounts.values().collect();
    all.sort_by_key(|account| (account.owner != twilio.account_sid(), account.sid != account.owner));
    let accounts: String = all.into_iter().map(|account| row(&state, twilio.account_sid(), account)).collect();
    let mut calls: String = state.calls.iter().rev().take(50).map(|call| heard(&state, call)).collect();
    if calls.is_empty() {
        calls.push_str("<tr><td colspan=\"5\">No call yet.</td></tr>");
    }
    let mut messages: String = state.messages.iter().rev().take(50).map(written).collect();
    if messages.is_empty() {
        messages.push_str("<tr><td colspan=\"4\">No message yet.</td></tr>");
    }
    let values = [
        ("count", count),
        ("cost", cost),
        ("caller_ids", caller_ids),
        ("going", going),
        ("ringing", ringing),
        ("phones", phones),
        ("accounts", accounts),
        ("calls", calls),
        ("messages", messages),
    ];
    filled(DESK, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

fn dollars(cents: u32) -> String {
    format!("${}.{:02}", cents / 100, cents % 100)
}

fn account_name(state: &State, sid: &str) -> String {
    escaped(state.account(sid).map_or("", |account| &account.name))
}

fn keypad(state: &State, one: &Validation) -> String {
    let (number, account) = (escaped(&one.phone_number), account_name(state, &one.account));
    let head = format!("<strong>{number}</strong><p>for {account}</p>");
    match one.verified {
        Some(true) => format!("<div class=\"phone\">{head}<p><span class=\"pill good\">verified</span></p></div>"),
        Some(false) => format!("<div class=\"phone\">{head}<p><span class=\"pill bad\">not verified</span></p></div>"),
        None => {
            let typed: String = one.typed.chars().chain("······".chars()).take(CODE_LENGTH).collect();
            let keys: String = "1234567890"
                .chars()
                .map(|key| format!("<button name=\"key\" value=\"{key}\">{key}</button>"))
                .collect();
            let path = format!("/_sandbox/validations/{}", one.call_sid);
            format!(
                "<div class=\"phone\">{head}<span class=\"typed\" aria-label=\"typed so far\">{typed}</span><form \
                 class=\"keys\" method=\"post\" action=\"{path}/press\">{keys}<button class=\"end\" \
                 formaction=\"{path}/ring_out\">Hang up</button></form></div>"
            )
        }
    }
}

fn telephone(number: &str, phone: &Phone) -> String {
    let says = match phone {
        Phone::Answers { after } => format!("somebody answers after {after} s"),
        Phone::RingsOut => "nobody answers".to_owned(),
        Phone::Busy => "it is busy".to_owned(),
        Phone::ForwardsAlways { to } => format!("it forwards to {} at once", escaped(to)),
        Phone::ForwardsUnanswered { to, after } => {
            format!("it forwards to {} when nobody answers for {after} s", escaped(to))
        }
        Phone::Unreachable => "no network knows it (21214)".to_owned(),
        Phone::CountryNotPermitted => "its country is not permitted (21215)".to_owned(),
        Phone::Blocked => "Twilio blocks it (21216)".to_owned(),
    };
    format!("<tr><td class=\"number\">{}</td><td>{says}</td></tr>", escaped(number))
}

fn row(state: &State, platform: &str, account: &AccountBook) -> String {
    let numbers: String = account
        .numbers
        .iter()
        .map(|number| {
            let phone = escaped(&number.phone_number);
            let name = match number.friendly_name == number.phone_number {
                true => String::new(),
                false => format!("{} · ", escaped(&number.friendly_name)),
            };
            format!("<li>{phone}<br><small>{name}{} a month</small></li>", dollars(number.monthly_cents))
        })
        .collect();
    let caller_ids: String =
        account.caller_ids.iter().map(|one| format!("<li>{}</li>", escaped(&one.phone_number))).collect();
    let tone = match account.status {
        AccountStatus::Active => "good",
        AccountStatus::Suspended | AccountStatus::Closed => "bad",
    };
    // Keys that a person may try Voxanne with; ours are ours.
    let token = match account.owner == platform {
        true => String::new(),
        false => format!("<br><small>token</small> <code>{}</code>", escaped(&state.token_of(&account.sid))),
    };
    let act = match account.status {
        _ if account.sid == platform => None,
        AccountStatus::Active => Some(("suspend", "Suspend")),
        AccountStatus::Suspended => Some(("reactivate", "Reactivate")),
        AccountStatus::Closed => None,
    };
    let act = act.map_or(String::new(), |(act, label)| {
        let path = format!("/_sandbox/accounts/{}/{act}", account.sid);
        format!("<form method=\"post\" action=\"{path}\"><button>{label}</button></form>")
    });
    format!(
        "<tr><td>{}<br><code>{}</code>{token}</td><td><span class=\"pill {tone}\">{}</span></td><td><ul>{numbers}</ul></td>\
         <td><ul>{caller_ids}</ul></td><td class=\"acts\">{act}</td></tr>",
        escaped(&account.friendly_name),
        escaped(&account.sid),
        account.status.name(),
    )
}

fn written(message: &Message) -> String {
    format!(
        "<tr><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td><td><span class=\"pill\">{}</span></td></tr>",
        escaped(&message.from),
        escaped(&message.to),
        escaped(&message.body),
        message.status.name(),
    )
}

fn heard(state: &State, call: &Call) -> String {
    let tone = match call.status {
        CallStatus::InProgress | CallStatus::Completed => "good",
        CallStatus::Queued | CallStatus::Ringing => "",
        _ => "bad",
    };
    let who = match &call.account {
        Some(account) => format!("{} <small>{}</small>", account_name(state, account), call.direction()),
        None => "<small>nobody: both are outside</small>".to_owned(),
    };
    let act = match call.status.is_over() {
        true => String::new(),
        false => format!(
            "<form method=\"post\" action=\"/_sandbox/calls/{}/hang_up\"><button>Hang up</button></form>",
            call.sid
        ),
    };
    format!(
        "<tr><td class=\"number\">{}</td><td class=\"number\">{}</td><td><span class=\"pill \
         {tone}\">{}</span></td><td>{who}</td><td class=\"acts\">{act}</td></tr>",
        escaped(&call.from),
        escaped(&call.to),
        call.status.name(),
    )
}
