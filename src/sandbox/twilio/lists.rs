//! Pages of resources, newest first.

use serde_json::{Value, json};

use super::{
    error::{Outcome, Refusal},
    params::Params,
};

/// Every list takes these.
pub(super) const PAGING: [&str; 3] = ["PageSize", "Page", "PageToken"];
const USUAL: i64 = 50;
const MOST: i64 = 1000;

/// One page of `items`, under `key`. The token names the last item of the page before, so what is made meanwhile shifts nothing.
pub(super) fn page(path: &str, key: &str, items: Vec<Value>, params: &Params) -> Outcome<Value> {
    let size = params.number("PageSize", 1, MOST, 20001)?.unwrap_or(USUAL);
    let number = params.number("Page", 0, i64::from(u32::MAX), 20001)?.unwrap_or(0);
    let start = match params.get("PageToken") {
        Some(token) => {
            let last = token.strip_prefix("PA").unwrap_or_default();
            let place = items.iter().position(|item| item["sid"] == last);
            place.map(|place| place + 1).ok_or_else(|| Refusal::bad(20001, "Invalid page token"))?
        }
        None => usize::try_from(number * size).unwrap_or(usize::MAX).min(items.len()),
    };
    let end = items.len().min(start + usize::try_from(size).unwrap_or(1));
    let at = |number: i64, token: Option<&str>| {
        let mut query = params.without(&PAGING);
        query.append_pair("PageSize", &size.to_string()).append_pair("Page", &number.to_string());
        if let Some(token) = token {
            query.append_pair("PageToken", token);
        }
        format!("{path}?{}", query.finish())
    };
    let next = items[start..end].last().filter(|_| end < items.len()).map(|last| {
        let last = last["sid"].as_str().unwrap_or_default();
        at(number + 1, Some(&format!("PA{last}")))
    });
    let previous = (number > 0).then(|| at(number - 1, None));
    Ok(json!({
        "end": end.saturating_sub(1),
        "first_page_uri": at(0, None),
        "next_page_uri": next,
        "page": number,
        "page_size": size,
        "previous_page_uri": previous,
        "start": start,
        "uri": at(number, params.get("PageToken")),
        key: items[start..end],
    }))
}
