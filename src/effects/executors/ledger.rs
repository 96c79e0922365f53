//! `ledger.export_heads`: keeps the heads of the ledgers outside the database.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::payload;
use crate::{
    config,
    effects::{Effect, Executor, Verdict},
    ledger_heads::{self, Sheet, SigningKey, Unwritten},
};

pub struct LedgerExportHeads {
    signing_key: Option<SecretString>,
    directory: Option<PathBuf>,
}

impl LedgerExportHeads {
    pub fn new(config: &config::Ledger) -> Self {
        Self { signing_key: config.signing_key.clone(), directory: config.heads_dir.clone() }
    }
}

impl Executor for LedgerExportHeads {
    async fn run(&self, effect: &Effect) -> Verdict {
        let Some(directory) = self.directory.clone() else {
            return Verdict::refused("LEDGER_HEADS_DIR is missing, so the ledgers' heads cannot be kept.");
        };
        let Some(key) = &self.signing_key else {
            return Verdict::refused("LEDGER_SIGNING_KEY is missing, so the ledgers' heads cannot be signed.");
        };
        let Some(key) = SigningKey::from_base64(key.expose_secret()) else {
            return Verdict::refused("LEDGER_SIGNING_KEY is not 32 bytes in base64.");
        };
        let sheet: Sheet = match payload(effect) {
            Ok(sheet) => sheet,
            Err(refused) => return refused,
        };
        let heads = sheet.heads.len();
        let written = tokio::task::spawn_blocking(move || ledger_heads::write(&directory, &sheet, &key)).await;
        match written {
            Ok(Ok(path)) => Verdict::Done(json!({ "path": path, "heads": heads })),
            Ok(Err(Unwritten::Unfit(why))) => Verdict::Refused { error: why },
            Ok(Err(error)) => Verdict::retry(error.to_string()),
            Err(error) => Verdict::retry(format!("writing the heads broke off: {error}")),
        }
    }
}
