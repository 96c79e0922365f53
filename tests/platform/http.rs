//! What surrounds every request: limits, errors in one shape, CORS, ids, the graceful stop.

use futures_util::future::join_all;
use poem::{Route, Server, get, handler, listener::TcpAcceptor};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use voxanne::{error::REGISTRY, server};

use crate::support::{TestServer, eventually};

/// Checks that a refusal has the documented shape and gives nothing of the inside away.
async fn refusal(answer: reqwest::Response) -> (StatusCode, String) {
    let status = answer.status();
    let id = answer.headers()["x-request-id"].to_str().expect("a plain id").to_owned();
    let text = answer.text().await.expect("a body");
    let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"));
    let code = body["code"].as_str().unwrap_or_else(|| panic!("no code: {text}")).to_owned();
    assert_eq!(body["error"], json!(REGISTRY[&code].sentence), "{text}");
    assert_eq!(status.as_u16(), REGISTRY[&code].status, "{text}");
    assert_eq!(body["request_id"], json!(id), "{text}");
    for inside in
        ["pg_catalog", "private.", "plpgsql", "relation", "syntax error", "SQLSTATE", "src/", "panicked", "tokio"]
    {
        assert!(!text.contains(inside), "{inside} leaks: {text}");
    }
    (status, code)
}

#[tokio::test]
async fn what_cannot_be_read_is_a_clear_400() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let bodies: [&[u8]; 9] = [
        b"{",
        b"not json",
        b"",
        b"[]",
        b"{\"email\": \"a@b.example\", \"role\": \"owner\"}",
        b"{\"email\": \"a@b.example\", \"surprise\": true}",
        b"{\"email\": \"\\ud800\"}",
        b"{\"email\": \"\xff\xfe\"}",
        b"{\"email\": {\"$ne\": null}}",
    ];
    for body in bodies {
        let request = server.post("/api/members/invite", &admin).header("content-type", "application/json");
        let (status, code) = refusal(request.body(body.to_vec()).send().await.unwrap()).await;
        assert_eq!((status.as_u16(), code.as_str()), (400, "invalid_request"), "{}", String::from_utf8_lossy(body));
    }
    for number in ["1e400", "99999999999999999999999999", "-1", "1.5", "\"7\""] {
        let request = server.request(Method::PUT, "/api/organization/retention", Some(&admin));
        let body = format!("{{\"retention_transcripts_days\": {number}}}");
        let (status, _) =
            refusal(request.header("content-type", "application/json").body(body).send().await.unwrap()).await;
        assert!([400, 422].contains(&status.as_u16()), "{number}");
    }
    for path in [
        "/api/audit-logs?limit=many",
        "/api/audit-logs?actor_id=nobody",
        "/api/audit-logs?cursor=%00",
        "/api/audit-logs?from=whenever",
    ] {
        let (status, _) = refusal(server.get(path, &admin).send().await.unwrap()).await;
        assert!([400, 422].contains(&status.as_u16()), "{path}");
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_stored_is_refused_and_one_that_looks_like_sql_is_just_a_text() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let with_nul = server.patch("/api/organization", &admin).json(&json!({ "specialty": "a\u{0}b" }));
    let (status, code) = refusal(with_nul.send().await.unwrap()).await;
    assert_eq!((status.as_u16(), code.as_str()), (422, "invalid_text"));

    for text in [
        "'; drop table public.organizations; --",
        "\\'; select pg_sleep(10); --",
        "$$; rollback; $$",
        "%s %I %L",
        "{{name}}",
        "\u{202e}gnirts\u{1f600}",
        "E'\\x00'",
    ] {
        let answer =
            server.patch("/api/organization", &admin).json(&json!({ "specialty": text })).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{text}");
        assert_eq!(answer.json::<Value>().await.unwrap()["specialty"], json!(text));
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_same_shape() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let cases = [
        (Method::GET, "/nowhere", 404),
        (Method::GET, "/api/nowhere", 404),
        (Method::GET, "/api/members/../../etc/passwd", 404),
        (Method::DELETE, "/api/me", 405),
        (Method::PATCH, "/api/members/not-a-uuid", 400),
        (Method::PATCH, "/api/members/00000000-0000-0000-0000-000000000000", 404),
    ];
    for (method, path, expected) in cases {
        let answer =
            server.request(method.clone(), path, Some(&admin)).json(&json!({ "full_name": "X" })).send().await.unwrap();
        let (status, _) = refusal(answer).await;
        assert_eq!(status.as_u16(), expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_whether_or_not_it_says_its_length() {
    let server = TestServer::without_workers(&[("BODY_LIMIT_BYTES", "10000")]).await;
    let admin = server.sign_up("Clinic").await;
    let large = json!({ "specialty": "x".repeat(20_000) }).to_string();
    let request = || server.patch("/api/organization", &admin).header("content-type", "application/json");
    let (_, code) = refusal(request().body(large.clone()).send().await.unwrap()).await;
    assert_eq!(code, "body_too_large");

    let address = server.url("").trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PATCH /api/organization HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        admin.token
    );
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len()).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("body_too_large"), "{answer}");
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let request = server.patch("/api/organization", &admin).header("content-type", "text/xml").body("<x/>");
    let (status, code) = refusal(request.send().await.unwrap()).await;
    assert_eq!((status.as_u16(), code.as_str()), (415, "unsupported_media_type"));
}

#[handler]
fn falls_over() -> String {
    panic!("on purpose");
}

#[handler]
async fn takes_for_ever() -> String {
    std::future::pending().await
}

/// A server of odd routes, surrounded as the real ones are.
async fn odd(server: &TestServer) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let routes = Route::new().at("/falls-over", get(falls_over)).at("/takes-for-ever", get(takes_for_ever));
    let endpoint = server::surrounded(routes, server.app.clone());
    tokio::spawn(Server::new_with_acceptor(TcpAcceptor::from_tokio(listener).unwrap()).run(endpoint));
    address
}

#[tokio::test]
async fn a_panic_is_one_500_and_the_server_goes_on() {
    let server = TestServer::without_workers(&[]).await;
    let address = odd(&server).await;
    for _ in 0..3 {
        let answer = server.client().get(format!("{address}/falls-over")).send().await.unwrap();
        assert_eq!(refusal(answer).await.1, "internal_error");
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_told_so() {
    let server = TestServer::without_workers(&[("REQUEST_TIMEOUT_MS", "100")]).await;
    let address = odd(&server).await;
    let answer = server.client().get(format!("{address}/takes-for-ever")).send().await.unwrap();
    assert_eq!(refusal(answer).await.1, "request_timeout");
}

#[tokio::test]
async fn browsers_may_call_from_the_configured_origins_and_from_no_other() {
    let server = TestServer::without_workers(&[
        ("FRONTEND_URL", "https://app.example"),
        ("CORS_ORIGINS", "https://admin.example"),
    ])
    .await;
    let admin = server.sign_up("Clinic").await;
    for (origin, allowed) in
        [("https://app.example", true), ("https://admin.example", true), ("https://evil.example", false)]
    {
        let preflight = server
            .client()
            .request(Method::OPTIONS, server.url("/api/organization"))
            .header("origin", origin)
            .header("access-control-request-method", "PATCH")
            .header("access-control-request-headers", "authorization,content-type,idempotency-key");
        let answer = preflight.send().await.unwrap();
        let granted =
            answer.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(granted.as_deref() == Some(origin), allowed, "{origin}");

        let answer = server.get("/api/me", &admin).header("origin", origin).send().await.unwrap();
        assert_eq!(answer.headers().contains_key("access-control-allow-origin"), allowed, "{origin}");
    }
    let refused =
        server.client().get(server.url("/api/me")).header("origin", "https://app.example").send().await.unwrap();
    assert_eq!(refused.status(), 401);
    assert!(refused.headers().contains_key("access-control-allow-origin"), "a refusal can be read by the page too");
}

#[tokio::test]
async fn a_request_keeps_the_id_it_came_with_when_that_is_a_plain_one() {
    let server = TestServer::without_workers(&[]).await;
    let ask = |id: &'static str| server.client().get(server.url("/health")).header("x-request-id", id).send();
    assert_eq!(ask("front-end-42-abcdef").await.unwrap().headers()["x-request-id"], "front-end-42-abcdef");
    for odd in ["short", "with space in it", "quote\"quote\"quote"] {
        assert_ne!(ask(odd).await.unwrap().headers()["x-request-id"], odd);
    }
}

#[tokio::test]
async fn a_server_told_to_stop_finishes_what_is_under_way_and_takes_nothing_new() {
    let server = TestServer::without_workers(&[("ORG_IN_FLIGHT", "10")]).await;
    let admin = server.sign_up("Clinic").await;
    server
        .db
        .owner()
        .await
        .batch_execute(
            "create function public.dawdle() returns integer language plpgsql volatile security invoker
             set search_path = pg_catalog, pg_temp as $$ begin perform pg_sleep(1); return 42; end $$;
             grant execute on function public.dawdle() to authenticated",
        )
        .await
        .unwrap();
    let slow = join_all((0..3).map(|_| server.post("/rest/v1/rpc/dawdle", &admin).json(&json!({})).send()));
    let stop = async {
        let asleep =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
        let superuser = server.db.superuser().await;
        eventually("the calls are under way", || async {
            superuser.query_one(asleep, &[]).await.unwrap().get::<_, i64>(0) == 3
        })
        .await;
        server.app.stopping.cancel();
        eventually("the port is closed", || async { reqwest::get(server.url("/health")).await.is_err() }).await;
    };
    let (answers, ()) = tokio::join!(slow, stop);
    for answer in answers {
        assert_eq!(answer.unwrap().json::<Value>().await.unwrap(), json!(42));
    }
}

#[tokio::test]
async fn health_readiness_and_figures_are_there_to_be_watched() {
    let server = TestServer::start_with(&[("METRICS_TOKEN", "for-the-scraper")]).await;
    let admin = server.sign_up("Clinic").await;
    server.get("/api/me", &admin).send().await.unwrap();

    assert_eq!(
        server.client().get(server.url("/health")).send().await.unwrap().json::<Value>().await.unwrap()["status"],
        "ok"
    );
    let ready = server.client().get(server.url("/ready")).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    assert_eq!(ready.json::<Value>().await.unwrap()["status"], "ok");

    assert_eq!(server.client().get(server.url("/metrics")).send().await.unwrap().status(), 404);
    let figures = server.client().get(server.url("/metrics")).bearer_auth("for-the-scraper").send().await.unwrap();
    let figures = figures.text().await.unwrap();
    assert!(
        figures.contains("voxanne_http_requests_total{method=\"GET\",route=\"/api/me\",status=\"200\"}"),
        "{figures}"
    );
    assert!(figures.contains("voxanne_pool_connections"), "{figures}");

    server
        .db
        .owner()
        .await
        .execute("update private.schema_release set min_server_release = '99.0.0'", &[])
        .await
        .unwrap();
    let unfit = server.client().get(server.url("/ready")).send().await.unwrap();
    assert_eq!(unfit.status(), 503);
    assert_eq!(unfit.json::<Value>().await.unwrap()["code"], "server_too_old");
}
