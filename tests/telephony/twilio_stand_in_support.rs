//! A Twilio of one's own, and a client that asks it.

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use url::form_urlencoded;
use voxanne::sandbox::{Sandbox, SandboxConfig, Twilio, twilio::Credentials};

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

const FORM: &str = "application/x-www-form-urlencoded";

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
