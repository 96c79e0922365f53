//! Resources as Twilio shows them: every field of the official shapes.

use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::{
    inventory::{Country, Kind, Stock, area_code, formatted},
    messages::Message,
    store::{Account, Call, CallerId, Number, Validation},
};

pub(super) const ROOT: &str = "/2010-04-01";

fn date(at: OffsetDateTime) -> String {
    at.format(&Rfc2822).expect("the year has four digits")
}

fn uris(base: &str, names: &[(&str, &str)]) -> Value {
    let uri = |(name, segment): &(&str, &str)| ((*name).to_owned(), json!(format!("{base}/{segment}.json")));
    Value::Object(names.iter().map(uri).collect())
}

pub(super) fn account(account: &Account) -> Value {
    let base = format!("{ROOT}/Accounts/{}", account.sid);
    let under = [
        ("addresses", "Addresses"),
        ("applications", "Applications"),
        ("authorized_connect_apps", "AuthorizedConnectApps"),
        ("available_phone_numbers", "AvailablePhoneNumbers"),
        ("balance", "Balance"),
        ("calls", "Calls"),
        ("conferences", "Conferences"),
        ("connect_apps", "ConnectApps"),
        ("incoming_phone_numbers", "IncomingPhoneNumbers"),
        ("keys", "Keys"),
        ("messages", "Messages"),
        ("notifications", "Notifications"),
        ("outgoing_caller_ids", "OutgoingCallerIds"),
        ("queues", "Queues"),
        ("recordings", "Recordings"),
        ("short_codes", "SMS/ShortCodes"),
        ("signing_keys", "SigningKeys"),
        ("sip", "SIP"),
        ("transcriptions", "Transcriptions"),
        ("usage", "Usage"),
    ];
    json!({
        "auth_token": account.token,
        "date_created": date(account.created),
        "date_updated": date(account.updated),
        "friendly_name": account.name,
        "owner_account_sid": account.owner,
        "sid": account.sid,
        "status": account.status,
        "subresource_uris": uris(&base, &under),
        "type": "Full",
        "uri": format!("{base}.json"),
    })
}

pub(super) fn country(account: &str, country: &Country) -> Value {
    let base = format!("{ROOT}/Accounts/{account}/AvailablePhoneNumbers/{}", country.code);
    let kinds = [("local", Kind::Local), ("mobile", Kind::Mobile), ("toll_free", Kind::TollFree)];
    let offered = kinds.into_iter().filter(|(_, kind)| country.has(*kind));
    let offered: Vec<_> = offered.map(|(name, kind)| (name, kind.segment())).collect();
    json!({
        "beta": false,
        "country": country.name,
        "country_code": country.code,
        "subresource_uris": uris(&base, &offered),
        "uri": format!("{base}.json"),
    })
}

pub(super) fn available(country: &Country, stock: &Stock, number: &str) -> Value {
    json!({
        "address_requirements": country.address.name(),
        "beta": false,
        "capabilities": { "fax": false, "mms": stock.sms, "sms": stock.sms, "voice": true },
        "friendly_name": formatted(number),
        "iso_country": country.code,
        "lata": null,
        "latitude": null,
        "locality": stock.locality,
        "longitude": null,
        "phone_number": number,
        "postal_code": null,
        "rate_center": stock.locality.filter(|_| area_code(number).is_some()).map(str::to_uppercase),
        "region": stock.region,
    })
}

pub(super) fn number(number: &Number) -> Value {
    let set = |name: &str| number.settings.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let text = |name: &str| set(name).unwrap_or_default();
    let method = |name: &str| set(name).unwrap_or("POST");
    let requirement =
        super::inventory::origin(&number.phone_number).map_or("none", |(country, _)| country.address.name());
    let voice = json!({
        "voice_application_sid": set("VoiceApplicationSid"),
        "voice_caller_id_lookup": text("VoiceCallerIdLookup") == "true",
        "voice_fallback_method": method("VoiceFallbackMethod"),
        "voice_fallback_url": text("VoiceFallbackUrl"),
        "voice_method": method("VoiceMethod"),
        "voice_receive_mode": set("VoiceReceiveMode").unwrap_or("voice"),
        "voice_url": text("VoiceUrl"),
    });
    let rest = json!({
        "account_sid": number.account,
        "address_requirements": requirement,
        "address_sid": set("AddressSid"),
        "api_version": "2010-04-01",
        "beta": false,
        "bundle_sid": set("BundleSid"),
        "capabilities": { "fax": false, "mms": number.sms, "sms": number.sms, "voice": true },
        "date_created": date(number.created),
        "date_updated": date(number.updated),
        "emergency_address_sid": set("EmergencyAddressSid"),
        "emergency_address_status": "unregistered",
        "emergency_status": set("EmergencyStatus").unwrap_or("Inactive"),
        "friendly_name": number.name,
        "identity_sid": set("IdentitySid"),
        "origin": "twilio",
        "phone_number": number.phone_number,
        "sid": number.sid,
        "sms_application_sid": set("SmsApplicationSid"),
        "sms_fallback_method": method("SmsFallbackMethod"),
        "sms_fallback_url": text("SmsFallbackUrl"),
        "sms_method": method("SmsMethod"),
        "sms_url": text("SmsUrl"),
        "status": "in-use",
        "status_callback": text("StatusCallback"),
        "status_callback_method": method("StatusCallbackMethod"),
        "trunk_sid": set("TrunkSid"),
        "type": number.kind.name(),
        "uri": format!("{ROOT}/Accounts/{}/IncomingPhoneNumbers/{}.json", number.account, number.sid),
    });
    joined(rest, voice)
}

pub(super) fn caller_id(one: &CallerId) -> Value {
    json!({
        "account_sid": one.account,
        "date_created": date(one.created),
        "date_updated": date(one.updated),
        "friendly_name": one.name,
        "phone_number": one.phone_number,
        "sid": one.sid,
        "uri": format!("{ROOT}/Accounts/{}/OutgoingCallerIds/{}.json", one.account, one.sid),
    })
}

pub(super) fn validation(one: &Validation) -> Value {
    json!({
        "account_sid": one.account,
        "call_sid": one.call_sid,
        "friendly_name": one.name,
        "phone_number": one.phone_number,
        "validation_code": one.code,
    })
}

pub(super) fn message(one: &Message) -> Value {
    let base = format!("{ROOT}/Accounts/{}/Messages/{}", one.account, one.sid);
    json!({
        "account_sid": one.account,
        "api_version": "2010-04-01",
        "body": one.body,
        "date_created": date(one.created),
        "date_sent": one.sent.map(date),
        "date_updated": date(one.updated),
        "direction": one.direction(),
        "error_code": one.error,
        "error_message": one.error.map(error_message),
        "from": one.from,
        "messaging_service_sid": null,
        "num_media": "0",
        "num_segments": one.segments().to_string(),
        "price": null,
        "price_unit": "USD",
        "sid": one.sid,
        "status": one.status,
        "subresource_uris": uris(&base, &[("media", "Media"), ("feedback", "Feedback")]),
        "to": one.to,
        "uri": format!("{base}.json"),
    })
}

fn error_message(code: u32) -> &'static str {
    match code {
        30003 => "Unreachable destination handset",
        30004 => "Message blocked",
        30005 => "Unknown destination handset",
        30006 => "Landline or unreachable carrier",
        30007 => "Carrier violation",
        _ => "Unknown error",
    }
}

pub(super) fn call(call: &Call) -> Value {
    let account = call.account.as_deref().unwrap_or_default();
    let base = format!("{ROOT}/Accounts/{account}/Calls/{}", call.sid);
    let under = [
        ("events", "Events"),
        ("notifications", "Notifications"),
        ("payments", "Payments"),
        ("recordings", "Recordings"),
        ("siprec", "Siprec"),
        ("streams", "Streams"),
        ("transcriptions", "Transcriptions"),
        ("user_defined_message_subscriptions", "UserDefinedMessageSubscriptions"),
        ("user_defined_messages", "UserDefinedMessages"),
    ];
    json!({
        "account_sid": account,
        "answered_by": null,
        "api_version": "2010-04-01",
        "caller_name": if call.inbound { json!("") } else { Value::Null },
        "date_created": date(call.created),
        "date_updated": date(call.updated),
        "direction": call.direction(),
        "duration": call.seconds().map(|seconds| seconds.to_string()),
        "end_time": call.ended.map(date),
        // Not every carrier says through whom a call came, so nobody may rely on it.
        "forwarded_from": null,
        "from": call.from,
        "from_formatted": formatted(&call.from),
        "group_sid": null,
        "parent_call_sid": null,
        "phone_number_sid": call.number_sid,
        "price": null,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": call.started.map(date),
        "status": call.status,
        "subresource_uris": uris(&base, &under),
        "to": call.to,
        "to_formatted": formatted(&call.to),
        "trunk_sid": null,
        "uri": format!("{base}.json"),
    })
}

impl Call {
    pub(super) fn direction(&self) -> &'static str {
        if self.inbound { "inbound" } else { "outbound-api" }
    }

    /// How long it was talked, once that is over.
    pub(super) fn seconds(&self) -> Option<i64> {
        let ended = self.ended?;
        Some(self.answered.map_or(0, |answered| (ended - answered).whole_seconds()))
    }
}

fn joined(first: Value, second: Value) -> Value {
    let halves = [first, second].into_iter();
    let mut whole: Map<String, Value> = halves.filter_map(|half| half.as_object().cloned()).flatten().collect();
    whole.sort_keys();
    Value::Object(whole)
}
