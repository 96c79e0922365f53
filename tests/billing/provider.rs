//! A provider that answers what it is told to and keeps what it was sent.

use std::{
    collections::{BTreeMap, VecDeque},
    pin::Pin,
    sync::{Arc, Mutex},
};

use poem::{Request, Response, Server, http::StatusCode, listener::TcpAcceptor};
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;
use voxanne::{
    config::Config,
    db::Args,
    effects::{Effect, Registry, Verdict, executors},
    error::Result,
    vault::{Keyring, Strongroom},
};

/// 32 bytes, and what seals in tests.
pub const VAULT_KEYS: &str = "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    /// The fields of a form; none is there twice.
    pub fn form(&self) -> BTreeMap<String, String> {
        assert_eq!(self.header("content-type"), "application/x-www-form-urlencoded");
        let fields: Vec<_> = form_urlencoded::parse(self.body.as_bytes()).into_owned().collect();
        let map: BTreeMap<_, _> = fields.iter().cloned().collect();
        assert_eq!(map.len(), fields.len(), "{}", self.body);
        map
    }
}

/// What the provider does with one request.
pub enum Answer {
    Says(u16, Vec<(&'static str, &'static str)>, String),
    Silence,
}

pub fn says(status: u16, body: &Value) -> Answer {
    Answer::Says(status, Vec::new(), body.to_string())
}

pub fn says_with(status: u16, headers: &[(&'static str, &'static str)], body: &Value) -> Answer {
    Answer::Says(status, headers.to_vec(), body.to_string())
}

pub struct Provider {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
}

impl Provider {
    /// Answers in this order, then 200 with `{}`.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(Mutex::new(answers.into_iter().collect::<VecDeque<_>>()));
        let (kept, scripted) = (seen.clone(), answers.clone());
        let endpoint = poem::endpoint::make(move |request: Request| {
            let (kept, scripted) = (kept.clone(), scripted.clone());
            async move {
                let one = read(request).await;
                kept.lock().expect("seen").push(one);
                let next = scripted.lock().expect("answers").pop_front();
                match next.unwrap_or_else(|| says(200, &json!({}))) {
                    Answer::Silence => std::future::pending().await,
                    Answer::Says(status, headers, body) => {
                        let mut response = Response::builder().status(StatusCode::from_u16(status).expect("a status"));
                        for (name, value) in headers {
                            response = response.header(name, value);
                        }
                        response.content_type("application/json").body(body)
                    }
                }
            }
        });
        let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
        tokio::spawn(async move { Server::new_with_acceptor(acceptor).run(endpoint).await });
        Self { url, seen, answers }
    }

    pub fn then(&self, answer: Answer) {
        self.answers.lock().expect("answers").push_back(answer);
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("seen").clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }
}

async fn read(request: Request) -> Seen {
    let (parts, body) = request.into_parts();
    let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let text = |value: &poem::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Seen {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query,
        headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: body.into_string().await.expect("a text"),
    }
}

/// Nobody has entrusted anything to us.
struct Nobody;

impl Strongroom for Nobody {
    fn read<'a>(&'a self, _: &'a str, _: Args) -> Pin<Box<dyn Future<Output = Result<Value>> + Send + 'a>> {
        Box::pin(async { Ok(Value::Null) })
    }
}

/// The executors as the server makes them from its settings.
pub fn registry(settings: &[(&str, &str)]) -> Registry {
    registry_with(settings, Nobody)
}

/// And with what customers have entrusted to us.
pub fn registry_with(settings: &[(&str, &str)], entrusted: impl Strongroom) -> Registry {
    let base = [
        ("VOXANNE_ENV", "development"),
        ("DATABASE_URL", "postgres://voxanne_api@localhost/voxanne"),
        ("SERVICE_DATABASE_URL", "postgres://voxanne_worker@localhost/voxanne"),
        ("JWT_SECRET", "a-secret-of-thirty-two-bytes-or-more"),
        ("VAULT_KEYS", VAULT_KEYS),
    ];
    let map = base.iter().chain(settings).map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let config = Config::from_map(&map).expect("test settings are fit");
    let http = voxanne::server::http_client().expect("a client");
    executors::registry(&config, &http, &Keyring::new(&config, entrusted))
}

pub fn effect(kind: &str, payload: Value) -> Effect {
    serde_json::from_value(json!({
        "id": Uuid::new_v4(), "org_id": payload["org_id"], "kind": kind, "payload": payload, "attempts": 1,
        "lease_token": Uuid::new_v4(), "lease_seconds": 60, "timeout_seconds": 30,
    }))
    .expect("an effect")
}

pub fn error_of(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Refused { error } | Verdict::Retry { error, .. } => error,
        Verdict::Done(result) => panic!("it was done: {result}"),
    }
}
