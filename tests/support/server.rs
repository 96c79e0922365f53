//! A whole server and the providers' stand-ins, in this process, on free loopback ports.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::{Method, RequestBuilder};
use uuid::Uuid;
use voxanne::config::Config;
use voxanne::sandbox::{Sandbox, SandboxConfig};
use voxanne::server::{self, App};

use super::people::JWT_SECRET;
use super::{Session, Shape, TestDb};

pub struct TestServer {
    pub db: Arc<TestDb>,
    pub app: App,
    pub sandbox: Sandbox,
    address: String,
    client: reqwest::Client,
}

impl TestServer {
    /// API, workers and sandbox over a new database.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With some settings changed, by their environment names.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::on(Arc::new(TestDb::new().await), settings).await
    }

    /// Beside others over one database.
    pub async fn on(db: Arc<TestDb>, settings: &[(&str, &str)]) -> Self {
        Self::build(db, settings, true).await
    }

    /// The API alone: effects wait until the test carries them out.
    pub async fn without_workers(settings: &[(&str, &str)]) -> Self {
        Self::without_workers_on(Arc::new(TestDb::new().await), settings).await
    }

    /// The same over a database that is there.
    pub async fn without_workers_on(db: Arc<TestDb>, settings: &[(&str, &str)]) -> Self {
        Self::build(db, settings, false).await
    }

    async fn build(db: Arc<TestDb>, settings: &[(&str, &str)], workers: bool) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("its address"));

        let mut sandbox = SandboxConfig::default().for_server_at(&address);
        sandbox.resend.webhook_url = Some(format!("{address}/api/webhooks/resend"));
        let sandbox = Sandbox::start(sandbox).await.expect("the sandbox starts");

        let mut map = base_settings(&db, &address);
        map.extend(sandbox.settings().into_iter().map(|(name, value)| (name.to_owned(), value)));
        map.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let config = Config::from_map(&map).expect("test settings are fit");

        let app = App::connect(config, Some(sandbox.resend.clone()))
            .await
            .unwrap_or_else(|e| panic!("the server does not reach its database: {e:?}"));
        if workers {
            voxanne::effects::start(&app).await.expect("workers start");
        } else {
            voxanne::effects::wake_others(&app);
        }
        tokio::spawn(server::serve(app.clone(), listener));
        Self { db, app, sandbox, address, client: reqwest::Client::new() }
    }

    /// `/api/me` → `http://127.0.0.1:…/api/me`
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// A request as somebody, or as nobody.
    pub fn request(&self, method: Method, path: &str, session: Option<&Session>) -> RequestBuilder {
        let request = self.client.request(method, self.url(path));
        match session {
            Some(session) => request.bearer_auth(&session.token),
            None => request,
        }
    }

    pub fn get(&self, path: &str, session: &Session) -> RequestBuilder {
        self.request(Method::GET, path, Some(session))
    }

    pub fn post(&self, path: &str, session: &Session) -> RequestBuilder {
        self.request(Method::POST, path, Some(session))
    }

    pub fn patch(&self, path: &str, session: &Session) -> RequestBuilder {
        self.request(Method::PATCH, path, Some(session))
    }

    pub fn delete(&self, path: &str, session: &Session) -> RequestBuilder {
        self.request(Method::DELETE, path, Some(session))
    }

    /// A new organisation; the session is its first admin's.
    pub async fn sign_up(&self, name: &str) -> Session {
        self.db.sign_up(name).await
    }

    /// Another member of the same organisation.
    pub async fn add_member(&self, org_id: Uuid, role: &str) -> Session {
        self.db.add_member(org_id, role).await
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.app.stopping.cancel();
        self.app.db.close();
    }
}

/// The key that servers of tests seal with.
pub const VAULT_KEYS: &str = "1:cGxhbnRlZC1rZXktb2YtdGhlLXZhdWx0LW9mLXRlc3Q=";

/// Settings of a server over this database, as it would run in development.
pub fn base_settings(db: &TestDb, address: &str) -> BTreeMap<String, String> {
    let local = if db.shape() == Shape::Bare { "on" } else { "off" };
    [
        ("VOXANNE_ENV", "development"),
        ("HOST", "127.0.0.1"),
        ("BACKEND_URL", address),
        ("DATABASE_URL", &db.url_api()),
        ("SERVICE_DATABASE_URL", &db.url_worker()),
        ("LISTEN_DATABASE_URL", &db.url_worker()),
        ("MIGRATE_DATABASE_URL", &db.url_owner()),
        ("DATABASE_POOL_SIZE", "4"),
        ("SERVICE_POOL_SIZE", "4"),
        ("JWT_SECRET", JWT_SECRET),
        ("LOCAL_AUTH", local),
        ("VAULT_KEYS", VAULT_KEYS),
        ("SUPABASE_DOOR", "on"),
        ("LOG_FORMAT", "pretty"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}
