//! A clinic that connects a calendar, the way a browser does it.

use reqwest::{Client, Response, header};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio_postgres::Client as Postgres;
use url::Url;
use uuid::Uuid;
use voxanne::{
    sandbox::OAuth,
    vault::{Aad, Sealed, Vault},
};

use crate::{
    support::{Session, TestServer, eventually, server::VAULT_KEYS},
    tenancy::asks::{Said, delete, get},
};

pub const GOOGLE: &str = "google";
pub const OUTLOOK: &str = "outlook";
pub const DASHBOARD: &str = "http://localhost:3000/dashboard/integrations";

/// What the dashboard is told: status, and the code of a failure.
pub type Landed = (String, Option<String>);

pub struct Clinic {
    pub server: TestServer,
    pub admin: Session,
    pub owner: Postgres,
    browser: Client,
}

/// A browser that stops at each redirect.
pub fn browser() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

impl Clinic {
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    pub async fn open_with(settings: &[(&str, &str)]) -> Self {
        let server = TestServer::start_with(settings).await;
        for provider in [GOOGLE, OUTLOOK] {
            let back = server.url(&format!("/api/integrations/{provider}/callback"));
            stand_in(&server, provider).register(back);
        }
        let admin = server.sign_up("Clinic").await;
        let owner = server.db.owner().await;
        Self { server, admin, owner, browser: browser() }
    }

    pub fn provider(&self, provider: &str) -> &OAuth {
        stand_in(&self.server, provider)
    }

    /// The address of the consent page.
    pub async fn page(&self, provider: &str) -> String {
        self.page_for(&self.admin, provider).await
    }

    pub async fn page_for(&self, who: &Session, provider: &str) -> String {
        let path = format!("/api/integrations/{provider}/authorize");
        let said = get(&self.server, who, &path).await.good();
        said["url"].as_str().unwrap_or_else(|| panic!("no address: {said}")).to_owned()
    }

    /// Agrees to everything; answers where the browser is sent.
    pub async fn agreed(&self, provider: &str, email: &str) -> Url {
        self.provider(provider).allow(&self.page(provider).await, email).expect("the page asks")
    }

    /// As a browser follows an address.
    pub async fn follow(&self, url: &Url) -> Response {
        self.browser.get(url.as_str()).header(header::ACCEPT, "text/html,*/*").send().await.expect("an answer")
    }

    /// As a program follows it.
    pub async fn fetch(&self, url: &Url) -> Said {
        let answer = self.browser.get(url.as_str()).send().await.expect("an answer");
        Said { status: answer.status().as_u16(), text: answer.text().await.expect("a body") }
    }

    /// Where a browser ends that comes back by this address.
    pub async fn lands(&self, url: &Url) -> Landed {
        landed(&self.follow(url).await)
    }

    pub async fn connect(&self, provider: &str, email: &str) {
        let back = self.agreed(provider, email).await;
        assert_eq!(self.lands(&back).await, ("connected".to_owned(), None));
    }

    pub async fn disconnect(&self, provider: &str) -> Said {
        delete(&self.server, &self.admin, &format!("/api/integrations/{provider}")).await
    }

    /// Status, as whom, and what is wrong.
    pub async fn standing(&self, provider: &str) -> (String, Option<String>, Option<String>) {
        let sql = "select coalesce(max(status), 'none'), max(account_label), max(last_error) from public.integrations \
                   where org_id = $1 and provider = $2";
        let row = self.owner.query_one(sql, &[&self.admin.org_id, &provider]).await.expect("the integration");
        (row.get(0), row.get(1), row.get(2))
    }

    /// What `GET /api/integrations` says of it.
    pub async fn listed(&self, provider: &str) -> Value {
        let all = get(&self.server, &self.admin, "/api/integrations").await.good();
        let listed = all.as_array().expect("a list").iter().find(|listed| listed["provider"] == provider);
        listed.unwrap_or_else(|| panic!("{provider} is not listed: {all}")).clone()
    }

    pub async fn is_connected_as(&self, provider: &str, email: &str) {
        let listed = self.listed(provider).await;
        assert_eq!((&listed["healthy"], &listed["account_label"]), (&json!(true), &json!(email)), "{listed}");
        assert_eq!(self.standing(provider).await, ("connected".to_owned(), Some(email.to_owned()), None));
        let token = self.token(provider).await.expect("a token");
        assert!(self.provider(provider).takes(&token), "the token that is kept works");
    }

    /// Nothing came of anything: no credential, no integration, no token.
    pub async fn is_clean(&self, when: &str) {
        let sql = "select (select count(*) from private.org_credentials) + (select count(*) from public.integrations)";
        let kept: i64 = self.owner.query_one(sql, &[]).await.expect("a count").get(0);
        assert_eq!(kept, 0, "{when}");
    }

    /// No code was kept, and nothing was ordered.
    pub async fn nothing_was_taken(&self, when: &str) {
        let sql = "select count(*) from private.oauth_flows where used_at is not null or encrypted_code is not null";
        let taken: i64 = self.owner.query_one(sql, &[]).await.expect("a count").get(0);
        assert_eq!((taken, self.effects("oauth.%").await), (0, 0), "{when}");
        self.is_clean(when).await;
    }

    /// How many effects there are or were.
    pub async fn effects(&self, like: &str) -> i64 {
        let sql = "select (select count(*) from private.effects where kind like $1) \
                        + (select count(*) from private.effects_done where kind like $1)";
        self.owner.query_one(sql, &[&like]).await.expect("a count").get(0)
    }

    /// The refresh token that is kept, opened.
    pub async fn token(&self, provider: &str) -> Option<String> {
        token(&self.owner, self.admin.org_id, provider).await
    }

    /// The daily check, now, and what follows from it.
    pub async fn a_day_passes(&self) {
        let day = "update private.org_credentials set last_verified_at = last_verified_at - interval '1 day'";
        self.owner.execute(day, &[]).await.expect("a day");
        self.owner.execute("select private.check_calendars()", &[]).await.expect("the schedule's turn");
        self.owner
            .execute("update private.effects set run_at = now() where kind = 'oauth.check'", &[])
            .await
            .expect("their moment of the hour");
        self.settled().await;
    }

    /// Nothing is to be asked of a provider any more.
    pub async fn settled(&self) {
        let sql = "select count(*) from private.effects where kind like 'oauth.%'";
        eventually("nothing is left to ask", async || {
            self.owner.query_one(sql, &[]).await.expect("a count").get::<_, i64>(0) == 0
        })
        .await;
    }

    /// To whom the email of a broken calendar went.
    pub async fn told(&self) -> Vec<String> {
        let sql = "select lower(recipient) from private.emails where template = 'calendar_broken' order by 1";
        let rows = self.owner.query(sql, &[]).await.expect("emails");
        rows.iter().map(|row| row.get(0)).collect()
    }
}

fn stand_in<'a>(server: &'a TestServer, provider: &str) -> &'a OAuth {
    if provider == GOOGLE { &server.sandbox.google } else { &server.sandbox.outlook }
}

/// What an answer tells the dashboard.
pub fn landed(answer: &Response) -> Landed {
    assert_eq!(answer.status(), 303);
    let location = answer.headers()[header::LOCATION].to_str().expect("an address");
    assert!(location.starts_with(DASHBOARD), "{location}");
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers()[header::REFERRER_POLICY], "no-referrer");
    let query = |name: &str| query(&Url::parse(location).expect("an address"), name);
    assert!(query("state").is_none() && query("provider").is_some(), "{location}");
    (query("status").expect("a status"), query("code"))
}

pub fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The address with another value in its query, or without one.
pub fn with(url: &Url, name: &str, value: Option<&str>) -> Url {
    let others: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(others).extend_pairs(value.map(|value| (name, value)));
    changed
}

pub async fn token(owner: &Postgres, org_id: Uuid, provider: &str) -> Option<String> {
    let sql = "select replace(encode(encrypted_config, 'base64'), E'\\n', ''), key_version from private.org_credentials \
               where org_id = $1 and provider = $2";
    let row = owner.query_opt(sql, &[&org_id, &provider]).await.expect("the credential")?;
    let vault = Vault::from_keys(VAULT_KEYS).expect("the tests' keys");
    let sealed = Sealed { sealed: row.get(0), key_version: row.get(1) };
    let plain = vault.open(&Aad { org_id, provider, kind: "default" }, &sealed).expect("it opens where it lies");
    let config: Value = serde_json::from_str(plain.expose_secret()).expect("JSON");
    assert_eq!(config, json!({ "refresh_token": config["refresh_token"] }), "a refresh token and nothing else");
    config["refresh_token"].as_str().map(str::to_owned)
}
