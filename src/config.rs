//! Settings, read from the environment once and judged before anything starts.
//!
//! [`SETTINGS`] is the only list of them: it is what `voxanne config` prints, what the README's table is made from
//! and where the defaults stand.

use std::{collections::BTreeMap, fmt::Write as _, net::IpAddr, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// One environment variable.
pub struct Setting {
    pub name: &'static str,
    pub default: Option<&'static str>,
    pub about: &'static str,
}

const fn setting(name: &'static str, default: Option<&'static str>, about: &'static str) -> Setting {
    Setting { name, default, about }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    setting("VOXANNE_ENV", Some("production"), "`production` refuses unsafe settings; `development` does not."),
    setting("HOST", Some("0.0.0.0"), "Address to listen on."),
    setting("PORT", Some("3001"), "Port to listen on."),
    setting("BACKEND_URL", Some("http://localhost:3001"), "Where providers and people reach this server."),
    setting("FRONTEND_URL", Some("http://localhost:3000"), "Origin of the web front end: CORS, links in emails."),
    setting("CORS_ORIGINS", None, "Further origins a browser may call from, separated by commas."),
    setting("DATABASE_URL", None, "Login `voxanne_api`: what users' requests run as."),
    setting("SERVICE_DATABASE_URL", None, "Login `voxanne_worker`: workers, webhooks, sign-in."),
    setting("MIGRATE_DATABASE_URL", None, "The schema's owner; used by `voxanne migrate` and `doctor` alone."),
    setting("LISTEN_DATABASE_URL", None, "A direct connection for LISTEN. Absent: workers poll every second."),
    setting(
        "PGSSLROOTCERT",
        None,
        "PEM file of the authority that signed Postgres's certificate. Absent: the system's.",
    ),
    setting("DATABASE_POOLER", Some("none"), "`transaction` behind PgBouncer and its like: unnamed statements only."),
    setting("DATABASE_POOL_SIZE", Some("8"), "Connections for users' requests."),
    setting("SERVICE_POOL_SIZE", Some("6"), "Connections for workers and webhooks."),
    setting("DATABASE_POOL_WAIT_MS", Some("2000"), "How long a request waits for a connection before it hears 503."),
    setting("ORG_IN_FLIGHT", Some("4"), "Requests of one organisation under way at once in one server."),
    setting("REQUEST_TIMEOUT_MS", Some("10000"), "How long a request may take in all."),
    setting("BODY_LIMIT_BYTES", Some("1048576"), "The largest request body."),
    setting("JWT_SECRET", None, "HS256 secret of the access tokens, at least 32 bytes."),
    setting("JWKS_URL", None, "Where the signing keys are published (Supabase's asymmetric keys)."),
    setting("JWT_AUDIENCE", Some("authenticated"), "Audience a user's token must carry."),
    setting("JWT_ISSUER", None, "Issuer a user's token must carry, when set."),
    setting("LOCAL_AUTH", Some("off"), "`on`: this server answers `/auth/v1` itself, in place of Supabase Auth."),
    setting(
        "SUPABASE_DOOR",
        Some("off"),
        "`on`: this server answers `/rest/v1/rpc`, where no Supabase stands in front.",
    ),
    setting("RESEND_API_KEY", None, "Absent: no email is sent."),
    setting(
        "RESEND_WEBHOOK_SECRET",
        None,
        "`whsec_…`, several separated by commas while rolling. Absent: Resend's webhooks are refused.",
    ),
    setting("RESEND_BASE_URL", Some("https://api.resend.com"), "Resend's API."),
    setting("EMAIL_FROM", Some("Voxanne <hello@voxanne.example>"), "Sender of our emails."),
    setting("SLACK_WEBHOOK_URL", None, "Absent: alerts go to the log alone."),
    setting("WORKER_CONCURRENCY", Some("16"), "Effects one process carries out at once."),
    setting("EVENTS_HEARTBEAT_SECONDS", Some("15"), "Pause between heartbeats of a live event stream."),
    setting("METRICS_TOKEN", None, "Bearer token for `/metrics`. Absent in production: `/metrics` is off."),
    setting("LOG_FORMAT", Some("json"), "`json` or `pretty`."),
    setting("RUST_LOG", Some("info"), "Log filter."),
    setting("OTEL_EXPORTER_OTLP_ENDPOINT", None, "Traces go here (build with `--features otel`)."),
    setting("SENTRY_DSN", None, "Errors go here (build with `--features sentry`)."),
];

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
    pub body_limit: usize,
    pub tokens: Tokens,
    pub local_auth: bool,
    pub supabase_door: bool,
    pub resend: Resend,
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
    pub pool_wait: Duration,
}

#[derive(Clone, Debug)]
pub struct Tokens {
    pub secret: Option<SecretString>,
    pub jwks_url: Option<Url>,
    pub audience: String,
    pub issuer: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Resend {
    pub api_key: Option<SecretString>,
    pub webhook_secrets: Vec<SecretString>,
    pub base_url: Url,
    pub from: String,
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
                pool_wait: Duration::from_millis(read.positive("DATABASE_POOL_WAIT_MS") as u64),
            },
            org_in_flight: read.positive("ORG_IN_FLIGHT"),
            request_timeout: Duration::from_millis(read.positive("REQUEST_TIMEOUT_MS") as u64),
            body_limit: read.positive("BODY_LIMIT_BYTES"),
            tokens: Tokens {
                secret: read.secret("JWT_SECRET"),
                jwks_url: read.optional_url("JWKS_URL"),
                audience: read.text("JWT_AUDIENCE").unwrap_or_default(),
                issuer: read.text("JWT_ISSUER"),
            },
            local_auth: read.choice("LOCAL_AUTH", "on", "off"),
            supabase_door: read.choice("SUPABASE_DOOR", "on", "off"),
            resend: Resend {
                api_key: read.secret("RESEND_API_KEY"),
                webhook_secrets: read.list("RESEND_WEBHOOK_SECRET").into_iter().map(SecretString::from).collect(),
                base_url: read.url("RESEND_BASE_URL"),
                from: read.text("EMAIL_FROM").unwrap_or_default(),
            },
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

    /// What no production server may run with, and what makes no sense anywhere.
    fn unsafe_settings(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut refuse = |when: bool, sentence: &str| {
            if when {
                wrong.push(sentence.to_owned());
            }
        };
        let secret_length = self.tokens.secret.as_ref().map(|secret| secret.expose_secret().len());

        refuse(
            secret_length.is_none() && self.tokens.jwks_url.is_none(),
            "Neither JWT_SECRET nor JWKS_URL is set: nobody could sign in.",
        );
        refuse(
            self.local_auth && secret_length.is_none(),
            "LOCAL_AUTH is on and signs its tokens with JWT_SECRET: set it.",
        );
        if !self.production {
            return wrong;
        }
        refuse(
            secret_length.is_some_and(|length| length < 32),
            "JWT_SECRET is shorter than 32 bytes: anyone could guess it and sign tokens.",
        );
        refuse(
            self.local_auth && self.tokens.jwks_url.is_some(),
            "LOCAL_AUTH is on beside JWKS_URL: with Supabase Auth in place this server must not sign people in as well.",
        );
        refuse(
            self.cors_origins.iter().any(|origin| origin == "*"),
            "CORS_ORIGINS holds \"*\": name the origins a browser may call from.",
        );
        refuse(
            self.resend.base_url.scheme() != "https",
            "RESEND_BASE_URL is not https: the API key would travel in the clear.",
        );
        wrong
    }

    /// Features that are off because a setting is missing, one sentence each: for the log at start and for `doctor`.
    pub fn turned_off(&self) -> Vec<&'static str> {
        let mut off = Vec::new();
        if self.resend.api_key.is_none() {
            off.push("RESEND_API_KEY is missing: no email is sent; emails wait as dead letters.");
        }
        if self.resend.webhook_secrets.is_empty() {
            off.push("RESEND_WEBHOOK_SECRET is missing: deliveries and bounces are not recorded.");
        }
        if self.slack_webhook_url.is_none() {
            off.push("SLACK_WEBHOOK_URL is missing: alerts go to the log alone.");
        }
        if self.database.listen_url.is_none() {
            off.push("LISTEN_DATABASE_URL is missing: workers poll every second instead of being woken.");
        }
        if self.metrics_token.is_none() && self.production {
            off.push("METRICS_TOKEN is missing: /metrics is off.");
        }
        if self.otel_endpoint.is_some() && cfg!(not(feature = "otel")) {
            off.push("OTEL_EXPORTER_OTLP_ENDPOINT is set, but this build has no `otel` feature: no traces are sent.");
        }
        if self.sentry_dsn.is_some() && cfg!(not(feature = "sentry")) {
            off.push("SENTRY_DSN is set, but this build has no `sentry` feature: no errors are sent.");
        }
        off
    }
}

/// The settings as the README's table.
pub fn settings_table() -> String {
    let mut table = String::from("| setting | default | what it is |\n|---|---|---|\n");
    for Setting { name, default, about } in SETTINGS {
        let default = default.map(|default| format!("`{default}`")).unwrap_or_default();
        writeln!(table, "| `{name}` | {default} | {about} |").expect("writing to a string");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(refusal(&[("RESEND_BASE_URL", "http://localhost:4010")]).contains("not https"));
        assert!(refusal(&[("LOCAL_AUTH", "on"), ("JWKS_URL", "https://x.example/jwks")]).contains("Supabase Auth"));
        assert!(refusal(&[("JWT_SECRET", "")]).contains("nobody could sign in"));
    }

    #[test]
    fn what_is_fit_for_development_may_be_unfit_for_production() {
        let dev = settings(&[("VOXANNE_ENV", "development"), ("JWT_SECRET", "short"), ("CORS_ORIGINS", "*")]);
        assert!(Config::from_map(&dev).is_ok());
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
        let config = Config::from_map(&settings(&[("RESEND_API_KEY", "re_planted")])).expect("a fit configuration");
        let printed = format!("{config:?}");
        assert!(!printed.contains("re_planted") && !printed.contains("a-secret-of-thirty-two"));
    }
}
