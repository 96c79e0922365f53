//! The SQL this release carries: which files, of which kind, in which order.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// Embedded in a release build; read from disk in a debug build, so that a changed function needs no compiler.
#[derive(rust_embed::Embed)]
#[folder = "sql/"]
#[exclude = "demo/*"]
struct Files;

/// A release's number, `major.minor.patch`; a pre-release suffix does not order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(pub u32, pub u32, pub u32);

impl Release {
    /// The release this binary is.
    pub fn current() -> Self {
        env!("CARGO_PKG_VERSION").parse().expect("Cargo only accepts such versions")
    }
}

impl FromStr for Release {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let core = text.trim().split(['-', '+']).next().unwrap_or_default();
        let parts: Vec<u32> = core
            .split('.')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .with_context(|| format!("`{text}` is not a release number"))?;
        match parts[..] {
            [major, minor, patch] => Ok(Self(major, minor, patch)),
            _ => bail!("`{text}` is not a release number"),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// What a file holds, in the order in which they are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Bootstrap,
    Migration,
    Function,
    View,
    Trigger,
    Policy,
    Reference,
}

impl Kind {
    fn of(path: &str) -> Option<Self> {
        Some(match path.split('/').next()? {
            "bootstrap" => Self::Bootstrap,
            "migrations" => Self::Migration,
            "functions" => Self::Function,
            "views" => Self::View,
            "triggers" => Self::Trigger,
            "policies" => Self::Policy,
            "reference" => Self::Reference,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone)]
pub struct SqlFile {
    /// Relative to `sql/`.
    pub path: String,
    pub kind: Kind,
    pub content: String,
    pub hash: String,
}

impl SqlFile {
    pub fn new(path: &str, content: &str) -> Result<Self> {
        let kind = Kind::of(path).with_context(|| format!("sql/{path} lies in no folder that migrate knows"))?;
        Ok(Self {
            path: path.to_owned(),
            kind,
            content: content.to_owned(),
            hash: hex::encode(Sha256::digest(content.as_bytes())),
        })
    }

    /// The file's name without folders and extension.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The schema and name of what a function, view, trigger or reference file defines or is about.
    pub fn target(&self) -> (&str, &str) {
        match self.kind {
            Kind::Function if self.path.contains("/private/") => ("private", self.stem()),
            Kind::Function => ("public", self.stem()),
            _ => self.stem().split_once('.').unwrap_or(("public", self.stem())),
        }
    }

    /// A migration's version: `V0001__name` → 1.
    pub fn version(&self) -> Result<i32> {
        self.stem()
            .strip_prefix('V')
            .and_then(|s| s.split_once("__"))
            .and_then(|(version, _)| version.parse().ok())
            .with_context(|| format!("sql/{} is not named V0001__name.sql", self.path))
    }
}

/// Everything one release wants the database to be.
#[derive(Debug, Clone)]
pub struct Manifest {
    pub release: Release,
    /// Servers older than this cannot work with this schema.
    pub min_server_release: Release,
    files: Vec<SqlFile>,
}

impl Manifest {
    pub fn embedded() -> Result<Self> {
        let mut files = Vec::new();
        let mut min_server_release = None;
        for path in Files::iter() {
            let content = read(&path)?;
            if path == "min_server_release" {
                min_server_release = Some(content.parse()?);
            } else if path.ends_with(".sql") || path.ends_with(".csv") || path.ends_with(".json") {
                files.push(SqlFile::new(&path, &content)?);
            }
        }
        let min_server_release = min_server_release.context("sql/min_server_release is missing")?;
        Self::new(Release::current(), min_server_release, files)
    }

    /// Refuses two migrations of one version, and two functions of one name: refinery and Postgres would take either.
    pub fn new(release: Release, min_server_release: Release, mut files: Vec<SqlFile>) -> Result<Self> {
        files.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.path.cmp(&b.path)));
        let manifest = Self { release, min_server_release, files };

        let mut versions = std::collections::HashMap::new();
        for file in manifest.of_kind(Kind::Migration) {
            if let Some(other) = versions.insert(file.version()?, &file.path) {
                bail!("sql/{other} and sql/{} have the same version.", file.path);
            }
        }
        let mut functions = std::collections::HashMap::new();
        for file in manifest.of_kind(Kind::Function) {
            if let Some(other) = functions.insert(file.target(), &file.path) {
                bail!("sql/{other} and sql/{} define the same function.", file.path);
            }
        }
        Ok(manifest)
    }

    /// The same manifest as another release would have it: some files added or replaced, some gone.
    pub fn as_release(&self, release: Release, changed: Vec<SqlFile>, gone: &[&str]) -> Result<Self> {
        let files = self
            .files
            .iter()
            .filter(|f| !gone.contains(&f.path.as_str()) && changed.iter().all(|c| c.path != f.path))
            .cloned()
            .chain(changed.iter().cloned())
            .collect();
        Self::new(release, self.min_server_release, files)
    }

    pub fn files(&self) -> &[SqlFile] {
        &self.files
    }

    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &SqlFile> {
        self.files.iter().filter(move |f| f.kind == kind)
    }

    pub fn file(&self, path: &str) -> Option<&SqlFile> {
        self.files.iter().find(|f| f.path == path)
    }
}

fn read(path: &str) -> Result<String> {
    let file = Files::get(path).with_context(|| format!("sql/{path} vanished"))?;
    match file.data {
        Cow::Borrowed(bytes) => Ok(std::str::from_utf8(bytes)?.to_owned()),
        Cow::Owned(bytes) => Ok(String::from_utf8(bytes)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_order_by_number_not_by_text() {
        let release = |t: &str| t.parse::<Release>().unwrap();
        assert!(release("0.10.0") > release("0.9.9"));
        assert_eq!(release("1.2.3-rc.1"), Release(1, 2, 3));
        assert!("1.2".parse::<Release>().is_err());
        assert!("".parse::<Release>().is_err());
    }

    #[test]
    fn two_migrations_of_one_version_are_refused() {
        let files = ["migrations/V0001__a.sql", "migrations/V1__b.sql"];
        let files = files.iter().map(|p| SqlFile::new(p, "").unwrap()).collect();
        let said = Manifest::new(Release(1, 0, 0), Release(1, 0, 0), files).unwrap_err().to_string();
        assert!(said.contains("the same version"), "{said}");
    }

    #[test]
    fn the_embedded_manifest_reads() {
        let manifest = Manifest::embedded().unwrap();
        assert!(manifest.min_server_release <= manifest.release);
        assert!(manifest.file("bootstrap/01_roles.sql").is_some());
        assert!(manifest.files().iter().all(|f| !f.path.starts_with("demo/")));
    }
}
