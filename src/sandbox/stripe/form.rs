//! Form bodies with brackets, read the way Stripe reads them: every parameter known, of its type, and used.

use std::{cell::RefCell, collections::BTreeSet};

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::error::{Outcome, Refusal};

const DEEPEST: usize = 8;

/// `a[b][0][c]=x` as nested objects; lists are objects with the places as keys, as `metadata[0]` may be either.
pub(super) fn decode(body: &[u8]) -> Outcome<Map<String, Value>> {
    let mut whole = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let path = path_of(&name).ok_or_else(|| {
            Refusal::invalid(Some("parameter_unknown"), Some(&name), format!("Received unknown parameter: {name}"))
        })?;
        insert(&mut whole, &path, &value).ok_or_else(|| {
            Refusal::invalid(None, Some(&name), format!("The parameter {name} was given in two shapes."))
        })?;
    }
    Ok(whole)
}

fn path_of(name: &str) -> Option<Vec<&str>> {
    let (first, rest) = name.split_at(name.find('[').unwrap_or(name.len()));
    let mut path = vec![first];
    let mut rest = rest;
    while !rest.is_empty() {
        let (key, after) = rest.strip_prefix('[')?.split_once(']')?;
        path.push(key);
        rest = after;
    }
    (!first.is_empty() && path.len() <= DEEPEST).then_some(path)
}

fn insert(map: &mut Map<String, Value>, path: &[&str], value: &str) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let key = if first.is_empty() { map.len().to_string() } else { (*first).to_owned() };
    if rest.is_empty() {
        return match map.get(&key) {
            Some(Value::Object(_)) => None,
            _ => {
                map.insert(key, value.into());
                Some(())
            }
        };
    }
    match map.entry(key).or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(inner) => insert(inner, rest, value),
        _ => None,
    }
}

/// Parameters that complain of those nobody asked for.
pub(super) struct Params<'a> {
    prefix: String,
    map: &'a Map<String, Value>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> Params<'a> {
    pub(super) fn new(map: &'a Map<String, Value>) -> Self {
        Self::at(String::new(), map)
    }

    fn at(prefix: String, map: &'a Map<String, Value>) -> Self {
        Self { prefix, map, asked: RefCell::default() }
    }

    pub(super) fn full(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_owned() } else { format!("{}[{name}]", self.prefix) }
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.asked.borrow_mut().insert(name.to_owned());
        self.map.get(name)
    }

    /// To be called when everything was asked for.
    pub(super) fn done(&self) -> Outcome<()> {
        let asked = self.asked.borrow();
        match self.map.keys().find(|name| !asked.contains(*name)) {
            None => Ok(()),
            Some(unknown) => {
                let full = self.full(unknown);
                let message = format!("Received unknown parameter: {full}");
                Err(Refusal::invalid(Some("parameter_unknown"), Some(&full), message))
            }
        }
    }

    /// A text, or that it was given empty.
    pub(super) fn text_or_empty(&self, name: &str, longest: usize) -> Outcome<Option<String>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= longest => Ok(Some(text.clone())),
            Some(Value::String(_)) => Err(self.wrong(
                Some("parameter_invalid_string_length"),
                name,
                format!("Invalid string: must be at most {longest} characters"),
            )),
            Some(_) => Err(self.wrong(None, name, "Invalid string".into())),
        }
    }

    pub(super) fn text(&self, name: &str, longest: usize) -> Outcome<Option<String>> {
        match self.text_or_empty(name, longest)? {
            Some(text) if text.is_empty() => Err(self.wrong(
                Some("parameter_invalid_empty"),
                name,
                format!(
                    "You passed an empty string for '{}'. We assume empty values are an attempt to unset a parameter; \
                     however '{}' cannot be unset. You should remove '{}' from your request or supply a non-empty value.",
                    self.full(name),
                    self.full(name),
                    self.full(name)
                ),
            )),
            given => Ok(given),
        }
    }

    pub(super) fn required(&self, name: &str) -> Outcome<String> {
        self.text(name, 5000)?.ok_or_else(|| self.lacking(name))
    }

    pub(super) fn lacking(&self, name: &str) -> Refusal {
        let message = format!("Missing required param: {}.", self.full(name));
        self.wrong(Some("parameter_missing"), name, message)
    }

    pub(super) fn wrong(&self, code: Option<&str>, name: &str, message: String) -> Refusal {
        Refusal::invalid(code, Some(&self.full(name)), message)
    }

    pub(super) fn integer(&self, name: &str) -> Outcome<Option<i64>> {
        let Some(text) = self.text(name, 5000)? else { return Ok(None) };
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let wrong = || self.wrong(Some("parameter_invalid_integer"), name, format!("Invalid integer: {text}"));
        number.ok_or_else(wrong).map(Some)
    }

    /// An amount of money that can be charged or given back.
    pub(super) fn amount(&self, name: &str) -> Outcome<Option<i64>> {
        match self.integer(name)? {
            Some(amount) if amount < 1 => Err(self.wrong(
                Some("parameter_invalid_integer"),
                name,
                "This value must be greater than or equal to 1.".into(),
            )),
            Some(amount) if amount > 99_999_999 => {
                Err(self.wrong(Some("amount_too_large"), name, "Amount must be no more than £999,999.99".into()))
            }
            given => Ok(given),
        }
    }

    pub(super) fn boolean(&self, name: &str) -> Outcome<Option<bool>> {
        match self.text(name, 5000)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(self.wrong(None, name, format!("Invalid boolean: {other}"))),
        }
    }

    pub(super) fn one_of(&self, name: &str, choices: &[&str]) -> Outcome<Option<String>> {
        match self.text(name, 5000)? {
            Some(text) if !choices.contains(&text.as_str()) => {
                let message = format!("Invalid {}: must be one of {}", self.full(name), choices.join(", "));
                Err(self.wrong(None, name, message))
            }
            given => Ok(given),
        }
    }

    pub(super) fn url(&self, name: &str) -> Outcome<Option<String>> {
        let Some(text) = self.text(name, 5000)? else { return Ok(None) };
        let known =
            url::Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        match known {
            Some(_) => Ok(Some(text)),
            None => Err(self.wrong(Some("url_invalid"), name, "Not a valid URL".into())),
        }
    }

    pub(super) fn currency(&self, name: &str) -> Outcome<Option<String>> {
        match self.text(name, 5000)?.map(|text| text.to_ascii_lowercase()) {
            Some(currency) if !matches!(currency.as_str(), "gbp" | "eur" | "usd") => Err(self.wrong(
                None,
                name,
                format!("Invalid currency: {currency}. The sandbox supports these currencies: gbp, eur, usd"),
            )),
            given => Ok(given),
        }
    }

    pub(super) fn child(&self, name: &str) -> Outcome<Option<Params<'a>>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Params::at(self.full(name), map))),
            Some(_) => Err(self.wrong(None, name, "Invalid object".into())),
        }
    }

    pub(super) fn list(&self, name: &str) -> Outcome<Vec<Params<'a>>> {
        let Some(Value::Object(map)) = self.get(name) else {
            return if self.map.contains_key(name) {
                Err(self.wrong(None, name, "Invalid array".into()))
            } else {
                Ok(Vec::new())
            };
        };
        let mut items: Vec<(usize, Params)> = Vec::new();
        for (place, item) in map {
            let full = format!("{}[{place}]", self.full(name));
            let (Ok(place), Value::Object(item)) = (place.parse(), item) else {
                return Err(self.wrong(None, name, "Invalid array".into()));
            };
            items.push((place, Params::at(full, item)));
        }
        items.sort_by_key(|(place, _)| *place);
        Ok(items.into_iter().map(|(_, item)| item).collect())
    }

    pub(super) fn texts(&self, name: &str) -> Outcome<Vec<String>> {
        let wrong = || self.wrong(None, name, "Invalid array".into());
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Object(map)) => map
                .iter()
                .map(|(place, text)| match (place.parse::<usize>(), text) {
                    (Ok(_), Value::String(text)) => Ok(text.clone()),
                    _ => Err(wrong()),
                })
                .collect(),
            Some(_) => Err(wrong()),
        }
    }

    /// Metadata of something new: what is given empty is not there.
    pub(super) fn metadata(&self, name: &str) -> Outcome<Map<String, Value>> {
        let mut given = self.changed_metadata(name)?;
        given.retain(|_, value| value != "");
        Ok(given)
    }

    /// At most 50 pairs, names of 40 characters, values of 500.
    pub(super) fn changed_metadata(&self, name: &str) -> Outcome<Map<String, Value>> {
        let Some(given) = self.child(name)? else { return Ok(Map::new()) };
        if given.map.len() > 50 {
            let message = "Metadata can have at most 50 keys".to_owned();
            return Err(self.wrong(None, name, message));
        }
        for (key, value) in given.map {
            match value {
                Value::String(text) if key.chars().count() <= 40 && text.chars().count() <= 500 => {}
                _ => {
                    let message = "Metadata keys can be up to 40 characters long and values up to 500".to_owned();
                    return Err(given.wrong(None, key, message));
                }
            }
        }
        Ok(given.map.clone())
    }
}

/// Changes metadata the way an update does: what is given empty goes.
pub(super) fn merge_metadata(into: &mut Value, given: Map<String, Value>) {
    if let Value::Object(kept) = into {
        for (name, value) in given {
            if value == "" {
                kept.shift_remove(&name);
            } else {
                kept.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_nest_and_lists_count() {
        let read = decode(b"a=1&b[c][0][d]=x+y&b[c][1][d]=%C2%A3&e[]=p&e[]=q").unwrap();
        let whole =
            json!({ "a": "1", "b": { "c": { "0": { "d": "x y" }, "1": { "d": "£" } } }, "e": { "0": "p", "1": "q" } });
        assert_eq!(Value::Object(read), whole);
        for wrong in [&b"a[b=1"[..], b"[a]=1", b"a]b=1&a=1&a[b]=2", b"a=1&a[b]=2", b"a[b]=2&a=1"] {
            assert!(decode(wrong).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn what_nobody_asked_for_is_named_in_full() {
        let read = decode(b"a[b]=1&a[c]=2").unwrap();
        let params = Params::new(&read);
        let inner = params.child("a").unwrap().unwrap();
        inner.text("b", 10).unwrap();
        assert_eq!(inner.done().unwrap_err().message(), "Received unknown parameter: a[c]");
        assert!(params.done().is_ok());
    }

    #[test]
    fn an_amount_is_a_whole_number_in_bounds() {
        for (given, fine) in [
            ("2500", true),
            ("0", false),
            ("-1", false),
            ("1.5", false),
            ("+5", false),
            ("1e3", false),
            ("9223372036854775808", false),
            ("100000000", false),
            ("99999999", true),
            (" 1", false),
            ("", false),
        ] {
            let map = Map::from_iter([("amount".to_owned(), json!(given))]);
            assert_eq!(Params::new(&map).amount("amount").is_ok(), fine, "{given}");
        }
    }
}
