//! The endpoints: one file a tag, each of them a doc comment, a path, types and one call.

pub mod billing;
pub mod calendars;
pub mod calls;
pub mod follow;
pub mod openapi;
pub mod platform;
pub mod reply;
pub mod rpc;
pub mod telephony;
pub mod tenancy;

use poem::{FromRequest, PathPattern, Request, http::Method, web::Data};

use poem_openapi::{OpenApi, OpenApiService, SecurityScheme, Tags, auth};

pub use self::reply::{Format, Reply, Tabular};
use crate::{
    db::{Args, Caller, call::IdempotencyKey},
    error::Result,
    server::App,
};

#[derive(Tags)]
pub enum Tag {
    /// Who you are, your organisation, and what it may do.
    Tenancy,
    /// The people of the organisation and who is invited.
    Members,
    /// Keys with which other servers act for the organisation.
    ApiKeys,
    /// What happened, and who did it.
    Audit,
    /// What the organisation holds about people: export, erasure, retention.
    Privacy,
    /// The prepaid wallet: money in, money out, statements.
    Billing,
    /// What the organisation has connected, and whether it works.
    Integrations,
    /// Numbers that were verified, and phones that forward.
    Telephony,
    /// Who answers and who calls: how they speak, what they can do, what they were before.
    Agents,
    /// Calls: what was said, what came of it, how many there were.
    Calls,
    /// Live events, operations under way.
    Platform,
    /// For whoever runs the product: a service_role token, and nobody else's.
    Operator,
}

/// A signed-in person's access token, or an organisation's API key.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "bearer", bearer_format = "JWT or vxk_…", checker = "sign_in")]
pub struct SignedIn(pub Caller);

async fn sign_in(request: &Request, bearer: auth::Bearer) -> poem::Result<Caller> {
    let Data(app) = Data::<&App>::from_request_without_body(request).await?;
    let principal = app.auth.verify(&bearer.token).await?;
    Ok(app.db.as_user(&principal).idempotent(idempotency_key(request)))
}

/// The key of a POST that is safe to repeat.
fn idempotency_key(request: &Request) -> Option<IdempotencyKey> {
    if request.method() != Method::POST {
        return None;
    }
    let key = request.headers().get("idempotency-key")?;
    let path = request.data::<PathPattern>().map_or_else(|| request.uri().path(), |pattern| pattern.0.as_ref());
    Some(IdempotencyKey { key: String::from_utf8_lossy(key.as_bytes()).into_owned(), route: format!("POST {path}") })
}

impl SignedIn {
    /// Answers with what a function reads.
    pub async fn read<T, const STATUS: u16>(&self, function: &str, args: Args) -> Result<Reply<T, STATUS>> {
        Reply::of(self.0.read(function, args).await?)
    }

    /// Answers with what a function did.
    pub async fn write<T, const STATUS: u16>(&self, function: &str, args: Args) -> Result<Reply<T, STATUS>> {
        Reply::of(self.0.write(function, args).await?)
    }
}

/// Everything under `/api` that the document lists.
pub fn service() -> OpenApiService<impl OpenApi, ()> {
    OpenApiService::new(
        (tenancy::apis(), billing::apis(), calendars::CalendarsApi, telephony::apis(), calls::apis(), platform::apis()),
        "Voxanne",
        env!("CARGO_PKG_VERSION"),
    )
    .description(
        "The backend of Voxanne, an AI voice receptionist for clinics.\n\nMoney is in pence, times are UTC. \
             A refusal has a sentence for a person, a stable `code` and a `request_id`. Every POST takes an \
             `Idempotency-Key`: the same key and body get the same answer.",
    )
    .server("/")
}
