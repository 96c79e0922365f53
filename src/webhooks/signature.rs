//! Signatures of webhooks, over the raw bytes and in constant time.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

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
        if self.id.is_empty() || !self.timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Disbelief::Malformed);
        }
        let sent_at: i64 = self.timestamp.parse().map_err(|_| Disbelief::Malformed)?;
        let tolerance = TOLERANCE.as_secs() as i64;
        if sent_at < now - tolerance {
            return Err(Disbelief::Stale);
        }
        if sent_at > now + tolerance {
            return Err(Disbelief::Future);
        }

        let given: Vec<Vec<u8>> = self
            .signatures
            .split_ascii_whitespace()
            .filter_map(|signature| signature.strip_prefix("v1,"))
            .filter_map(|signature| STANDARD.decode(signature).ok())
            .collect();
        let mut believed = Choice::from(0);
        for secret in secrets {
            let expected = self.sign(secret, body)?;
            for signature in &given {
                believed |= expected.as_slice().ct_eq(signature);
            }
        }
        if bool::from(believed) { Ok(()) } else { Err(Disbelief::Wrong) }
    }

    fn sign(&self, secret: &SecretString, body: &[u8]) -> Result<Vec<u8>, Disbelief> {
        let secret = secret.expose_secret();
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret)).map_err(|_| Disbelief::Wrong)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| Disbelief::Wrong)?;
        for part in [self.id.as_bytes(), b".", self.timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        Ok(mac.finalize().into_bytes().to_vec())
    }
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
}
