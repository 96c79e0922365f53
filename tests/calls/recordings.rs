//! Recordings: streamed from the provider as somebody listens, by sign-in or by a link, and by nothing else.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::stream;
use poem::{
    Body, EndpointExt, IntoResponse, Request, Response, Route, Server, get, handler,
    http::StatusCode,
    listener::TcpAcceptor,
    web::{Data, Path},
};
use reqwest::header;
use serde_json::json;
use uuid::Uuid;

use super::dashboard::ended_call;
use crate::{
    support::{Session, TestServer, eventually},
    tenancy::asks::{Said, get as ask, said},
};

const SOUND: &[u8] = b"RIFF....WAVEfmt and so on, a hundred bytes of it would do";

/// A path, the Authorization that came with it, and the Range.
type Asked = (String, Option<String>, Option<String>);

/// Vapi and its store on two ports, and what they were asked.
#[derive(Clone, Default)]
struct Provider {
    asked: Arc<Mutex<Vec<Asked>>>,
    /// Nobody takes any more of a recording without end.
    let_go: Arc<AtomicBool>,
    store: Arc<Mutex<String>>,
}

impl Provider {
    fn note(&self, request: &Request) {
        let of = |name: header::HeaderName| request.header(name).map(str::to_owned);
        let seen = (request.uri().path().to_owned(), of(header::AUTHORIZATION), of(header::RANGE));
        self.asked.lock().expect("nobody panicked").push(seen);
    }

    fn asked(&self) -> Vec<(String, Option<String>, Option<String>)> {
        self.asked.lock().expect("nobody panicked").clone()
    }
}

/// Says when it is dropped.
struct Held(Arc<AtomicBool>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[handler]
fn vapi(request: &Request, Path(id): Path<String>, Data(provider): Data<&Provider>) -> Response {
    provider.note(request);
    match id.as_str() {
        "gone" => StatusCode::NOT_FOUND.into_response(),
        "broken" => StatusCode::BAD_GATEWAY.into_response(),
        "locked" => StatusCode::UNAUTHORIZED.into_response(),
        "circle" => StatusCode::FOUND.with_header(header::LOCATION, request.uri().path()).into_response(),
        "file" => StatusCode::FOUND.with_header(header::LOCATION, "file:///etc/passwd").into_response(),
        id => {
            let to = format!("{}/{id}?signature=secret", provider.store.lock().expect("nobody panicked"));
            StatusCode::FOUND.with_header(header::LOCATION, to).into_response()
        }
    }
}

#[handler]
fn store(request: &Request, Path(id): Path<String>, Data(provider): Data<&Provider>) -> Response {
    provider.note(request);
    let sound = Response::builder().header(header::CONTENT_TYPE, "audio/wav").header(header::ACCEPT_RANGES, "bytes");
    match (id.as_str(), request.header(header::RANGE)) {
        ("endless", _) => {
            let held = Held(provider.let_go.clone());
            sound.body(Body::from_bytes_stream(stream::repeat_with(move || {
                let _held = &held;
                io::Result::Ok(vec![0_u8; 64 * 1024])
            })))
        }
        ("huge", _) => {
            let never = stream::pending::<io::Result<Vec<u8>>>();
            sound.header(header::CONTENT_LENGTH, "9999999999").body(Body::from_bytes_stream(never))
        }
        (_, Some("bytes=4-7")) => sound
            .status(StatusCode::PARTIAL_CONTENT)
            .header(header::CONTENT_RANGE, format!("bytes 4-7/{}", SOUND.len()))
            .body(&SOUND[4..8]),
        (_, Some(_)) => StatusCode::RANGE_NOT_SATISFIABLE.into_response(),
        _ => sound.body(SOUND),
    }
}

async fn listen(route: Route, provider: &Provider) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    let acceptor = TcpAcceptor::from_tokio(listener).expect("a listener");
    tokio::spawn(Server::new_with_acceptor(acceptor).run(route.data(provider.clone())));
    address
}

async fn server_and_provider() -> (TestServer, Provider) {
    let provider = Provider::default();
    let at = listen(Route::new().at("/:id", get(store)), &provider).await;
    *provider.store.lock().expect("nobody panicked") = at;
    let at = listen(Route::new().at("/call/:id/mono-recording", get(vapi)), &provider).await;
    (TestServer::without_workers(&[("VAPI_BASE_URL", at.as_str()), ("VAPI_API_KEY", "planted-key")]).await, provider)
}

async fn recorded(server: &TestServer, clinic: &Session, vapi_call_id: &str) -> Uuid {
    let call = json!({
        "vapi_call_id": vapi_call_id, "recording_status": "completed", "recording_url": "https://example.com/r.wav",
    });
    ended_call(server, clinic, call).await
}

fn of(call: Uuid) -> String {
    format!("/api/calls-dashboard/{call}/recording")
}

/// A link to the recording, as the share action makes it.
async fn link(server: &TestServer, clinic: &Session, call: Uuid, hours_ago: i32) -> String {
    let owner = server.db.superuser().await;
    let sql = "select private.create_recording_link($1, $2, $3, now() - make_interval(hours => $4))";
    let token = owner.query_one(sql, &[&clinic.org_id, &call, &clinic.user_id, &hours_ago]).await.expect("a link");
    format!("/api/recordings/{}", token.get::<_, String>(0))
}

#[tokio::test]
async fn a_recording_is_streamed_and_the_key_stays_with_vapi() {
    let (server, provider) = server_and_provider().await;
    let clinic = server.sign_up("Clinic").await;
    let call = recorded(&server, &clinic, "call-1").await;
    let heard = server.get(&of(call), &clinic).send().await.expect("an answer");
    assert_eq!(heard.status(), 200);
    let headers = heard.headers().clone();
    assert_eq!(headers[header::CONTENT_TYPE], "audio/wav");
    assert_eq!(headers[header::CONTENT_LENGTH], SOUND.len().to_string());
    assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");
    assert_eq!(headers[header::ACCEPT_RANGES], "bytes");
    assert_eq!(heard.bytes().await.expect("the sound"), SOUND);
    let asked = provider.asked();
    assert_eq!(asked[0], ("/call/call-1/mono-recording".to_owned(), Some("Bearer planted-key".to_owned()), None));
    assert_eq!(asked[1], ("/call-1".to_owned(), None, None), "the store is not shown the key");

    let part = server.get(&of(call), &clinic).header(header::RANGE, "bytes=4-7").send().await.expect("an answer");
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()[header::CONTENT_RANGE], format!("bytes 4-7/{}", SOUND.len()));
    assert_eq!(part.bytes().await.expect("a part"), &SOUND[4..8]);
    assert_eq!(provider.asked()[3].2.as_deref(), Some("bytes=4-7"));
    let beyond = server.get(&of(call), &clinic).header(header::RANGE, "bytes=900-").send();
    assert_eq!(beyond.await.expect("an answer").status(), 416);
    let whole = server.get(&of(call), &clinic).header(header::RANGE, "lines=1-2").send().await.expect("an answer");
    assert_eq!(whole.status(), 200, "what is no range of bytes is no range");
}

#[tokio::test]
async fn what_cannot_be_heard_is_said_in_words() {
    let (server, _) = server_and_provider().await;
    let clinic = server.sign_up("Clinic").await;
    let expected = [
        ("gone", 404, "recording_not_found"),
        ("broken", 502, "recording_unavailable"),
        ("locked", 502, "recording_unavailable"),
        ("circle", 502, "recording_unavailable"),
        ("file", 502, "recording_unavailable"),
        ("huge", 502, "recording_unavailable"),
    ];
    for (id, status, code) in expected {
        let call = recorded(&server, &clinic, id).await;
        let Said { status: answered, text } = ask(&server, &clinic, &of(call)).await;
        assert_eq!(answered, status, "{id}: {text}");
        assert!(text.contains(code) && !text.contains("planted-key") && !text.contains("signature"), "{id}: {text}");
    }
    for (status, code) in [("pending", "recording_not_ready"), ("failed", "recording_not_found")] {
        let call = ended_call(&server, &clinic, json!({ "vapi_call_id": status, "recording_status": status })).await;
        ask(&server, &clinic, &of(call)).await.is(404, code);
    }
    let erased = json!({ "vapi_call_id": "erased", "recording_status": "completed", "recording_url": null });
    let erased = ended_call(&server, &clinic, erased).await;
    ask(&server, &clinic, &of(erased)).await.is(404, "recording_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hangs_up_ends_the_download() {
    let (server, provider) = server_and_provider().await;
    let clinic = server.sign_up("Clinic").await;
    let call = recorded(&server, &clinic, "endless").await;
    let mut heard = server.get(&of(call), &clinic).send().await.expect("an answer");
    heard.chunk().await.expect("it goes on").expect("a piece");
    assert!(!provider.let_go.load(Ordering::SeqCst), "it is sent as long as somebody listens");
    drop(heard);
    eventually("the store sends nothing any more", || async { provider.let_go.load(Ordering::SeqCst) }).await;
}

#[tokio::test]
async fn a_shared_link_is_heard_without_signing_in_until_it_expires() {
    let (server, provider) = server_and_provider().await;
    let clinic = server.sign_up("Clinic").await;
    let call = recorded(&server, &clinic, "call-1").await;
    let shared = link(&server, &clinic, call, 23).await;
    for _ in 0..2 {
        let heard = server.request(reqwest::Method::GET, &shared, None).send().await.expect("an answer");
        assert_eq!(heard.status(), 200);
        assert_eq!(heard.headers()[header::CACHE_CONTROL], "private, no-store");
        assert_eq!(heard.headers()["x-robots-tag"], "noindex, nofollow");
        assert_eq!(heard.headers()[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(heard.bytes().await.expect("the sound"), SOUND);
    }
    let part = server.request(reqwest::Method::GET, &shared, None).header(header::RANGE, "bytes=4-7").send();
    assert_eq!(part.await.expect("an answer").status(), 206);

    let asked = provider.asked().len();
    let expired = link(&server, &clinic, call, 24).await;
    let erased = link(&server, &clinic, recorded(&server, &clinic, "call-2").await, 0).await;
    let owner = server.db.superuser().await;
    let erase = "update public.calls set recording_url = null where vapi_call_id = 'call-2'";
    owner.execute(erase, &[]).await.expect("it is erased");
    let unknown = format!("/api/recordings/{}", "A".repeat(43));
    let mut answers = Vec::new();
    for path in [&expired, &erased, &unknown, &"/api/recordings/x%00y".to_owned()] {
        let said = said(server.request(reqwest::Method::GET, path, None)).await;
        let body: serde_json::Value = serde_json::from_str(&said.text).expect("JSON");
        answers.push((said.status, body["code"].clone(), body["error"].clone()));
    }
    assert_eq!(answers[0], (404, json!("recording_not_found"), json!("There is no recording here.")));
    assert!(answers[..3].iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!((400..500).contains(&answers[3].0), "{answers:?}");
    assert_eq!(provider.asked().len(), asked, "the provider is not asked for any of them");
}
