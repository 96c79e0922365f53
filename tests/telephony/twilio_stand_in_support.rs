//! A Twilio of one's own, a client that asks it, and somebody who is called back.

use std::sync::{Arc, Mutex};

use poem::{Request, Server, http::StatusCode, listener::TcpAcceptor};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use url::form_urlencoded;
use voxanne::sandbox::{
    Sandbox, SandboxConfig, Twilio,
    twilio::{AccountBook, Credentials},
};

pub struct Exchange {
    pub sandbox: Sandbox,
    http: reqwest::Client,
}

pub type Answer = (u16, Value);

impl Exchange {
    pub async fn open() -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        Self { sandbox, http: reqwest::Client::new() }
    }

    pub fn twilio(&self) -> &Twilio {
        &self.sandbox.twilio
    }

    /// The platform's own account.
    pub fn platform(&self) -> Credentials {
        let twilio = self.twilio();
        Credentials { sid: twilio.account_sid().to_owned(), token: twilio.auth_token().to_owned() }
    }

    pub async fn subaccount(&self, name: &str) -> Credentials {
        let (status, made) = self.write(&self.platform(), "/2010-04-01/Accounts.json", &[("FriendlyName", name)]).await;
        assert_eq!(status, 201, "{made}");
        let text = |field: &str| made[field].as_str().expect("a text").to_owned();
        Credentials { sid: text("sid"), token: text("auth_token") }
    }

    /// What the books say of the platform's account.
    pub fn book(&self) -> AccountBook {
        self.twilio().books().account(&self.platform().sid).expect("it is there").clone()
    }

    /// A request with these keys to any address.
    pub fn request(&self, keys: &Credentials, method: Method, address: &str) -> RequestBuilder {
        let url = format!("{}{address}", self.sandbox.twilio_url());
        self.http.request(method, url).basic_auth(&keys.sid, Some(&keys.token))
    }

    pub async fn read(&self, keys: &Credentials, address: &str) -> Answer {
        answer(self.request(keys, Method::GET, address)).await
    }

    pub async fn write(&self, keys: &Credentials, address: &str, fields: &[(&str, &str)]) -> Answer {
        answer(self.request(keys, Method::POST, address).header("content-type", FORM).body(form(fields))).await
    }

    /// What belongs to the platform's account.
    pub async fn get(&self, path: &str) -> Answer {
        self.read(&self.platform(), &under(&self.platform().sid, path)).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.write(&self.platform(), &under(&self.platform().sid, path), fields).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        let keys = self.platform();
        answer(self.request(&keys, Method::DELETE, &under(&keys.sid, path))).await
    }
}

pub const FORM: &str = "application/x-www-form-urlencoded";

pub fn under(account: &str, path: &str) -> String {
    format!("/2010-04-01/Accounts/{account}{path}")
}

pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Nothing is null.
pub async fn answer(request: RequestBuilder) -> Answer {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") })
}

/// What was posted back.
#[derive(Debug, Clone)]
pub struct Letter {
    pub signature: String,
    pub fields: Vec<(String, String)>,
}

impl Letter {
    pub fn field(&self, name: &str) -> String {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// Takes what Twilio posts.
pub struct Mailbox {
    pub url: String,
    letters: Arc<Mutex<Vec<Letter>>>,
}

impl Mailbox {
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/status?about=1", listener.local_addr().expect("an address"));
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = letters.clone();
        let endpoint = poem::endpoint::make(move |mut request: Request| {
            let kept = kept.clone();
            async move {
                let signature = request.header("x-twilio-signature").unwrap_or_default().to_owned();
                let body = request.take_body().into_bytes().await.expect("a body");
                let fields = form_urlencoded::parse(&body).into_owned().collect();
                kept.lock().expect("letters").push(Letter { signature, fields });
                StatusCode::OK
            }
        });
        let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
        tokio::spawn(async move { Server::new_with_acceptor(acceptor).run(endpoint).await });
        Self { url, letters }
    }

    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().expect("letters").clone()
    }
}
