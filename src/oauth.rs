//! Connecting a calendar by consent: what leads to the provider's page, and what comes back from it.
//!
//! The state that goes to the page and back is sealed by the vault, not only signed: its tag is checked in constant time,
//! its associated data bind it to organisation and provider, and a new key of the vault is a new key here.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use poem_openapi::Enum;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use crate::{
    config::{Config, OAuth},
    vault::{Aad, Sealed, Vault},
};

/// Types of what the vault seals on the way to a consent and back.
pub const VERIFIER: &str = "oauth_verifier";
pub const CODE: &str = "oauth_code";
const STATE: &str = "oauth_state";

/// A calendar that people connect by consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Google,
    Outlook,
}

impl Provider {
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Google, Self::Outlook].into_iter().find(|provider| provider.name() == name)
    }

    /// As the database has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Outlook => "outlook",
        }
    }

    pub fn settings(self, config: &Config) -> &OAuth {
        match self {
            Self::Google => &config.google,
            Self::Outlook => &config.outlook,
        }
    }

    /// What the consent page takes beyond the standard, so that a refresh token comes of it every time.
    fn extras(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Google => &[("access_type", "offline"), ("include_granted_scopes", "true")],
            Self::Outlook => &[("response_mode", "query")],
        }
    }
}

/// Where the provider sends people back to; it must be the same when the code is exchanged.
pub fn redirect_uri(backend_url: &Url, provider: Provider) -> String {
    format!("{}/api/integrations/{}/callback", backend_url.as_str().trim_end_matches('/'), provider.name())
}

/// The secret half of PKCE: who has the code alone has nothing.
pub struct Verifier(SecretString);

impl Verifier {
    /// 256 random bits, as RFC 7636 recommends.
    pub fn random() -> Self {
        Self(SecretString::from(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())))
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.0.expose_secret().as_bytes()))
    }

    pub fn sealed(&self, vault: &Vault, org_id: Uuid, provider: Provider) -> Sealed {
        let aad = Aad { org_id, provider: provider.name(), kind: VERIFIER };
        vault.seal(&aad, self.0.expose_secret().as_bytes())
    }
}

/// Which consent this is, and whose: what `start_oauth` put on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub org_id: Uuid,
    pub flow_id: Uuid,
    pub user_id: Uuid,
}

/// A state that is none of ours. For the log: whoever sent it hears no reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forged;

impl fmt::Display for Forged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the state was not made here, or for another organisation or provider")
    }
}

impl std::error::Error for Forged {}

impl State {
    /// Organisation, version of the key, and the sealed rest.
    pub fn sealed(&self, vault: &Vault, provider: Provider) -> String {
        let aad = Aad { org_id: self.org_id, provider: provider.name(), kind: STATE };
        let sealed = vault.seal(&aad, format!("{}.{}", self.flow_id, self.user_id).as_bytes());
        let body = STANDARD.decode(&sealed.sealed).expect("the vault seals into base64");
        let parts = [self.org_id.as_bytes().as_slice(), &sealed.key_version.to_be_bytes(), &body];
        URL_SAFE_NO_PAD.encode(parts.concat())
    }

    pub fn open(text: &str, vault: &Vault, provider: Provider) -> Result<Self, Forged> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Forged)?;
        let (org_id, rest) = bytes.split_first_chunk::<16>().ok_or(Forged)?;
        let (version, body) = rest.split_first_chunk::<4>().ok_or(Forged)?;
        let org_id = Uuid::from_bytes(*org_id);
        let aad = Aad { org_id, provider: provider.name(), kind: STATE };
        let sealed = Sealed { sealed: STANDARD.encode(body), key_version: i32::from_be_bytes(*version) };
        let plain = vault.open(&aad, &sealed).map_err(|_| Forged)?;
        let (flow_id, user_id) = plain.expose_secret().split_once('.').ok_or(Forged)?;
        let id = |text: &str| text.parse::<Uuid>().map_err(|_| Forged);
        Ok(Self { org_id, flow_id: id(flow_id)?, user_id: id(user_id)? })
    }
}

/// The provider's page, where a person agrees.
pub fn consent_url(
    settings: &OAuth,
    provider: Provider,
    redirect_uri: &str,
    scopes: &str,
    verifier: &Verifier,
    state: &str,
) -> Url {
    let mut url = settings.authorize_url.clone();
    url.query_pairs_mut()
        .append_pair("client_id", settings.client_id.as_deref().unwrap_or_default())
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("response_type", "code")
        .append_pair("scope", scopes)
        .append_pair("prompt", "consent")
        .extend_pairs(provider.extras())
        .append_pair("code_challenge", &verifier.challenge())
        .append_pair("code_challenge_method", "S256")
        .append_pair("state", state);
    url
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn vault(keys: &[u8]) -> Vault {
        let keys: Vec<String> = keys.iter().map(|byte| format!("{byte}:{}", STANDARD.encode([*byte; 32]))).collect();
        Vault::from_keys(&keys.join(",")).expect("good keys")
    }

    fn state() -> State {
        State { org_id: Uuid::new_v4(), flow_id: Uuid::new_v4(), user_id: Uuid::new_v4() }
    }

    #[test]
    fn a_state_comes_back_as_it_went() {
        let (vault, state) = (vault(&[1]), state());
        let text = state.sealed(&vault, Provider::Google);
        assert_eq!(State::open(&text, &vault, Provider::Google), Ok(state));
        assert!(!text.contains(&state.flow_id.simple().to_string()));
    }

    #[test]
    fn a_state_of_before_a_new_key_still_opens_and_one_of_a_key_that_is_gone_does_not() {
        let state = state();
        let text = state.sealed(&vault(&[1]), Provider::Google);
        assert_eq!(State::open(&text, &vault(&[2, 1]), Provider::Google), Ok(state));
        assert_eq!(State::open(&text, &vault(&[2]), Provider::Google), Err(Forged));
    }

    #[test]
    fn a_state_altered_in_any_byte_is_forged() {
        let (vault, state) = (vault(&[1]), state());
        let bytes = URL_SAFE_NO_PAD.decode(state.sealed(&vault, Provider::Google)).expect("base64");
        for place in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[place] ^= 1;
            let text = URL_SAFE_NO_PAD.encode(altered);
            assert_eq!(State::open(&text, &vault, Provider::Google), Err(Forged), "byte {place}");
        }
        for length in 0..bytes.len() {
            let text = URL_SAFE_NO_PAD.encode(&bytes[..length]);
            assert_eq!(State::open(&text, &vault, Provider::Google), Err(Forged), "{length} bytes");
        }
        assert_eq!(State::open("no state / at all", &vault, Provider::Google), Err(Forged));
    }

    #[test]
    fn a_state_for_one_provider_is_forged_at_the_other_and_another_secret_is_no_state() {
        let (vault, state) = (vault(&[1]), state());
        let text = state.sealed(&vault, Provider::Google);
        assert_eq!(State::open(&text, &vault, Provider::Outlook), Err(Forged));
        let verifier = Verifier::random().sealed(&vault, state.org_id, Provider::Google);
        let body = STANDARD.decode(verifier.sealed).expect("base64");
        let dressed_up = [state.org_id.as_bytes().as_slice(), &1_i32.to_be_bytes(), &body].concat();
        assert_eq!(State::open(&URL_SAFE_NO_PAD.encode(dressed_up), &vault, Provider::Google), Err(Forged));
    }

    #[test]
    fn the_challenge_is_that_of_the_standards_example() {
        let verifier = Verifier(SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(Verifier::random().0.expose_secret().len(), 43, "the shortest that is allowed");
    }

    #[test]
    fn the_consent_page_is_asked_for_lasting_access_with_a_challenge() {
        let settings: BTreeMap<String, String> = [
            ("DATABASE_URL", "postgres://a@localhost/v"),
            ("SERVICE_DATABASE_URL", "postgres://w@localhost/v"),
            ("JWT_SECRET", "a-secret-of-thirty-two-bytes-or-more"),
            ("BACKEND_URL", "https://api.voxanne.example/"),
            ("VAULT_KEYS", "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="),
            ("GOOGLE_CLIENT_ID", "client"),
            ("GOOGLE_CLIENT_SECRET", "planted"),
            ("OUTLOOK_CLIENT_ID", "client"),
            ("OUTLOOK_CLIENT_SECRET", "planted"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let config = Config::from_map(&settings).expect("fit settings");
        let verifier = Verifier(SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        let url = |provider: Provider| {
            let back = redirect_uri(&config.backend_url, provider);
            consent_url(provider.settings(&config), provider, &back, "one two", &verifier, "the-state")
        };
        let google = url(Provider::Google);
        let query: BTreeMap<_, _> = google.query_pairs().into_owned().collect();
        let said = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
        assert!(google.as_str().starts_with("https://accounts.google.com/o/oauth2/v2/auth?"), "{google}");
        assert_eq!(said("redirect_uri"), "https://api.voxanne.example/api/integrations/google/callback");
        assert_eq!((said("scope"), said("access_type"), said("prompt")), ("one two", "offline", "consent"));
        assert_eq!((said("response_type"), said("state")), ("code", "the-state"));
        assert_eq!(said("code_challenge"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(said("code_challenge_method"), "S256");
        let outlook = url(Provider::Outlook);
        assert!(
            outlook.as_str().starts_with("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?"),
            "{outlook}"
        );
        for url in [google, outlook] {
            assert!(!url.as_str().contains("planted") && !url.as_str().contains("dBjftJeZ"), "{url}");
        }
    }
}
