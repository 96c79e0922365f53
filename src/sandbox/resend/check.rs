//! What the real API demands of an email, field by field.

use poem::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    config::ResendConfig,
    error::Refusal,
    mail::{Attached, Mail, address_of},
};

const RECIPIENTS_LIMIT: usize = 50;
const KNOWN_FIELDS: [&str; 14] = [
    "from",
    "to",
    "subject",
    "bcc",
    "cc",
    "reply_to",
    "html",
    "text",
    "template",
    "headers",
    "scheduled_at",
    "attachments",
    "tags",
    "topic_id",
];
const TEST_ADDRESSES: [&str; 4] = ["delivered", "bounced", "complained", "suppressed"];
const EXAMPLE_DOMAINS: [&str; 4] = ["example.com", "example.org", "example.net", "test.com"];

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
}

pub(crate) fn mail(config: &ResendConfig, body: &Value) -> Result<Mail, Refusal> {
    let Value::Object(fields) = body else {
        return Err(Refusal::invalid("The request body must be an object."));
    };
    if let Some(unknown) = fields.keys().find(|key| !KNOWN_FIELDS.contains(&key.as_str())) {
        return Err(Refusal::invalid(format!("The `{unknown}` field is not allowed.")));
    }
    if present(fields, "scheduled_at").is_some() {
        return Err(Refusal::invalid("The sandbox does not schedule emails: leave `scheduled_at` out."));
    }
    let from = required_string(fields, "from")?;
    check_sender(config, &from)?;
    let to = recipients(fields, "to")?;
    if to.is_empty() {
        return Err(Refusal::missing("to"));
    }
    let subject = required_string(fields, "subject")?;
    let html = string(fields, "html")?;
    let text = string(fields, "text")?;
    check_body(fields, html.as_deref(), text.as_deref())?;

    Ok(Mail {
        id: Uuid::new_v4(),
        created_at: OffsetDateTime::now_utc(),
        from,
        to,
        cc: recipients(fields, "cc")?,
        bcc: recipients(fields, "bcc")?,
        reply_to: addresses(fields, "reply_to")?,
        subject,
        html,
        text,
        headers: headers(fields)?,
        tags: tags(fields)?,
        attachments: attachments(fields)?,
        idempotency_key: None,
        last_event: "queued".into(),
        events: Vec::new(),
    })
}

/// A batch is taken or refused as a whole.
pub(crate) fn batch(config: &ResendConfig, body: &Value) -> Result<Vec<Mail>, Refusal> {
    let Value::Array(items) = body else {
        return Err(Refusal::invalid("The request body must be an array."));
    };
    if items.is_empty() || items.len() > 100 {
        return Err(Refusal::invalid("A batch holds between 1 and 100 emails."));
    }
    if items.iter().any(|item| item.get("attachments").is_some()) {
        return Err(Refusal::invalid("The `attachments` field is not supported in a batch."));
    }
    items.iter().map(|item| mail(config, item)).collect()
}

fn check_sender(config: &ResendConfig, from: &str) -> Result<(), Refusal> {
    let domain = address_of(from).and_then(|address| address.split_once('@').map(|(_, domain)| domain.to_owned()));
    let Some(domain) = domain else { return Err(bad_address("from")) };
    match &config.verified_domains {
        Some(verified) if !verified.contains(&domain) => Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "validation_error",
            format!("The {domain} domain is not verified. Please, add and verify your domain."),
        )),
        _ => Ok(()),
    }
}

fn check_body(fields: &Map<String, Value>, html: Option<&str>, text: Option<&str>) -> Result<(), Refusal> {
    match present(fields, "template") {
        None if html.is_none() && text.is_none() => {
            Err(Refusal::unprocessable("missing_required_field", "Missing `html` or `text` field."))
        }
        None => Ok(()),
        Some(_) if html.is_some() || text.is_some() => {
            Err(Refusal::invalid("The `template` field cannot be used together with `html` or `text`."))
        }
        Some(Value::Object(template)) if template.get("id").is_some_and(Value::is_string) => Ok(()),
        Some(_) => Err(Refusal::invalid("The `template` field must be an object with an `id`.")),
    }
}

fn recipients(fields: &Map<String, Value>, name: &str) -> Result<Vec<String>, Refusal> {
    let found = addresses(fields, name)?;
    if found.len() > RECIPIENTS_LIMIT {
        return Err(Refusal::invalid(format!("The `{name}` field must have at most {RECIPIENTS_LIMIT} items.")));
    }
    for address in found.iter().filter_map(|one| address_of(one)) {
        let (local, domain) = address.split_once('@').unwrap_or((&address, ""));
        let local = local.split('+').next().unwrap_or(local);
        let unusable_test = domain == "resend.dev" && !TEST_ADDRESSES.contains(&local);
        if unusable_test || EXAMPLE_DOMAINS.contains(&domain) {
            return Err(Refusal::invalid(format!(
                "Invalid `{name}` field. Please use our testing email address instead of domains like `{domain}`."
            )));
        }
    }
    Ok(found)
}

/// One address or a list of them.
fn addresses(fields: &Map<String, Value>, name: &str) -> Result<Vec<String>, Refusal> {
    let found = match present(fields, name) {
        None => return Ok(Vec::new()),
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) if many.iter().all(Value::is_string) => {
            many.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
        }
        Some(_) => return Err(Refusal::invalid(format!("The `{name}` field must be a `string` or `string[]`."))),
    };
    match found.iter().all(|one| address_of(one).is_some()) {
        true => Ok(found),
        false => Err(bad_address(name)),
    }
}

fn bad_address(name: &str) -> Refusal {
    Refusal::invalid(format!(
        "Invalid `{name}` field. The email address needs to follow the `email@example.com` or \
         `Name <email@example.com>` format."
    ))
}

fn headers(fields: &Map<String, Value>) -> Result<Vec<Pair>, Refusal> {
    let wrong = || Refusal::invalid("The `headers` field must be an object of strings.");
    match present(fields, "headers") {
        None => Ok(Vec::new()),
        Some(Value::Object(headers)) => headers
            .iter()
            .map(|(name, value)| {
                let value = value.as_str().ok_or_else(wrong)?.to_owned();
                Ok(Pair { name: name.clone(), value })
            })
            .collect(),
        Some(_) => Err(wrong()),
    }
}

fn tags(fields: &Map<String, Value>) -> Result<Vec<Pair>, Refusal> {
    let wrong = || Refusal::invalid("The `tags` field must be an array of objects with `name` and `value`.");
    let tags = match present(fields, "tags") {
        None => return Ok(Vec::new()),
        Some(Value::Array(tags)) => tags,
        Some(_) => return Err(wrong()),
    };
    tags.iter()
        .map(|tag| {
            let part = |key| tag.get(key).and_then(Value::as_str).map(str::to_owned).ok_or_else(wrong);
            let pair = Pair { name: part("name")?, value: part("value")? };
            let fits = |text: &str| {
                (1..=256).contains(&text.len())
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
            };
            match fits(&pair.name) && fits(&pair.value) {
                true => Ok(pair),
                false => {
                    Err(Refusal::invalid("Tags should only contain ASCII letters, numbers, underscores, or dashes."))
                }
            }
        })
        .collect()
}

fn attachments(fields: &Map<String, Value>) -> Result<Vec<Attached>, Refusal> {
    let items = match present(fields, "attachments") {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(Refusal::invalid("The `attachments` field must be an array.")),
    };
    items
        .iter()
        .map(|item| {
            let part = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
            if part("content").is_none() && part("path").is_none() {
                let message = "Attachment must have either a `content` or `path`.";
                return Err(Refusal::unprocessable("invalid_attachment", message));
            }
            Ok(Attached { filename: part("filename"), content_type: part("content_type") })
        })
        .collect()
}

fn present<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| !value.is_null())
}

fn string(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match present(fields, name) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.clone())),
        Some(_) => Err(Refusal::invalid(format!("The `{name}` field must be a `string`."))),
    }
}

fn required_string(fields: &Map<String, Value>, name: &str) -> Result<String, Refusal> {
    match string(fields, name)? {
        Some(value) if !value.is_empty() => Ok(value),
        _ => Err(Refusal::missing(name)),
    }
}
