//! Who is asking: a bearer token or an API key becomes a [`Principal`]. What they may do is Postgres's to say.

mod api_key;
mod bearer;
mod jwks;
pub mod local;

use std::sync::Arc;

use poem::{Request, http::header};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub use self::bearer::Tokens;
use self::{api_key::ApiKeys, jwks::Jwks};
use crate::{
    config,
    db::Db,
    error::{Error, Result},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Anon,
    Authenticated,
    ServiceRole,
}

/// A verified caller, and the claims Postgres will read.
#[derive(Clone, Debug)]
pub struct Principal {
    pub role: Role,
    pub subject: Option<Uuid>,
    pub org_id: Option<Uuid>,
    claims: Arc<str>,
}

impl Principal {
    /// From the claims of a verified token. `api_key_id` is ours alone to set: a token cannot bring it.
    fn from_claims(mut claims: Map<String, Value>) -> Result<Self> {
        claims.remove("api_key_id");
        Self::from_trusted_claims(claims)
    }

    fn from_trusted_claims(claims: Map<String, Value>) -> Result<Self> {
        let role = match claims.get("role").and_then(Value::as_str) {
            Some("anon") => Role::Anon,
            Some("authenticated") => Role::Authenticated,
            Some("service_role") => Role::ServiceRole,
            _ => return Err(Error::code("invalid_token").because(anyhow::anyhow!("a token without a known role"))),
        };
        let uuid = |value: Option<&Value>| value.and_then(Value::as_str).and_then(|text| text.parse().ok());
        let subject = uuid(claims.get("sub"));
        if claims.contains_key("sub") && subject.is_none() {
            return Err(Error::code("invalid_token").because(anyhow::anyhow!("a token whose subject is no UUID")));
        }
        let org_id = uuid(claims.get("app_metadata").and_then(|metadata| metadata.get("org_id")));
        Ok(Self { role, subject, org_id, claims: Value::Object(claims).to_string().into() })
    }

    /// The product itself.
    pub fn service() -> Self {
        Self { role: Role::ServiceRole, subject: None, org_id: None, claims: r#"{"role":"service_role"}"#.into() }
    }

    /// Nobody in particular.
    pub fn anon() -> Self {
        Self { role: Role::Anon, subject: None, org_id: None, claims: json!({ "role": "anon" }).to_string().into() }
    }

    /// JSON for `request.jwt.claims`.
    pub fn claims(&self) -> &str {
        &self.claims
    }
}

/// Turns credentials into principals.
#[derive(Clone)]
pub struct Authenticator(Arc<Inner>);

struct Inner {
    tokens: Tokens,
    api_keys: ApiKeys,
    db: Db,
}

impl Authenticator {
    pub fn new(settings: &config::Tokens, db: Db, http: reqwest::Client) -> Self {
        let jwks = settings.jwks_url.clone().map(|url| Jwks::new(url, http));
        Self(Arc::new(Inner { tokens: Tokens::new(settings, jwks), api_keys: ApiKeys::default(), db }))
    }

    /// The principal of a credential, be it an access token or an API key.
    pub async fn verify(&self, credential: &str) -> Result<Principal> {
        let verified = match credential.strip_prefix(api_key::PREFIX) {
            Some(key) => self.0.api_keys.verify(key, &self.0.db).await,
            None => self.0.tokens.verify(credential).await,
        };
        if let Err(error) = &verified {
            self.0.tokens.note_refusal(error, &self.0.db);
        }
        verified
    }

    /// Signs and checks access tokens.
    pub fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }
}

/// The bearer credential of a request, if it has one.
pub fn bearer(request: &Request) -> Option<&str> {
    let header = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credential) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| credential.trim())
}
