//! Access tokens: HS256 with our secret, or RS256 and ES256 with published keys.
//!
//! The algorithm picks the kind of key, so a token cannot have an RSA key read as an HMAC secret; `none` is no
//! algorithm this knows.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode, errors::ErrorKind,
};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::{Principal, jwks::Jwks};
use crate::{
    args, config,
    db::Db,
    error::{Error, Result},
};

/// Clocks differ by a little.
const LEEWAY_SECONDS: u64 = 5;

/// Saves parsing and signing per request, no more: who is a member is asked of the database every time. Short, so that a
/// withdrawn signing key is soon withdrawn here.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);
const REMEMBERED_AT_MOST: usize = 4096;

/// Refused tokens are written down at most this often: a flood of them must not become a flood of rows.
const REFUSAL_PAUSE: Duration = Duration::from_secs(1);

pub struct Tokens {
    secret: Option<(EncodingKey, DecodingKey)>,
    jwks: Option<Jwks>,
    audience: String,
    issuer: Option<String>,
    refusal_noted: Mutex<Option<Instant>>,
    known: Mutex<HashMap<[u8; 32], Known>>,
}

/// A token that was verified a moment ago.
struct Known {
    at: Instant,
    expires_at: f64,
    principal: Principal,
}

impl Known {
    fn holds(&self) -> bool {
        let now = OffsetDateTime::now_utc().unix_timestamp() as f64;
        self.at.elapsed() < REMEMBERED_FOR && now < self.expires_at
    }
}

impl Tokens {
    pub fn new(settings: &config::Tokens, jwks: Option<Jwks>) -> Self {
        let secret = settings.secret.as_ref().map(|secret| {
            let bytes = secret.expose_secret().as_bytes();
            (EncodingKey::from_secret(bytes), DecodingKey::from_secret(bytes))
        });
        Self {
            secret,
            jwks,
            audience: settings.audience.clone(),
            issuer: settings.issuer.clone(),
            refusal_noted: Mutex::default(),
            known: Mutex::default(),
        }
    }

    pub async fn verify(&self, token: &str) -> Result<Principal> {
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(known) = self.known.lock().expect("no panic holds it").get(&hash).filter(|known| known.holds()) {
            return Ok(known.principal.clone());
        }
        let (principal, expires_at) = self.verify_anew(token).await?;
        let mut known = self.known.lock().expect("no panic holds it");
        if known.len() >= REMEMBERED_AT_MOST {
            known.retain(|_, known| known.holds());
        }
        if known.len() < REMEMBERED_AT_MOST {
            known.insert(hash, Known { at: Instant::now(), expires_at, principal: principal.clone() });
        }
        Ok(principal)
    }

    async fn verify_anew(&self, token: &str) -> Result<(Principal, f64)> {
        let header = decode_header(token).map_err(invalid)?;
        let claims = match header.alg {
            Algorithm::HS256 => {
                let (_, key) =
                    self.secret.as_ref().ok_or_else(|| refused("a token signed with a secret we do not use"))?;
                self.decode(token, key, Algorithm::HS256)?
            }
            algorithm @ (Algorithm::RS256 | Algorithm::ES256) => {
                let jwks = self.jwks.as_ref().ok_or_else(|| refused("a token signed with a key we do not know"))?;
                let key = jwks.key(header.kid.as_deref(), algorithm).await?;
                self.decode(token, &key, algorithm)?
            }
            other => return Err(refused(&format!("a token signed with {other:?}"))),
        };
        self.check_origin(&claims)?;
        let expires_at = claims.get("exp").and_then(Value::as_f64).unwrap_or_default();
        Ok((Principal::from_claims(claims)?, expires_at))
    }

    fn decode(&self, token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Map<String, Value>> {
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY_SECONDS;
        validation.validate_nbf = true;
        validation.validate_aud = false;
        validation.set_required_spec_claims(&["exp"]);
        Ok(decode::<Map<String, Value>>(token, key, &validation).map_err(invalid)?.claims)
    }

    /// Audience and issuer bind users' tokens. Supabase's anon and service_role keys carry neither.
    fn check_origin(&self, claims: &Map<String, Value>) -> Result<()> {
        let issued_at = claims.get("iat").and_then(Value::as_f64).unwrap_or_default();
        let now = OffsetDateTime::now_utc().unix_timestamp() as f64;
        if issued_at > now + LEEWAY_SECONDS as f64 {
            return Err(refused("a token issued in the future"));
        }
        if claims.get("role").and_then(Value::as_str) != Some("authenticated") {
            return Ok(());
        }
        let meant_for_us = match claims.get("aud") {
            Some(Value::String(audience)) => *audience == self.audience,
            Some(Value::Array(audiences)) => audiences.iter().any(|audience| *audience == self.audience.as_str()),
            _ => false,
        };
        if !meant_for_us {
            return Err(refused("a token for another audience"));
        }
        if self.issuer.is_some() && claims.get("iss").and_then(Value::as_str) != self.issuer.as_deref() {
            return Err(refused("a token of another issuer"));
        }
        Ok(())
    }

    /// Signs claims with our secret, valid for `lifetime` from now.
    pub fn sign(&self, mut claims: Map<String, Value>, lifetime: Duration) -> Result<String> {
        let (key, _) = self
            .secret
            .as_ref()
            .ok_or_else(|| Error::internal(anyhow::anyhow!("JWT_SECRET is not set: cannot sign")))?;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        claims.insert("iat".to_owned(), json!(now));
        claims.insert("exp".to_owned(), json!(now + lifetime.as_secs() as i64));
        encode(&Header::new(Algorithm::HS256), &claims, key).map_err(Error::internal)
    }

    /// Leaves a row about a refused credential, in a transaction of its own and without keeping the caller waiting.
    pub(super) fn note_refusal(&self, error: &Error, db: &Db) {
        let mut noted = self.refusal_noted.lock().expect("no panic holds it");
        if error.status.is_server_error() || noted.is_some_and(|at| at.elapsed() < REFUSAL_PAUSE) {
            return;
        }
        *noted = Some(Instant::now());
        let details = json!({
            "code": error.code,
            "reason": error.cause.as_ref().map(|cause| cause.to_string()),
        });
        let db = db.clone();
        tokio::spawn(async move {
            let args = args! { p_kind: "credential_refused", p_details: details };
            if let Err(error) = db.as_service().write("private.record_security_event", args).await {
                tracing::warn!(%error, "a refused credential could not be written down");
            }
        });
    }
}

fn refused(reason: &str) -> Error {
    Error::code("invalid_token").because(anyhow::anyhow!("{reason}"))
}

fn invalid(error: jsonwebtoken::errors::Error) -> Error {
    match error.kind() {
        ErrorKind::ExpiredSignature => Error::code("token_expired"),
        _ => Error::code("invalid_token").because(error),
    }
}
