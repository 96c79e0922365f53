//! Opens what executors act with: the secret of an account, from the row it is sealed in.

use std::{future::Future, pin::Pin, sync::Arc};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use super::{Aad, Sealed, Secret, Shut, Vault};
use crate::{
    args, config,
    config::Config,
    db::{Args, Db},
    effects::Verdict,
    error::Result,
};

/// Whose Twilio account acts, as `private.telephony_account` says it in an effect's payload.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Account {
    /// None for the platform's own.
    pub org_id: Option<Uuid>,
    /// None for the platform's own.
    pub sid: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
}

/// Where sealed rows lie: functions of the database that only the service may call.
pub trait Strongroom: Send + Sync + 'static {
    fn read<'a>(&'a self, function: &'a str, args: Args) -> Pin<Box<dyn Future<Output = Result<Value>> + Send + 'a>>;
}

impl Strongroom for Db {
    fn read<'a>(&'a self, function: &'a str, args: Args) -> Pin<Box<dyn Future<Output = Result<Value>> + Send + 'a>> {
        Box::pin(async move { self.as_service().read(function, args).await?.parse() })
    }
}

/// Why there is no secret. Nothing of it is in the sentence, so it may go on record.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    #[error("{0} is missing, so {1}.")]
    Setting(&'static str, &'static str),
    #[error("Organisation {org_id} has no secret of {provider}/{kind}.")]
    NoRow { org_id: Uuid, provider: String, kind: String },
    #[error("The secret of {provider}/{kind} of organisation {org_id} does not open: {shut}.")]
    Shut { org_id: Uuid, provider: String, kind: String, shut: Shut },
    #[error("The secret of {provider}/{kind} of organisation {org_id} opens, and is not what belongs there.")]
    Unreadable { org_id: Uuid, provider: String, kind: String },
    #[error("Organisation {org_id} has another Twilio account than {sid} by now.")]
    OtherAccount { org_id: Uuid, sid: String },
    #[error("The account of an organisation was asked for without one.")]
    NoOrganization,
    #[error("The database did not hand out a sealed secret: {0}")]
    Database(String),
}

impl From<Unavailable> for Verdict {
    /// Only the database may answer better the next time; anything else waits for a person.
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::Database(_) => Verdict::retry(unavailable.to_string()),
            _ => Verdict::refused(unavailable.to_string()),
        }
    }
}

/// The vault, and the rows it opens.
#[derive(Clone)]
pub struct Keyring {
    vault: Option<Vault>,
    platform: config::Twilio,
    rows: Arc<dyn Strongroom>,
}

/// A row of `private.sealed_config`.
#[derive(Deserialize)]
struct SealedConfig {
    org_id: Uuid,
    provider: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(flatten)]
    sealed: Sealed,
}

#[derive(Deserialize)]
struct TwilioKeys {
    account_sid: String,
    auth_token: SecretString,
}

#[derive(Deserialize)]
struct RefreshToken {
    refresh_token: SecretString,
}

impl Keyring {
    pub fn new(config: &Config, rows: impl Strongroom) -> Self {
        Self { vault: config.vault.clone(), platform: config.twilio.clone(), rows: Arc::new(rows) }
    }

    /// What an account of Twilio's is used with: its SID and its token.
    pub async fn twilio(&self, account: &Account) -> Result<(String, SecretString), Unavailable> {
        if account.kind == "platform" {
            return self.platform();
        }
        let org_id = account.org_id.ok_or(Unavailable::NoOrganization)?;
        let keys: TwilioKeys = self.open_row(org_id, "twilio", &account.kind).await?;
        if let Some(sid) = account.sid.as_ref().filter(|sid| **sid != keys.account_sid) {
            return Err(Unavailable::OtherAccount { org_id, sid: sid.clone() });
        }
        Ok((keys.account_sid, keys.auth_token))
    }

    /// The platform's own account at Twilio.
    pub fn platform(&self) -> Result<(String, SecretString), Unavailable> {
        let keys = self.platform.account_sid.clone().zip(self.platform.auth_token.clone());
        keys.ok_or(Unavailable::Setting("TWILIO_ACCOUNT_SID", "nothing can be done in the platform's own account"))
    }

    /// The refresh token of a calendar that an organisation connected.
    pub async fn refresh_token(&self, org_id: Uuid, provider: &str) -> Result<SecretString, Unavailable> {
        let config: RefreshToken = self.open_row(org_id, provider, "default").await?;
        Ok(config.refresh_token)
    }

    pub fn seal(&self, aad: &Aad, plain: &[u8]) -> Result<Sealed, Unavailable> {
        Ok(self.vault()?.seal(aad, plain))
    }

    pub fn open(&self, aad: &Aad, sealed: &Sealed) -> Result<Secret, Unavailable> {
        self.vault()?.open(aad, sealed).map_err(|shut| Unavailable::Shut {
            org_id: aad.org_id,
            provider: aad.provider.to_owned(),
            kind: aad.kind.to_owned(),
            shut,
        })
    }

    /// What a function of the database answers the service with: nothing when that is null.
    pub async fn ask<T: DeserializeOwned>(&self, function: &str, args: Args) -> Result<Option<T>, Unavailable> {
        let answer = self.rows.read(function, args).await.map_err(|error| Unavailable::Database(error.to_string()))?;
        serde_json::from_value(answer).map_err(|_| Unavailable::Database(format!("{function} answers something else")))
    }

    /// The row's own associated data opens it, and it must be what was asked for.
    async fn open_row<T: DeserializeOwned>(&self, org_id: Uuid, provider: &str, kind: &str) -> Result<T, Unavailable> {
        let asked = args! { p_org_id: org_id, p_provider: provider, p_type: kind };
        let names = || (provider.to_owned(), kind.to_owned());
        let row: SealedConfig = (self.ask("private.sealed_config", asked).await?)
            .filter(|row: &SealedConfig| row.org_id == org_id && row.provider == provider && row.kind == kind)
            .ok_or_else(|| {
                let (provider, kind) = names();
                Unavailable::NoRow { org_id, provider, kind }
            })?;
        let plain = self.open(&Aad { org_id, provider, kind }, &row.sealed)?;
        serde_json::from_str(plain.expose_secret()).map_err(|_| {
            let (provider, kind) = names();
            Unavailable::Unreadable { org_id, provider, kind }
        })
    }

    fn vault(&self) -> Result<&Vault, Unavailable> {
        self.vault.as_ref().ok_or(Unavailable::Setting("VAULT_KEYS", "no customer's secret can be sealed or opened"))
    }
}
