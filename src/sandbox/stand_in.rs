//! The frame every stand-in is served in: its own port, faults, the request log, and an admin door.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response, Route, Server,
    endpoint::BoxEndpoint,
    get,
    http::{Method, StatusCode, header},
    web::Json,
};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use super::{
    faults::{Fault, Faults, Misbehaviour, Pause},
    line::{Doorman, Lines},
    log::RequestLog,
};
use crate::error::Error;

/// The largest body any of the real providers takes.
const BODY_LIMIT: usize = 40 * 1024 * 1024;

/// How long open connections may keep a stopping stand-in waiting.
const GOODBYE: Duration = Duration::from_millis(200);

/// What a stand-in brings along; the frame adds the rest.
pub(crate) trait Provider: Clone + Send + Sync + 'static {
    const NAME: &'static str;

    fn frame(&self) -> &Frame;

    /// What the real provider serves. Faults and the request log apply here.
    fn api(&self) -> Route;

    /// Pages and helpers for people and tests, which never misbehave.
    fn desk(&self) -> BoxEndpoint<'static, Response>;

    fn is_desk(&self, path: &str) -> bool;

    /// An error in the provider's own shape.
    fn error(&self, status: StatusCode) -> Response;
}

/// State that the frame shares with the provider in it.
#[derive(Clone, Default)]
pub(crate) struct Frame {
    pub(crate) faults: Faults,
    pub(crate) log: RequestLog,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
    lines: Lines,
}

impl Frame {
    /// Runs beside the requests and is dropped when the stand-in stops.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            let _ = stop.run_until_cancelled(work).await;
        });
    }
}

/// A stand-in that is being served.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    frame: Frame,
    server: JoinHandle<()>,
}

impl Running {
    pub(crate) async fn stop(mut self) {
        self.frame.stop.cancel();
        self.frame.tasks.close();
        self.frame.tasks.wait().await;
        let _ = (&mut self.server).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.frame.stop.cancel();
    }
}

pub(crate) async fn serve<P: Provider>(provider: P, port: u16) -> io::Result<Running> {
    let frame = provider.frame().clone();
    let doorman = Doorman::bind(port, frame.lines.clone()).await?;
    let address = doorman.address();
    let front = Front {
        api: Arc::new(provider.api().map_to_response().boxed()),
        desk: provider.desk(),
        admin: Route::new().nest("/_sandbox", admin(&frame)).map_to_response().boxed(),
        provider,
    };
    let stop = frame.stop.clone();
    let server = tokio::spawn(async move {
        let served = Server::new_with_acceptor(doorman)
            .name(P::NAME)
            .run_with_graceful_shutdown(front, stop.cancelled_owned(), Some(GOODBYE))
            .await;
        if let Err(error) = served {
            tracing::error!(stand_in = P::NAME, %error, "the stand-in stopped");
        }
    });
    Ok(Running { address, frame, server })
}

struct Front<P> {
    provider: P,
    api: Arc<BoxEndpoint<'static, Response>>,
    desk: BoxEndpoint<'static, Response>,
    admin: BoxEndpoint<'static, Response>,
}

/// The desk's refusals have the shape they have on the API server, where the same pages are served.
fn ours(result: poem::Result<Response>) -> Response {
    result.unwrap_or_else(|error| {
        let request_id = Uuid::new_v4().to_string();
        match error.downcast_ref::<Error>() {
            Some(ours) => ours.answer(&request_id),
            None => Error::from_poem(&error).answer(&request_id),
        }
    })
}

impl<P: Provider> Front<P> {
    /// What happens to a request before the provider sees it.
    fn refused(&self, subject: &str) -> Option<Response> {
        let fault = self
            .provider
            .frame()
            .faults
            .take(subject, |what| matches!(what, Misbehaviour::Error { .. } | Misbehaviour::RateLimited { .. }))?;
        match fault {
            Misbehaviour::Error { status } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Some(self.provider.error(status))
            }
            Misbehaviour::RateLimited { retry_after } => {
                let mut answer = self.provider.error(StatusCode::TOO_MANY_REQUESTS);
                answer.headers_mut().insert(header::RETRY_AFTER, retry_after.into());
                Some(answer)
            }
            _ => None,
        }
    }

    async fn act(&self, mut request: Request, body: Bytes, pause: Pause) -> Response {
        request.set_body(body);
        request.extensions_mut().insert(pause.clone());
        // A caller that hangs up does not undo what it asked for, so the work is no part of the connection.
        let api = self.api.clone();
        let work = tokio::spawn(async move {
            let answer = api.call(request).await;
            pause.wait().await;
            answer
        });
        match work.await {
            Ok(result) => result.unwrap_or_else(|error| self.provider.error(error.status())),
            Err(_) => self.provider.error(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

impl<P: Provider> Endpoint for Front<P> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let path = request.uri().path().to_owned();
        if self.provider.is_desk(&path) {
            return Ok(ours(self.desk.call(request).await));
        }
        if path.starts_with("/_sandbox/") {
            return Ok(ours(self.admin.call(request).await));
        }
        let frame = self.provider.frame();
        let caller = request.remote_addr().clone();
        let subject = format!("{} {path}", request.method());
        let Ok(body) = request.take_body().into_bytes_limit(BODY_LIMIT).await else {
            return Ok(self.provider.error(StatusCode::PAYLOAD_TOO_LARGE));
        };
        let target = request.uri().path_and_query().map_or(path.as_str(), |target| target.as_str());
        let number = frame.log.begin(request.method().as_str(), target, request.headers(), &body);

        let pause = frame.faults.pause(&subject);
        if let Some(refusal) = self.refused(&subject) {
            pause.wait().await;
            frame.log.end(number, refusal.status().as_u16());
            return Ok(refusal);
        }
        if frame.faults.take(&subject, |what| *what == Misbehaviour::LostRequest).is_some() {
            pause.wait().await;
            frame.lines.cut(&caller);
            return Ok(StatusCode::NO_CONTENT.into());
        }
        let answer = self.act(request, body, pause).await;
        if frame.faults.take(&subject, |what| *what == Misbehaviour::LostAnswer).is_some() {
            frame.lines.cut(&caller);
            return Ok(answer);
        }
        frame.log.end(number, answer.status().as_u16());
        Ok(answer)
    }
}

/// `/_sandbox/faults` and `/_sandbox/requests`.
fn admin(frame: &Frame) -> Route {
    let faults = frame.faults.clone();
    let log = frame.log.clone();
    let handle_faults = poem::endpoint::make(move |request: Request| handle_faults(faults.clone(), request));
    let handle_log = poem::endpoint::make_sync(move |request: Request| {
        if request.method() == Method::DELETE {
            log.clear();
            return StatusCode::NO_CONTENT.into_response();
        }
        Json(log.all()).into_response()
    });
    let handle_faults = Arc::new(handle_faults.boxed());
    let handle_log = Arc::new(handle_log.boxed());
    Route::new()
        .at("/faults", get(handle_faults.clone()).post(handle_faults.clone()).delete(handle_faults))
        .at("/requests", get(handle_log.clone()).delete(handle_log))
}

async fn handle_faults(faults: Faults, mut request: Request) -> Response {
    match *request.method() {
        Method::POST => {
            let body = request.take_body().into_bytes_limit(64 * 1024).await.unwrap_or_default();
            let read = serde_json::from_slice::<Fault>(&body).map_err(|error| error.to_string());
            match read.and_then(|fault| fault.check().map(|()| fault)) {
                Ok(fault) => {
                    faults.add(fault);
                    Json(faults.list()).with_status(StatusCode::CREATED).into_response()
                }
                Err(error) => {
                    Json(json!({ "error": error })).with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response()
                }
            }
        }
        Method::DELETE => {
            faults.clear();
            StatusCode::NO_CONTENT.into_response()
        }
        _ => Json(faults.list()).into_response(),
    }
}
