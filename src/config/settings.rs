//! The only list of settings: what `voxanne config` prints, what the README's table is made from, where defaults stand.

use std::fmt::Write as _;

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
    setting("CALL_POOL_SIZE", Some("6"), "Connections for what a telephone call waits for: nothing else uses them."),
    setting("DATABASE_POOL_WAIT_MS", Some("2000"), "How long a request waits for a connection before it hears 503."),
    setting("ORG_IN_FLIGHT", Some("4"), "Requests of one organisation under way at once in one server."),
    setting("REQUEST_TIMEOUT_MS", Some("25000"), "How long a request may take in all."),
    setting(
        "ANSWER_PATIENCE_MS",
        Some("20000"),
        "How long an answer waits for what a provider does, before it is 202 and an operation to follow.",
    ),
    setting("BODY_LIMIT_BYTES", Some("1048576"), "The largest request body."),
    setting(
        "CALL_BODY_LIMIT_BYTES",
        Some("33554432"),
        "The largest message of Vapi's: a report holds its transcript several times.",
    ),
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
    setting("STRIPE_SECRET_KEY", None, "`sk_…` or `rk_…`. Absent: nothing is charged, nobody can top up."),
    setting(
        "STRIPE_WEBHOOK_SECRET",
        None,
        "`whsec_…`, several separated by commas while rolling. Absent: Stripe's webhooks are refused.",
    ),
    setting("STRIPE_BASE_URL", Some("https://api.stripe.com"), "Stripe's API."),
    setting(
        "VAPI_API_KEY",
        None,
        "Vapi's private key. Absent: no number can be had, calls that fell silent cannot be asked about.",
    ),
    setting(
        "VAPI_WEBHOOK_SECRET",
        None,
        "What Vapi is to send with its webhooks as `x-vapi-secret`, of our choosing; several separated by commas while \
         rolling, the newest first. Absent: nothing.",
    ),
    setting(
        "VAPI_WEBHOOK_HMAC_SECRET",
        None,
        "What Vapi signs its webhooks with where an HMAC credential is set up there; several separated by commas. Without this \
         and VAPI_WEBHOOK_SECRET Vapi's webhooks are refused.",
    ),
    setting(
        "VAPI_WEBHOOK_HMAC_FORMAT",
        Some("timestamp.body"),
        "What that credential signs: `timestamp.body`, or `body` alone, which a replayed message passes as well.",
    ),
    setting("VAPI_BASE_URL", Some("https://api.vapi.ai"), "Vapi's API."),
    setting(
        "TWILIO_ACCOUNT_SID",
        None,
        "`AC…`. Absent: no number can be bought, calls that Vapi does not end are not ended.",
    ),
    setting("TWILIO_AUTH_TOKEN", None, "Belongs to TWILIO_ACCOUNT_SID."),
    setting("TWILIO_BASE_URL", Some("https://api.twilio.com"), "Twilio's API."),
    setting(
        "VAULT_KEYS",
        None,
        "Seal customers' secrets: `1:` and 32 bytes in base64 (`openssl rand -base64 32`); a newer one comes first, \
         separated by a comma, with the next number. Absent: none can be kept.",
    ),
    setting("GOOGLE_CLIENT_ID", None, "Of the OAuth client at Google. Absent: no Google calendar can be connected."),
    setting("GOOGLE_CLIENT_SECRET", None, "Belongs to GOOGLE_CLIENT_ID."),
    setting("GOOGLE_AUTHORIZE_URL", Some("https://accounts.google.com/o/oauth2/v2/auth"), "Google's consent page."),
    setting("GOOGLE_TOKEN_URL", Some("https://oauth2.googleapis.com"), "Where Google's tokens are had and given back."),
    setting("GOOGLE_API_URL", Some("https://www.googleapis.com"), "Google's APIs."),
    setting(
        "OUTLOOK_CLIENT_ID",
        None,
        "Of the OAuth client at Microsoft. Absent: no Outlook calendar can be connected.",
    ),
    setting("OUTLOOK_CLIENT_SECRET", None, "Belongs to OUTLOOK_CLIENT_ID."),
    setting(
        "OUTLOOK_LOGIN_URL",
        Some("https://login.microsoftonline.com/common/oauth2/v2.0"),
        "Microsoft's consent page and tokens.",
    ),
    setting("OUTLOOK_API_URL", Some("https://graph.microsoft.com"), "Microsoft Graph."),
    setting(
        "LEDGER_SIGNING_KEY",
        None,
        "Seed of an Ed25519 key, 32 bytes in base64: `openssl rand -base64 32`. It signs the ledgers' heads.",
    ),
    setting(
        "LEDGER_HEADS_DIR",
        None,
        "Where the signed heads are kept: a place that who can change the database cannot.",
    ),
    setting("WORKER_CONCURRENCY", Some("16"), "Effects one process carries out at once."),
    setting("EVENTS_HEARTBEAT_SECONDS", Some("15"), "Pause between heartbeats of a live event stream."),
    setting("METRICS_TOKEN", None, "Bearer token for `/metrics`. Absent in production: `/metrics` is off."),
    setting("LOG_FORMAT", Some("json"), "`json` or `pretty`."),
    setting("RUST_LOG", Some("info"), "Log filter."),
    setting("OTEL_EXPORTER_OTLP_ENDPOINT", None, "Traces go here (build with `--features otel`)."),
    setting("SENTRY_DSN", None, "Errors go here (build with `--features sentry`)."),
];

/// The settings as the README's table.
pub fn settings_table() -> String {
    let mut table = String::from("| setting | default | what it is |\n|---|---|---|\n");
    for Setting { name, default, about } in SETTINGS {
        let default = default.map(|default| format!("`{default}`")).unwrap_or_default();
        writeln!(table, "| `{name}` | {default} | {about} |").expect("writing to a string");
    }
    table
}
