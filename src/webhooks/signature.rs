//! Signatures of webhooks, over the raw bytes and in constant time.

use std::time::Duration;

use aws_lc_rs::hmac as legacy;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use url::Url;

/// How far a sender's clock, or a replayed message, may be from now in either direction.
pub const TOLERANCE: Duration = Duration::from_secs(300);

/// Why a message is not believed. For the log and the audit, never for the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disbelief {
    #[error("a header of the signature is missing or malformed")]
    Malformed,
    #[error("the message is older than the tolerance")]
    Stale,
    #[error("the message is from the future")]
    Future,
    #[error("no signature matches")]
    Wrong,
    #[error("it is from an account that is nobody's")]
    Stranger,
}

/// The headers of a message signed the way Svix does it, as Resend's are.
#[derive(Clone, Copy, Debug)]
pub struct Svix<'a> {
    pub id: &'a str,
    pub timestamp: &'a str,
    /// `v1,<base64>`, several separated by spaces while the sender's secret is rolled.
    pub signatures: &'a str,
}

impl Svix<'_> {
    /// Believes the message when any of its signatures was made with any of the secrets, at about this time.
    ///
    /// # Errors
    /// Says why not.
    pub fn verify(&self, secrets: &[SecretString], body: &[u8], now: i64) -> Result<(), Disbelief> {
        if self.id.is_empty() {
            return Err(Disbelief::Malformed);
        }
        check_time(self.timestamp, now)?;

        let given: Vec<Vec<u8>> = self
            .signatures
            .split_ascii_whitespace()
            .filter_map(|signature| signature.strip_prefix("v1,"))
            .filter_map(|signature| STANDARD.decode(signature).ok())
            .collect();
        let expected = secrets.iter().map(|secret| self.sign(secret, body)).collect::<Result<Vec<_>, _>>()?;
        any_matches(&expected, &given)
    }

    fn sign(&self, secret: &SecretString, body: &[u8]) -> Result<Vec<u8>, Disbelief> {
        let secret = secret.expose_secret();
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret)).map_err(|_| Disbelief::Wrong)?;
        hmac_sha256(&key, &[self.id.as_bytes(), b".", self.timestamp.as_bytes(), b".", body])
    }
}

/// The header of a message signed the way Stripe does it: `t=<unix>,v1=<hex>`, several `v1` while the secret is rolled.
#[derive(Clone, Copy, Debug)]
pub struct StripeSignature<'a>(pub &'a str);

impl StripeSignature<'_> {
    /// Believes the message when any of its signatures was made with any of the secrets, at about this time. Signatures
    /// of other schemes count for nothing.
    ///
    /// # Errors
    /// Says why not.
    pub fn verify(&self, secrets: &[SecretString], body: &[u8], now: i64) -> Result<(), Disbelief> {
        let parts = || self.0.split(',').filter_map(|part| part.trim().split_once('='));
        let mut times = parts().filter(|(scheme, _)| *scheme == "t").map(|(_, time)| time);
        let (Some(timestamp), None) = (times.next(), times.next()) else {
            return Err(Disbelief::Malformed);
        };
        check_time(timestamp, now)?;

        let given: Vec<Vec<u8>> = parts()
            .filter(|(scheme, _)| *scheme == "v1")
            .filter_map(|(_, signature)| hex::decode(signature).ok())
            .collect();
        // The whole secret is the key, its prefix included.
        let expected = secrets
            .iter()
            .map(|secret| hmac_sha256(secret.expose_secret().as_bytes(), &[timestamp.as_bytes(), b".", body]))
            .collect::<Result<Vec<_>, _>>()?;
        any_matches(&expected, &given)
    }
}

/// The header of a message signed the way Twilio does it: over the address and what was posted, without a time.
#[derive(Clone, Copy, Debug)]
pub struct TwilioSignature<'a>(pub &'a str);

impl TwilioSignature<'_> {
    /// Believes what was posted to the address when it was signed with the account's token. The port that goes without
    /// saying may have been said.
    ///
    /// # Errors
    /// Says why not.
    pub fn verify(&self, token: &str, url: &Url, posted: &[(String, String)]) -> Result<(), Disbelief> {
        let given = STANDARD.decode(self.0).map_err(|_| Disbelief::Malformed)?;
        let mut posted: Vec<_> = posted.iter().collect();
        posted.sort_unstable();
        posted.dedup();
        // SHA-1 is Twilio's choice: as a MAC it still holds.
        let key = legacy::Key::new(legacy::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
        let signed = |address: &str| {
            let mut context = legacy::Context::with_key(&key);
            context.update(address.as_bytes());
            for (name, value) in &posted {
                context.update(name.as_bytes());
                context.update(value.as_bytes());
            }
            context.sign().as_ref().to_vec()
        };
        let expected: Vec<Vec<u8>> = addresses(url).iter().map(|address| signed(address)).collect();
        any_matches(&expected, &[given])
    }
}

/// An address, and the same with the port that it has anyhow.
fn addresses(url: &Url) -> Vec<String> {
    let mut addresses = vec![url.to_string()];
    if let (None, Some(port), Some(host)) = (url.port(), url.port_or_known_default(), url.host_str()) {
        addresses.push(url.as_str().replacen(host, &format!("{host}:{port}"), 1));
    }
    addresses
}

pub(super) fn check_time(timestamp: &str, now: i64) -> Result<(), Disbelief> {
    if !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Disbelief::Malformed);
    }
    let sent_at: i64 = timestamp.parse().map_err(|_| Disbelief::Malformed)?;
    let tolerance = TOLERANCE.as_secs() as i64;
    if sent_at < now - tolerance {
        return Err(Disbelief::Stale);
    }
    // Compared this way round, because a time may be as late as numbers go.
    if sent_at - tolerance > now {
        return Err(Disbelief::Future);
    }
    Ok(())
}

pub(super) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> Result<Vec<u8>, Disbelief> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| Disbelief::Wrong)?;
    parts.iter().for_each(|part| mac.update(part));
    Ok(mac.finalize().into_bytes().to_vec())
}

/// Compares all with all, whichever matches, in constant time each.
pub(super) fn any_matches(expected: &[Vec<u8>], given: &[Vec<u8>]) -> Result<(), Disbelief> {
    let mut believed = Choice::from(0);
    for expected in expected {
        for given in given {
            believed |= expected.as_slice().ct_eq(given);
        }
    }
    if bool::from(believed) { Ok(()) } else { Err(Disbelief::Wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Svix's own published vector.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNED_AT: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const MESSAGE: Svix<'_> =
        Svix { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", signatures: SIGNATURE };

    fn secrets(list: &[&str]) -> Vec<SecretString> {
        list.iter().map(|secret| SecretString::from(*secret)).collect()
    }

    #[test]
    fn the_published_vector_is_believed() {
        assert_eq!(MESSAGE.verify(&secrets(&[SECRET]), BODY, SIGNED_AT), Ok(()));
    }

    #[test]
    fn one_good_signature_among_several_is_enough() {
        let signatures = format!("v1,AAAA v2,{} v1a,x {SIGNATURE}", &SIGNATURE[3..]);
        let message = Svix { signatures: &signatures, ..MESSAGE };
        assert_eq!(message.verify(&secrets(&[SECRET]), BODY, SIGNED_AT), Ok(()));
    }

    #[test]
    fn a_signature_of_another_version_counts_for_nothing() {
        let signatures = format!("v2,{}", &SIGNATURE[3..]);
        let message = Svix { signatures: &signatures, ..MESSAGE };
        assert_eq!(message.verify(&secrets(&[SECRET]), BODY, SIGNED_AT), Err(Disbelief::Wrong));
    }

    #[test]
    fn either_secret_is_good_while_it_is_rolled() {
        let other = "whsec_c2VjcmV0IG9mIGFub3RoZXIgdGltZQ==";
        assert_eq!(MESSAGE.verify(&secrets(&[other, SECRET]), BODY, SIGNED_AT), Ok(()));
        assert_eq!(MESSAGE.verify(&secrets(&[SECRET, other]), BODY, SIGNED_AT), Ok(()));
        assert_eq!(MESSAGE.verify(&secrets(&[other]), BODY, SIGNED_AT), Err(Disbelief::Wrong));
        assert_eq!(MESSAGE.verify(&[], BODY, SIGNED_AT), Err(Disbelief::Wrong));
    }

    #[test]
    fn five_minutes_either_way_are_tolerated_and_no_more() {
        let secrets = secrets(&[SECRET]);
        assert_eq!(MESSAGE.verify(&secrets, BODY, SIGNED_AT + 300), Ok(()));
        assert_eq!(MESSAGE.verify(&secrets, BODY, SIGNED_AT + 301), Err(Disbelief::Stale));
        assert_eq!(MESSAGE.verify(&secrets, BODY, SIGNED_AT - 300), Ok(()));
        assert_eq!(MESSAGE.verify(&secrets, BODY, SIGNED_AT - 301), Err(Disbelief::Future));
    }

    #[test]
    fn whatever_is_changed_is_noticed() {
        let secrets = secrets(&[SECRET]);
        assert_eq!(MESSAGE.verify(&secrets, br#"{"test": 2432232315}"#, SIGNED_AT), Err(Disbelief::Wrong));
        assert_eq!(Svix { id: "msg_other", ..MESSAGE }.verify(&secrets, BODY, SIGNED_AT), Err(Disbelief::Wrong));
        assert_eq!(
            Svix { timestamp: "1614265331", ..MESSAGE }.verify(&secrets, BODY, SIGNED_AT),
            Err(Disbelief::Wrong)
        );
        for signatures in ["", "v1,", "v1", "g0hM9SsE", "v1,g0hM9SsE+OTPJTGt"] {
            assert_eq!(Svix { signatures, ..MESSAGE }.verify(&secrets, BODY, SIGNED_AT), Err(Disbelief::Wrong));
        }
    }

    #[test]
    fn odd_headers_are_malformed() {
        let secrets = secrets(&[SECRET]);
        for timestamp in ["", "soon", "-1614265330", "+1614265330", "99999999999999999999"] {
            assert_eq!(Svix { timestamp, ..MESSAGE }.verify(&secrets, BODY, SIGNED_AT), Err(Disbelief::Malformed));
        }
        assert_eq!(Svix { id: "", ..MESSAGE }.verify(&secrets, BODY, SIGNED_AT), Err(Disbelief::Malformed));
    }

    // Stripe publishes the algorithm and no vector: this one was computed by it.
    const STRIPE_SECRET: &str = "whsec_test_secret";
    const STRIPE_AT: i64 = 1_700_000_000;
    const STRIPE_BODY: &[u8] = b"{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\",\n  \"data\": { \"object\": { \"id\": \"rdr_123\", \"object\": \"terminal.reader\" } }\n}";
    const STRIPE_HEX: &str = "3bfab77baf5f7b6991a46c9b53b6547d7afc56148b10468fcad9f35c1992ffbd";

    fn stripe(header: &str, now: i64) -> Result<(), Disbelief> {
        StripeSignature(header).verify(&secrets(&[STRIPE_SECRET]), STRIPE_BODY, now)
    }

    #[test]
    fn stripes_vector_is_believed_and_what_is_changed_is_not() {
        let header = format!("t=1700000000,v1={STRIPE_HEX}");
        assert_eq!(stripe(&header, STRIPE_AT), Ok(()));
        assert_eq!(stripe(&format!("t=1700000001,v1={STRIPE_HEX}"), STRIPE_AT), Err(Disbelief::Wrong));
        let without_prefix = secrets(&["test_secret"]);
        assert_eq!(
            StripeSignature(&header).verify(&without_prefix, STRIPE_BODY, STRIPE_AT),
            Err(Disbelief::Wrong),
            "the prefix is part of the key"
        );
        let changed = [STRIPE_BODY, b" "].concat();
        assert_eq!(
            StripeSignature(&header).verify(&secrets(&[STRIPE_SECRET]), &changed, STRIPE_AT),
            Err(Disbelief::Wrong)
        );
    }

    #[test]
    fn any_v1_of_stripes_with_any_secret_is_enough_and_no_other_scheme_counts() {
        let zeros = "0".repeat(64);
        assert_eq!(stripe(&format!("t=1700000000,v1={zeros},v1={STRIPE_HEX},v0=x"), STRIPE_AT), Ok(()));
        assert_eq!(stripe(&format!("t=1700000000, v1={STRIPE_HEX}"), STRIPE_AT), Ok(()));
        for scheme in ["v0", "v2", "v1a", "V1", ""] {
            assert_eq!(
                stripe(&format!("t=1700000000,v1={zeros},{scheme}={STRIPE_HEX}"), STRIPE_AT),
                Err(Disbelief::Wrong)
            );
        }
        let header = format!("t=1700000000,v1={STRIPE_HEX}");
        let signature = StripeSignature(&header);
        assert_eq!(signature.verify(&secrets(&["whsec_new", STRIPE_SECRET]), STRIPE_BODY, STRIPE_AT), Ok(()));
        assert_eq!(signature.verify(&secrets(&["whsec_new"]), STRIPE_BODY, STRIPE_AT), Err(Disbelief::Wrong));
        assert_eq!(signature.verify(&[], STRIPE_BODY, STRIPE_AT), Err(Disbelief::Wrong));
    }

    #[test]
    fn stripe_too_has_five_minutes_either_way() {
        let header = format!("t=1700000000,v1={STRIPE_HEX}");
        assert_eq!(stripe(&header, STRIPE_AT + 300), Ok(()));
        assert_eq!(stripe(&header, STRIPE_AT + 301), Err(Disbelief::Stale));
        assert_eq!(stripe(&header, STRIPE_AT - 300), Ok(()));
        assert_eq!(stripe(&header, STRIPE_AT - 301), Err(Disbelief::Future));
        let last = format!("t={},v1={STRIPE_HEX}", i64::MAX);
        assert_eq!(stripe(&last, STRIPE_AT), Err(Disbelief::Future));
    }

    #[test]
    fn an_odd_header_of_stripes_is_malformed() {
        let odd =
            ["", "t=", "t=soon", "t=-1700000000", "t=+1700000000", "v1=00", "1700000000", "t=1700000000,t=1700000000"];
        for times in odd {
            let header = format!("{times},v1={STRIPE_HEX}");
            assert_eq!(stripe(&header, STRIPE_AT), Err(Disbelief::Malformed), "{header}");
        }
        for signature in ["", "v1", "v1=", "v1=xyz", &format!("v1={}", &STRIPE_HEX[2..])] {
            assert_eq!(stripe(&format!("t=1700000000,{signature}"), STRIPE_AT), Err(Disbelief::Wrong));
        }
    }

    fn posted(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn twilio(signature: &str, url: &str, pairs: &[(&str, &str)]) -> Result<(), Disbelief> {
        TwilioSignature(signature).verify("12345", &Url::parse(url).expect("a URL"), &posted(pairs))
    }

    // Of Twilio's own libraries.
    const TWILIO_URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const TWILIO_SIGNATURE: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    const TWILIO_POSTED: [(&str, &str); 5] = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
        ("Caller", "+14158675309"),
    ];

    #[test]
    fn twilios_vectors_are_believed_and_what_is_changed_is_not() {
        assert_eq!(twilio(TWILIO_SIGNATURE, TWILIO_URL, &TWILIO_POSTED), Ok(()));
        let other_address = "https://mycompany.com/myapp.php?foo=1&bar=3";
        assert_eq!(twilio(TWILIO_SIGNATURE, other_address, &TWILIO_POSTED), Err(Disbelief::Wrong));
        assert_eq!(twilio(TWILIO_SIGNATURE, TWILIO_URL, &TWILIO_POSTED[1..]), Err(Disbelief::Wrong));
        let mut changed = TWILIO_POSTED;
        changed[1].1 = "1235";
        assert_eq!(twilio(TWILIO_SIGNATURE, TWILIO_URL, &changed), Err(Disbelief::Wrong));
        let url = Url::parse(TWILIO_URL).expect("a URL");
        let other_token = TwilioSignature(TWILIO_SIGNATURE).verify("12346", &url, &posted(&TWILIO_POSTED));
        assert_eq!(other_token, Err(Disbelief::Wrong));
        assert_eq!(twilio("", TWILIO_URL, &TWILIO_POSTED), Err(Disbelief::Wrong));
        assert_eq!(twilio("?", TWILIO_URL, &TWILIO_POSTED), Err(Disbelief::Malformed));
    }

    #[test]
    fn what_is_posted_twice_counts_once_in_order() {
        let twice =
            [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")];
        assert_eq!(twilio("IK+Dwps556ElfBT0I3Rgjkr1wJU=", TWILIO_URL, &twice), Ok(()));
    }

    #[test]
    fn a_port_that_goes_without_saying_may_be_said() {
        assert_eq!(twilio("kvajT1Ptam85bY51eRf/AJRuM3w=", TWILIO_URL, &TWILIO_POSTED), Ok(()));
        let plain = "http://mycompany.com/myapp.php?foo=1&bar=2";
        assert_eq!(twilio("0ZXoZLH/DfblKGATFgpif+LLRf4=", plain, &TWILIO_POSTED), Ok(()));
        let with_port = "http://mycompany.com:1234/myapp.php?foo=1&bar=2";
        assert_eq!(twilio("Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", with_port, &TWILIO_POSTED), Ok(()));
        assert_eq!(twilio("0ZXoZLH/DfblKGATFgpif+LLRf4=", with_port, &TWILIO_POSTED), Err(Disbelief::Wrong));
    }
}
