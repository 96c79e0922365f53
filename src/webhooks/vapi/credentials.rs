//! Whether a message is Vapi's: by a secret it repeats, or by its signature.

use poem::http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use subtle::{Choice, ConstantTimeEq};

use super::super::signature::{Disbelief, any_matches, check_time, hmac_sha256};
use crate::config::Vapi;

/// No time in seconds is as large, no time in milliseconds as small, for thousands of years.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// Believes a message that carries one of the secrets, or is signed with one of the keys at about this time.
///
/// # Errors
/// Says why not.
pub fn check(config: &Vapi, headers: &HeaderMap, body: &[u8], now: i64) -> Result<(), Disbelief> {
    let header = |name| headers.get(name).map(|value| value.as_bytes());
    let secret = header("x-vapi-secret").map(|given| knows_secret(&config.webhook_secrets, given));
    if secret == Some(true) {
        return Ok(());
    }
    match header("x-signature") {
        Some(signature) if !config.hmac_secrets.is_empty() => {
            let time = config.hmac_timed.then(|| header("x-timestamp").unwrap_or_default());
            is_signed(&config.hmac_secrets, signature, time, body, now)
        }
        _ if secret.is_some() => Err(Disbelief::Wrong),
        _ => Err(Disbelief::Malformed),
    }
}

fn knows_secret(secrets: &[SecretString], given: &[u8]) -> bool {
    let known =
        secrets.iter().fold(Choice::from(0), |known, secret| known | secret.expose_secret().as_bytes().ct_eq(given));
    known.into()
}

/// `{timestamp}.{body}` in SHA-256, as hexadecimal digits: what Vapi's HMAC credential does unless told otherwise. The time
/// goes into the text as it stands; whether it counts seconds or milliseconds is not documented.
fn is_signed(
    keys: &[SecretString],
    signature: &[u8],
    time: Option<&[u8]>,
    body: &[u8],
    now: i64,
) -> Result<(), Disbelief> {
    if let Some(time) = time {
        check_time(&in_seconds(time)?, now)?;
    }
    let digits = signature.strip_prefix(b"sha256=").unwrap_or(signature);
    let given: Vec<Vec<u8>> = hex::decode(digits).into_iter().collect();
    let parts: &[&[u8]] = match &time {
        Some(time) => &[time, b".", body],
        None => &[body],
    };
    let expected =
        keys.iter().map(|key| hmac_sha256(key.expose_secret().as_bytes(), parts)).collect::<Result<Vec<_>, _>>()?;
    any_matches(&expected, &given)
}

fn in_seconds(time: &[u8]) -> Result<String, Disbelief> {
    let text = std::str::from_utf8(time).map_err(|_| Disbelief::Malformed)?;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Disbelief::Malformed);
    }
    let count: i64 = text.parse().map_err(|_| Disbelief::Malformed)?;
    Ok(if count >= MILLISECONDS_FROM { count / 1000 } else { count }.to_string())
}

#[cfg(test)]
mod tests {
    use poem::http::{HeaderName, HeaderValue};
    use url::Url;

    use super::*;

    // Vapi publishes no vectors: these follow from the defaults of its HMAC credential.
    const KEY: &str = "example-secret";
    const BODY: &[u8] = br#"{"message":{"type":"status-update","status":"ringing"}}"#;
    const SIGNED_AT: i64 = 1_700_000_000;
    const TIMED: &str = "98aaec705a4a004616178909facd8f4cd5e8890d7d0f38e5e137c7cef2555f93";
    const BARE: &str = "cbd434166aa871f94352c2285b8be475a57fa42071c331febfc58f791c26bede";

    fn config(secrets: &[&str], keys: &[&str], timed: bool) -> Vapi {
        let all = |list: &[&str]| list.iter().map(|one| SecretString::from(*one)).collect();
        Vapi {
            api_key: None,
            webhook_secrets: all(secrets),
            hmac_secrets: all(keys),
            hmac_timed: timed,
            base_url: Url::parse("https://api.vapi.ai").expect("a URL"),
        }
    }

    fn judged(config: &Vapi, headers: &[(&str, &str)], now: i64) -> Result<(), Disbelief> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (name.parse::<HeaderName>().expect("a name"), HeaderValue::from_str(value).expect("a value"))
            })
            .collect();
        check(config, &headers, BODY, now)
    }

    #[test]
    fn any_of_the_secrets_is_good_and_nothing_like_them() {
        let config = config(&["new", "old"], &[], true);
        for secret in ["new", "old"] {
            assert_eq!(judged(&config, &[("x-vapi-secret", secret)], 0), Ok(()));
        }
        for secret in ["", "ne", "news", "NEW", "new,old"] {
            assert_eq!(judged(&config, &[("x-vapi-secret", secret)], 0), Err(Disbelief::Wrong), "{secret}");
        }
        assert_eq!(judged(&config, &[], 0), Err(Disbelief::Malformed));
        assert_eq!(
            judged(&config, &[("x-signature", TIMED), ("x-timestamp", "1700000000")], SIGNED_AT),
            Err(Disbelief::Malformed),
            "no key, no signature"
        );
    }

    #[test]
    fn the_defaults_of_the_credential_are_believed_with_either_key() {
        for keys in [[KEY, "other"], ["other", KEY]] {
            let config = config(&[], &keys, true);
            assert_eq!(judged(&config, &[("x-signature", TIMED), ("x-timestamp", "1700000000")], SIGNED_AT), Ok(()));
        }
        let config = config(&["secret"], &[KEY], true);
        let with_both = [("x-vapi-secret", "wrong"), ("x-signature", TIMED), ("x-timestamp", "1700000000")];
        assert_eq!(judged(&config, &with_both, SIGNED_AT), Ok(()), "the signature speaks for it");
    }

    #[test]
    fn five_minutes_either_way_are_tolerated_and_no_more() {
        let config = config(&[], &[KEY], true);
        let signed = [("x-signature", TIMED), ("x-timestamp", "1700000000")];
        assert_eq!(judged(&config, &signed, SIGNED_AT + 300), Ok(()));
        assert_eq!(judged(&config, &signed, SIGNED_AT + 301), Err(Disbelief::Stale));
        assert_eq!(judged(&config, &signed, SIGNED_AT - 301), Err(Disbelief::Future));
    }

    #[test]
    fn a_time_in_milliseconds_is_one_too() {
        let config = config(&[], &[KEY], true);
        let time = "1700000000123";
        let signature = hex::encode(hmac_sha256(KEY.as_bytes(), &[time.as_bytes(), b".", BODY]).expect("signed"));
        let signed = [("x-signature", signature.as_str()), ("x-timestamp", time)];
        assert_eq!(judged(&config, &signed, SIGNED_AT + 300), Ok(()));
        assert_eq!(judged(&config, &signed, SIGNED_AT + 301), Err(Disbelief::Stale));
        let other = [("x-signature", signature.as_str()), ("x-timestamp", "1700000000")];
        assert_eq!(judged(&config, &other, SIGNED_AT), Err(Disbelief::Wrong), "the text is signed, not what it means");
    }

    #[test]
    fn odd_times_are_malformed() {
        let config = config(&[], &[KEY], true);
        assert_eq!(judged(&config, &[("x-signature", TIMED)], SIGNED_AT), Err(Disbelief::Malformed));
        for time in ["", "soon", "-1", "+1700000000", "1.7e9", "99999999999999999999"] {
            let signed = [("x-signature", TIMED), ("x-timestamp", time)];
            assert_eq!(judged(&config, &signed, SIGNED_AT), Err(Disbelief::Malformed), "{time}");
        }
    }

    #[test]
    fn a_signature_of_the_body_alone_counts_only_where_that_is_set() {
        let prefixed = format!("sha256={BARE}");
        for signature in [BARE, &prefixed] {
            assert_eq!(judged(&config(&[], &[KEY], false), &[("x-signature", signature)], 0), Ok(()));
            let timed = config(&[], &[KEY], true);
            let signed = [("x-signature", signature), ("x-timestamp", "1700000000")];
            assert_eq!(judged(&timed, &signed, SIGNED_AT), Err(Disbelief::Wrong));
        }
        for signature in ["", "sha256=", "sha1=00", &BARE[2..], "zz"] {
            let bare = config(&[], &[KEY], false);
            assert_eq!(judged(&bare, &[("x-signature", signature)], 0), Err(Disbelief::Wrong), "{signature}");
        }
    }
}
