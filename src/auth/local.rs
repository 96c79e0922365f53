//! Signing in where no Supabase Auth stands: the part of its API that `supabase-js` uses, in its words.
//!
//! Every rule is in SQL (`private.sign_up`, `sign_in`, `refresh_session`, …); this signs the claims they return.

use std::{net::IpAddr, time::Duration};

use poem::{
    Endpoint, FromRequest, Request, Response, Route,
    endpoint::make,
    get,
    http::{HeaderValue, StatusCode, header},
    post,
    web::Data,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use super::{Role, bearer};
use crate::{args, db::Answer, error::Error, server::App};

/// Clients that name at least this version are told the code in `code`; older ones in `error_code`.
const API_VERSION: &str = "2024-01-01";
const VERSION_HEADER: &str = "x-supabase-api-version";

/// Passwords are hashed in Postgres, slowly on purpose. No more at once than this, so that a flood of sign-ins leaves the
/// workers their connections.
static HASHING: Semaphore = Semaphore::const_new(3);

pub fn routes() -> Route {
    Route::new()
        .at("/signup", post(answering(sign_up)))
        .at("/token", post(answering(token)))
        .at("/user", get(answering(user)).put(answering(update_user)))
        .at("/logout", post(answering(log_out)))
        .at("/settings", get(answering(settings)))
        .at("/health", get(answering(health)))
        .at("/.well-known/jwks.json", get(answering(signing_keys)))
        .at("/*rest", answering(unknown))
}

/// A refusal, before it is worded for the client's version.
struct Refused {
    status: StatusCode,
    code: String,
    message: String,
    reasons: Option<Value>,
    retry_after: Option<u32>,
}

type Outcome<T = Response> = Result<T, Refused>;

impl Refused {
    fn new(status: StatusCode, code: &str, message: &str) -> Self {
        Self { status, code: code.to_owned(), message: message.to_owned(), reasons: None, retry_after: None }
    }

    fn answer(self, versioned: bool) -> Response {
        let mut body = if versioned {
            json!({ "code": self.code, "message": self.message })
        } else {
            json!({ "code": self.status.as_u16(), "error_code": self.code, "msg": self.message })
        };
        if self.code == "weak_password" {
            body["weak_password"] = json!({ "reasons": self.reasons.unwrap_or_else(|| json!([])) });
        }
        let mut response = answer(self.status, &body);
        if versioned {
            response.headers_mut().insert(VERSION_HEADER, HeaderValue::from_static(API_VERSION));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        if error.status.is_server_error() {
            tracing::error!(code = %error.code, cause = ?error.cause, "a sign-in call failed");
        }
        Self {
            status: error.status,
            code: error.code.into_owned(),
            message: error.sentence.into_owned(),
            reasons: error.details.and_then(|details| details.get("reasons").cloned()),
            retry_after: error.retry_after_seconds,
        }
    }
}

fn answering<F, Fut>(handler: F) -> impl Endpoint<Output = Response>
where
    F: Fn(App, Request) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Outcome> + Send + 'static,
{
    make(move |request| {
        let handler = handler.clone();
        async move {
            let Data(app) = Data::<&App>::from_request_without_body(&request).await?;
            let (app, versioned) = (app.clone(), wants_versioned(&request));
            Ok::<_, poem::Error>(handler(app, request).await.unwrap_or_else(|refused| refused.answer(versioned)))
        }
    })
}

/// Versions are dates, and order as text.
fn wants_versioned(request: &Request) -> bool {
    let version = request.headers().get(VERSION_HEADER).and_then(|version| version.to_str().ok());
    version.is_some_and(|version| version.len() == API_VERSION.len() && version >= API_VERSION)
}

fn answer(status: StatusCode, body: &Value) -> Response {
    Response::builder()
        .status(status)
        .content_type("application/json; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(body.to_string())
}

async fn read<T: DeserializeOwned>(request: &mut Request) -> Outcome<T> {
    let bytes = request.take_body().into_bytes().await.unwrap_or_default();
    serde_json::from_slice(&bytes)
        .map_err(|_| Refused::new(StatusCode::BAD_REQUEST, "bad_json", "The request body is not the JSON this takes."))
}

/// What a committed refusal says, else the answer.
fn accepted(answer: &Answer) -> Outcome<Value> {
    #[derive(Deserialize)]
    struct Said {
        error: String,
        code: String,
    }
    let status = answer.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    if status.is_success() {
        return Ok(answer.parse()?);
    }
    let said: Said = answer.parse()?;
    let mut refused = Refused::new(status, &said.code, &said.error);
    refused.retry_after = (status == StatusCode::TOO_MANY_REQUESTS).then_some(60);
    Err(refused)
}

async fn turn_to_hash(app: &App) -> Outcome<SemaphorePermit<'static>> {
    match tokio::time::timeout(app.db.settings().pool_wait, HASHING.acquire()).await {
        Ok(Ok(permit)) => Ok(permit),
        _ => Err(Error::code("not_available").retry_after(1).into()),
    }
}

#[derive(Deserialize)]
struct SignUp {
    email: Option<String>,
    password: Option<String>,
    phone: Option<String>,
    data: Option<Value>,
}

async fn sign_up(app: App, mut request: Request) -> Outcome {
    let SignUp { email, password, phone, data } = read(&mut request).await?;
    let (Some(email), Some(password)) = (email, password) else {
        return Err(if phone.is_some_and(|phone| !phone.is_empty()) {
            Refused::new(
                StatusCode::BAD_REQUEST,
                "phone_provider_disabled",
                "Accounts are made with an email address here.",
            )
        } else {
            Refused::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "anonymous_provider_disabled",
                "An account has an email address and a password.",
            )
        });
    };
    let args = args! {
        p_email: email, p_password: password, p_data: data, p_ip: address(&request), p_user_agent: user_agent(&request),
    };
    let _turn = turn_to_hash(&app).await?;
    let made = app.db.as_service().write("private.sign_up", args).await?;
    session(&app, accepted(&made)?)
}

#[derive(Deserialize)]
struct Grant {
    email: Option<String>,
    password: Option<String>,
    refresh_token: Option<String>,
}

async fn token(app: App, mut request: Request) -> Outcome {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let kind = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "grant_type");
    let kind = kind.map(|(_, kind)| kind.into_owned()).unwrap_or_default();
    if !matches!(kind.as_str(), "password" | "refresh_token") {
        let message = "grant_type is \"password\" or \"refresh_token\" here.";
        return Err(Refused::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", message));
    }
    let Grant { email, password, refresh_token } = read(&mut request).await?;
    let (ip, agent) = (address(&request), user_agent(&request));
    let service = app.db.as_service();
    let opened = match kind.as_str() {
        "password" => {
            let (email, password) = (email.unwrap_or_default(), password.unwrap_or_default());
            let args = args! { p_email: email, p_password: password, p_ip: ip, p_user_agent: agent };
            let _turn = turn_to_hash(&app).await?;
            service.write("private.sign_in", args).await?
        }
        _ => {
            let token = refresh_token.unwrap_or_default();
            service
                .write("private.refresh_session", args! { p_refresh_token: token, p_ip: ip, p_user_agent: agent })
                .await?
        }
    };
    session(&app, accepted(&opened)?)
}

/// Signs what SQL decided the token says.
fn session(app: &App, mut opened: Value) -> Outcome {
    let Value::Object(mut claims) = opened["claims"].take() else {
        return Err(Error::internal(anyhow::anyhow!("a session without claims")).into());
    };
    let lifetime = opened["expires_in"].as_u64().unwrap_or(3600);
    claims.insert("iss".to_owned(), json!(issuer(app)));
    claims.insert("aud".to_owned(), json!(app.config.tokens.audience));
    let access_token = app.auth.tokens().sign(claims, Duration::from_secs(lifetime))?;
    let expires_at = time::OffsetDateTime::now_utc().unix_timestamp() + i64::try_from(lifetime).unwrap_or_default();
    let body = json!({
        "access_token": access_token,
        "token_type": "bearer",
        "expires_in": lifetime,
        "expires_at": expires_at,
        "refresh_token": opened["refresh_token"],
        "user": opened["user"],
    });
    Ok(answer(StatusCode::OK, &body))
}

fn issuer(app: &App) -> String {
    let ours = || format!("{}/auth/v1", app.config.backend_url.as_str().trim_end_matches('/'));
    app.config.tokens.issuer.clone().unwrap_or_else(ours)
}

/// The signed-in user and their session, from a verified access token.
async fn signed_in(app: &App, request: &Request) -> Outcome<(Uuid, Option<Uuid>)> {
    let token = bearer(request).ok_or_else(|| {
        Refused::new(StatusCode::UNAUTHORIZED, "no_authorization", "This request requires a valid Bearer token.")
    })?;
    let bad = |message: &str| Refused::new(StatusCode::FORBIDDEN, "bad_jwt", message);
    let principal = app.auth.verify(token).await.map_err(|error| match error.status {
        StatusCode::UNAUTHORIZED => bad(&error.sentence),
        _ => Refused::from(error),
    })?;
    let subject = principal.subject.filter(|_| principal.role == Role::Authenticated);
    let subject = subject.ok_or_else(|| bad("This token does not name a user."))?;
    let claims: Map<String, Value> = serde_json::from_str(principal.claims()).unwrap_or_default();
    let session = claims.get("session_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    Ok((subject, session))
}

async fn user(app: App, request: Request) -> Outcome {
    let (user_id, session_id) = signed_in(&app, &request).await?;
    let args = args! { p_user_id: user_id, p_session_id: session_id };
    let found = app.db.as_service().read("private.signed_in_user", args).await?;
    Ok(answer(StatusCode::OK, &accepted(&found)?))
}

#[derive(Deserialize)]
struct Change {
    email: Option<String>,
    password: Option<String>,
    phone: Option<String>,
    data: Option<Value>,
}

async fn update_user(app: App, mut request: Request) -> Outcome {
    let (user_id, session_id) = signed_in(&app, &request).await?;
    let Change { email, password, phone, data } = read(&mut request).await?;
    if phone.is_some_and(|phone| !phone.is_empty()) {
        let message = "Accounts have an email address only here.";
        return Err(Refused::new(StatusCode::BAD_REQUEST, "phone_provider_disabled", message));
    }
    let args = args! {
        p_user_id: user_id, p_session_id: session_id, p_password: password, p_data: data, p_email: email,
        p_ip: address(&request),
    };
    let _turn = turn_to_hash(&app).await?;
    let changed = app.db.as_service().write("private.update_signed_in_user", args).await?;
    Ok(answer(StatusCode::OK, &accepted(&changed)?))
}

async fn log_out(app: App, request: Request) -> Outcome {
    let (user_id, session_id) = signed_in(&app, &request).await?;
    let query = request.uri().query().unwrap_or_default();
    let scope = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "scope");
    let scope = scope.map_or_else(|| "global".to_owned(), |(_, scope)| scope.into_owned());
    let args = args! { p_user_id: user_id, p_session_id: session_id, p_scope: scope, p_ip: address(&request) };
    app.db.as_service().write("private.sign_out", args).await?;
    Ok(Response::builder().status(StatusCode::NO_CONTENT).finish())
}

async fn settings(_: App, _: Request) -> Outcome {
    Ok(answer(
        StatusCode::OK,
        &json!({
            "external": { "email": true, "phone": false, "anonymous_users": false },
            "disable_signup": false,
            "mailer_autoconfirm": true,
            "phone_autoconfirm": false,
            "sms_provider": "",
            "saml_enabled": false,
        }),
    ))
}

async fn health(_: App, _: Request) -> Outcome {
    let body = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "name": "Voxanne",
        "description": "Answers the part of Supabase Auth that supabase-js uses.",
    });
    Ok(answer(StatusCode::OK, &body))
}

/// Tokens are signed with a shared secret, which is nobody else's to know: clients ask `/user`.
async fn signing_keys(_: App, _: Request) -> Outcome {
    Ok(answer(StatusCode::OK, &json!({ "keys": [] })))
}

async fn unknown(_: App, _: Request) -> Outcome {
    Err(Refused::new(StatusCode::NOT_FOUND, "not_found", "This part of Supabase Auth is not served here."))
}

/// Where a request comes from. A peer inside our own network is a proxy, and what it says last about its client holds; a
/// peer outside could write anything there.
fn address(request: &Request) -> Option<String> {
    let peer = request.remote_addr().as_socket_addr()?.ip();
    let forwarded = || {
        let header = request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        header.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    let client = if is_inside(peer) { forwarded().unwrap_or(peer) } else { peer };
    Some(client.to_canonical().to_string())
}

fn is_inside(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    }
}

fn user_agent(request: &Request) -> Option<String> {
    let agent = request.headers().get(header::USER_AGENT)?.to_str().ok()?;
    Some(agent.chars().take(500).collect())
}
