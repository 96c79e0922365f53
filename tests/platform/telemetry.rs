//! Traces and error reports, where they are built in: they arrive, and say no more than they should.

#![cfg(any(feature = "otel", feature = "sentry"))]

use std::sync::{Arc, Mutex};

use poem::{Body, EndpointExt, Server, handler, listener::TcpAcceptor, web::Data};
use serde_json::json;
use voxanne::telemetry;

use crate::support::{TestServer, eventually};

/// Bodies that a stand-in for a collector was sent, with the paths.
type Received = Arc<Mutex<Vec<(String, String)>>>;

#[handler]
async fn receive(request: &poem::Request, body: Body, Data(received): Data<&Received>) -> &'static str {
    let body = body.into_vec().await.expect("a body");
    let text = String::from_utf8_lossy(&body).into_owned();
    received.lock().expect("no panic holds it").push((request.uri().path().to_owned(), text));
    ""
}

async fn collector() -> (String, Received) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("its address").to_string();
    let received = Received::default();
    let acceptor = TcpAcceptor::from_tokio(listener).expect("a listener");
    tokio::spawn(Server::new_with_acceptor(acceptor).run(receive.data(received.clone())));
    (address, received)
}

fn sent(received: &Received, path: &str) -> String {
    let all = received.lock().expect("no panic holds it");
    all.iter().filter(|(to, _)| to == path).map(|(_, body)| body.as_str()).collect()
}

#[cfg(feature = "otel")]
#[tokio::test(flavor = "multi_thread")]
async fn the_spans_of_requests_and_effects_arrive_at_the_collector() {
    let (address, received) = collector().await;
    let server = TestServer::start_with(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("http://{address}/"))]).await;
    let guard = telemetry::init(&server.app.config).expect("telemetry starts");
    let admin = server.sign_up("Clinic").await;
    server.get("/api/me", &admin).header("x-request-id", "followed-through").send().await.expect("an answer");
    server
        .post("/api/members/invite", &admin)
        .json(&json!({ "email": "guest@clinic.example" }))
        .send()
        .await
        .expect("an answer");
    eventually("the emails are on their way", || async { server.sandbox.resend.mails().len() == 2 }).await;
    tokio::task::spawn_blocking(move || drop(guard)).await.expect("the last spans are sent");

    let traces = sent(&received, "/v1/traces");
    for expected in ["service.name", "voxanne", "request", "/api/me", "followed-through", "effect", "resend.email"] {
        assert!(traces.contains(expected), "{expected} is in no span");
    }
    for kept in [admin.token.as_str(), admin.email.as_str(), "guest@clinic.example"] {
        assert!(!traces.contains(kept), "{kept} is in a span");
    }
}

#[cfg(feature = "sentry")]
#[tokio::test(flavor = "multi_thread")]
async fn an_error_is_reported_before_the_process_ends() {
    let (address, received) = collector().await;
    let server = TestServer::start_with(&[("SENTRY_DSN", &format!("http://public@{address}/7"))]).await;
    let guard = telemetry::init(&server.app.config).expect("telemetry starts");
    tracing::error!(status = 500, "planted trouble");
    tokio::task::spawn_blocking(move || drop(guard)).await.expect("the last reports are sent");
    assert!(sent(&received, "/api/7/envelope/").contains("planted trouble"));
}
