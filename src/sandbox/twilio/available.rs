//! Numbers that can be bought.

use serde_json::{Value, json};

use super::{
    error::{Outcome, Refusal},
    inventory::{Address, COUNTRIES, Country, Kind, Stock, area_code},
    params::Params,
    pattern::Pattern,
    render,
    store::State,
};

/// What the real one shows when it is not said how many. From memory.
const SHOWN: i64 = 30;

const FILTERS: [&str; 21] = [
    "AreaCode",
    "Contains",
    "SmsEnabled",
    "MmsEnabled",
    "VoiceEnabled",
    "ExcludeAllAddressRequired",
    "ExcludeLocalAddressRequired",
    "ExcludeForeignAddressRequired",
    "Beta",
    "NearNumber",
    "NearLatLong",
    "Distance",
    "InPostalCode",
    "InRegion",
    "InRateCenter",
    "InLata",
    "InLocality",
    "FaxEnabled",
    "PageSize",
    "Page",
    "PageToken",
];

pub(super) fn countries(account: &str, path: &str, params: &Params) -> Outcome<Value> {
    params.known(&["PageSize", "Page", "PageToken"])?;
    let all: Vec<_> = COUNTRIES.iter().map(|country| render::country(account, country)).collect();
    Ok(json!({ "countries": all, "uri": path }))
}

pub(super) fn country(account: &str, path: &str, code: &str, params: &Params) -> Outcome<Value> {
    params.known(&[])?;
    let country = Country::of_code(code).ok_or_else(|| Refusal::not_found(path))?;
    Ok(render::country(account, country))
}

pub(super) fn search(state: &State, path: &str, code: &str, kind: &str, params: &Params) -> Outcome<Value> {
    let found = Country::of_code(code).zip(Kind::of_segment(kind)).filter(|(country, kind)| country.has(*kind));
    let (country, kind) = found.ok_or_else(|| Refusal::not_found(path))?;
    params.known(&FILTERS)?;
    for geography in ["NearNumber", "NearLatLong", "Distance", "InPostalCode", "InRateCenter", "InLata"] {
        if params.get(geography).is_some() {
            return Err(Refusal::bad(20001, format!("The sandbox does not search by {geography}")));
        }
    }
    let area = area(params)?.filter(|_| matches!(country.code, "US" | "CA"));
    let pattern = params.get("Contains").map(Pattern::read).transpose()?;
    let wants = |name: &str, has: bool| params.get(name).is_none_or(|wanted| wanted != "true" || has);
    let excluded = |name: &str, applies: bool| params.get(name) == Some("true") && applies;
    let fits = |(stock, number): &(&Stock, String)| {
        state.is_for_sale(number)
            && area.as_deref().is_none_or(|area| area_code(number) == Some(area))
            && pattern.as_ref().is_none_or(|pattern| pattern.matches(number))
            && params.get("InRegion").is_none_or(|region| stock.region == Some(region))
            && params.get("InLocality").is_none_or(|locality| stock.locality == Some(locality))
            && wants("SmsEnabled", stock.sms)
            && wants("MmsEnabled", stock.sms)
            && wants("FaxEnabled", false)
            && !excluded("ExcludeAllAddressRequired", country.address != Address::None)
            && !excluded("ExcludeLocalAddressRequired", country.address == Address::Local)
    };
    let most = params.number("PageSize", 1, 1000, 20001)?.unwrap_or(SHOWN);
    let shown = country.numbers(kind).filter(fits).take(usize::try_from(most).unwrap_or(1));
    let shown: Vec<_> = shown.map(|(stock, number)| render::available(country, stock, &number)).collect();
    Ok(json!({ "available_phone_numbers": shown, "uri": path }))
}

/// Three digits, in North America.
pub(super) fn area(params: &Params) -> Outcome<Option<String>> {
    match params.get("AreaCode") {
        Some(code) if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(Refusal::bad(21451, format!("Invalid area code: {code}")))
        }
        code => Ok(code.map(str::to_owned)),
    }
}

impl State {
    /// Neither sold nor just given back.
    pub(super) fn is_for_sale(&self, number: &str) -> bool {
        self.number(number).is_none() && !self.released.contains_key(number)
    }
}
