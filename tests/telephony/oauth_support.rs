//! What the tests of the logins share: a client that asks for consent and for tokens.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};
use voxanne::sandbox::{Face, OAuth, Sandbox, SandboxConfig};

pub const BACK: &str = "https://voxanne.test/api/integrations/callback";
pub const ANNA: &str = "anna+desk@clinic.test";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const EVENTS: &str = "https://www.googleapis.com/auth/calendar.events";
pub const FREE_BUSY: &str = "https://www.googleapis.com/auth/calendar.freebusy";
pub const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";

pub struct Login {
    pub sandbox: Sandbox,
    pub face: Face,
    pub http: reqwest::Client,
}

impl Login {
    pub async fn at(face: Face) -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let login = Self { sandbox, face, http };
        login.oauth().register(BACK);
        login
    }

    pub fn oauth(&self) -> &OAuth {
        match self.face {
            Face::Google => &self.sandbox.google,
            Face::Outlook => &self.sandbox.outlook,
        }
    }

    pub fn url(&self, path: &str) -> String {
        match self.face {
            Face::Google => format!("{}{path}", self.sandbox.google_url()),
            Face::Outlook => format!("{}{path}", self.sandbox.outlook_url()),
        }
    }

    /// What our client asks with.
    pub fn asking(&self) -> BTreeMap<&'static str, String> {
        let mut query = BTreeMap::from([
            ("client_id", self.oauth().client_id().to_owned()),
            ("redirect_uri", BACK.to_owned()),
            ("response_type", "code".to_owned()),
            ("state", "a signed state".to_owned()),
            ("code_challenge", URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))),
            ("code_challenge_method", "S256".to_owned()),
        ]);
        match self.face {
            Face::Google => {
                query.insert("scope", format!("{EVENTS} {FREE_BUSY} {EMAIL}"));
                query.insert("access_type", "offline".to_owned());
                query.insert("prompt", "consent".to_owned());
            }
            Face::Outlook => {
                query.insert("scope", "offline_access Calendars.ReadWrite User.Read".to_owned());
            }
        }
        query
    }

    pub fn authorize_url(&self, query: &BTreeMap<&'static str, String>) -> String {
        let path = match self.face {
            Face::Google => "/o/oauth2/v2/auth",
            Face::Outlook => "/common/oauth2/v2.0/authorize",
        };
        Url::parse_with_params(&self.url(path), query).expect("a URL").into()
    }

    pub fn usual_url(&self) -> String {
        self.authorize_url(&self.asking())
    }

    /// With one parameter changed, or left out.
    pub fn url_with(&self, name: &'static str, value: Option<&str>) -> String {
        let mut query = self.asking();
        match value {
            Some(value) => query.insert(name, value.to_owned()),
            None => query.remove(name),
        };
        self.authorize_url(&query)
    }

    /// The code of somebody who agreed to everything.
    pub fn code(&self) -> String {
        code_in(&self.oauth().allow(&self.usual_url(), ANNA).expect("a question"))
    }

    pub fn exchanging(&self, code: &str) -> BTreeMap<&'static str, String> {
        BTreeMap::from([
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("client_id", self.oauth().client_id().to_owned()),
            ("client_secret", self.oauth().client_secret().to_owned()),
            ("redirect_uri", BACK.to_owned()),
            ("code_verifier", VERIFIER.to_owned()),
        ])
    }

    pub fn refreshing(&self, token: &str) -> BTreeMap<&'static str, String> {
        BTreeMap::from([
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", token.to_owned()),
            ("client_id", self.oauth().client_id().to_owned()),
            ("client_secret", self.oauth().client_secret().to_owned()),
        ])
    }

    pub fn token_path(&self) -> &'static str {
        match self.face {
            Face::Google => "/token",
            Face::Outlook => "/common/oauth2/v2.0/token",
        }
    }

    pub fn form(&self, path: &str, fields: &BTreeMap<&'static str, String>) -> reqwest::RequestBuilder {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.http.post(self.url(path)).header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    pub async fn token(&self, fields: &BTreeMap<&'static str, String>) -> (u16, Value) {
        answer(self.form(self.token_path(), fields)).await
    }

    /// The tokens of somebody who agreed to everything.
    pub async fn tokens(&self) -> Value {
        let (status, tokens) = self.token(&self.exchanging(&self.code())).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    pub async fn refresh(&self, token: &str) -> (u16, Value) {
        self.token(&self.refreshing(token)).await
    }

    pub async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        answer(self.http.get(self.url(path)).bearer_auth(token)).await
    }
}

pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

pub fn param(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub fn code_in(url: &Url) -> String {
    param(url, "code").unwrap_or_else(|| panic!("no code in {url}"))
}

pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}
