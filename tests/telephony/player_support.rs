//! A server of the test's own, which Vapi's stand-in asks, and a clinic's number that it has.

use std::sync::{Arc, Mutex};

use poem::{IntoResponse, Request, Response, Server, http::StatusCode, listener::TcpAcceptor, web::Json};
use serde_json::{Value, json};
use voxanne::sandbox::{Sandbox, SandboxConfig, Vapi, vapi::Sent};

use super::vapi_stand_in::answer;

pub const NUMBER: &str = "+442079460001";
pub const CALLER: &str = "+447700900123";
pub const SECRET: &str = "shared-with-vapi";

/// What came.
#[derive(Debug, Clone)]
pub struct Came {
    pub secret: String,
    pub signature: String,
    pub timestamp: String,
    pub body: String,
}

impl Came {
    pub fn message(&self) -> Value {
        serde_json::from_str::<Value>(&self.body).expect("JSON")["message"].clone()
    }
}

type Answers = dyn Fn(&Value) -> (u16, Value) + Send + Sync;

pub struct Clinic {
    pub sandbox: Sandbox,
    pub url: String,
    pub assistant: String,
    pub http: reqwest::Client,
    came: Arc<Mutex<Vec<Came>>>,
    answers: Arc<Mutex<Arc<Answers>>>,
}

/// Takes every call with this assistant, and says of every tool that it is done.
pub fn usual(assistant: &str) -> impl Fn(&Value) -> (u16, Value) + Send + Sync + use<> {
    let assistant = assistant.to_owned();
    move |message| match message["type"].as_str() {
        Some("assistant-request") => (200, json!({ "assistantId": assistant })),
        Some("tool-calls") => (200, done(message)),
        Some("transfer-destination-request") => {
            (200, json!({ "destination": { "type": "number", "number": "+442079460999" } }))
        }
        _ => (200, json!({})),
    }
}

pub fn done(message: &Value) -> Value {
    let one =
        |call: &Value| json!({ "toolCallId": call["id"], "result": format!("Done: {}.", call["function"]["name"]) });
    let list = message["toolCallList"].as_array().expect("tool calls");
    json!({ "results": list.iter().map(one).collect::<Vec<_>>() })
}

impl Clinic {
    pub async fn open() -> Self {
        Self::with(json!({})).await
    }

    /// With these fields of the assistant besides.
    pub async fn with(fields: Value) -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/api/vapi/webhook", listener.local_addr().expect("an address"));
        let came = Arc::new(Mutex::new(Vec::new()));
        let answers: Arc<Mutex<Arc<Answers>>> = Arc::new(Mutex::new(Arc::new(|_: &Value| (500, Value::Null))));
        serve(listener, came.clone(), answers.clone());

        let account = sandbox.twilio.account_sid().to_owned();
        sandbox.twilio.give_number(&account, NUMBER).expect("a number");
        let http = reqwest::Client::new();
        let mut clinic = Self { sandbox, url, assistant: String::new(), http, came, answers };
        let server = json!({ "url": clinic.url, "timeoutSeconds": 20, "headers": { "x-vapi-secret": SECRET } });
        let number = json!({
            "provider": "twilio", "number": NUMBER, "twilioAccountSid": account,
            "twilioAuthToken": clinic.sandbox.twilio.auth_token(), "smsEnabled": false, "server": server,
        });
        let (status, imported) = clinic.post("/phone-number", &number).await;
        assert_eq!(status, 201, "{imported}");
        let mut assistant = json!({
            "name": "Reception", "firstMessage": "Hello, how can I help?",
            "model": {
                "provider": "openai", "model": "gpt-4o-mini",
                "messages": [{ "role": "system", "content": "You are a receptionist." }],
            },
            "server": server,
        });
        assistant.as_object_mut().expect("an object").extend(fields.as_object().cloned().unwrap_or_default());
        let (status, made) = clinic.post("/assistant", &assistant).await;
        assert_eq!(status, 201, "{made}");
        clinic.assistant = made["id"].as_str().expect("an id").to_owned();
        clinic.answers(usual(&clinic.assistant));
        clinic
    }

    pub fn vapi(&self) -> &Vapi {
        &self.sandbox.vapi
    }

    pub fn answers(&self, answers: impl Fn(&Value) -> (u16, Value) + Send + Sync + 'static) {
        *self.answers.lock().expect("answers") = Arc::new(answers);
    }

    pub fn came(&self) -> Vec<Came> {
        self.came.lock().expect("what came").clone()
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.sandbox.vapi_url());
        answer(self.http.post(url).bearer_auth(self.vapi().api_key()).json(body)).await
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let url = format!("{}{path}", self.sandbox.vapi_url());
        answer(self.http.get(url).bearer_auth(self.vapi().api_key())).await
    }

    /// An order over the call's control URL.
    pub async fn order(&self, id: &str, order: &Value) -> u16 {
        let call = self.vapi().call(id).expect("the call");
        let control = call["monitor"]["controlUrl"].as_str().expect("a control URL");
        answer(self.http.post(control).json(order)).await.0
    }
}

fn serve(listener: tokio::net::TcpListener, came: Arc<Mutex<Vec<Came>>>, answers: Arc<Mutex<Arc<Answers>>>) {
    let endpoint = poem::endpoint::make(move |mut request: Request| {
        let (came, answers) = (came.clone(), answers.clone());
        async move {
            let header = |name: &str| request.header(name).unwrap_or_default().to_owned();
            let (secret, signature, timestamp) =
                (header("x-vapi-secret"), header("x-signature"), header("x-timestamp"));
            let body = request.take_body().into_string().await.unwrap_or_default();
            let one = Came { secret, signature, timestamp, body };
            let message = one.message();
            came.lock().expect("what came").push(one);
            let answers = answers.lock().expect("answers").clone();
            let (status, body) = answers(&message);
            let status = StatusCode::from_u16(status).expect("a status");
            Ok::<Response, poem::Error>((status, Json(body)).into_response())
        }
    });
    let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
    tokio::spawn(async move { Server::new_with_acceptor(acceptor).run(endpoint).await });
}

pub fn kinds(sent: &[Sent]) -> Vec<&str> {
    sent.iter().map(|one| one.kind.as_str()).collect()
}

pub fn sent<'a>(all: &'a [Sent], kind: &str) -> &'a Value {
    &all.iter().find(|one| one.kind == kind).unwrap_or_else(|| panic!("{kind} in {:?}", kinds(all))).body["message"]
}
