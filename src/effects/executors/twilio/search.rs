//! `twilio.search_numbers`: what numbers are to be had.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Desk, Form, Trouble, Twilio};
use crate::effects::{Effect, Executor, Verdict, executors::payload};

const NO_SUCH_AREA: i64 = 21451;
pub(super) const NOTHING_IN_AREA: i64 = 21452;

/// How many are asked for when some may have to be left out.
const PLENTY: usize = 100;

pub struct TwilioSearchNumbers(pub Twilio);

#[derive(Deserialize)]
pub(super) struct Search {
    country_code: String,
    /// As Twilio's path has it: Local, Mobile, TollFree.
    number_type: String,
    area_code: Option<String>,
    /// What the country's numbers begin with: with it, `area_code` is looked for at the beginning alone.
    calling_code: Option<String>,
    contains: Option<String>,
    #[serde(default = "some")]
    limit: usize,
}

fn some() -> usize {
    20
}

impl Executor for TwilioSearchNumbers {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Search = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.search(&wanted).await {
            Ok(numbers) => Verdict::Done(json!({ "numbers": numbers.iter().map(shown).collect::<Vec<_>>() })),
            Err(trouble) => trouble.verdict(&[]),
        }
    }
}

impl TwilioSearchNumbers {
    /// With the platform's account: whoever looks around needs none.
    async fn search(&self, wanted: &Search) -> Result<Vec<Value>, Trouble> {
        self.0.platform_desk()?.for_sale(wanted).await
    }
}

impl Desk<'_> {
    /// One page of numbers that take calls. A country or an area without any is none found.
    pub(super) async fn for_sale(&self, wanted: &Search) -> Result<Vec<Value>, Trouble> {
        let mut url = self.url(&["AvailablePhoneNumbers", &wanted.country_code, &wanted.number_type]);
        url.set_query(Some(&super::encoded(&wanted.query())));
        let mut page = match self.get(url).await {
            Err(Trouble::No(problem))
                if problem.is_not_found() || problem.is(NO_SUCH_AREA) || problem.is(NOTHING_IN_AREA) =>
            {
                return Ok(Vec::new());
            }
            page => page?,
        };
        let Value::Array(numbers) = page["available_phone_numbers"].take() else {
            return Err(Trouble::later("Twilio answered a list that is none."));
        };
        Ok(numbers.into_iter().filter(|number| wanted.fits(number)).take(wanted.limit).collect())
    }
}

impl Search {
    /// Only North America's numbers can be asked for by area; elsewhere the area is looked for in the number, and what
    /// else it shall contain is looked at here.
    fn query(&self) -> Form {
        let mut query: Form = vec![("VoiceEnabled", "true".to_owned())];
        match &self.area_code {
            Some(area) if self.is_north_america() => query.push(("AreaCode", area.clone())),
            Some(area) => query.push(("Contains", self.within_number(area))),
            None => {}
        }
        if let Some(contains) = self.contains.as_ref().filter(|_| !self.looks_itself()) {
            query.push(("Contains", contains.clone()));
        }
        let limit = if self.looks_itself() { PLENTY.max(self.limit) } else { self.limit };
        query.push(("PageSize", limit.clamp(1, 1000).to_string()));
        query
    }

    fn is_north_america(&self) -> bool {
        matches!(self.country_code.as_str(), "US" | "CA")
    }

    fn looks_itself(&self) -> bool {
        self.area_code.is_some() && self.contains.is_some() && !self.is_north_america()
    }

    /// At home an area code is dialled after a zero that the number abroad does not have.
    fn within_number(&self, area: &str) -> String {
        let area = area.trim_start_matches('0');
        self.calling_code.as_ref().map_or_else(|| area.to_owned(), |code| format!("+{code}{area}"))
    }

    fn fits(&self, number: &Value) -> bool {
        let wanted = self.contains.as_deref().filter(|_| self.looks_itself()).unwrap_or_default();
        let number = number["phone_number"].as_str().unwrap_or_default();
        !number.is_empty() && is_within(wanted, number)
    }
}

/// Whether a pattern, whose `*` is any one digit, is somewhere in the number.
fn is_within(pattern: &str, number: &str) -> bool {
    let same = |digits: &[u8]| pattern.bytes().zip(digits).all(|(wanted, digit)| wanted == b'*' || wanted == *digit);
    pattern.is_empty() || number.as_bytes().windows(pattern.len()).any(same)
}

fn shown(number: &Value) -> Value {
    json!({
        "phone_number": number["phone_number"],
        "friendly_name": number["friendly_name"],
        "locality": number["locality"],
        "region": number["region"],
        "country_code": number["iso_country"],
        "voice": able(number, "voice"),
        "sms": able(number, "sms"),
    })
}

/// The names of capabilities are written in capitals in some answers.
fn able(number: &Value, what: &str) -> bool {
    let able = &number["capabilities"];
    able[what].as_bool().or_else(|| able[what.to_uppercase()].as_bool()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(payload: Value) -> Search {
        serde_json::from_value(payload).expect("a search")
    }

    fn asked(payload: Value) -> String {
        super::super::encoded(&search(payload).query())
    }

    #[test]
    fn an_area_is_asked_for_as_the_country_has_it() {
        let us = json!({ "country_code": "US", "number_type": "Local", "area_code": "415", "contains": "88" });
        assert_eq!(asked(us), "VoiceEnabled=true&AreaCode=415&Contains=88&PageSize=20");
        let gb = json!({ "country_code": "GB", "number_type": "Local", "area_code": "020", "limit": 5 });
        assert_eq!(asked(gb.clone()), "VoiceEnabled=true&Contains=20&PageSize=5");
        let mut known = gb;
        known["calling_code"] = json!("44");
        assert_eq!(asked(known), "VoiceEnabled=true&Contains=%2B4420&PageSize=5");
    }

    #[test]
    fn what_twilio_cannot_be_asked_as_well_is_looked_at_here() {
        let both =
            search(json!({ "country_code": "GB", "number_type": "Local", "area_code": "20", "contains": "7*46" }));
        assert!(both.fits(&json!({ "phone_number": "+442079460000" })));
        assert!(!both.fits(&json!({ "phone_number": "+442071230000" })));
        assert_eq!(super::super::encoded(&both.query()), "VoiceEnabled=true&Contains=20&PageSize=100");
    }
}
