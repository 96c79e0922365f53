//! `Idempotency-Key` over HTTP, on an endpoint whose answer can be given only once.

use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{Session, TestServer};

struct Place {
    server: TestServer,
    admin: Session,
}

impl Place {
    async fn new() -> Self {
        let server = TestServer::without_workers(&[]).await;
        let admin = server.sign_up("Smile").await;
        Self { server, admin }
    }

    fn make_key(&self, session: &Session, name: &str, key: &str) -> RequestBuilder {
        self.server
            .post("/api/api-keys", session)
            .header("idempotency-key", key)
            .json(&json!({ "name": name, "scopes": ["members:read"] }))
    }

    async fn keys(&self) -> i64 {
        let owner = self.server.db.owner().await;
        owner.query_one("select count(*) from public.api_keys", &[]).await.expect("a count").get(0)
    }
}

async fn answer(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

async fn code(response: Response) -> Value {
    response.json::<Value>().await.expect("a JSON body")["code"].clone()
}

#[tokio::test]
async fn the_same_key_and_body_get_the_same_answer() {
    let place = Place::new().await;
    let first = answer(place.make_key(&place.admin, "One", "k-1")).await;
    assert_eq!(first.status(), StatusCode::CREATED);
    assert!(!first.headers().contains_key("idempotent-replayed"));
    let first = first.text().await.expect("a body");

    let second = answer(place.make_key(&place.admin, "One", "k-1")).await;
    assert_eq!(second.status(), StatusCode::CREATED);
    assert_eq!(second.headers()["idempotent-replayed"], "true");
    assert_eq!(second.text().await.expect("a body"), first, "to the byte");
    assert_eq!(place.keys().await, 1);
}

#[tokio::test]
async fn another_body_under_a_used_key_is_refused() {
    let place = Place::new().await;
    assert_eq!(answer(place.make_key(&place.admin, "One", "k-1")).await.status(), StatusCode::CREATED);
    let refused = answer(place.make_key(&place.admin, "Two", "k-1")).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(code(refused).await, json!("idempotency_key_reused"));
    assert_eq!(place.keys().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixteen_at_once_one_executes_and_all_hear_its_answer() {
    let place = Place::new().await;
    let answers =
        futures_util::future::join_all((0..16).map(|_| answer(place.make_key(&place.admin, "One", "k-1")))).await;
    let mut bodies = Vec::new();
    let mut fresh = 0;
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::CREATED);
        fresh += usize::from(!answer.headers().contains_key("idempotent-replayed"));
        bodies.push(answer.text().await.expect("a body"));
    }
    bodies.dedup();
    assert_eq!((fresh, bodies.len()), (1, 1));
    assert_eq!(place.keys().await, 1);
}

#[tokio::test]
async fn another_person_s_key_is_another_key() {
    let place = Place::new().await;
    let colleague = place.server.add_member(place.admin.org_id, "admin").await;
    let stranger = place.server.sign_up("Other").await;
    for (session, name) in [(&place.admin, "One"), (&colleague, "Two"), (&stranger, "Three")] {
        let made = answer(place.make_key(session, name, "k-1")).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        assert!(!made.headers().contains_key("idempotent-replayed"));
    }
    assert_eq!(place.keys().await, 3);
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let place = Place::new().await;
    let refused = answer(place.make_key(&place.admin, "", "k-1")).await;
    assert!(refused.status().is_client_error());
    let made = answer(place.make_key(&place.admin, "One", "k-1")).await;
    assert_eq!(made.status(), StatusCode::CREATED, "the key is still free");
}

#[tokio::test]
async fn a_key_has_a_form() {
    let place = Place::new().await;
    for key in ["", &"k".repeat(256), "a\tb"] {
        let refused = answer(place.make_key(&place.admin, "One", key)).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{key:?}");
        assert_eq!(code(refused).await, json!("idempotency_key_invalid"), "{key:?}");
    }
    assert_eq!(place.keys().await, 0);
    assert_eq!(answer(place.make_key(&place.admin, "One", &"k".repeat(255))).await.status(), StatusCode::CREATED);
}
