//! What no server may run with, and what is off because something is missing.

use secrecy::ExposeSecret;

use super::Config;
use crate::ledger_heads::SigningKey;

impl Config {
    /// What no production server may run with, and what makes no sense anywhere.
    pub(super) fn unsafe_settings(&self) -> Vec<String> {
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
        refuse(
            self.stripe.secret_key.as_ref().is_some_and(|key| key.expose_secret().starts_with("pk_")),
            "STRIPE_SECRET_KEY is a publishable key: it takes the one that begins with sk_ or rk_.",
        );
        refuse(
            self.twilio.account_sid.is_some() != self.twilio.auth_token.is_some(),
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN belong together: set both or neither.",
        );
        for (name, client) in [("GOOGLE", &self.google), ("OUTLOOK", &self.outlook)] {
            refuse(
                client.client_id.is_some() != client.client_secret.is_some(),
                &format!("{name}_CLIENT_ID and {name}_CLIENT_SECRET belong together: set both or neither."),
            );
        }
        let signing_key = self.ledger.signing_key.as_ref();
        refuse(
            signing_key.is_some_and(|key| SigningKey::from_base64(key.expose_secret()).is_none()),
            "LEDGER_SIGNING_KEY is not 32 bytes in base64: make one with `openssl rand -base64 32`.",
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
            self.stripe.secret_key.is_some() && self.stripe.webhook_secrets.is_empty(),
            "STRIPE_SECRET_KEY is set without STRIPE_WEBHOOK_SECRET: payments would be taken and never credited.",
        );
        refuse(
            self.vapi.api_key.is_some() && self.vapi.sends_unknown(),
            "VAPI_API_KEY is set without VAPI_WEBHOOK_SECRET or VAPI_WEBHOOK_HMAC_SECRET: no call would be answered.",
        );
        let takes_secrets =
            self.twilio.account_sid.is_some() || self.google.client_id.is_some() || self.outlook.client_id.is_some();
        refuse(
            takes_secrets && self.vault.is_none(),
            "VAULT_KEYS is missing: subaccounts and calendars have secrets, and nothing could seal them. Set it to `1:` and \
             what `openssl rand -base64 32` prints, and keep a copy.",
        );
        let addresses = [
            ("RESEND_BASE_URL", &self.resend.base_url),
            ("STRIPE_BASE_URL", &self.stripe.base_url),
            ("VAPI_BASE_URL", &self.vapi.base_url),
            ("TWILIO_BASE_URL", &self.twilio.base_url),
            ("GOOGLE_AUTHORIZE_URL", &self.google.authorize_url),
            ("GOOGLE_TOKEN_URL", &self.google.token_url),
            ("GOOGLE_API_URL", &self.google.profile_url),
            ("OUTLOOK_LOGIN_URL", &self.outlook.token_url),
            ("OUTLOOK_API_URL", &self.outlook.profile_url),
        ];
        for (name, _) in addresses.into_iter().filter(|(_, address)| address.scheme() != "https") {
            refuse(true, &format!("{name} is not https: the key would travel in the clear."));
        }
        wrong
    }

    /// Features that are off because a setting is missing, one sentence each: for the log at start and for `doctor`.
    pub fn turned_off(&self) -> Vec<&'static str> {
        let otel_missing = self.otel_endpoint.is_some() && cfg!(not(feature = "otel"));
        let sentry_missing = self.sentry_dsn.is_some() && cfg!(not(feature = "sentry"));
        let heads_missing = self.ledger.signing_key.is_none() || self.ledger.heads_dir.is_none();
        [
            (
                self.resend.api_key.is_none(),
                "RESEND_API_KEY is missing: no email is sent; emails wait as dead letters.",
            ),
            (
                self.resend.webhook_secrets.is_empty(),
                "RESEND_WEBHOOK_SECRET is missing: deliveries and bounces are not recorded.",
            ),
            (
                self.stripe.secret_key.is_none(),
                "STRIPE_SECRET_KEY is missing: nobody can top up and no card is charged.",
            ),
            (
                self.stripe.webhook_secrets.is_empty(),
                "STRIPE_WEBHOOK_SECRET is missing: Stripe's webhooks are refused, so no payment is credited.",
            ),
            (
                self.vapi.api_key.is_none(),
                "VAPI_API_KEY is missing: no number can be had; calls that fell silent cannot be asked about, their holds run out.",
            ),
            (
                self.vapi.sends_unknown(),
                "VAPI_WEBHOOK_SECRET is missing: Vapi's webhooks are refused, so no call is answered.",
            ),
            (
                self.vault.is_none(),
                "VAULT_KEYS is missing: no secret of a customer can be kept: no own Twilio account, no number, no calendar.",
            ),
            (
                self.twilio.account_sid.is_none(),
                "TWILIO_ACCOUNT_SID is missing: no number can be bought, and a call that Vapi does not end is not ended by its carrier.",
            ),
            (self.google.client_id.is_none(), "GOOGLE_CLIENT_ID is missing: no Google calendar can be connected."),
            (self.outlook.client_id.is_none(), "OUTLOOK_CLIENT_ID is missing: no Outlook calendar can be connected."),
            (
                heads_missing,
                "LEDGER_SIGNING_KEY or LEDGER_HEADS_DIR is missing: no proof of the ledgers is kept outside the database.",
            ),
            (self.slack_webhook_url.is_none(), "SLACK_WEBHOOK_URL is missing: alerts go to the log alone."),
            (
                self.database.listen_url.is_none(),
                "LISTEN_DATABASE_URL is missing: workers poll every second instead of being woken.",
            ),
            (self.metrics_token.is_none() && self.production, "METRICS_TOKEN is missing: /metrics is off."),
            (
                otel_missing,
                "OTEL_EXPORTER_OTLP_ENDPOINT is set, but this build has no `otel` feature: no traces are sent.",
            ),
            (sentry_missing, "SENTRY_DSN is set, but this build has no `sentry` feature: no errors are sent."),
        ]
        .into_iter()
        .filter_map(|(is_off, sentence)| is_off.then_some(sentence))
        .collect()
    }
}
