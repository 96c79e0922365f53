//! Numbers in service: bought, set up, moved, given back.

use serde_json::Value;

use super::{
    available,
    error::{Outcome, Refusal},
    inventory::{self, Address, Country, Kind, area_code, formatted},
    lists,
    params::{Params, is_e164},
    render,
    store::State,
};

/// What is kept and shown as it was given.
const SETTINGS: [&str; 20] = [
    "AddressSid",
    "BundleSid",
    "EmergencyAddressSid",
    "EmergencyStatus",
    "IdentitySid",
    "SmsApplicationSid",
    "SmsFallbackMethod",
    "SmsFallbackUrl",
    "SmsMethod",
    "SmsUrl",
    "StatusCallback",
    "StatusCallbackMethod",
    "TrunkSid",
    "VoiceApplicationSid",
    "VoiceCallerIdLookup",
    "VoiceFallbackMethod",
    "VoiceFallbackUrl",
    "VoiceMethod",
    "VoiceReceiveMode",
    "VoiceUrl",
];

pub(super) fn list(state: &State, account: &str, path: &str, params: &Params) -> Outcome<Value> {
    params.known(&[&["Beta", "FriendlyName", "PhoneNumber", "Origin"], &lists::PAGING[..]].concat())?;
    let found = state.numbers.iter().rev().filter(|number| {
        number.account == account
            && params.get("FriendlyName").is_none_or(|name| number.name == name)
            && params.get("PhoneNumber").is_none_or(|part| holds(&number.phone_number, part))
            && params.get("Origin").is_none_or(|origin| origin == "twilio")
    });
    lists::page(path, "incoming_phone_numbers", found.map(render::number).collect(), params)
}

/// A part of the number, with `*` for any digit.
fn holds(number: &str, part: &str) -> bool {
    let (number, part) = (number.as_bytes(), part.as_bytes());
    number
        .windows(part.len().max(1))
        .any(|window| window.iter().zip(part).all(|(digit, wanted)| *wanted == b'*' || digit == wanted))
}

pub(super) fn buy(state: &mut State, account: &str, params: &Params) -> Outcome<Value> {
    params.known(&[&["ApiVersion", "FriendlyName", "PhoneNumber", "AreaCode"], &SETTINGS[..]].concat())?;
    state.must_be_active(account)?;
    check_settings(params)?;
    let name = params.friendly_name()?;
    let wanted = match (params.get("PhoneNumber"), available::area(params)?) {
        (Some(number), _) => number.to_owned(),
        (None, Some(area)) => state.first_of_area(&area)?,
        (None, None) => return Err(Refusal::bad(20001, "PhoneNumber or AreaCode is required")),
    };
    if !is_e164(&wanted) {
        return Err(Refusal::bad(21421, format!("{wanted} is not a valid number")));
    }
    // Whoever buys what it has changes it and pays nothing: so the real one, as its users found out.
    if let Some(place) = state.numbers.iter().position(|one| one.account == account && one.phone_number == wanted) {
        set(state, place, name, params);
        return Ok(render::number(&state.numbers[place]));
    }
    let family = state.family(account);
    let once_theirs = state.released.get(&wanted) == Some(&family);
    let found = inventory::origin(&wanted).filter(|_| once_theirs || state.is_for_sale(&wanted));
    let (country, stock) = found.ok_or_else(|| Refusal::bad(21422, format!("{wanted} is not available.")))?;
    check_papers(state, country, params)?;
    let place = state.add_number(account, &wanted, &formatted(&wanted), Some(stock));
    set(state, place, name, params);
    state.trades.entry(account.to_owned()).or_default().0 += 1;
    Ok(render::number(&state.numbers[place]))
}

fn check_papers(state: &State, country: &Country, params: &Params) -> Outcome<()> {
    let has = |name: &str| params.get(name).is_some_and(|sid| state.papers.contains(sid));
    if country.bundle && !has("BundleSid") {
        return Err(Refusal::bad(21649, "Bundle required and not provided"));
    }
    if country.address == Address::Any && !has("AddressSid") {
        return Err(Refusal::bad(21631, "Phone Number Requires an Address but the 'AddressSid' parameter was empty."));
    }
    if country.address == Address::Local && !has("AddressSid") {
        return Err(Refusal::bad(21615, "Phone Number Requires a Local Address but the 'AddressSid' was not one."));
    }
    Ok(())
}

fn check_settings(params: &Params) -> Outcome<()> {
    for name in ["VoiceUrl", "VoiceFallbackUrl", "SmsUrl", "SmsFallbackUrl", "StatusCallback"] {
        params.url(name, 21402)?;
    }
    for name in ["VoiceMethod", "VoiceFallbackMethod", "SmsMethod", "SmsFallbackMethod", "StatusCallbackMethod"] {
        if params.get(name).is_some_and(|method| !matches!(method, "GET" | "POST")) {
            return Err(Refusal::bad(21403, format!("{name} is not a valid method")));
        }
    }
    Ok(())
}

fn set(state: &mut State, place: usize, name: Option<String>, params: &Params) {
    let now = state.now();
    let number = &mut state.numbers[place];
    if let Some(name) = name {
        number.name = name;
    }
    for setting in SETTINGS {
        if let Some(value) = params.given(setting) {
            number.settings.insert(setting, value.to_owned());
        }
    }
    number.updated = now;
}

fn find(state: &State, account: &str, path: &str, sid: &str) -> Outcome<usize> {
    let found = state.numbers.iter().position(|number| number.account == account && number.sid == sid);
    found.ok_or_else(|| Refusal::not_found(path))
}

pub(super) fn fetch(state: &State, account: &str, path: &str, sid: &str) -> Outcome<Value> {
    find(state, account, path, sid).map(|place| render::number(&state.numbers[place]))
}

pub(super) fn update(state: &mut State, account: &str, path: &str, sid: &str, params: &Params) -> Outcome<Value> {
    params.known(&[&["AccountSid", "ApiVersion", "FriendlyName"], &SETTINGS[..]].concat())?;
    let place = find(state, account, path, sid)?;
    state.must_be_active(account)?;
    check_settings(params)?;
    let name = params.friendly_name()?;
    if let Some(heir) = params.get("AccountSid") {
        if state.family(heir) != state.family(account) {
            return Err(Refusal::unauthorized());
        }
        state.must_be_active(heir)?;
        state.numbers[place].account = heir.to_owned();
    }
    set(state, place, name, params);
    Ok(render::number(&state.numbers[place]))
}

pub(super) fn delete(state: &mut State, account: &str, path: &str, sid: &str) -> Outcome<Value> {
    find(state, account, path, sid)?;
    state.release(sid);
    Ok(Value::Null)
}

impl State {
    /// Gives a number back. For a while only who had it can buy it again.
    pub(super) fn release(&mut self, sid: &str) {
        let Some(place) = self.numbers.iter().position(|number| number.sid == sid) else { return };
        let number = self.numbers.remove(place);
        let family = self.family(&number.account);
        self.trades.entry(number.account).or_default().1 += 1;
        self.released.insert(number.phone_number, family);
    }

    fn first_of_area(&self, area: &str) -> Outcome<String> {
        let countries = ["US", "CA"].into_iter().filter_map(Country::of_code);
        let mut numbers = countries.flat_map(|country| country.numbers(Kind::Local)).map(|(_, number)| number);
        let found = numbers.find(|number| area_code(number) == Some(area) && self.is_for_sale(number));
        found.ok_or_else(|| Refusal::bad(21452, format!("No phone numbers found in area code {area}")))
    }
}
