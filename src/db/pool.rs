//! The pools: users' requests as `voxanne_api`, and everything on the product's own behalf as `voxanne_worker`; calls have
//! connections of that login to themselves.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, PoolConfig, RecyclingMethod, Runtime, Timeouts,
};
use secrecy::{ExposeSecret, SecretString};

use super::{Statement, tls};
use crate::config::Database;

/// Statements seen so far, by function and arguments. A new connection prepares them before its first request.
pub type Statements = Arc<RwLock<HashMap<String, Arc<Statement>>>>;

/// Recycling is Fast: a call always runs to its commit (see `call`), so a connection that comes back is clean.
pub fn open(url: &SecretString, size: usize, settings: &Database, known: Statements) -> anyhow::Result<Pool> {
    let mut config: tokio_postgres::Config = url.expose_secret().parse()?;
    config.application_name("voxanne").connect_timeout(settings.pool_wait);
    let manager =
        Manager::from_config(config, tls::connector()?, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    let pooled = settings.pooled;
    let prepare = Hook::async_fn(move |client, _| {
        let statements: Vec<_> =
            if pooled { Vec::new() } else { known.read().expect("no panic holds it").values().cloned().collect() };
        Box::pin(async move {
            for statement in statements {
                if let Err(error) = client.prepare_typed_cached(&statement.sql, &statement.types).await {
                    if client.is_closed() {
                        return Err(HookError::Backend(error));
                    }
                    tracing::debug!(%error, "a statement no longer prepares; its next call will say why");
                }
            }
            Ok(())
        })
    });
    let mut pool_config = PoolConfig::new(size);
    pool_config.timeouts = Timeouts {
        wait: Some(settings.pool_wait),
        create: Some(settings.pool_wait),
        recycle: Some(settings.pool_wait),
    };
    Ok(Pool::builder(manager).config(pool_config).runtime(Runtime::Tokio1).post_create(prepare).build()?)
}
