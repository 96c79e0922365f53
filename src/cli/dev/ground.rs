//! The database `voxanne dev` stands on: the embedded one, or the one that DATABASE_URL names.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

use crate::db::embedded::Cluster;
use crate::db::migrate::{self, Options};

const DATABASE: &str = "voxanne";

pub struct Ground {
    cluster: Option<Cluster>,
    owner_url: String,
    api_url: String,
    worker_url: String,
    jwt_secret: String,
    vault_keys: String,
    signs_in_locally: bool,
    /// Where the ledgers' heads go; nowhere beside somebody else's database.
    ledger: BTreeMap<&'static str, String>,
}

impl Ground {
    pub async fn open(home: &Path, reset: bool) -> Result<Self> {
        let jwt_secret = remembered_secret(home, "jwt_secret")?;
        let vault_keys = vault_keys(home)?;
        let mut ground = match std::env::var("DATABASE_URL") {
            Ok(url) if !url.trim().is_empty() => {
                if reset {
                    bail!(
                        "--reset empties the embedded database only, and DATABASE_URL names another. Unset it first."
                    );
                }
                Self::external(home, url, jwt_secret, vault_keys)?
            }
            _ => Self::embedded(home, reset, jwt_secret, vault_keys).await?,
        };
        match ground.look().await {
            Ok(local) => ground.signs_in_locally = local,
            Err(error) => {
                ground.close().await.ok();
                return Err(error);
            }
        }
        Ok(ground)
    }

    async fn embedded(home: &Path, reset: bool, jwt_secret: String, vault_keys: String) -> Result<Self> {
        println!("Starting Postgres …");
        let cluster = Cluster::durable(home, reset).await?;
        let ledger = ledger_settings(home, reset)?;
        if let Err(error) = create_database(&cluster).await {
            cluster.stop().await.ok();
            return Err(error);
        }
        Ok(Self {
            owner_url: cluster.superuser_url(DATABASE),
            api_url: cluster.url("voxanne_api", DATABASE),
            worker_url: cluster.url("voxanne_worker", DATABASE),
            cluster: Some(cluster),
            jwt_secret,
            vault_keys,
            signs_in_locally: true,
            ledger,
        })
    }

    /// All three addresses when they are given; else DATABASE_URL is the owner's, and the two logins get a password.
    fn external(home: &Path, url: String, jwt_secret: String, vault_keys: String) -> Result<Self> {
        let given = |name: &str| std::env::var(name).ok().filter(|v| !v.trim().is_empty());
        let (owner_url, api_url, worker_url) = match (given("MIGRATE_DATABASE_URL"), given("SERVICE_DATABASE_URL")) {
            (Some(owner), Some(worker)) => (owner, url, worker),
            (None, None) => {
                let password = remembered_secret(home, "login_password")?;
                let login = |role: &str| -> Result<String> {
                    let mut login = Url::parse(&url).context("DATABASE_URL is no address")?;
                    if login.set_username(role).and_then(|()| login.set_password(Some(&password))).is_err() {
                        bail!("DATABASE_URL names no host");
                    }
                    Ok(login.into())
                };
                (url.clone(), login("voxanne_api")?, login("voxanne_worker")?)
            }
            _ => bail!("Set DATABASE_URL alone (its owner), or MIGRATE_DATABASE_URL and SERVICE_DATABASE_URL with it."),
        };
        let ledger = BTreeMap::new();
        Ok(Self {
            cluster: None,
            owner_url,
            api_url,
            worker_url,
            jwt_secret,
            vault_keys,
            signs_in_locally: false,
            ledger,
        })
    }

    /// Whether this database's accounts are ours: on Supabase they are not.
    async fn look(&self) -> Result<bool> {
        let owner = migrate::connect(&self.owner_url).await?;
        Ok(owner.query_one("select pg_catalog.to_regrole('supabase_auth_admin') is null", &[]).await?.get(0))
    }

    /// How many files were applied.
    pub async fn migrate(&self) -> Result<usize> {
        let mut options = Options::embedded()?;
        options.login_urls = [&self.api_url, &self.worker_url].map(|u| SecretString::from(u.as_str())).into();
        let report = migrate::migrate(&self.owner_url, &options).await?;
        Ok(report.applied.len())
    }

    pub fn settings(&self) -> BTreeMap<&'static str, String> {
        let mut settings = BTreeMap::from([
            ("MIGRATE_DATABASE_URL", self.owner_url.clone()),
            ("DATABASE_URL", self.api_url.clone()),
            ("SERVICE_DATABASE_URL", self.worker_url.clone()),
        ]);
        if self.cluster.is_some() {
            settings.insert("LISTEN_DATABASE_URL", self.worker_url.clone());
        }
        settings.extend(self.ledger.clone());
        settings
    }

    pub fn owner_url(&self) -> &str {
        &self.owner_url
    }

    pub fn jwt_secret(&self) -> &str {
        &self.jwt_secret
    }

    pub fn vault_keys(&self) -> &str {
        &self.vault_keys
    }

    pub fn signs_in_locally(&self) -> bool {
        self.signs_in_locally
    }

    /// Stops the embedded cluster; another's is left as it is.
    pub async fn close(self) -> Result<()> {
        match self.cluster {
            Some(cluster) => cluster.stop().await,
            None => Ok(()),
        }
    }
}

async fn create_database(cluster: &Cluster) -> Result<()> {
    let admin = migrate::connect(&cluster.superuser_url("postgres")).await?;
    let exists = admin.query_opt("select from pg_catalog.pg_database where datname = $1", &[&DATABASE]).await?;
    if exists.is_none() {
        admin.batch_execute(&format!("create database {DATABASE}")).await?;
    }
    Ok(())
}

/// The heads of ledgers that are gone would only be in the way.
fn ledger_settings(home: &Path, reset: bool) -> Result<BTreeMap<&'static str, String>> {
    let heads = home.join("heads");
    if reset && heads.exists() {
        std::fs::remove_dir_all(&heads).context("could not remove the old ledgers' heads")?;
    }
    let seed = hex::decode(remembered_secret(home, "ledger_key")?).context("the ledger's key is damaged")?;
    Ok(BTreeMap::from([
        ("LEDGER_SIGNING_KEY", STANDARD.encode(seed)),
        ("LEDGER_HEADS_DIR", heads.to_string_lossy().into_owned()),
    ]))
}

/// The one key that customers' secrets are sealed with here.
fn vault_keys(home: &Path) -> Result<String> {
    let key = hex::decode(remembered_secret(home, "vault_key")?).context("the vault's key is damaged")?;
    Ok(format!("1:{}", STANDARD.encode(key)))
}

/// For a shell to read, so that the other commands find what runs here.
pub fn keep_settings(home: &Path, settings: &BTreeMap<&str, String>) -> Result<()> {
    let line = |(name, value): (&&str, &String)| format!("export {name}='{}'\n", value.replace('\'', r"'\''"));
    write_secret(&home.join("settings"), &settings.iter().map(line).collect::<String>())
}

fn write_secret(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

/// A secret of this project's own, made once: tokens and passwords stay good over a restart.
fn remembered_secret(home: &Path, name: &str) -> Result<String> {
    let path = home.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        _ => {
            let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            write_secret(&path, &secret)?;
            Ok(secret)
        }
    }
}
