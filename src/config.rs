//! Settings, read from the environment once and judged before anything starts.
//!
//! [`SETTINGS`] is the only list of them.

mod judgement;
mod providers;
mod settings;

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::vault::Vault;

pub use self::{
    providers::{Ledger, OAuth, Resend, Stripe, Twilio, Vapi},
    settings::{SETTINGS, Setting, settings_table},
};

#[derive(Clone, Debug)]
pub struct Config {
    pub production: bool,
    pub host: IpAddr,
    pub port: u16,
    pub backend_url: Url,
    pub frontend_url: Url,
    pub cors_origins: Vec<String>,
    pub database: Database,
    pub org_in_flight: usize,
    pub request_timeout: Duration,
    pub answer_patience: Duration,
    pub body_limit: usize,
    pub call_body_limit: usize,
    pub tokens: Tokens,
    pub local_auth: bool,
    pub supabase_door: bool,
    pub resend: Resend,
    pub stripe: Stripe,
    pub vapi: Vapi,
    pub twilio: Twilio,
    pub vault: Option<Vault>,
    pub google: OAuth,
    pub outlook: OAuth,
    pub ledger: Ledger,
    pub slack_webhook_url: Option<SecretString>,
    pub worker_concurrency: usize,
    pub events_heartbeat: Duration,
    pub metrics_token: Option<SecretString>,
    pub log_pretty: bool,
    pub otel_endpoint: Option<String>,
    pub sentry_dsn: Option<SecretString>,
}

#[derive(Clone, Debug)]
pub struct Database {
    pub url: SecretString,
    pub service_url: SecretString,
    pub migrate_url: Option<SecretString>,
    pub listen_url: Option<SecretString>,
    /// A transaction pooler stands between: no named statements.
    pub pooled: bool,
    pub pool_size: usize,
    pub service_pool_size: usize,
    pub call_pool_size: usize,
    pub pool_wait: Duration,
}

#[derive(Clone, Debug)]
pub struct Tokens {
    pub secret: Option<SecretString>,
    pub jwks_url: Option<Url>,
    pub audience: String,
    pub issuer: Option<String>,
}

/// What is wrong with the settings, one sentence each.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Unfit(pub Vec<String>);

/// The environment, and what was found wrong while reading it.
struct Reader<F> {
    lookup: F,
    wrong: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    fn text(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.trim().is_empty()).or_else(|| {
            SETTINGS.iter().find(|setting| setting.name == name).and_then(|setting| setting.default).map(str::to_owned)
        })
    }

    fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    fn secrets(&self, name: &str) -> Vec<SecretString> {
        self.list(name).into_iter().map(SecretString::from).collect()
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, wanted: &str, fallback: T) -> T {
        let text = self.text(name).unwrap_or_default();
        text.parse().unwrap_or_else(|_| {
            self.wrong.push(format!("{name} is \"{text}\": it takes {wanted}."));
            fallback
        })
    }

    fn positive(&mut self, name: &str) -> usize {
        let value = self.parsed(name, "a whole number from 1", 1);
        if value == 0 {
            self.wrong.push(format!("{name} is 0: it takes a whole number from 1."));
        }
        value.max(1)
    }

    fn url(&mut self, name: &str) -> Url {
        self.parsed(name, "a URL", Url::parse("http://localhost").expect("a literal URL"))
    }

    fn optional_url(&mut self, name: &str) -> Option<Url> {
        self.text(name).is_some().then(|| self.url(name))
    }

    fn choice(&mut self, name: &str, on: &str, off: &str) -> bool {
        match self.text(name).unwrap_or_default().to_lowercase() {
            value if value == on => true,
            value if value == off => false,
            value => {
                self.wrong.push(format!("{name} is \"{value}\": it takes \"{on}\" or \"{off}\"."));
                false
            }
        }
    }

    fn vault(&mut self) -> Option<Vault> {
        let keys = self.secret("VAULT_KEYS")?;
        Vault::from_keys(keys.expose_secret()).map_err(|bad| self.wrong.push(bad.to_string())).ok()
    }

    fn required(&mut self, name: &str, why: &str) -> SecretString {
        self.secret(name).unwrap_or_else(|| {
            self.wrong.push(format!("{name} is missing: {why}"));
            SecretString::from("")
        })
    }
}

impl Config {
    pub fn from_env() -> Result<Self, Unfit> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// How long an answer waits for what a provider does: short of the request's own time, so that it is given.
    pub fn patience(&self) -> Duration {
        self.answer_patience.min(self.request_timeout.saturating_sub(Duration::from_secs(1)))
    }

    pub fn from_map(map: &BTreeMap<String, String>) -> Result<Self, Unfit> {
        Self::from_lookup(|name| map.get(name).cloned())
    }

    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Unfit> {
        let mut read = Reader { lookup, wrong: Vec::new() };
        let frontend_url = read.url("FRONTEND_URL");
        let mut cors_origins = vec![frontend_url.origin().ascii_serialization()];
        cors_origins.extend(read.list("CORS_ORIGINS"));

        let config = Self {
            production: read.choice("VOXANNE_ENV", "production", "development"),
            host: read.parsed("HOST", "an IP address", IpAddr::from([127, 0, 0, 1])),
            port: read.parsed("PORT", "a port number", 3001),
            backend_url: read.url("BACKEND_URL"),
            frontend_url,
            cors_origins,
            database: Database {
                url: read.required("DATABASE_URL", "the login voxanne_api of a migrated database."),
                service_url: read.required("SERVICE_DATABASE_URL", "the login voxanne_worker of the same database."),
                migrate_url: read.secret("MIGRATE_DATABASE_URL"),
                listen_url: read.secret("LISTEN_DATABASE_URL"),
                pooled: read.choice("DATABASE_POOLER", "transaction", "none"),
                pool_size: read.positive("DATABASE_POOL_SIZE"),
                service_pool_size: read.positive("SERVICE_POOL_SIZE"),
                call_pool_size: read.positive("CALL_POOL_SIZE"),
                pool_wait: Duration::from_millis(read.positive("DATABASE_POOL_WAIT_MS") as u64),
            },
            org_in_flight: read.positive("ORG_IN_FLIGHT"),
            request_timeout: Duration::from_millis(read.positive("REQUEST_TIMEOUT_MS") as u64),
            answer_patience: Duration::from_millis(read.positive("ANSWER_PATIENCE_MS") as u64),
            body_limit: read.positive("BODY_LIMIT_BYTES"),
            call_body_limit: read.positive("CALL_BODY_LIMIT_BYTES"),
            tokens: Tokens {
                secret: read.secret("JWT_SECRET"),
                jwks_url: read.optional_url("JWKS_URL"),
                audience: read.text("JWT_AUDIENCE").unwrap_or_default(),
                issuer: read.text("JWT_ISSUER"),
            },
            local_auth: read.choice("LOCAL_AUTH", "on", "off"),
            supabase_door: read.choice("SUPABASE_DOOR", "on", "off"),
            resend: read.resend(),
            stripe: read.stripe(),
            vapi: read.vapi(),
            twilio: read.twilio(),
            vault: read.vault(),
            google: read.google(),
            outlook: read.outlook(),
            ledger: read.ledger(),
            slack_webhook_url: read.secret("SLACK_WEBHOOK_URL"),
            worker_concurrency: read.positive("WORKER_CONCURRENCY"),
            events_heartbeat: Duration::from_secs(read.positive("EVENTS_HEARTBEAT_SECONDS") as u64),
            metrics_token: read.secret("METRICS_TOKEN"),
            log_pretty: read.choice("LOG_FORMAT", "pretty", "json"),
            otel_endpoint: read.text("OTEL_EXPORTER_OTLP_ENDPOINT"),
            sentry_dsn: read.secret("SENTRY_DSN"),
        };

        let mut wrong = read.wrong;
        wrong.extend(config.unsafe_settings());
        if wrong.is_empty() { Ok(config) } else { Err(Unfit(wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT_KEYS: &str = "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    fn settings(more: &[(&str, &str)]) -> BTreeMap<String, String> {
        let base = [
            ("DATABASE_URL", "postgres://voxanne_api@localhost/voxanne"),
            ("SERVICE_DATABASE_URL", "postgres://voxanne_worker@localhost/voxanne"),
            ("JWT_SECRET", "a-secret-of-thirty-two-bytes-or-more"),
        ];
        base.iter().chain(more).map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    fn refusal(more: &[(&str, &str)]) -> String {
        Config::from_map(&settings(more)).expect_err("settings that must be refused").to_string()
    }

    #[test]
    fn three_settings_are_enough_to_start() {
        let config = Config::from_map(&settings(&[])).expect("a fit configuration");
        assert!(config.production);
        assert_eq!(config.port, 3001);
        assert_eq!(config.cors_origins, ["http://localhost:3000"]);
    }

    #[test]
    fn an_unsafe_production_setting_is_refused_in_words() {
        assert!(refusal(&[("JWT_SECRET", "short")]).contains("shorter than 32 bytes"));
        assert!(refusal(&[("CORS_ORIGINS", "*")]).contains("name the origins"));
        for name in [
            "RESEND_BASE_URL",
            "STRIPE_BASE_URL",
            "VAPI_BASE_URL",
            "TWILIO_BASE_URL",
            "GOOGLE_AUTHORIZE_URL",
            "GOOGLE_TOKEN_URL",
            "OUTLOOK_LOGIN_URL",
        ] {
            let said = refusal(&[(name, "http://localhost:4010")]);
            assert!(said.starts_with(&format!("{name} is not https")), "{said}");
        }
        assert!(refusal(&[("STRIPE_SECRET_KEY", "sk_live_1")]).contains("never credited"));
        assert!(refusal(&[("VAPI_API_KEY", "key")]).contains("no call would be answered"));
        assert!(refusal(&[("LOCAL_AUTH", "on"), ("JWKS_URL", "https://x.example/jwks")]).contains("Supabase Auth"));
        assert!(refusal(&[("JWT_SECRET", "")]).contains("nobody could sign in"));
    }

    #[test]
    fn what_is_fit_for_development_may_be_unfit_for_production() {
        let dev = settings(&[("VOXANNE_ENV", "development"), ("JWT_SECRET", "short"), ("CORS_ORIGINS", "*")]);
        assert!(Config::from_map(&dev).is_ok());
    }

    #[test]
    fn what_makes_no_sense_is_refused_anywhere() {
        let dev = |name, value| refusal(&[("VOXANNE_ENV", "development"), (name, value)]);
        assert!(dev("STRIPE_SECRET_KEY", "pk_test_1").contains("publishable"));
        assert!(dev("TWILIO_AUTH_TOKEN", "token").contains("belong together"));
        assert!(dev("TWILIO_ACCOUNT_SID", "AC1").contains("belong together"));
        assert!(dev("GOOGLE_CLIENT_ID", "id").contains("belong together"));
        assert!(dev("OUTLOOK_CLIENT_SECRET", "secret").contains("belong together"));
        for key in ["c2hvcnQ=", "not base64"] {
            assert!(dev("LEDGER_SIGNING_KEY", key).contains("openssl rand -base64 32"));
        }
    }

    #[test]
    fn customers_secrets_are_not_taken_in_without_a_key_to_seal_them() {
        let clients = [
            [("TWILIO_ACCOUNT_SID", "AC1"), ("TWILIO_AUTH_TOKEN", "token")],
            [("GOOGLE_CLIENT_ID", "id"), ("GOOGLE_CLIENT_SECRET", "secret")],
            [("OUTLOOK_CLIENT_ID", "id"), ("OUTLOOK_CLIENT_SECRET", "secret")],
        ];
        for client in clients {
            assert!(refusal(&client).contains("VAULT_KEYS is missing"), "{client:?}");
            let sealed = [client.as_slice(), &[("VAULT_KEYS", VAULT_KEYS)]].concat();
            assert!(Config::from_map(&settings(&sealed)).is_ok(), "{client:?}");
        }
        for keys in ["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "1:c2hvcnQ=", "1:not base64"] {
            let said = refusal(&[("VOXANNE_ENV", "development"), ("VAULT_KEYS", keys)]);
            assert!(said.contains("VAULT_KEYS") && !said.contains(keys), "{said}");
        }
    }

    #[test]
    fn what_is_off_is_said_until_it_is_set() {
        let off = |more: &[(&str, &str)]| Config::from_map(&settings(more)).expect("fit").turned_off().join("\n");
        let all = [
            ("STRIPE_SECRET_KEY", "sk_live_1"),
            ("STRIPE_WEBHOOK_SECRET", "whsec_1, whsec_2"),
            ("VAPI_API_KEY", "key"),
            ("TWILIO_ACCOUNT_SID", "AC1"),
            ("TWILIO_AUTH_TOKEN", "token"),
            ("VAULT_KEYS", VAULT_KEYS),
            ("VAPI_WEBHOOK_SECRET", "shared"),
            ("GOOGLE_CLIENT_ID", "id"),
            ("GOOGLE_CLIENT_SECRET", "secret"),
            ("OUTLOOK_CLIENT_ID", "id"),
            ("OUTLOOK_CLIENT_SECRET", "secret"),
            ("LEDGER_SIGNING_KEY", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="),
            ("LEDGER_HEADS_DIR", "/var/lib/voxanne/heads"),
        ];
        let (without, with) = (off(&[]), off(&all));
        for (name, _) in all.iter().filter(|(name, _)| !name.ends_with("_TOKEN") && !name.ends_with("_CLIENT_SECRET")) {
            assert!(without.contains(name) && !with.contains(name), "{name}");
        }
        assert!(off(&all[..all.len() - 1]).contains("LEDGER_HEADS_DIR"), "a key without a place");
        assert_eq!(Config::from_map(&settings(&all)).expect("fit").stripe.webhook_secrets.len(), 2);
    }

    #[test]
    fn every_wrong_setting_is_named_at_once() {
        let said = refusal(&[("PORT", "many"), ("HOST", "nowhere"), ("LOCAL_AUTH", "perhaps")]);
        for name in ["PORT", "HOST", "LOCAL_AUTH"] {
            assert!(said.contains(name), "{said}");
        }
    }

    #[test]
    fn no_secret_is_printed() {
        let planted = "AQEBplantedBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
        let names = [
            "RESEND_API_KEY",
            "STRIPE_SECRET_KEY",
            "STRIPE_WEBHOOK_SECRET",
            "VAPI_API_KEY",
            "TWILIO_ACCOUNT_SID",
            "TWILIO_AUTH_TOKEN",
            "LEDGER_SIGNING_KEY",
            "VAPI_WEBHOOK_SECRET",
            "VAPI_WEBHOOK_HMAC_SECRET",
            "VAULT_KEYS",
        ];
        let sealing = format!("1:{planted}");
        let all = names.map(|name| match name {
            "TWILIO_ACCOUNT_SID" => (name, "AC1"),
            "VAULT_KEYS" => (name, sealing.as_str()),
            _ => (name, planted),
        });
        let config = Config::from_map(&settings(&all)).expect("a fit configuration");
        let printed = format!("{config:?}");
        assert!(!printed.contains("planted") && !printed.contains("a-secret-of-thirty-two"));
    }
}
