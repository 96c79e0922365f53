//! Keys and addresses of those outside.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::Reader;

#[derive(Clone, Debug)]
pub struct Resend {
    pub api_key: Option<SecretString>,
    pub webhook_secrets: Vec<SecretString>,
    pub base_url: Url,
    pub from: String,
}

#[derive(Clone, Debug)]
pub struct Stripe {
    pub secret_key: Option<SecretString>,
    pub webhook_secrets: Vec<SecretString>,
    pub base_url: Url,
}

#[derive(Clone, Debug)]
pub struct Vapi {
    pub api_key: Option<SecretString>,
    /// What Vapi sends with its webhooks: the first is what it is told to send, the others are still good.
    pub webhook_secrets: Vec<SecretString>,
    /// What it signs its webhooks with, where a credential at Vapi says so.
    pub hmac_secrets: Vec<SecretString>,
    /// The time is signed with the body.
    pub hmac_timed: bool,
    pub base_url: Url,
}

impl Vapi {
    /// What Vapi is to send with its webhooks.
    pub fn webhook_secret(&self) -> Option<&SecretString> {
        self.webhook_secrets.first()
    }

    /// Nothing it sends could be known to be its own.
    pub fn sends_unknown(&self) -> bool {
        self.webhook_secrets.is_empty() && self.hmac_secrets.is_empty()
    }
}

#[derive(Clone, Debug)]
pub struct Twilio {
    pub account_sid: Option<String>,
    pub auth_token: Option<SecretString>,
    pub base_url: Url,
}

/// A provider of calendars that people connect by consent.
#[derive(Clone, Debug)]
pub struct OAuth {
    pub client_id: Option<String>,
    pub client_secret: Option<SecretString>,
    /// The consent page.
    pub authorize_url: Url,
    pub token_url: Url,
    /// None where the provider takes no single token back.
    pub revoke_url: Option<Url>,
    /// Whose account it is.
    pub profile_url: Url,
}

/// Where the ledgers' heads go, and what they are signed with.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub signing_key: Option<SecretString>,
    pub heads_dir: Option<PathBuf>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    pub(super) fn resend(&mut self) -> Resend {
        Resend {
            api_key: self.secret("RESEND_API_KEY"),
            webhook_secrets: self.secrets("RESEND_WEBHOOK_SECRET"),
            base_url: self.url("RESEND_BASE_URL"),
            from: self.text("EMAIL_FROM").unwrap_or_default(),
        }
    }

    pub(super) fn stripe(&mut self) -> Stripe {
        Stripe {
            secret_key: self.secret("STRIPE_SECRET_KEY"),
            webhook_secrets: self.secrets("STRIPE_WEBHOOK_SECRET"),
            base_url: self.url("STRIPE_BASE_URL"),
        }
    }

    pub(super) fn vapi(&mut self) -> Vapi {
        Vapi {
            api_key: self.secret("VAPI_API_KEY"),
            webhook_secrets: self.secrets("VAPI_WEBHOOK_SECRET"),
            hmac_secrets: self.secrets("VAPI_WEBHOOK_HMAC_SECRET"),
            hmac_timed: self.choice("VAPI_WEBHOOK_HMAC_FORMAT", "timestamp.body", "body"),
            base_url: self.url("VAPI_BASE_URL"),
        }
    }

    pub(super) fn twilio(&mut self) -> Twilio {
        Twilio {
            account_sid: self.text("TWILIO_ACCOUNT_SID"),
            auth_token: self.secret("TWILIO_AUTH_TOKEN"),
            base_url: self.url("TWILIO_BASE_URL"),
        }
    }

    pub(super) fn google(&mut self) -> OAuth {
        let tokens = self.url("GOOGLE_TOKEN_URL");
        OAuth {
            client_id: self.text("GOOGLE_CLIENT_ID"),
            client_secret: self.secret("GOOGLE_CLIENT_SECRET"),
            authorize_url: self.url("GOOGLE_AUTHORIZE_URL"),
            token_url: below(&tokens, "token"),
            revoke_url: Some(below(&tokens, "revoke")),
            profile_url: below(&self.url("GOOGLE_API_URL"), "oauth2/v2/userinfo"),
        }
    }

    pub(super) fn outlook(&mut self) -> OAuth {
        let login = self.url("OUTLOOK_LOGIN_URL");
        OAuth {
            client_id: self.text("OUTLOOK_CLIENT_ID"),
            client_secret: self.secret("OUTLOOK_CLIENT_SECRET"),
            authorize_url: below(&login, "authorize"),
            token_url: below(&login, "token"),
            revoke_url: None,
            profile_url: below(&self.url("OUTLOOK_API_URL"), "v1.0/me"),
        }
    }

    pub(super) fn ledger(&mut self) -> Ledger {
        Ledger {
            signing_key: self.secret("LEDGER_SIGNING_KEY"),
            heads_dir: self.text("LEDGER_HEADS_DIR").map(PathBuf::from),
        }
    }
}

fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}
