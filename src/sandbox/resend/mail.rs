//! An email as the stand-in keeps it, and the shapes it is shown in.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::check::Pair;
use crate::sandbox::clock;

#[derive(Debug, Clone)]
pub struct Mail {
    pub id: Uuid,
    pub created_at: OffsetDateTime,
    pub from: String,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub bcc: Vec<String>,
    pub reply_to: Vec<String>,
    pub subject: String,
    pub html: Option<String>,
    pub text: Option<String>,
    pub idempotency_key: Option<String>,
    pub last_event: String,
    pub events: Vec<Happening>,
    pub(crate) headers: Vec<Pair>,
    pub(crate) tags: Vec<Pair>,
    pub(crate) attachments: Vec<Attached>,
}

/// Only what is worth showing: the contents are not kept.
#[derive(Debug, Clone)]
pub(crate) struct Attached {
    pub(crate) filename: Option<String>,
    pub(crate) content_type: Option<String>,
}

/// Something that happened to an email.
#[derive(Debug, Clone)]
pub struct Happening {
    pub kind: &'static str,
    pub at: OffsetDateTime,
    pub svix_id: String,
    pub detail: Option<String>,
}

impl Mail {
    /// The template of ours that it was made from, which our client writes into a tag.
    pub fn template(&self) -> Option<&str> {
        self.tags.iter().find(|tag| tag.name == "template").map(|tag| tag.value.as_str())
    }

    pub(crate) fn everyone(&self) -> impl Iterator<Item = &String> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }

    pub(crate) fn is_to(&self, address: &str) -> bool {
        self.everyone().filter_map(|one| address_of(one)).any(|one| one == address.to_lowercase())
    }

    /// As `GET /emails/:id` answers.
    pub(crate) fn official(&self) -> Value {
        let mut shape = self.official_listed();
        for (name, body) in [("html", &self.html), ("text", &self.text)] {
            if let Some(body) = body {
                shape.insert(name.to_owned(), json!(body));
            }
        }
        Value::Object(shape)
    }

    /// As `GET /emails` lists it: without the bodies.
    pub(crate) fn official_listed(&self) -> Map<String, Value> {
        let shape = json!({
            "object": "email",
            "id": self.id,
            "message_id": format!("<{}@sandbox.resend.dev>", self.id),
            "to": self.to,
            "from": self.from,
            "created_at": clock::postgres(self.created_at),
            "subject": self.subject,
            "bcc": self.bcc,
            "cc": self.cc,
            "reply_to": self.reply_to,
            "last_event": self.last_event,
        });
        match shape {
            Value::Object(shape) => shape,
            _ => Map::new(),
        }
    }
}

/// The bare, lower-case address in `email@example.com` or `Name <email@example.com>`.
pub(crate) fn address_of(written: &str) -> Option<String> {
    let written = written.trim();
    let bare = match written.strip_suffix('>') {
        Some(rest) => rest.rsplit_once('<')?.1,
        None => written,
    };
    let (local, domain) = bare.rsplit_once('@')?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;:\"@()[]\\".contains(c);
    let fits = !local.is_empty()
        && local.len() <= 64
        && !local.contains(odd)
        && domain.len() <= 253
        && domain.split('.').count() >= 2
        && domain.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    fits.then(|| bare.to_lowercase())
}
