//! What the tests of the Stripe stand-in share: a client of its API, and an endpoint for its events.

use std::{
    collections::VecDeque,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use hmac::{Hmac, Mac};
use poem::{Request, Server, http::StatusCode, listener::TcpAcceptor};
use serde_json::Value;
use sha2::Sha256;
use tokio::sync::watch;
use voxanne::sandbox::{
    Sandbox, SandboxConfig, Stripe,
    stripe::{Card, Payment, VERSION},
};

pub const ORG: &str = "0b0e7a52-52a5-4b7d-9a54-0d9a3a1c0f11";

/// Nothing here takes seconds; what does is broken.
pub async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("it happens in time")
}

pub fn http() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

/// The stand-in, and what one asks of it.
pub struct Till {
    pub sandbox: Sandbox,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn id(&self) -> String {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body["id"].as_str().expect("an id").to_owned()
    }

    /// The error's code, or its type when it has none.
    pub fn refusal(&self) -> (u16, &str) {
        let error = &self.body["error"];
        (self.status, error["code"].as_str().or_else(|| error["type"].as_str()).unwrap_or("none"))
    }

    pub fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or_default()
    }
}

impl Till {
    pub async fn open() -> Self {
        let mut config = SandboxConfig::default();
        config.stripe.webhook_time_scale = 0.000_02;
        Self { sandbox: Sandbox::start(config).await.expect("the sandbox starts") }
    }

    pub fn stripe(&self) -> &Stripe {
        &self.sandbox.stripe
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.stripe_url())
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = request
            .bearer_auth(self.stripe().secret_key())
            .header("stripe-version", VERSION)
            .send()
            .await
            .expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, body: answer.json().await.expect("JSON") }
    }

    pub async fn post(&self, path: &str, form: &str) -> Answer {
        self.send(self.posting(path, form)).await
    }

    pub async fn post_with_key(&self, key: &str, path: &str, form: &str) -> Answer {
        self.send(self.posting(path, form).header("idempotency-key", key)).await
    }

    pub fn posting(&self, path: &str, form: &str) -> reqwest::RequestBuilder {
        let kind = "application/x-www-form-urlencoded";
        http().post(self.url(path)).header("content-type", kind).body(form.to_owned())
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(http().get(self.url(path))).await
    }

    pub async fn customer(&self) -> String {
        self.post("/v1/customers", &format!("email=owner@clinic.test&metadata[org_id]={ORG}")).await.id()
    }

    /// A top-up as the product asks for it: the card is saved.
    pub async fn session(&self, customer: &str, pence: i64) -> String {
        self.post("/v1/checkout/sessions", &checkout(customer, pence)).await.id()
    }

    /// The intent of a session that was paid with this card.
    pub async fn paid(&self, customer: &str, pence: i64, card: Card) -> String {
        let session = self.session(customer, pence).await;
        let mut ended = self.stripe().pay(&session, card).expect("a session that is open");
        if ended == Payment::NeedsAuthentication {
            ended = self.stripe().authenticate(&session, true).expect("a question");
        }
        assert_eq!(ended, Payment::Paid);
        self.field(&session, "payment_intent")
    }

    pub fn field(&self, id: &str, name: &str) -> String {
        let object = self.stripe().object(id).expect("an object");
        object[name].as_str().unwrap_or_else(|| panic!("no {name} in {object}")).to_owned()
    }

    pub fn kinds(&self) -> Vec<String> {
        self.stripe().events().iter().map(kind).collect()
    }

    pub async fn receiver(&self, answers: &[u16]) -> Receiver {
        let receiver = Receiver::start(answers).await;
        self.stripe().send_webhooks_to(&receiver.url);
        receiver
    }
}

pub fn kind(event: &Value) -> String {
    event["type"].as_str().expect("a type").to_owned()
}

pub fn checkout(customer: &str, pence: i64) -> String {
    format!(
        "mode=payment&customer={customer}&client_reference_id={ORG}&metadata[org_id]={ORG}\
         &line_items[0][quantity]=1&line_items[0][price_data][currency]=gbp\
         &line_items[0][price_data][unit_amount]={pence}\
         &line_items[0][price_data][product_data][name]=Call+credit\
         &payment_intent_data[metadata][org_id]={ORG}&payment_intent_data[setup_future_usage]=off_session\
         &success_url=http%3A%2F%2Flocalhost%3A3000%2Fdashboard%2Fwallet%3Ftopup%3Dsuccess%26session_id%3D%7BCHECKOUT_SESSION_ID%7D\
         &cancel_url=http%3A%2F%2Flocalhost%3A3000%2Fdashboard%2Fwallet%3Ftopup%3Dcancelled"
    )
}

/// A charge while nobody is there.
pub fn off_session(customer: &str, method: &str, pence: i64) -> String {
    format!(
        "amount={pence}&currency=gbp&customer={customer}&payment_method={method}&off_session=true&confirm=true\
         &metadata[org_id]={ORG}"
    )
}

#[derive(Debug, Clone)]
pub struct Received {
    pub signature: String,
    pub body: String,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a webhook is JSON")
    }

    pub fn kind(&self) -> String {
        kind(&self.json())
    }

    /// By the algorithm as published, written down a second time.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let (time, given) = self.signature.split_once(",v1=").expect("t=…,v1=…");
        let time = time.strip_prefix("t=").expect("a time");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("{time}.{}", self.body).as_bytes());
        mac.verify_slice(&hex::decode(given).expect("hex")).is_ok()
    }
}

/// An endpoint that takes events and answers as told, then 200.
pub struct Receiver {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
    count: watch::Sender<usize>,
}

impl Receiver {
    async fn start(answers: &[u16]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let received = Arc::new(Mutex::new(Vec::new()));
        let count = watch::Sender::new(0);
        let answers = Arc::new(Mutex::new(answers.iter().copied().collect::<VecDeque<_>>()));
        let (kept, counted) = (received.clone(), count.clone());
        let endpoint = poem::endpoint::make(move |mut request: Request| {
            let (kept, counted, answers) = (kept.clone(), counted.clone(), answers.clone());
            async move {
                let signature = request.header("stripe-signature").unwrap_or_default().to_owned();
                let body = request.take_body().into_string().await.unwrap_or_default();
                let mut kept = kept.lock().expect("received");
                kept.push(Received { signature, body });
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
