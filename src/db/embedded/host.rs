//! What the machine offers: Postgres's programs, and an account they agree to run under.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tokio::process::Command;

const OLDEST_MAJOR: u32 = 15;

/// A folder with Postgres's server programs of one version.
#[derive(Debug, Clone)]
pub struct Binaries {
    folder: PathBuf,
    pub major: u32,
}

impl Binaries {
    /// The newest Postgres on this machine, or the one `VOXANNE_POSTGRES_BIN` points at.
    pub async fn find() -> Result<Self> {
        if let Some(folder) = std::env::var_os("VOXANNE_POSTGRES_BIN") {
            let folder = PathBuf::from(folder);
            return match Self::look(&folder).await {
                Some(found) => Ok(found),
                None => bail!("VOXANNE_POSTGRES_BIN is {}, which holds no Postgres server.", folder.display()),
            };
        }

        let mut best: Option<Self> = None;
        for folder in candidate_folders() {
            if let Some(found) = Self::look(&folder).await
                && best.as_ref().is_none_or(|b| found.major > b.major)
            {
                best = Some(found);
            }
        }

        match best {
            Some(found) if found.major >= OLDEST_MAJOR => Ok(found),
            Some(found) => bail!("PostgreSQL {} is here, but {OLDEST_MAJOR} or newer is needed.", found.major),
            None => bail!(
                "No PostgreSQL server programs (initdb, pg_ctl, postgres) were found. On Debian or Ubuntu run \
                 `make install`; on macOS run `brew install postgresql@17`."
            ),
        }
    }

    async fn look(folder: &Path) -> Option<Self> {
        if !["initdb", "pg_ctl", "postgres"].iter().all(|p| folder.join(p).is_file()) {
            return None;
        }
        let output = Command::new(folder.join("postgres")).arg("--version").output().await.ok()?;
        Some(Self { folder: folder.to_owned(), major: major_version(&String::from_utf8_lossy(&output.stdout))? })
    }

    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` → 15; `… 18beta1` → 18.
fn major_version(line: &str) -> Option<u32> {
    let version = line.split_whitespace().find(|w| w.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn candidate_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();

    for (parent, inside) in
        [("/usr/lib/postgresql", "bin"), ("/opt/homebrew/opt", "bin"), ("/usr/local/opt", "bin"), ("/usr", "bin")]
    {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        folders.extend(
            entries
                .flatten()
                .filter(|e| {
                    let name = e.file_name();
                    let name = name.to_string_lossy();
                    match parent {
                        "/usr/lib/postgresql" => true,
                        "/usr" => name.starts_with("pgsql-"),
                        _ => name.starts_with("postgresql"),
                    }
                })
                .map(|e| e.path().join(inside)),
        );
    }
    folders
}

/// Who the server runs as. Postgres refuses root, so root hands it to an account without rights.
#[derive(Debug, Clone)]
pub struct Account {
    dropped_to: Option<(u32, u32)>,
}

impl Account {
    pub async fn choose() -> Result<Self> {
        if id(&["-u"]).await.context("`id -u` did not answer")? != 0 {
            return Ok(Self { dropped_to: None });
        }
        for name in ["postgres", "voxanne", "nobody"] {
            if let (Some(uid), Some(gid)) = (id(&["-u", name]).await, id(&["-g", name]).await)
                && uid != 0
            {
                return Ok(Self { dropped_to: Some((uid, gid)) });
            }
        }
        let made = Command::new("useradd").args(["--system", "--no-create-home", "voxanne"]).status().await;
        match (made, id(&["-u", "voxanne"]).await, id(&["-g", "voxanne"]).await) {
            (Ok(status), Some(uid), Some(gid)) if status.success() => Ok(Self { dropped_to: Some((uid, gid)) }),
            _ => bail!("Postgres does not run as root, and there is no account to run it as. Create a user `voxanne`."),
        }
    }

    /// The uid that owns what this account makes.
    pub async fn uid(&self) -> Result<u32> {
        match self.dropped_to {
            Some((uid, _)) => Ok(uid),
            None => id(&["-u"]).await.context("`id -u` did not answer"),
        }
    }

    /// A command under this account; the standard library drops the extra groups with the uid.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder);
        if let Some((uid, gid)) = self.dropped_to {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Makes the folder this account's own, closed to everybody else.
    pub fn own(&self, folder: &Path) -> Result<()> {
        self.hand_over(folder, 0o700)
    }

    pub fn own_file(&self, file: &Path) -> Result<()> {
        self.hand_over(file, 0o600)
    }

    fn hand_over(&self, path: &Path, mode: u32) -> Result<()> {
        use std::os::unix::fs::{PermissionsExt, lchown};
        if let Some((uid, gid)) = self.dropped_to {
            lchown(path, Some(uid), Some(gid)).with_context(|| format!("could not hand over {}", path.display()))?;
        }
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
        Ok(())
    }

    /// Whether this account can work in the folder: one closed folder above it is enough to keep it out.
    pub async fn reaches(&self, folder: &Path) -> bool {
        self.command("sh", Path::new("/"))
            .arg("-c")
            .arg("cd \"$1\" && test -w .")
            .arg("sh")
            .arg(folder)
            .stderr(std::process::Stdio::null())
            .status()
            .await
            .is_ok_and(|s| s.success())
    }
}

async fn id(args: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(args).output().await.ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major_version;

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_version("nonsense"), None);
    }
}
