//! The HTTP server: routes, what surrounds every request, and the graceful stop.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use poem::{
    Body, Endpoint, EndpointExt, IntoEndpoint, IntoResponse, PathPattern, Request, Response, Route, Server, get,
    handler,
    http::{HeaderValue, Method, StatusCode, header},
    listener::TcpAcceptor,
    middleware::Cors,
    web::Data,
};
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use uuid::Uuid;

use crate::{
    api, args,
    auth::{self, Authenticator},
    config::Config,
    db::{Db, migrate},
    effects,
    error::Error,
    telemetry,
    vault::Vault,
    webhooks,
};

/// How long requests under way get to finish once the server is told to stop.
const GRACE: Duration = Duration::from_secs(15);

/// What every handler can reach.
#[derive(Clone)]
pub struct App(Arc<Shared>);

pub struct Shared {
    pub config: Config,
    pub db: Db,
    pub auth: Authenticator,
    pub http: reqwest::Client,
    /// Requests that wait for what becomes of an effect.
    pub awaiter: effects::Awaiter,
    pub events: api::platform::events::Feed,
    pub email_testing: Option<crate::sandbox::Resend>,
    /// Cancelled when the server is told to stop: long answers end themselves.
    pub stopping: CancellationToken,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Connects to the database and to nothing else. Refuses one that this release does not fit.
    pub async fn connect(config: Config, email_testing: Option<crate::sandbox::Resend>) -> anyhow::Result<Self> {
        telemetry::install_metrics();
        let db = Db::connect(&config.database, config.org_in_flight).await?;
        migrate::ensure_compatible(db.worker_pool()).await?;
        let links = args! { p_app_url: config.frontend_url.as_str(), p_sender: &config.resend.from };
        db.as_service().write("private.configure_emails", links).await?;
        db.as_service().write("private.configure_links", args! { p_api_url: config.backend_url.as_str() }).await?;
        let http = http_client()?;
        let stopping = CancellationToken::new();
        Ok(Self(Arc::new(Shared {
            auth: Authenticator::new(&config.tokens, db.clone(), http.clone()),
            events: api::platform::events::Feed::new(db.clone(), stopping.clone()),
            awaiter: effects::Awaiter::new(db.clone()),
            config,
            db,
            http,
            email_testing,
            stopping,
        })))
    }
}

impl Shared {
    /// What seals customers' secrets and opens them. Without a key nothing secret is taken in.
    pub fn vault(&self) -> Result<&Vault, Error> {
        self.config.vault.as_ref().ok_or_else(|| Error::code("vault_unavailable"))
    }
}

/// The client of every provider. Each request sets its own time limit; redirects of an API are not followed.
pub fn http_client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .user_agent(concat!("voxanne/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

/// Serves the API until `app.stopping` is cancelled, then lets requests under way finish.
pub async fn serve(app: App, listener: TcpListener) -> anyhow::Result<()> {
    let stopping = app.stopping.clone();
    run(endpoint(app), stopping, listener).await
}

/// Serves health, readiness and figures alone: for a process of workers.
pub async fn serve_watched(app: App, listener: TcpListener) -> anyhow::Result<()> {
    let stopping = app.stopping.clone();
    run(surrounded(watched(), app), stopping, listener).await
}

async fn run(
    endpoint: impl Endpoint<Output = Response> + 'static,
    stopping: CancellationToken,
    listener: TcpListener,
) -> anyhow::Result<()> {
    Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?)
        .idle_timeout(Duration::from_secs(75))
        .run_with_graceful_shutdown(endpoint, async move { stopping.cancelled().await }, Some(GRACE))
        .await?;
    Ok(())
}

/// What a process is watched by.
fn watched() -> Route {
    Route::new().at("/health", get(health)).at("/ready", get(ready)).at("/metrics", get(figures))
}

/// Every route, and what surrounds them.
pub fn endpoint(app: App) -> impl Endpoint<Output = Response> + 'static {
    let document = Arc::new(api::openapi::document());
    let docs = api::openapi::page(&document);
    let mut routes = watched()
        .at("/openapi.json", get(poem::endpoint::make_sync(move |_| json(document.as_str().to_owned()))))
        .at("/docs", get(poem::endpoint::make_sync(move |_| poem::web::Html(docs.clone()))))
        .nest("/api/webhooks", webhooks::routes())
        .nest("/api/vapi", webhooks::vapi::routes())
        .at("/api/integrations/:provider/callback", get(api::calendars::come_back))
        .at("/api/recordings/:token", get(api::calls::shared_recording))
        .nest("/", api::service());
    if app.config.local_auth {
        routes = routes.nest("/auth/v1", auth::local::routes());
    }
    if app.config.supabase_door {
        routes = routes.nest("/rest/v1", api::rpc::routes());
    }
    if app.email_testing.is_some() {
        routes = api::platform::email_testing::mount(routes);
    }
    surrounded(routes, app)
}

/// Routes with what every request has around it.
pub fn surrounded(routes: Route, app: App) -> impl Endpoint<Output = Response> + 'static {
    let cors = cors(&app.config);
    routes
        .around(surround)
        .with(cors)
        .catch_all_error(|error| async move { Error::from_poem(&error).answer("") })
        .data(app)
        .into_endpoint()
        .map_to_response()
}

fn cors(config: &Config) -> Cors {
    let cors = Cors::new()
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PATCH,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
        ])
        .expose_headers([
            "x-request-id",
            "content-range",
            "retry-after",
            "idempotent-replayed",
            "x-supabase-api-version",
        ])
        .allow_credentials(false)
        .max_age(600);
    if config.cors_origins.iter().any(|origin| origin == "*") {
        cors.allow_origin_regex("*")
    } else {
        cors.allow_origins(config.cors_origins.iter().map(String::as_str))
    }
}

/// Around every request: an id, a span, a limit on body and time, panics caught, errors in their one shape, figures.
async fn surround<E: Endpoint>(endpoint: Arc<E>, mut request: Request) -> poem::Result<Response> {
    let started = Instant::now();
    let request_id = request_id(&request);
    let method = request.method().clone();
    let app = request.data::<App>().expect("the app is attached to every request").clone();
    let span = tracing::info_span!("request", %request_id, %method, path = without_token(request.uri().path()));

    let outcome = async {
        let limit = webhooks::body_limit(request.uri().path(), &app.config);
        limit_body(&mut request, limit).await?;
        let answering = AssertUnwindSafe(endpoint.call(request)).catch_unwind();
        match tokio::time::timeout(app.config.request_timeout, answering).await {
            Ok(Ok(answer)) => answer.map(IntoResponse::into_response),
            Ok(Err(_)) => Err(Error::internal(anyhow::anyhow!("a handler panicked")).into()),
            Err(_) => Err(Error::code("request_timeout").into()),
        }
    }
    .instrument(span.clone())
    .await;

    let (route, mut response) = span.in_scope(|| match outcome {
        Ok(response) => (response.data::<PathPattern>().map(|pattern| pattern.0.to_string()), response),
        Err(error) => {
            let route = error.data::<PathPattern>().map(|pattern| pattern.0.to_string());
            let response = match error.downcast_ref::<Error>() {
                Some(ours) => ours.answer(&request_id),
                None => Error::from_poem(&error).answer(&request_id),
            };
            (route, response)
        }
    });
    let status = response.status();
    let labels = [
        ("method", method.to_string()),
        ("route", route.unwrap_or_else(|| "none".to_owned())),
        ("status", status.as_u16().to_string()),
    ];
    metrics::counter!("voxanne_http_requests_total", &labels).increment(1);
    metrics::histogram!("voxanne_http_request_seconds", &labels[..2]).record(started.elapsed());
    let ms = started.elapsed().as_micros() as f64 / 1000.0;
    span.in_scope(|| tracing::info!(status = status.as_u16(), ms, "answered"));

    response.headers_mut().insert("x-request-id", HeaderValue::from_str(&request_id).expect("an id is plain text"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// A path as it may be logged: whoever reads the token of a shared recording could listen.
fn without_token(path: &str) -> &str {
    const SHARED: &str = "/api/recordings/";
    if path.starts_with(SHARED) { SHARED } else { path }
}

/// The caller's id when it is a plain one, so that a request can be followed through both logs; else a new one.
fn request_id(request: &Request) -> String {
    request
        .header("x-request-id")
        .filter(|id| {
            (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// Reads the body up to the limit, whether or not its length was announced.
async fn limit_body(request: &mut Request, limit: usize) -> Result<(), Error> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let announced = request.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Error::code("body_too_large"));
    }
    let bytes = request.take_body().into_bytes_limit(limit).await.map_err(|error| match error {
        poem::error::ReadBodyError::PayloadTooLarge => Error::code("body_too_large"),
        error => Error::code("invalid_request").because(error),
    })?;
    request.set_body(Body::from_bytes(bytes));
    Ok(())
}

fn json(text: String) -> Response {
    Response::builder().content_type("application/json").body(text)
}

/// Alive: the process answers.
#[handler]
fn health() -> Response {
    json(r#"{"status":"ok"}"#.to_owned())
}

/// Fit for traffic: the database answers both logins, its schema fits this server, the queue is not far behind.
#[handler]
async fn ready(Data(app): Data<&App>) -> Response {
    let stopping = app.stopping.is_cancelled();
    let args = args! { p_server_release: env!("CARGO_PKG_VERSION") };
    match (stopping, app.db.as_service().read("private.readiness", args).await, app.db.user_pool().get().await) {
        (false, Ok(answer), Ok(_)) => {
            let mut response = json(answer.body.clone());
            response.set_status(answer.status.and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK));
            response
        }
        (stopping, service, user) => {
            tracing::warn!(stopping, service = ?service.err(), user = ?user.err().map(|e| e.to_string()), "not ready");
            let mut response = json(r#"{"status":"unavailable"}"#.to_owned());
            response.set_status(StatusCode::SERVICE_UNAVAILABLE);
            response
        }
    }
}

/// Figures for Prometheus. In production only with the token.
#[handler]
async fn figures(request: &Request, Data(app): Data<&App>) -> poem::Result<Response> {
    let allowed = match &app.config.metrics_token {
        Some(token) => auth::bearer(request)
            .is_some_and(|given| bool::from(given.as_bytes().ct_eq(token.expose_secret().as_bytes()))),
        None => !app.config.production,
    };
    if !allowed {
        return Err(Error::code("not_found").into());
    }
    telemetry::note_pools(&app.db);
    Ok(Response::builder().content_type("text/plain; version=0.0.4").body(telemetry::metrics()))
}
