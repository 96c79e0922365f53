//! The one way to the database: as somebody, one function, one transaction, one round trip.

pub mod call;
pub mod catalogue;
mod claims;
pub mod embedded;
pub mod migrate;
pub mod pool;
pub mod tls;

use std::{
    sync::{Arc, OnceLock, RwLock},
    time::{Duration, Instant},
};

use deadpool_postgres::Pool;
use tokio::sync::Mutex;

pub use self::{
    call::{Answer, Args, Caller, Statement},
    catalogue::{Catalogue, Function},
    claims::quote_literal,
};
use crate::{
    auth::{Principal, Role},
    config::Database,
    error::Result,
};

/// How often calls for unknown functions may make the catalogue be read again; they wait for their turn.
const CATALOGUE_PAUSE: Duration = Duration::from_millis(250);

#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    users: Pool,
    workers: Pool,
    calls: Pool,
    catalogue: RwLock<Arc<Catalogue>>,
    catalogue_read: Mutex<Instant>,
    statements: pool::Statements,
    turns: call::Turns,
    on_wake: OnceLock<Box<dyn Fn() + Send + Sync>>,
    settings: Database,
}

impl Db {
    /// Opens the pools and reads the catalogue: fails when the database is not there.
    pub async fn connect(settings: &Database, org_in_flight: usize) -> anyhow::Result<Self> {
        let statements = pool::Statements::default();
        let users = pool::open(&settings.url, settings.pool_size, settings, statements.clone())?;
        let workers = pool::open(&settings.service_url, settings.service_pool_size, settings, statements.clone())?;
        let calls = pool::open(&settings.service_url, settings.call_pool_size, settings, pool::Statements::default())?;
        let catalogue = Catalogue::load(&*workers.get().await?).await?;
        Ok(Self(Arc::new(Inner {
            users,
            workers,
            calls,
            catalogue: RwLock::new(Arc::new(catalogue)),
            catalogue_read: Mutex::new(Instant::now()),
            statements,
            turns: call::Turns::new(org_in_flight, settings.pool_wait),
            on_wake: OnceLock::new(),
            settings: settings.clone(),
        })))
    }

    /// Acts as a caller of the API, with that caller's rights. A service_role token acts through the workers' login,
    /// because the users' login may not become service_role.
    pub fn as_user(&self, principal: &Principal) -> Caller {
        Caller::new(self.clone(), principal.clone())
    }

    /// Acts for the product itself: workers, webhooks, sign-in.
    pub fn as_service(&self) -> Caller {
        Caller::new(self.clone(), Principal::service())
    }

    /// Connections of the workers' login, for what is not a call: the queue, LISTEN's neighbour, the doctor.
    pub fn worker_pool(&self) -> &Pool {
        &self.0.workers
    }

    /// Connections of the same login that only telephone calls use: somebody is on the line, and waits behind nothing else.
    pub fn call_pool(&self) -> &Pool {
        &self.0.calls
    }

    pub fn user_pool(&self) -> &Pool {
        &self.0.users
    }

    pub fn settings(&self) -> &Database {
        &self.0.settings
    }

    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.0.catalogue.read().expect("no panic holds it").clone()
    }

    /// Reads the catalogue again, so that what was made before this was asked is in it. Whoever asks at the same time
    /// shares one reading.
    pub async fn refresh_catalogue(&self) -> Result<()> {
        let asked_at = Instant::now();
        let mut read_at = self.0.catalogue_read.lock().await;
        if *read_at > asked_at {
            return Ok(());
        }
        tokio::time::sleep(CATALOGUE_PAUSE.saturating_sub(read_at.elapsed())).await;
        let reading_at = Instant::now();
        let fresh = Catalogue::load(&*self.0.workers.get().await?).await?;
        *self.0.catalogue.write().expect("no panic holds it") = Arc::new(fresh);
        *read_at = reading_at;
        Ok(())
    }

    /// What to do after a commit that put effects or events on record. Set once, by whoever starts the workers.
    pub fn on_wake(&self, wake: impl Fn() + Send + Sync + 'static) {
        if self.0.on_wake.set(Box::new(wake)).is_err() {
            tracing::warn!("workers are already woken by this server");
        }
    }

    /// Something new is there to do.
    pub(crate) fn wake(&self) {
        if let Some(wake) = self.0.on_wake.get() {
            wake();
        }
    }

    /// Closes the pools; what is under way finishes.
    pub fn close(&self) {
        self.0.users.close();
        self.0.calls.close();
        self.0.workers.close();
    }

    fn pool_for(&self, role: Role) -> &Pool {
        match role {
            Role::ServiceRole => &self.0.workers,
            Role::Anon | Role::Authenticated => &self.0.users,
        }
    }

    fn remembered(&self, key: &str) -> Option<Arc<Statement>> {
        self.0.statements.read().expect("no panic holds it").get(key).cloned()
    }

    /// Remembers a statement: the next call need not write it, and new connections have it prepared.
    fn remember(&self, key: String, statement: Statement) -> Arc<Statement> {
        let statement = Arc::new(statement);
        let mut statements = self.0.statements.write().expect("no panic holds it");
        if statements.len() < call::WARM_LIMIT {
            statements.insert(key, statement.clone());
        }
        statement
    }

    /// A function they call is gone: they are written anew, from the catalogue as it is then.
    fn forget_statements(&self) {
        self.0.statements.write().expect("no panic holds it").clear();
    }
}
