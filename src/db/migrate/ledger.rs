//! What the database says has run: the newest row of every path in `private.sql_versions`.

use std::collections::HashMap;

use anyhow::Result;
use tokio_postgres::{Client, GenericClient};

use super::manifest::{Manifest, Release, SqlFile};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Live,
    Retired,
    Dropped,
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub release: Release,
    pub hash: Option<String>,
    /// The functions this file made, as `schema.name(types)`: the only ones migrate ever drops.
    pub signatures: Vec<String>,
    pub state: State,
}

#[derive(Debug, Default)]
pub struct Ledger(HashMap<String, Entry>);

impl Ledger {
    pub async fn read(client: &Client) -> Result<Self> {
        let rows = client
            .query(
                "select distinct on (v.path) v.path, v.release, v.hash, v.signatures, v.state \
                 from private.sql_versions v order by v.path, v.id desc",
                &[],
            )
            .await?;
        let mut entries = HashMap::new();
        for row in rows {
            let entry = Entry {
                release: row.get::<_, &str>(1).parse()?,
                hash: row.get(2),
                signatures: row.get(3),
                state: match row.get(4) {
                    "retired" => State::Retired,
                    "dropped" => State::Dropped,
                    _ => State::Live,
                },
            };
            entries.insert(row.get(0), entry);
        }
        Ok(Self(entries))
    }

    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.0.get(path)
    }

    pub fn is_current(&self, file: &SqlFile) -> bool {
        self.0.get(&file.path).is_some_and(|e| e.state == State::Live && e.hash.as_deref() == Some(&file.hash))
    }

    /// What was applied once and is in this manifest no longer, dropped things aside.
    pub fn gone_from<'a>(&'a self, manifest: &'a Manifest) -> impl Iterator<Item = (&'a str, &'a Entry)> {
        self.0
            .iter()
            .filter(|(path, e)| e.state != State::Dropped && manifest.file(path).is_none())
            .map(|(path, e)| (path.as_str(), e))
    }

    /// What files of ours, this one or one it was moved from, made under this function's name.
    pub fn signatures_of(&self, file: &SqlFile) -> Vec<String> {
        let (schema, name) = file.target();
        let start = format!("{schema}.{name}(");
        let mut found: Vec<String> =
            self.0.values().flat_map(|e| &e.signatures).filter(|s| s.starts_with(&start)).cloned().collect();
        found.sort();
        found.dedup();
        found
    }

    /// Whether a live file stands behind a function.
    pub fn is_live(&self, signature: &str) -> bool {
        self.0.values().any(|e| e.state == State::Live && e.signatures.iter().any(|s| s == signature))
    }

    /// Notes in memory what [`record`] has committed.
    pub fn note(&mut self, path: &str, entry: Entry) {
        self.0.insert(path.to_owned(), entry);
    }
}

/// Writes a file's new version, in the transaction that made it live.
pub async fn record(
    client: &impl GenericClient,
    release: Release,
    file: &SqlFile,
    signatures: Vec<String>,
) -> Result<Entry> {
    client
        .execute(
            "insert into private.sql_versions (path, release, hash, content, signatures) values ($1, $2, $3, $4, $5)",
            &[&file.path, &release.to_string(), &file.hash, &file.content, &signatures],
        )
        .await?;
    Ok(Entry { release, hash: Some(file.hash.clone()), signatures, state: State::Live })
}

/// The same for many files in one round trip.
pub async fn record_all(
    client: &impl GenericClient,
    release: Release,
    files: &[&SqlFile],
    signatures: Vec<Vec<String>>,
) -> Result<Vec<Entry>> {
    let rows: Vec<serde_json::Value> = files
        .iter()
        .zip(&signatures)
        .map(|(f, s)| serde_json::json!({ "path": f.path, "hash": f.hash, "content": f.content, "signatures": s }))
        .collect();
    client
        .execute(
            "insert into private.sql_versions (path, release, hash, content, signatures) \
             select r.path, $2, r.hash, r.content, r.signatures \
             from pg_catalog.json_to_recordset($1::text::json) r (path text, hash text, content text, signatures text[])",
            &[&serde_json::to_string(&rows)?, &release.to_string()],
        )
        .await?;
    let entry = |(file, signatures): (&&SqlFile, Vec<String>)| Entry {
        release,
        hash: Some(file.hash.clone()),
        signatures,
        state: State::Live,
    };
    Ok(files.iter().zip(signatures).map(entry).collect())
}

/// Writes that a path has no file any more.
pub async fn record_end(
    client: &impl GenericClient,
    release: Release,
    path: &str,
    signatures: &[String],
    state: &str,
) -> Result<()> {
    client
        .execute(
            "insert into private.sql_versions (path, release, signatures, state) values ($1, $2, $3, $4)",
            &[&path, &release.to_string(), &signatures, &state],
        )
        .await?;
    Ok(())
}
