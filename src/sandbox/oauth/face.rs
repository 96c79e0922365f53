//! What differs between Google and Microsoft.

use poem::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::sandbox::clock;

/// Whom the stand-in plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Google,
    Outlook,
}

/// Something a client may ask for.
pub(super) struct Scope {
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    /// The person may agree to the rest without it.
    pub(super) can_be_refused: bool,
}

const fn scope(name: &'static str, says: &'static str, can_be_refused: bool) -> Scope {
    Scope { name, says, can_be_refused }
}

pub(super) const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";
pub(super) const CALENDAR: &str = "https://www.googleapis.com/auth/calendar";
pub(super) const EVENTS: &str = "https://www.googleapis.com/auth/calendar.events";
pub(super) const FREE_BUSY: &str = "https://www.googleapis.com/auth/calendar.freebusy";
pub(super) const READ_USER: &str = "User.Read";
pub(super) const OFFLINE: &str = "offline_access";

const GOOGLES: [Scope; 6] = [
    scope("openid", "Associate you with your personal info on Google", false),
    scope(EMAIL, "See your primary Google Account email address", false),
    scope("https://www.googleapis.com/auth/userinfo.profile", "See your personal info", false),
    scope(CALENDAR, "See, edit, share and permanently delete all the calendars you can access", true),
    scope(EVENTS, "View and edit events on all your calendars", true),
    scope(FREE_BUSY, "View your availability in your calendars", true),
];

/// At Microsoft one agrees to everything or to nothing.
const MICROSOFTS: [Scope; 7] = [
    scope("openid", "Sign you in", false),
    scope("profile", "View your basic profile", false),
    scope("email", "View your email address", false),
    scope(OFFLINE, "Keep this access while you are away", false),
    scope(READ_USER, "Sign you in and read your profile", false),
    scope("Calendars.Read", "Read your calendars", false),
    scope("Calendars.ReadWrite", "Have full access to your calendars", false),
];

impl Face {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Outlook => "Microsoft",
        }
    }

    pub(super) fn authorize_path(self) -> &'static str {
        match self {
            Self::Google => "/o/oauth2/v2/auth",
            Self::Outlook => "/common/oauth2/v2.0/authorize",
        }
    }

    pub(super) fn token_path(self) -> &'static str {
        match self {
            Self::Google => "/token",
            Self::Outlook => "/common/oauth2/v2.0/token",
        }
    }

    pub(super) fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Google => &GOOGLES,
            Self::Outlook => &MICROSOFTS,
        }
    }

    /// The scope by the name it is asked for, which may be a longer or a shorter one.
    pub(super) fn scope(self, asked: &str) -> Option<&'static Scope> {
        let name = match (self, asked) {
            (Self::Google, "email") => EMAIL,
            (Self::Google, "profile") => "https://www.googleapis.com/auth/userinfo.profile",
            (Self::Google, other) => other,
            (Self::Outlook, other) => other.strip_prefix("https://graph.microsoft.com/").unwrap_or(other),
        };
        self.scopes().iter().find(|scope| scope.name == name)
    }

    pub(super) fn code(self) -> String {
        match self {
            Self::Google => format!("4/0A{}", store::letters(68)),
            Self::Outlook => format!("1.AXoA{}", store::letters(900)),
        }
    }

    pub(super) fn access_token(self) -> String {
        match self {
            Self::Google => format!("ya29.a0{}", store::letters(210)),
            Self::Outlook => format!("EwB4A8l6BAAU{}", store::letters(1_100)),
        }
    }

    pub(super) fn refresh_token(self) -> String {
        match self {
            Self::Google => format!("1//0{}", store::letters(98)),
            Self::Outlook => format!("1.AXoA{}", store::letters(1_200)),
        }
    }

    /// The body of an error of the token endpoint. `number` is Microsoft's.
    pub(super) fn token_error(self, error: &str, description: &str, number: u32) -> Value {
        match self {
            Self::Google => json!({ "error": error, "error_description": description }),
            Self::Outlook => {
                let at = clock::iso(clock::now());
                json!({
                    "error": error,
                    "error_description": format!("AADSTS{number}: {description}"),
                    "error_codes": [number],
                    "timestamp": format!("{}Z", at[..19].replace('T', " ")),
                    "trace_id": Uuid::new_v4(),
                    "correlation_id": Uuid::new_v4(),
                })
            }
        }
    }

    /// The body of an error of the APIs behind the login.
    pub(super) fn api_error(self, status: StatusCode, reason: &str, message: &str) -> Value {
        match self {
            Self::Google => json!({
                "error": {
                    "errors": [{ "domain": "global", "reason": reason, "message": message }],
                    "code": status.as_u16(),
                    "message": message,
                }
            }),
            Self::Outlook => json!({
                "error": {
                    "code": reason,
                    "message": message,
                    "innerError": {
                        "date": &clock::iso(clock::now())[..19],
                        "request-id": Uuid::new_v4(),
                        "client-request-id": Uuid::new_v4(),
                    },
                }
            }),
        }
    }
}
