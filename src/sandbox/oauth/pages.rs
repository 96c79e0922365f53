//! What a person sees: the question, why there is none, and who agreed to what.

use std::collections::BTreeSet;

use poem::http::StatusCode;

use super::{OAuth, authorize::Ask, face::Face};
use crate::sandbox::{
    clock,
    page::{escaped, filled},
};

const CONSENT: &str = include_str!("consent.html");
const REFUSED: &str = include_str!("refused.html");
const DESK: &str = include_str!("desk.html");

/// Nobody else has an account here before the first consent.
const SOMEBODY: &str = "reception@clinic.test";

pub(super) fn consent(oauth: &OAuth, ask: &Ask, problem: &str) -> String {
    let face = oauth.face();
    let known: BTreeSet<String> = oauth.lock().grants.iter().map(|grant| grant.email.clone()).collect();
    let email = ask.login_hint.as_deref().or(known.first().map(String::as_str)).unwrap_or(SOMEBODY);
    let choices: String = known.iter().map(|email| format!("<option value=\"{}\">", escaped(email))).collect();
    let mut scopes = String::new();
    for scope in face.scopes().iter().filter(|scope| ask.scopes.contains(&scope.name)) {
        let (name, says) = (escaped(scope.name), escaped(scope.says));
        scopes.push_str(&match scope.can_be_refused {
            true => format!(
                "<li><label><input type=\"checkbox\" name=\"scope\" value=\"{name}\" checked><span>{says}</span></label></li>"
            ),
            false => format!("<li><span class=\"always\">{says}</span></li>"),
        });
    }
    let problem = match problem {
        "" => String::new(),
        problem => format!("<p class=\"refused\" role=\"alert\">{}</p>", escaped(problem)),
    };
    let values = [
        ("provider", face.name()),
        ("email", &escaped(email)),
        ("choices", &choices),
        ("scopes", &scopes),
        ("problem", &problem),
        ("back_to", &escaped(&ask.redirect_uri)),
    ];
    filled(CONSENT, &values)
}

pub(super) fn refused(face: Face, status: StatusCode, error: &str, what: &str) -> String {
    let error = format!("Error {}: {error}", status.as_u16());
    filled(REFUSED, &[("provider", face.name()), ("error", &error), ("what", &escaped(what))])
}

/// Every consent, the newest first, and what is in the calendars.
pub(super) fn desk(oauth: &OAuth) -> String {
    let face = oauth.face();
    let state = oauth.lock();
    let mut rows = String::new();
    for grant in state.grants.iter().rev().take(100) {
        let email = escaped(&grant.email);
        let scopes: String = grant
            .scopes
            .iter()
            .filter_map(|name| face.scopes().iter().find(|scope| scope.name == *name))
            .map(|scope| format!("<p>{}</p>", escaped(scope.says)))
            .collect();
        let (tone, status) = if grant.over { ("bad", "withdrawn") } else { ("good", "given") };
        let act = match grant.over {
            true => String::new(),
            false => format!(
                "<form method=\"post\" action=\"/_sandbox/accounts/{email}/revoke\"><button>Take access away</button></form>"
            ),
        };
        rows.push_str(&format!(
            "<tr><td>{email}</td><td>{}</td><td><span class=\"pill {tone}\">{status}</span></td><td>{scopes}</td><td \
             class=\"acts\">{act}</td></tr>",
            &clock::iso(grant.at)[..16].replace('T', " "),
        ));
    }
    if rows.is_empty() {
        rows.push_str(
            "<tr><td colspan=\"5\">Nobody yet. Connect a calendar: the page that asks is served here.</td></tr>",
        );
    }
    let mut events = String::new();
    for (email, theirs) in &state.events {
        for event in theirs.iter().rev().take(50) {
            let text = |field: &str| escaped(event[field].as_str().unwrap_or_default());
            let at = |end: &str| {
                let at = event[end]["dateTime"].as_str().or(event[end]["date"].as_str()).unwrap_or_default();
                escaped(&at.replace('T', " "))
            };
            let tone = if event["status"] == "cancelled" { "bad" } else { "good" };
            events.push_str(&format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td><span class=\"pill {tone}\">{}</span></td></tr>",
                escaped(email),
                text("summary"),
                at("start"),
                at("end"),
                text("status"),
            ));
        }
    }
    let calendars = match (face, events.is_empty()) {
        (Face::Outlook, _) => String::new(),
        (Face::Google, true) => "<h2>Calendars</h2><p class=\"none\">No event yet.</p>".to_owned(),
        (Face::Google, false) => format!(
            "<h2>Calendars</h2><div class=\"scroll\"><table><thead><tr><th>Calendar</th><th>Event</th><th>From</th><th>To</th>\
             <th>Status</th></tr></thead><tbody>{events}</tbody></table></div>"
        ),
    };
    filled(DESK, &[("provider", face.name()), ("rows", &rows), ("calendars", &calendars)])
}
