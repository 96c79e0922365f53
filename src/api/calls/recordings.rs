//! Recordings, streamed on demand: the provider's own links expire, so none is handed on.
//!
//! Vapi answers our key with the address of a store, signed for a few minutes. The key goes to Vapi alone. What the store
//! sends is passed on piece by piece as the listener takes it: nothing is kept, and a listener who hangs up ends the
//! download, since the pieces are asked for by their connection.

use std::{
    io,
    sync::{Arc, LazyLock},
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use poem::{
    Body, IntoResponse, Request, Response, handler,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    web::{self, Data},
};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path},
    payload::{Binary, Payload},
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
};
use secrecy::ExposeSecret;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;
use uuid::Uuid;

use crate::{
    api::{SignedIn, Tag},
    args,
    config::Config,
    error::{Error, Result},
    server::App,
};

/// An hour of a call is a hundred megabytes; no call lasts four.
const MOST: u64 = 512 * 1024 * 1024;
/// Until headers are there, at Vapi and at its store each.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Between two pieces.
const PIECE_WITHIN: Duration = Duration::from_secs(30);
/// All of it, however slowly somebody listens.
const WHOLE_WITHIN: Duration = Duration::from_secs(30 * 60);
/// From Vapi to its store, and once more in case the store moves.
const MOVES: usize = 3;
/// Signed store addresses are long; ranges are short.
const LONGEST_RANGE: usize = 100;

/// How many recordings a server streams at once: to members, and to whoever has a link. A crowd at a shared link takes
/// nothing from those who work.
static FOR_MEMBERS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(64)));
static FOR_LINKS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(16)));

/// What is worth passing on of the store's headers.
const PASSED: [HeaderName; 4] =
    [header::CONTENT_LENGTH, header::CONTENT_RANGE, header::ACCEPT_RANGES, header::LAST_MODIFIED];

/// What `call_recording` and `recording_of_token` say.
#[derive(Deserialize)]
struct Source {
    call_id: Uuid,
    vapi_call_id: String,
}

pub struct RecordingsApi;

#[OpenApi(prefix_path = "/api/calls-dashboard", tag = "Tag::Calls")]
impl RecordingsApi {
    /// Listen to a call
    ///
    /// The recording, from the beginning or from where `Range` says: then the answer is 206.
    #[oai(path = "/:id/recording", method = "get", operation_id = "call_recording")]
    async fn call_recording(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        /// Such as `bytes=0-65535`.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
        Data(app): Data<&App>,
    ) -> Result<Recording> {
        let found = caller.0.read("call_recording", args! { p_call_id: id.0 }).await?;
        play(app, found.parse()?, range.0.as_deref(), &FOR_MEMBERS).await
    }
}

/// `GET /api/recordings/:token`: a link somebody shared, for whoever has it, without signing in.
#[handler]
pub async fn shared_recording(
    request: &Request,
    web::Path(token): web::Path<String>,
    Data(app): Data<&App>,
) -> Result<Response> {
    let found = app.db.as_service().read("private.recording_of_token", args! { p_token: token }).await?;
    let mut response = play(app, found.parse()?, request.header(header::RANGE), &FOR_LINKS).await?.into_response();
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

async fn play(app: &App, source: Source, range: Option<&str>, seats: &Arc<Semaphore>) -> Result<Recording> {
    let seat = seats.clone().try_acquire_owned().map_err(|_| Error::code("busy").retry_after(5))?;
    let range = range.filter(|range| range.len() <= LONGEST_RANGE && range.starts_with("bytes="));
    let found = find(app, &source.vapi_call_id, range).await?;
    match found.status() {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
        StatusCode::RANGE_NOT_SATISFIABLE => return Err(Error::code("recording_range_invalid")),
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Error::code("recording_not_found")),
        status => return Err(unavailable(format!("a recording is answered with {status}"))),
    }
    if found.content_length().is_some_and(|length| length > MOST) {
        return Err(unavailable(format!("a recording has more than {MOST} bytes")));
    }
    let headers = passed_on(found.headers(), source.call_id);
    let mut response = Response::builder().status(found.status()).body(Body::from_bytes_stream(pieces(found, seat)));
    response.headers_mut().extend(headers);
    Ok(Recording(response))
}

/// The answer that has the recording, or says no.
async fn find(app: &App, vapi_call_id: &str, range: Option<&str>) -> Result<reqwest::Response> {
    let api_key = app.config.vapi.api_key.as_ref();
    let api_key = api_key.ok_or_else(|| unavailable("VAPI_API_KEY is missing, so no recording can be fetched"))?;
    let mut url = address(&app.config, vapi_call_id)?;
    for moves in 0..=MOVES {
        let mut request = app.http.get(url.clone()).timeout(WHOLE_WITHIN);
        if moves == 0 {
            request = request.bearer_auth(api_key.expose_secret());
        }
        if let Some(range) = range {
            request = request.header(header::RANGE, range);
        }
        let answer = match tokio::time::timeout(ANSWER_WITHIN, request.send()).await {
            Ok(Ok(answer)) => answer,
            // The address is signed: whoever reads it in a log could listen.
            Ok(Err(error)) => return Err(unavailable(format!("a recording is not answered: {}", error.without_url()))),
            Err(_) => return Err(unavailable("a recording is not answered in time")),
        };
        if !answer.status().is_redirection() {
            return Ok(answer);
        }
        url = next(&url, answer.headers(), &app.config)
            .ok_or_else(|| unavailable("a recording's address leads nowhere"))?;
    }
    Err(unavailable("a recording moves on and on"))
}

fn address(config: &Config, vapi_call_id: &str) -> Result<Url> {
    let mut url = config.vapi.base_url.clone();
    url.path_segments_mut()
        .map_err(|()| Error::internal(anyhow::anyhow!("Vapi's address takes no path")))?
        .pop_if_empty()
        .extend(["call", vapi_call_id, "mono-recording"]);
    Ok(url)
}

/// Where a redirection leads. In the open only where Vapi itself is spoken to in the open, which is the stand-in.
fn next(url: &Url, headers: &HeaderMap, config: &Config) -> Option<Url> {
    let next = url.join(headers.get(header::LOCATION)?.to_str().ok()?).ok()?;
    (next.scheme() == "https" || (next.scheme() == "http" && config.vapi.base_url.scheme() == "http")).then_some(next)
}

/// Of the store's headers what a player needs, and ours. Nothing of it may be kept on the way, or be taken for a page.
fn passed_on(theirs: &HeaderMap, call_id: Uuid) -> HeaderMap {
    let mut headers: HeaderMap =
        PASSED.into_iter().filter_map(|name| theirs.get(&name).map(|value| (name, value.clone()))).collect();
    let kind = theirs.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let (kind, ending) = match kind.split(';').next().unwrap_or_default().trim() {
        "audio/mpeg" | "audio/mp3" => ("audio/mpeg", "mp3"),
        "audio/ogg" => ("audio/ogg", "ogg"),
        "audio/mp4" => ("audio/mp4", "m4a"),
        _ => ("audio/wav", "wav"),
    };
    let file = format!("inline; filename=\"call-{call_id}.{ending}\"");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&file).expect("a file's name is plain text"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers
}

/// The recording, a piece at a time. A piece that does not come, and one too many, break the answer off: its length was
/// announced, so nobody takes the beginning for the whole.
fn pieces(
    found: reqwest::Response,
    seat: OwnedSemaphorePermit,
) -> impl stream::Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::unfold(Some((found, seat, 0_u64)), |state| async move {
        let (mut found, seat, sent) = state?;
        let piece = match tokio::time::timeout(PIECE_WITHIN, found.chunk()).await {
            Ok(Ok(piece)) => piece?,
            Ok(Err(error)) => return Some((Err(io::Error::other(error.without_url())), None)),
            Err(_) => return Some((Err(io::ErrorKind::TimedOut.into()), None)),
        };
        let sent = sent + piece.len() as u64;
        if sent > MOST {
            return Some((Err(io::Error::other("a recording has no end")), None));
        }
        Some((Ok(piece), Some((found, seat, sent))))
    })
}

fn unavailable(why: impl Into<String>) -> Error {
    Error::code("recording_unavailable").because(anyhow::anyhow!(why.into()))
}

/// Audio, as it comes.
struct Recording(Response);

impl IntoResponse for Recording {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for Recording {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType { content_type: "audio/wav", schema: Binary::<Vec<u8>>::schema_ref() }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        <Binary<Vec<u8>> as Payload>::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn whatever_the_store_says_it_is_the_answer_is_audio_that_nobody_keeps() {
        let page =
            given(&[(header::CONTENT_TYPE, "text/html"), (header::SET_COOKIE, "a=b"), (header::CONTENT_LENGTH, "7")]);
        let ours = passed_on(&page, Uuid::nil());
        assert_eq!(ours[header::CONTENT_TYPE], "audio/wav");
        assert_eq!(ours[header::CONTENT_LENGTH], "7");
        assert_eq!(ours[header::CACHE_CONTROL], "private, no-store");
        assert!(!ours.contains_key(header::SET_COOKIE));
        let song = passed_on(&given(&[(header::CONTENT_TYPE, "audio/mpeg; charset=binary")]), Uuid::nil());
        assert_eq!(song[header::CONTENT_TYPE], "audio/mpeg");
        assert!(song[header::CONTENT_DISPOSITION].to_str().expect("text").ends_with(".mp3\""));
    }
}
