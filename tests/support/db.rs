//! A database a test, cloned from a template that is migrated once.

use std::process::Stdio;
use std::time::Duration;

use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};
use url::Url;
use uuid::Uuid;
use voxanne::db::migrate::{self, Manifest, Options};

/// What the databases looked like before the first migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Bare,
    Supabase,
}

impl Shape {
    pub fn current() -> Self {
        match std::env::var("VOXANNE_TEST_SHAPE").as_deref() {
            Ok("supabase") => Self::Supabase,
            _ => Self::Bare,
        }
    }

    /// Who owns databases and migrates them.
    pub fn owner(self) -> &'static str {
        "postgres"
    }
}

/// A database of one test, dropped with it.
#[derive(Debug)]
pub struct TestDb {
    name: String,
    admin: Url,
}

impl TestDb {
    /// Migrated, with reference data and no organisation.
    pub async fn new() -> Self {
        let db = Self::unmade();
        let template = template(&db.admin).await;
        db.create(&format!("template \"{template}\"")).await;
        db
    }

    /// As it is before the first migration.
    pub async fn unmigrated() -> Self {
        let db = Self::unmade();
        db.create("template template1").await;
        db
    }

    /// Migrated, in a cluster of the test's own that it may stop.
    pub async fn in_cluster(superuser_url: &str) -> Self {
        let db = Self { name: "voxanne".to_owned(), admin: Url::parse(superuser_url).expect("an address") };
        db.create("template template1").await;
        let options = Options {
            manifest: Manifest::embedded().expect("the SQL reads"),
            login_urls: [db.url_api(), db.url_worker()].map(SecretString::from).into(),
        };
        migrate::migrate(&db.url_owner(), &options).await.unwrap_or_else(|e| panic!("it does not migrate: {e:#}"));
        db
    }

    fn unmade() -> Self {
        Self { name: format!("t_{}", Uuid::new_v4().simple()), admin: admin_url() }
    }

    async fn create(&self, template: &str) {
        let admin = connect(self.admin.as_str()).await;
        create_database(&admin, &format!("\"{}\" owner {} {template}", self.name, Shape::current().owner())).await;
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn shape(&self) -> Shape {
        Shape::current()
    }

    /// Every role the harness logs in as has the cluster's one password.
    pub fn url_as(&self, role: &str) -> String {
        let mut url = self.admin.clone();
        url.set_username(role).expect("a role's name");
        url.set_path(&self.name);
        url.into()
    }

    /// The owner: migrates; on Supabase's shape no superuser.
    pub fn url_owner(&self) -> String {
        self.url_as(Shape::current().owner())
    }

    /// A superuser, on either shape.
    pub fn url_superuser(&self) -> String {
        self.url_as(self.admin.username())
    }

    pub fn url_api(&self) -> String {
        self.url_as("voxanne_api")
    }

    pub fn url_worker(&self) -> String {
        self.url_as("voxanne_worker")
    }

    pub async fn owner(&self) -> Client {
        connect(&self.url_owner()).await
    }

    pub async fn superuser(&self) -> Client {
        connect(&self.url_superuser()).await
    }

    /// Logged in as the users' role: without `set local role` it may do nothing.
    pub async fn api(&self) -> Client {
        connect(&self.url_api()).await
    }

    /// Logged in as the workers' role, and acting as service_role for the whole session.
    pub async fn worker(&self) -> Client {
        let client = connect(&self.url_worker()).await;
        client.batch_execute("set role service_role").await.expect("the worker's login is a member of service_role");
        client
    }
}

impl Drop for TestDb {
    /// By another process, not waited for. Dropping a database waits for every connection that is just signing in, and one
    /// of this test's may be: blocking its runtime here would leave both waiting until Postgres's time-out of a minute.
    fn drop(&mut self) {
        let dropping = std::process::Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--dbname", self.admin.as_str(), "--command"])
            .arg(format!("drop database if exists \"{}\" with (force)", self.name))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if let Err(error) = dropping {
            eprintln!("{} was not dropped: {error}", self.name);
        }
    }
}

pub async fn connect(url: &str) -> Client {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.unwrap_or_else(|e| panic!("no connection: {e:?}"));
    tokio::spawn(connection);
    client
}

fn admin_url() -> Url {
    let url = std::env::var("VOXANNE_TEST_ADMIN_URL").unwrap_or_else(|_| {
        panic!(
            "These tests want a Postgres of their own. Run `make test`, or \
             `cargo run -- with-postgres -- cargo nextest run`."
        )
    });
    Url::parse(&url).expect("VOXANNE_TEST_ADMIN_URL is an address")
}

pub fn cluster_password() -> String {
    admin_url().password().unwrap_or_default().to_owned()
}

/// The migrated template's name, made by whichever test comes first. The name follows the SQL: after an edit, a cluster
/// that is still up gets a new one.
async fn template(admin: &Url) -> String {
    let manifest = Manifest::embedded().expect("the SQL reads");
    let mut digest = Sha256::new();
    for file in manifest.files() {
        digest.update(file.path.as_bytes());
        digest.update(file.hash.as_bytes());
    }
    let name = format!("voxanne_template_{}", hex::encode(&digest.finalize()[..8]));

    let client = connect(admin.as_str()).await;
    if exists(&client, &name).await {
        return name;
    }
    client.batch_execute("select pg_advisory_lock(hashtextextended('voxanne.template', 0))").await.unwrap();
    if exists(&client, &name).await {
        return name;
    }

    let making = format!("{name}_making");
    client.batch_execute(&format!("drop database if exists \"{making}\" with (force)")).await.unwrap();
    create_database(&client, &format!("\"{making}\" owner {} template template1", Shape::current().owner())).await;
    let address = |role: &str| {
        let mut url = admin.clone();
        url.set_path(&making);
        url.set_username(role).expect("a role's name");
        url.to_string()
    };
    let options = Options {
        manifest,
        login_urls: ["voxanne_api", "voxanne_worker"].map(|role| SecretString::from(address(role))).into(),
    };
    migrate::migrate(&address(Shape::current().owner()), &options)
        .await
        .unwrap_or_else(|e| panic!("the template does not migrate: {e:#}"));

    // The roles may be there since another database of the cluster was migrated, by somebody who gave them no password.
    // The migration's connection may still be on its way out.
    let password = cluster_password();
    client
        .batch_execute(&format!(
            "alter role voxanne_api password '{password}'; alter role voxanne_worker password '{password}'; \
             select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{making}'; \
             alter database \"{making}\" rename to \"{name}\""
        ))
        .await
        .unwrap_or_else(|_| panic!("the template could not be named"));
    client.batch_execute(&format!("alter database \"{name}\" allow_connections false")).await.unwrap();
    name
}

async fn exists(client: &Client, name: &str) -> bool {
    client
        .query_one("select exists (select from pg_database where datname = $1 and not datallowconn)", &[&name])
        .await
        .unwrap()
        .get(0)
}

/// A template that somebody is just leaving refuses to be copied for a moment.
async fn create_database(client: &Client, what: &str) {
    for _ in 0..50 {
        match client.batch_execute(&format!("create database {what}")).await {
            Ok(()) => return,
            Err(e) if e.code() == Some(&SqlState::OBJECT_IN_USE) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(e) => panic!("create database {what}: {e:?}"),
        }
    }
    panic!("create database {what}: its template stays in use");
}
