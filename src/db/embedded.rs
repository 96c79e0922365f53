//! A private Postgres for development and tests: its own data folder, its own port, never the system's cluster.
//!
//! The postmaster is started by `pg_ctl`, which detaches it from the terminal: a Ctrl-C reaches this process, which then
//! stops the cluster in order.

mod host;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use host::{Account, Binaries};

/// A unix socket's address holds 107 bytes; the file Postgres makes is called `.s.PGSQL.<port>`.
const LONGEST_SOCKET_FOLDER: usize = 107 - "/.s.PGSQL.65535".len();
const THROW_AWAY_PREFIX: &str = "voxanne-throw-away-";

/// What the cluster is for, and so what it may risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Profile {
    /// Outlives a crash of the machine.
    Durable,
    /// Lives as long as one command: nothing is ever flushed to disk.
    ThrowAway,
}

impl Profile {
    fn settings(self) -> &'static str {
        match self {
            Self::Durable => "max_connections = 100\nshared_buffers = '128MB'\n",
            Self::ThrowAway => {
                "max_connections = 300\nshared_buffers = '128MB'\nfsync = off\nsynchronous_commit = off\n\
                 full_page_writes = off\nwal_level = minimal\nmax_wal_senders = 0\nmin_wal_size = '64MB'\n\
                 max_wal_size = '1GB'\nautovacuum_naptime = '10s'\npassword_encryption = 'md5'\n"
            }
        }
    }

    /// The throw-away cluster's passwords cross the loopback in the clear: proving them by SCRAM costs an unoptimised
    /// build 80 ms a connection, and a test run opens thousands.
    fn auth_method(self) -> &'static str {
        match self {
            Self::Durable => "scram-sha-256",
            Self::ThrowAway => "password",
        }
    }
}

/// A running private cluster.
#[derive(Debug)]
pub struct Cluster {
    binaries: Binaries,
    account: Account,
    profile: Profile,
    superuser: String,
    folder: PathBuf,
    port: u16,
    password: String,
    /// Held while this process lives, so that another can tell a cluster in use from one left behind.
    _lock: std::fs::File,
}

impl Cluster {
    /// A new cluster in a temporary folder, gone after [`Cluster::remove`].
    pub async fn throw_away(superuser: &str) -> Result<Self> {
        let (binaries, account) = (Binaries::find().await?, Account::choose().await?);
        sweep_abandoned(&binaries, &account).await;

        let folder = std::env::temp_dir().join(format!("{THROW_AWAY_PREFIX}{}", Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).with_context(|| format!("could not create {}", folder.display()))?;
        let started = Self::open(binaries, account, Profile::ThrowAway, superuser, folder.clone()).await;
        if started.is_err() {
            std::fs::remove_dir_all(&folder).ok();
        }
        started
    }

    /// The cluster of a project: found again, with its data, at the next start. `reset` begins with nothing.
    pub async fn durable(home: &Path, reset: bool) -> Result<Self> {
        let (binaries, account) = (Binaries::find().await?, Account::choose().await?);
        let home = std::fs::canonicalize(home).with_context(|| format!("{} is missing", home.display()))?;
        let folder = durable_folder(&home, &account).await?;
        if reset {
            let lock = lock(&folder)?;
            stop_if_running(&binaries, &account, &folder, "fast").await?;
            std::fs::remove_dir_all(folder.join("data")).or_else(ignore_missing)?;
            drop(lock);
        }
        Self::open(binaries, account, Profile::Durable, "postgres", folder).await
    }

    async fn open(
        binaries: Binaries,
        account: Account,
        profile: Profile,
        superuser: &str,
        folder: PathBuf,
    ) -> Result<Self> {
        account.own(&folder)?;
        if !account.reaches(&folder).await {
            bail!("Postgres's account cannot work in {}.", folder.display());
        }
        let lock = lock(&folder)?;
        let mut cluster = Self {
            binaries,
            account,
            profile,
            superuser: superuser.to_owned(),
            folder,
            port: 0,
            password: String::new(),
            _lock: lock,
        };

        if !cluster.data().join("PG_VERSION").exists() {
            cluster.init().await?;
        }
        cluster.check_version()?;
        cluster.password = std::fs::read_to_string(cluster.folder.join("password"))?.trim().to_owned();
        cluster.forget_a_stranger_s_pid();
        stop_if_running(&cluster.binaries, &cluster.account, &cluster.folder, "fast").await?;
        cluster.start().await?;
        Ok(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    async fn init(&self) -> Result<()> {
        let password_file = self.folder.join("password");
        std::fs::write(&password_file, Uuid::new_v4().simple().to_string())?;
        self.account.own_file(&password_file)?;

        // `C` knows no letters beyond ASCII, so it is the last resort.
        let mut said = String::new();
        for locale in ["C.UTF-8", "en_US.UTF-8", "C"] {
            std::fs::remove_dir_all(self.data()).or_else(ignore_missing)?;
            let mut command = self.account.command(self.binaries.program("initdb"), &self.folder);
            command
                .arg("--encoding=UTF8")
                .arg(format!("--username={}", self.superuser))
                .arg(format!("--locale={locale}"))
                .arg(format!("--auth={}", self.profile.auth_method()))
                .arg(format!("--pwfile={}", password_file.display()))
                .arg(format!("--pgdata={}", self.data().display()));
            if self.profile == Profile::ThrowAway {
                command.arg("--no-sync");
            }
            let output = command.output().await.context("could not run initdb")?;
            if output.status.success() {
                let conf = self.data().join("postgresql.conf");
                let text = std::fs::read_to_string(&conf)? + "\ninclude_if_exists = 'voxanne.conf'\n";
                return Ok(std::fs::write(conf, text)?);
            }
            said = String::from_utf8_lossy(&output.stderr).into_owned();
        }
        bail!("initdb failed: {said}")
    }

    /// A data folder belongs to one major version: another's server refuses it, in words few understand.
    fn check_version(&self) -> Result<()> {
        let version = std::fs::read_to_string(self.data().join("PG_VERSION"))?;
        if version.trim() != self.binaries.major.to_string() {
            bail!(
                "The data in {} was made by PostgreSQL {}, but this machine's newest is {}. Point \
                 VOXANNE_POSTGRES_BIN at the older one, or start again with `voxanne dev --reset`.",
                self.data().display(),
                version.trim(),
                self.binaries.major
            );
        }
        Ok(())
    }

    /// After a crash the recorded pid may belong to any process by now; Postgres would refuse to start beside it.
    fn forget_a_stranger_s_pid(&self) {
        let file = self.data().join("postmaster.pid");
        let Ok(text) = std::fs::read_to_string(&file) else { return };
        let pid = text.lines().next().unwrap_or_default().trim();
        if let Ok(name) = std::fs::read_to_string(format!("/proc/{pid}/comm"))
            && !name.starts_with("postgres")
        {
            std::fs::remove_file(file).ok();
        }
    }

    /// Starts on the remembered port; on another when somebody took it meanwhile.
    async fn start(&mut self) -> Result<()> {
        let remembered = self.folder.join("port");
        let mut port = std::fs::read_to_string(&remembered).ok().and_then(|p| p.trim().parse().ok());
        let socket = self.socket_folder();
        make_private(&socket, &self.account).await?;

        for _ in 0..5 {
            let candidate = match port.take() {
                Some(p) if std::net::TcpListener::bind(("127.0.0.1", p)).is_ok() => p,
                _ => free_port()?,
            };
            std::fs::write(
                self.data().join("voxanne.conf"),
                format!(
                    "listen_addresses = '127.0.0.1'\nport = {candidate}\nunix_socket_directories = '{}'\n\
                     unix_socket_permissions = 0700\ntimezone = 'UTC'\nlog_timezone = 'UTC'\njit = off\n\
                     shared_preload_libraries = ''\n{}",
                    socket.display(),
                    self.profile.settings()
                ),
            )?;
            let status = self
                .account
                .command(self.binaries.program("pg_ctl"), &self.folder)
                .args(["start", "--wait", "--silent", "--timeout=120", "--pgdata"])
                .arg(self.data())
                .arg("--log")
                .arg(self.log())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .await
                .context("could not run pg_ctl")?;
            if status.success() {
                std::fs::write(&remembered, candidate.to_string())?;
                self.port = candidate;
                return Ok(());
            }
            if !self.port_was_taken() {
                break;
            }
        }
        bail!("Postgres did not start. The end of its log:\n{}", self.last_of_log())
    }

    fn port_was_taken(&self) -> bool {
        self.last_of_log().contains("Is another postmaster already running on port")
    }

    fn last_of_log(&self) -> String {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }

    fn socket_folder(&self) -> PathBuf {
        let folder = self.folder.join("run");
        if folder.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
            return folder;
        }
        Path::new("/tmp").join(format!("voxanne-run-{}", fingerprint(&self.folder)))
    }

    /// The superuser's address of one of its databases.
    pub fn superuser_url(&self, database: &str) -> String {
        self.url(&self.superuser, database)
    }

    /// The address of another role, when that role has the cluster's password.
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgresql://{role}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    pub async fn stop(&self) -> Result<()> {
        let mode = if self.profile == Profile::ThrowAway { "immediate" } else { "fast" };
        stop_if_running(&self.binaries, &self.account, &self.folder, mode).await
    }

    /// Stops it and leaves nothing behind.
    pub async fn remove(self) -> Result<()> {
        self.stop().await?;
        for folder in [self.socket_folder(), self.folder] {
            std::fs::remove_dir_all(folder).or_else(ignore_missing)?;
        }
        Ok(())
    }
}

/// `.voxanne/postgres` of the project, or a folder of its own elsewhere when Postgres's account cannot get there.
async fn durable_folder(home: &Path, account: &Account) -> Result<PathBuf> {
    let wanted = home.join("postgres");
    std::fs::create_dir_all(&wanted).with_context(|| format!("could not create {}", wanted.display()))?;
    account.own(&wanted)?;
    if account.reaches(&wanted).await {
        return Ok(wanted);
    }

    let elsewhere = Path::new("/var/tmp").join(format!("voxanne-{}", fingerprint(home)));
    make_private(&elsewhere, account).await?;
    eprintln!(
        "Postgres's account cannot reach {}; its data lies in {} instead.",
        wanted.display(),
        elsewhere.display()
    );
    Ok(elsewhere)
}

/// Creates a folder in a place everybody may write to, and refuses one that somebody else put there.
async fn make_private(folder: &Path, account: &Account) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    match std::fs::create_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let found = std::fs::symlink_metadata(folder)?;
            if !found.is_dir() || (found.uid() != 0 && found.uid() != account.uid().await?) {
                bail!("{} belongs to somebody else.", folder.display());
            }
        }
        other => other.with_context(|| format!("could not create {}", folder.display()))?,
    }
    account.own(folder)
}

fn fingerprint(folder: &Path) -> String {
    hex::encode(&Sha256::digest(folder.as_os_str().as_encoded_bytes())[..6])
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn lock(folder: &Path) -> Result<std::fs::File> {
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            bail!("Another voxanne is running with the data in {}. Stop it first.", folder.display())
        }
        Err(std::fs::TryLockError::Error(e)) => Err(e.into()),
    }
}

async fn stop_if_running(binaries: &Binaries, account: &Account, folder: &Path, mode: &str) -> Result<()> {
    let data = folder.join("data");
    if !data.join("postmaster.pid").exists() {
        return Ok(());
    }
    account
        .command(binaries.program("pg_ctl"), folder)
        .args(["stop", "--wait", "--silent", "--timeout=30", "--mode", mode, "--pgdata"])
        .arg(&data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await
        .context("could not run pg_ctl")?;
    Ok(())
}

/// Ends the throw-away clusters whose command was killed before it could: their lock is free, and they are old enough
/// not to be just starting.
async fn sweep_abandoned(binaries: &Binaries, account: &Account) {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    let Ok(uid) = account.uid().await else { return };
    for entry in entries.flatten() {
        use std::os::unix::fs::MetadataExt;
        let ours = entry.file_name().to_string_lossy().starts_with(THROW_AWAY_PREFIX)
            && entry.metadata().is_ok_and(|m| {
                m.is_dir()
                    && m.uid() == uid
                    && m.modified().is_ok_and(|t| t.elapsed().is_ok_and(|age| age > Duration::from_secs(60)))
            });
        let folder = entry.path();
        if ours
            && folder.join("lock").exists()
            && let Ok(_held) = lock(&folder)
        {
            stop_if_running(binaries, account, &folder, "immediate").await.ok();
            std::fs::remove_dir_all(&folder).ok();
        }
    }
}

fn ignore_missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
