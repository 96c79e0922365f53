//! Live events: `GET /api/events`, server-sent.
//!
//! One reader a process follows the stored events and hands them to every open stream ([`feed`]); a stream that comes
//! back first gets from storage what it missed, then goes on live ([`listener`]).

mod cursor;
mod feed;
mod listener;

use futures_util::stream;
use poem::{
    IntoResponse, Request, Response,
    web::{Data, sse::SSE},
};
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::Header,
    payload::{EventStream, Payload},
    registry::{MetaResponses, MetaSchemaRef, Registry},
};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

pub use self::feed::Feed;
use self::{cursor::Cursor, listener::Listener};
use crate::{
    api::{SignedIn, Tag},
    args, auth,
    error::{Error, Result},
    server::App,
};

/// The `data` of a message. Its `event` is the kind, its `id` the cursor to come back with.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; the listener writes the JSON")]
struct LiveEvent {
    /// What happened: `call.started`, `appointment.booked`, `wallet.changed`, …
    ///
    /// And about the stream itself: `stream.ready`, `stream.heartbeat`, `stream.reset` (the cursor cannot be resumed:
    /// read everything again), `stream.closed` (with the code of the refusal).
    kind: String,
    created_at: OffsetDateTime,
    payload: Value,
}

pub struct EventsApi;

#[OpenApi(prefix_path = "/api", tag = "Tag::Platform")]
impl EventsApi {
    /// Listen to what happens in the organisation
    ///
    /// A stream of server-sent events that stays open. Come back with the `id` of the last message as `Last-Event-ID`
    /// and nothing is missed, nothing comes twice. A heartbeat comes every few seconds; the stream ends when the token
    /// expires or the caller may no longer read the organisation. One organisation has at most 100 streams on a server.
    #[oai(path = "/events", method = "get", operation_id = "open_event_stream")]
    async fn open_event_stream(
        &self,
        caller: SignedIn,
        /// Where an earlier stream ended.
        #[oai(name = "Last-Event-ID")]
        last_event_id: Header<Option<String>>,
        request: &Request,
        Data(app): Data<&App>,
    ) -> Result<Streamed> {
        let org_id: Uuid = caller.0.read("open_event_stream", args! {}).await?.parse()?;
        let last = match last_event_id.0.as_deref().filter(|id| !id.is_empty()) {
            Some(id) => Some(id.parse::<Cursor>().map_err(|()| Error::code("event_cursor_invalid"))?),
            None => None,
        };
        let listener = Listener::open(app, caller.0, org_id, last, expiry(request, app).await?).await?;
        Ok(Streamed(SSE::new(stream::unfold(listener, |mut listener| async move {
            listener.next().await.map(|event| (event, listener))
        }))))
    }
}

/// When the caller's token ends, in Unix seconds; an API key has no token, and is asked about at every heartbeat.
async fn expiry(request: &Request, app: &App) -> Result<Option<i64>> {
    let Some(credential) = auth::bearer(request) else { return Ok(None) };
    let principal = app.auth.verify(credential).await?;
    let claims: Value = serde_json::from_str(principal.claims()).map_err(Error::internal)?;
    Ok(claims["exp"].as_i64())
}

/// Server-sent events, documented as a stream of [`LiveEvent`].
struct Streamed(SSE);

type Documented = EventStream<stream::Empty<LiveEvent>>;

impl IntoResponse for Streamed {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl Payload for Streamed {
    const CONTENT_TYPE: &'static str = Documented::CONTENT_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        Documented::schema_ref()
    }

    fn register(registry: &mut Registry) {
        <Documented as Payload>::register(registry);
    }
}

impl ApiResponse for Streamed {
    fn meta() -> MetaResponses {
        Documented::meta()
    }

    fn register(registry: &mut Registry) {
        <Documented as ApiResponse>::register(registry);
    }
}
