//! Two pools: users' requests as `voxanne_api`, and everything on the product's own behalf as `voxanne_worker`.

use std::sync::{Arc, RwLock};

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, PoolConfig, RecyclingMethod, Runtime, Timeouts};
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::{NoTls, types::Type};

use crate::config::Database;

/// Statements seen so far. A new connection prepares them before its first request.
pub type Warm = Arc<RwLock<Vec<String>>>;

/// A statement takes one JSON text, and behind an idempotency key three texts more.
pub const ARGUMENT_TYPES: [Type; 4] = [Type::TEXT, Type::TEXT, Type::TEXT, Type::TEXT];

/// Recycling is Fast: a call always runs to its commit (see `call`), so a connection that comes back is clean.
pub fn open(url: &SecretString, size: usize, settings: &Database, warm: Warm) -> anyhow::Result<Pool> {
    let mut config: tokio_postgres::Config = url.expose_secret().parse()?;
    config.application_name("voxanne").connect_timeout(settings.pool_wait);
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    let pooled = settings.pooled;
    let prepare = Hook::async_fn(move |client, _| {
        let statements = if pooled { Vec::new() } else { warm.read().expect("no panic holds it").clone() };
        Box::pin(async move {
            for statement in statements {
                let parameters = statement_parameters(&statement);
                if let Err(error) = client.prepare_typed_cached(&statement, &parameters).await {
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

/// Parameter types of a call's statement, by how many it has.
pub fn statement_parameters(statement: &str) -> Vec<Type> {
    let count = (1..=4).rev().find(|n| statement.contains(&format!("${n}"))).unwrap_or(0);
    ARGUMENT_TYPES[..count].to_vec()
}
