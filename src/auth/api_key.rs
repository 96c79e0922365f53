//! API keys: `vxk_<prefix>_<secret>`. The hash is compared in SQL; only the hash is sent there.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::Principal;
use crate::{
    args,
    db::Db,
    error::{Error, Result},
};

pub const PREFIX: &str = "vxk_";

/// Saves a look-up per request, no more: every policy and function asks again whether the key is active, so a revoked
/// key is dead at once.
const REMEMBERED_FOR: Duration = Duration::from_secs(30);
const REMEMBERED_AT_MOST: usize = 4096;

#[derive(Default)]
pub struct ApiKeys {
    known: Mutex<HashMap<[u8; 32], (Instant, Principal)>>,
}

impl ApiKeys {
    /// `key` is what follows `vxk_`.
    pub async fn verify(&self, key: &str, db: &Db) -> Result<Principal> {
        let hash: [u8; 32] = Sha256::digest(format!("{PREFIX}{key}").as_bytes()).into();
        if let Some((at, principal)) = self.known.lock().expect("no panic holds it").get(&hash)
            && at.elapsed() < REMEMBERED_FOR
        {
            return Ok(principal.clone());
        }
        let unknown = || Error::code("invalid_token").because(anyhow::anyhow!("an unknown API key"));
        let (prefix, _) = key.split_once('_').ok_or_else(unknown)?;
        let hex_hash = format!("\\x{}", hex::encode(hash));
        let answer =
            db.as_service().write("private.authenticate_api_key", args! { p_prefix: prefix, p_hash: hex_hash }).await?;
        let claims: Option<Map<String, Value>> = answer.parse()?;
        let principal = Principal::from_trusted_claims(claims.ok_or_else(unknown)?)?;

        let mut known = self.known.lock().expect("no panic holds it");
        if known.len() >= REMEMBERED_AT_MOST {
            known.retain(|_, (at, _)| at.elapsed() < REMEMBERED_FOR);
        }
        if known.len() < REMEMBERED_AT_MOST {
            known.insert(hash, (Instant::now(), principal.clone()));
        }
        Ok(principal)
    }
}
