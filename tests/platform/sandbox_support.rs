//! What the tests of the sandbox share: a client, a receiver of webhooks, deadlines.

use std::{
    collections::VecDeque,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use poem::{Request, Server, http::StatusCode, listener::TcpAcceptor};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::watch;
use voxanne::sandbox::{Sandbox, SandboxConfig};

pub const KEY: &str = "re_sandbox_123456789";

/// Nothing here takes seconds; what does is broken.
pub async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("it happens in time")
}

/// Webhook retries come after milliseconds instead of seconds and hours.
pub fn quick() -> SandboxConfig {
    let mut config = SandboxConfig::default();
    config.resend.webhook_time_scale = 0.000_2;
    config
}

pub async fn sandbox() -> Sandbox {
    Sandbox::start(quick()).await.expect("the sandbox starts")
}

pub fn http() -> reqwest::Client {
    reqwest::Client::builder().user_agent("voxanne-tests").build().expect("a client")
}

pub fn letter(to: &str) -> Value {
    json!({ "from": "Voxanne <hello@voxanne.test>", "to": [to], "subject": "Hello", "html": "<p>Hello</p>", "text": "Hello" })
}

/// Posts to the Resend stand-in and answers status and body.
pub async fn post(sandbox: &Sandbox, path: &str, key: Option<&str>, body: &Value) -> (u16, Value) {
    let mut request = http().post(format!("{}{path}", sandbox.resend_url())).bearer_auth(KEY).json(body);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

pub async fn get(sandbox: &Sandbox, path: &str) -> (u16, Value) {
    let request = http().get(format!("{}{path}", sandbox.resend_url())).bearer_auth(KEY);
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[derive(Debug, Clone)]
pub struct Received {
    pub id: String,
    pub timestamp: i64,
    pub signature: String,
    pub body: String,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a webhook is JSON")
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }

    /// By the algorithm as published, written down a second time.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("whsec_")).expect("base64");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
        mac.update(format!("{}.{}.{}", self.id, self.timestamp, self.body).as_bytes());
        let expected = STANDARD.encode(mac.finalize().into_bytes());
        self.signature.split(' ').any(|one| one == format!("v1,{expected}"))
    }
}

/// An endpoint that takes webhooks and answers as told, then 200.
pub struct Receiver {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
    count: watch::Sender<usize>,
}

impl Receiver {
    pub async fn start(answers: &[u16]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let received = Arc::new(Mutex::new(Vec::new()));
        let count = watch::Sender::new(0);
        let answers = Arc::new(Mutex::new(answers.iter().copied().collect::<VecDeque<_>>()));
        let (kept, counted) = (received.clone(), count.clone());
        let endpoint = poem::endpoint::make(move |mut request: Request| {
            let (kept, counted, answers) = (kept.clone(), counted.clone(), answers.clone());
            async move {
                let header = |name: &str| request.header(name).unwrap_or_default().to_owned();
                let one = (header("svix-id"), header("svix-timestamp"), header("svix-signature"));
                let body = request.take_body().into_string().await.unwrap_or_default();
                let mut kept = kept.lock().expect("received");
                kept.push(Received { id: one.0, timestamp: one.1.parse().unwrap_or(0), signature: one.2, body });
                counted.send_replace(kept.len());
                let status = answers.lock().expect("answers").pop_front().unwrap_or(200);
                StatusCode::from_u16(status).expect("a status")
            }
        });
        let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
        tokio::spawn(async move { Server::new_with_acceptor(acceptor).run(endpoint).await });
        Self { url, received, count }
    }

    pub fn all(&self) -> Vec<Received> {
        self.received.lock().expect("received").clone()
    }

    /// Everything received once there is at least this much.
    pub async fn at_least(&self, count: usize) -> Vec<Received> {
        within(self.count.subscribe().wait_for(|seen| *seen >= count)).await.expect("the receiver lives");
        self.all()
    }

    pub fn kinds(&self) -> Vec<String> {
        self.all().iter().map(Received::kind).collect()
    }
}
