//! Lists: the newest first, a hundred unless more are asked for, cut by when things were made or changed.

use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::error::{Outcome, Refusal};

/// Of each list: `createdAtGt`, `updatedAtLe`, …
const MOMENTS: [&str; 2] = ["createdAt", "updatedAt"];

pub(super) struct Wanted {
    limit: usize,
    bounds: Vec<(&'static str, String, OffsetDateTime)>,
}

impl Wanted {
    /// With the filters of this list, which name a field each.
    pub(super) fn read(query: &Map<String, Value>, filters: &[&str]) -> Outcome<Self> {
        let mut wanted = Self { limit: 100, bounds: Vec::new() };
        let mut problems = Vec::new();
        for (name, value) in query {
            let text = value.as_str().unwrap_or_default();
            let bound = MOMENTS.into_iter().find_map(|field| Some((field, name.strip_prefix(field)?)));
            match bound {
                Some((field, which @ ("Gt" | "Lt" | "Ge" | "Le"))) => match OffsetDateTime::parse(text, &Rfc3339) {
                    Ok(moment) => wanted.bounds.push((field, which.to_owned(), moment)),
                    Err(_) => problems.push(format!("{name} must be a valid ISO 8601 date string")),
                },
                _ if name == "limit" => match text.parse() {
                    Ok(limit) if limit <= 1_000 => wanted.limit = limit,
                    Ok(_) => problems.push("limit must not be greater than 1000".to_owned()),
                    Err(_) => problems.push("limit must be a number".to_owned()),
                },
                _ if filters.contains(&name.as_str()) => {}
                _ => problems.push(format!("property {name} should not exist")),
            }
        }
        if problems.is_empty() { Ok(wanted) } else { Err(Refusal::problems(problems)) }
    }

    fn takes(&self, document: &Value) -> bool {
        self.bounds.iter().all(|(field, which, bound)| {
            let moment = document[*field].as_str().and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
            moment.is_some_and(|moment| match which.as_str() {
                "Gt" => moment > *bound,
                "Lt" => moment < *bound,
                "Ge" => moment >= *bound,
                _ => moment <= *bound,
            })
        })
    }

    pub(super) fn of<'a>(&self, documents: impl DoubleEndedIterator<Item = &'a Value>) -> Value {
        json!(documents.rev().filter(|document| self.takes(document)).take(self.limit).collect::<Vec<_>>())
    }
}
