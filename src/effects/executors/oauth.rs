//! Calendars connected by consent: a code becomes a token, a token is tried, a token is given back.
//!
//! No code, token or client's secret is in an error or a result: of what a provider says of a failure, its code alone is
//! kept, because its words may repeat what it was sent.

use std::time::Duration;

use poem::http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{encoded, is_passing, payload, retry_after, unanswered};
use crate::{
    args,
    config::{Config, OAuth},
    effects::{Effect, Executor, Verdict},
    oauth::{CODE, Provider, VERIFIER, redirect_uri},
    vault::{Aad, Keyring, Sealed, Secret},
};

/// Somebody waits for it in front of a browser.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// A code works once, so whose account it is gets asked this often before the consent is lost.
const PROFILE_TRIES: u32 = 3;

/// `oauth.exchange`: the code of a consent becomes a refresh token, sealed. A code whose answer was lost is refused the
/// next time: then the person agrees once more.
pub struct OAuthExchange(pub OAuthClients);

/// `oauth.check`: whether a refresh token still works.
pub struct OAuthCheck(pub OAuthClients);

/// `oauth.revoke`: gives a token back whose row is gone. It opens as the row did that it came from.
pub struct OAuthRevoke(pub OAuthClients);

/// Us, as the providers know us.
#[derive(Clone)]
pub struct OAuthClients {
    http: reqwest::Client,
    keyring: Keyring,
    backend_url: Url,
    google: OAuth,
    outlook: OAuth,
}

#[derive(Deserialize)]
struct Exchange {
    org_id: Uuid,
    provider: Provider,
    flow_id: Uuid,
    scopes: String,
}

#[derive(Deserialize)]
struct Check {
    org_id: Uuid,
    provider: Provider,
}

#[derive(Deserialize)]
struct Revoke {
    org_id: Uuid,
    provider: Provider,
    #[serde(rename = "type")]
    kind: String,
    #[serde(flatten)]
    sealed: Sealed,
}

/// A row of `private.oauth_flow_secrets`.
#[derive(Deserialize)]
struct FlowSecrets {
    sealed_verifier: String,
    sealed_code: String,
    key_version: i32,
}

#[derive(Deserialize)]
struct RefreshToken {
    refresh_token: SecretString,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    /// Absent when it is what was asked for.
    scope: Option<String>,
}

/// Google's and Microsoft's fields for the same thing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    email: Option<String>,
    mail: Option<String>,
    user_principal_name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    error: Value,
}

/// Why there are no tokens.
enum Trouble {
    /// The code or the token is not good, or not any more.
    InvalidGrant,
    Other(Verdict),
}

impl OAuthClients {
    pub fn new(config: &Config, keyring: Keyring, http: reqwest::Client) -> Self {
        let (google, outlook) = (config.google.clone(), config.outlook.clone());
        Self { http, keyring, backend_url: config.backend_url.clone(), google, outlook }
    }

    fn settings(&self, provider: Provider) -> &OAuth {
        match provider {
            Provider::Google => &self.google,
            Provider::Outlook => &self.outlook,
        }
    }

    /// Asks for tokens with a grant, as ourselves.
    async fn tokens(&self, provider: Provider, grant: &[(&str, &str)]) -> Result<Tokens, Trouble> {
        let settings = self.settings(provider);
        let Some((id, secret)) = settings.client_id.as_deref().zip(settings.client_secret.as_ref()) else {
            let name = provider.name().to_uppercase();
            return Err(Trouble::Other(Verdict::refused(format!("{name}_CLIENT_ID is missing."))));
        };
        let mut form = vec![("client_id", id.to_owned()), ("client_secret", secret.expose_secret().to_owned())];
        form.extend(grant.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let answer = self.post(&settings.token_url, &form).await.map_err(|error| no_answer(provider, error))?;
        let status = answer.status();
        if status.is_success() {
            let read = answer.bytes().await.map_err(|error| no_answer(provider, error))?;
            return serde_json::from_slice(&read)
                .map_err(|_| Trouble::Other(Verdict::retry(format!("{} gave no tokens.", provider.name()))));
        }
        Err(trouble(provider, answer).await)
    }

    async fn post(&self, url: &Url, form: &[(&str, String)]) -> reqwest::Result<reqwest::Response> {
        let request = self.http.post(url.clone()).timeout(ANSWER_WITHIN);
        request.header("content-type", "application/x-www-form-urlencoded").body(encoded(form)).send().await
    }

    /// The address of the account that agreed.
    async fn email(&self, provider: Provider, access_token: &SecretString) -> Result<String, Verdict> {
        let mut last = Verdict::retry("nobody was asked");
        for _ in 0..PROFILE_TRIES {
            let request = self.http.get(self.settings(provider).profile_url.clone()).timeout(ANSWER_WITHIN);
            last = match request.bearer_auth(access_token.expose_secret()).send().await {
                Ok(answer) if answer.status().is_success() => match answer.json::<Profile>().await.map(address) {
                    Ok(Some(email)) => return Ok(email),
                    Ok(None) => Verdict::refused(format!("{} does not say whose account it is.", provider.name())),
                    Err(error) => unanswered(provider.name(), error),
                },
                Ok(answer) => match trouble(provider, answer).await {
                    Trouble::Other(verdict) => verdict,
                    Trouble::InvalidGrant => Verdict::refused(format!("{} knows no such account.", provider.name())),
                },
                Err(error) => unanswered(provider.name(), error),
            };
            if !matches!(last, Verdict::Retry { .. }) {
                break;
            }
        }
        Err(last)
    }

    fn seal(&self, org_id: Uuid, provider: Provider, token: &SecretString) -> Result<Sealed, Verdict> {
        let plain = json!({ "refresh_token": token.expose_secret() }).to_string();
        Ok(self.keyring.seal(&Aad { org_id, provider: provider.name(), kind: "default" }, plain.as_bytes())?)
    }

    async fn exchange(&self, wanted: &Exchange) -> Result<Value, Verdict> {
        let (code, verifier) = self.flow_secrets(wanted).await?;
        let back = redirect_uri(&self.backend_url, wanted.provider);
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("code_verifier", verifier.expose_secret()),
            ("redirect_uri", &back),
        ];
        let tokens = match self.tokens(wanted.provider, &grant).await {
            Ok(tokens) => tokens,
            Err(Trouble::InvalidGrant) => return Ok(no("oauth_code_refused", "invalid_grant")),
            Err(Trouble::Other(verdict)) => return Err(verdict),
        };
        if let Some(scope) = tokens.scope.as_deref().and_then(|granted| missing(&wanted.scopes, granted)) {
            return Ok(no("oauth_scope_missing", scope));
        }
        let Some(refresh_token) = &tokens.refresh_token else {
            return Ok(no("oauth_no_refresh_token", "no refresh_token"));
        };
        let email = self.email(wanted.provider, &tokens.access_token).await?;
        let Sealed { sealed, key_version } = self.seal(wanted.org_id, wanted.provider, refresh_token)?;
        Ok(json!({ "connected_email": email, "sealed": sealed, "key_version": key_version }))
    }

    /// The code, and the verifier that goes with it.
    async fn flow_secrets(&self, wanted: &Exchange) -> Result<(Secret, Secret), Verdict> {
        let asked = args! { p_org_id: wanted.org_id, p_flow_id: wanted.flow_id };
        let rows: Option<Vec<FlowSecrets>> = self.keyring.ask("private.oauth_flow_secrets", asked).await?;
        let row = rows.unwrap_or_default().pop().ok_or_else(|| Verdict::refused("There is no code to exchange."))?;
        let open = |kind, sealed| {
            let aad = Aad { org_id: wanted.org_id, provider: wanted.provider.name(), kind };
            self.keyring.open(&aad, &Sealed { sealed, key_version: row.key_version })
        };
        Ok((open(CODE, row.sealed_code)?, open(VERIFIER, row.sealed_verifier)?))
    }

    async fn check(&self, wanted: &Check) -> Result<Value, Verdict> {
        let Check { org_id, provider } = *wanted;
        let token = self.keyring.refresh_token(org_id, provider.name()).await?;
        let grant = [("grant_type", "refresh_token"), ("refresh_token", token.expose_secret())];
        match self.tokens(provider, &grant).await {
            Ok(Tokens { refresh_token: Some(next), .. }) if next.expose_secret() != token.expose_secret() => {
                let Sealed { sealed, key_version } = self.seal(org_id, provider, &next)?;
                Ok(json!({ "healthy": true, "sealed": sealed, "key_version": key_version }))
            }
            Ok(_) => Ok(json!({ "healthy": true })),
            Err(Trouble::InvalidGrant) => Ok(json!({ "healthy": false, "reason": "invalid_grant" })),
            Err(Trouble::Other(verdict)) => Err(verdict),
        }
    }

    /// That the provider does not know the token is what was wanted.
    async fn revoke(&self, wanted: &Revoke) -> Result<Value, Verdict> {
        let Some(url) = &self.settings(wanted.provider).revoke_url else { return Ok(json!({})) };
        let aad = Aad { org_id: wanted.org_id, provider: wanted.provider.name(), kind: &wanted.kind };
        let plain = self.keyring.open(&aad, &wanted.sealed)?;
        let RefreshToken { refresh_token } = serde_json::from_str(plain.expose_secret())
            .map_err(|_| Verdict::refused("What was sealed is no refresh token."))?;
        let form = [("token", refresh_token.expose_secret().to_owned())];
        match self.post(url, &form).await {
            Ok(answer) if answer.status().is_success() || answer.status() == StatusCode::BAD_REQUEST => Ok(json!({})),
            Ok(answer) => match trouble(wanted.provider, answer).await {
                Trouble::Other(verdict) => Err(verdict),
                Trouble::InvalidGrant => Ok(json!({})),
            },
            Err(error) => Err(unanswered(wanted.provider.name(), error)),
        }
    }
}

fn verdict(outcome: Result<Value, Verdict>) -> Verdict {
    outcome.map_or_else(|verdict| verdict, Verdict::Done)
}

impl Executor for OAuthExchange {
    async fn run(&self, effect: &Effect) -> Verdict {
        match payload(effect) {
            Ok(wanted) => verdict(self.0.exchange(&wanted).await),
            Err(refused) => refused,
        }
    }
}

impl Executor for OAuthCheck {
    /// Only `invalid_grant` says that the token is dead. Whatever else goes wrong may be ours, or pass.
    async fn run(&self, effect: &Effect) -> Verdict {
        match payload(effect) {
            Ok(wanted) => verdict(self.0.check(&wanted).await),
            Err(refused) => refused,
        }
    }
}

impl Executor for OAuthRevoke {
    async fn run(&self, effect: &Effect) -> Verdict {
        match payload(effect) {
            Ok(wanted) => verdict(self.0.revoke(&wanted).await),
            Err(refused) => refused,
        }
    }
}

/// The provider's own no.
fn no(code: &str, said: &str) -> Value {
    json!({ "refused": code, "said": said })
}

fn no_answer(provider: Provider, error: reqwest::Error) -> Trouble {
    Trouble::Other(unanswered(provider.name(), error))
}

async fn trouble(provider: Provider, answer: reqwest::Response) -> Trouble {
    let status = answer.status();
    let after = retry_after(answer.headers());
    let Problem { error } = answer.json().await.unwrap_or_default();
    let said = error.as_str().filter(|said| said.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
    if said == Some("invalid_grant") {
        return Trouble::InvalidGrant;
    }
    let error = format!("{} answered {}: {}", provider.name(), status.as_u16(), said.unwrap_or("no code"));
    Trouble::Other(match is_passing(status) {
        true => Verdict::Retry { error, after },
        false => Verdict::Refused { error },
    })
}

/// The first of the scopes asked for that was not granted. Microsoft spells them as it likes, with an address before them,
/// and never names the one that stands for the refresh token itself.
fn missing<'a>(asked: &'a str, granted: &str) -> Option<&'a str> {
    let plain = |scope: &str| scope.strip_prefix("https://graph.microsoft.com/").unwrap_or(scope).to_lowercase();
    let granted: Vec<String> = granted.split_whitespace().map(plain).collect();
    asked.split_whitespace().find(|scope| *scope != "offline_access" && !granted.contains(&plain(scope)))
}

fn address(profile: Profile) -> Option<String> {
    let Profile { email, mail, user_principal_name } = profile;
    email.or(mail).or(user_principal_name).filter(|address| address.contains('@') && address.len() <= 254)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_was_unticked_is_missed() {
        let asked = "https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/userinfo.email";
        assert_eq!(missing(asked, &format!("openid {asked}")), None);
        assert_eq!(missing(asked, "openid https://www.googleapis.com/auth/userinfo.email"), asked.split(' ').next());
        assert_eq!(missing(asked, ""), asked.split(' ').next());
    }

    #[test]
    fn microsofts_spellings_are_the_same_scope() {
        let asked = "offline_access Calendars.ReadWrite User.Read";
        for granted in [
            "Calendars.ReadWrite User.Read",
            "https://graph.microsoft.com/calendars.readwrite https://graph.microsoft.com/User.Read",
        ] {
            assert_eq!(missing(asked, granted), None, "{granted}");
        }
        assert_eq!(missing(asked, "User.Read"), Some("Calendars.ReadWrite"));
        assert_eq!(missing(asked, "https://evil.example/Calendars.ReadWrite User.Read"), Some("Calendars.ReadWrite"));
    }

    #[test]
    fn whose_account_it_is_stands_in_one_field_or_another() {
        let said = |text: &str| address(serde_json::from_str(text).expect("a profile"));
        assert_eq!(said(r#"{"id":"1","email":"ada@clinic.example"}"#).as_deref(), Some("ada@clinic.example"));
        assert_eq!(said(r#"{"mail":null,"userPrincipalName":"bob@x.example"}"#).as_deref(), Some("bob@x.example"));
        assert_eq!(said(r#"{"userPrincipalName":"no address"}"#), None);
        assert_eq!(said("{}"), None);
    }
}
