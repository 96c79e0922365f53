//! Form bodies and queries.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, format_description::well_known::Rfc3339};
use url::form_urlencoded;

use super::error::{Outcome, Refusal};

/// The parameters of one request. Twilio overlooks those it does not know; here they are refused, because a misspelt one is
/// a mistake that nobody would ever see.
#[derive(Debug)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    pub(super) fn decode(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    pub(super) fn known(&self, names: &[&str]) -> Outcome<()> {
        match self.0.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some((unknown, _)) => Err(Refusal::bad(20001, format!("Unknown parameter: {unknown}"))),
        }
    }

    /// What was given and is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// What was given, perhaps empty, which takes something away.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A number in bounds; otherwise this code.
    pub(super) fn number(&self, name: &str, from: i64, to: i64, code: u32) -> Outcome<Option<i64>> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (from..=to).contains(number));
        number
            .map(Some)
            .ok_or_else(|| Refusal::bad(code, format!("{name} must be a number from {from} to {to}: {text}")))
    }

    /// An address that can be called back; otherwise this code.
    pub(super) fn url(&self, name: &str, code: u32) -> Outcome<Option<String>> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let fit = url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if fit {
            Ok(Some(text.to_owned()))
        } else {
            Err(Refusal::bad(code, format!("{name} is not a valid URL: {text}")))
        }
    }

    /// A name of at most 64 characters.
    pub(super) fn friendly_name(&self) -> Outcome<Option<String>> {
        match self.get("FriendlyName") {
            Some(name) if name.chars().count() > 64 => {
                Err(Refusal::bad(20001, "FriendlyName must not be longer than 64 characters"))
            }
            name => Ok(name.map(str::to_owned)),
        }
    }

    /// The bounds that `StartTime`, `StartTime<` and `StartTime>` set, by the name in front.
    pub(super) fn moment(&self, name: &str) -> Outcome<Option<OffsetDateTime>> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let read =
            OffsetDateTime::parse(text, &Rfc3339).ok().map(|at| at.to_offset(UtcOffset::UTC)).or_else(|| day(text));
        read.map(Some).ok_or_else(|| Refusal::bad(20001, format!("{name} is not a date: {text}")))
    }

    /// All of them again, without these, to be written into an address.
    pub(super) fn without(&self, names: &[&str]) -> form_urlencoded::Serializer<'static, String> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())) {
            query.append_pair(name, value);
        }
        query
    }
}

/// `2009-07-06`, the first moment of it.
fn day(text: &str) -> Option<OffsetDateTime> {
    let mut parts = text.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year, month, parts.next()?.parse().ok()?).ok()?;
    parts.next().is_none().then(|| PrimitiveDateTime::new(date, Time::MIDNIGHT).assume_utc())
}

/// `+`, a digit that is not zero, and six to fourteen more.
pub(super) fn is_e164(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_or_a_time() {
        let at = |text: &str| Params(vec![("StartTime>".into(), text.into())]).moment("StartTime>");
        assert_eq!(at("2026-02-03").unwrap().unwrap().unix_timestamp(), 1_770_076_800);
        assert_eq!(at("2026-02-03T01:00:00+01:00").unwrap(), at("2026-02-03T00:00:00Z").unwrap());
        for wrong in ["2026-02-30", "2026-02", "2026-02-03-04", "yesterday"] {
            assert!(at(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_number_begins_with_its_country() {
        for (text, fine) in [("+441134960000", true), ("441134960000", false), ("+0441", false), ("+44 113", false)] {
            assert_eq!(is_e164(text), fine, "{text}");
        }
    }
}
