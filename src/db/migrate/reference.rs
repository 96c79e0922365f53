//! Data the rules read: a file a table, kept in step with the release, except for what an operator edited.

use std::collections::HashSet;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};
use tokio_postgres::Client;

use super::Report;
use super::ledger::{self, Entry, Ledger};
use super::manifest::{Kind, Manifest, SqlFile};
use super::retry::{Attempts, LOCK_TIMEOUT};

pub async fn apply(client: &mut Client, manifest: &Manifest, ledger: &mut Ledger, report: &mut Report) -> Result<()> {
    for file in manifest.of_kind(Kind::Reference) {
        if ledger.is_current(file) {
            continue;
        }
        let rows = parse(file).with_context(|| format!("sql/{} does not read", file.path))?;
        let mut attempts = Attempts::default();
        let entry = loop {
            match replace(client, manifest, file, &rows).await {
                Ok(entry) => break entry,
                Err(error) if attempts.again(&error).await => {}
                Err(error) => return Err(error.context(format!("sql/{} failed", file.path))),
            }
        };
        ledger.note(&file.path, entry);
        report.applied.push(file.path.clone());
    }
    Ok(())
}

struct Rows {
    columns: Vec<String>,
    json: String,
}

fn parse(file: &SqlFile) -> Result<Rows> {
    let rows: Vec<Map<String, Value>> = if file.path.ends_with(".csv") {
        let mut reader = csv::Reader::from_reader(file.content.as_bytes());
        let header = reader.headers()?.clone();
        reader
            .records()
            .map(|record| {
                let record = record?;
                let cells = record.iter().map(|cell| if cell.is_empty() { Value::Null } else { cell.into() });
                Ok(header.iter().map(str::to_owned).zip(cells).collect())
            })
            .collect::<Result<_>>()?
    } else {
        serde_json::from_str(&file.content)?
    };

    let mut seen = HashSet::new();
    let columns: Vec<String> = rows.iter().flat_map(Map::keys).filter(|c| seen.insert(c.as_str())).cloned().collect();
    if let Some(bad) =
        columns.iter().find(|c| !c.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
    {
        bail!("`{bad}` is no column's name");
    }
    Ok(Rows { columns, json: serde_json::to_string(&rows)? })
}

/// Rows are matched by primary key. In a table with `edited_at`, an edited row is the operator's and stays as it is.
async fn replace(client: &mut Client, manifest: &Manifest, file: &SqlFile, rows: &Rows) -> Result<Entry> {
    let (schema, table) = file.target();
    let name = format!("\"{schema}\".\"{table}\"");
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;

    let key: Vec<String> = transaction
        .query(
            "select a.attname::text from pg_catalog.pg_index i \
             join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey) \
             where i.indrelid = pg_catalog.to_regclass($1) and i.indisprimary",
            &[&name],
        )
        .await?
        .iter()
        .map(|r| r.get(0))
        .collect();
    if key.is_empty() {
        bail!("{name} does not exist or has no primary key");
    }
    let editable: bool = transaction
        .query_one(
            "select exists (select from pg_catalog.pg_attribute a \
             where a.attrelid = pg_catalog.to_regclass($1) and a.attname = 'edited_at' and not a.attisdropped)",
            &[&name],
        )
        .await?
        .get(0);

    let quoted = |c: &String| format!("\"{c}\"");
    let input = format!("pg_catalog.json_populate_recordset(null::{name}, $1::text::json)");
    let untouched = if editable { " and t.edited_at is null" } else { "" };
    let same_key = key.iter().map(|k| format!("t.\"{k}\" = i.\"{k}\"")).collect::<Vec<_>>().join(" and ");
    transaction
        .execute(
            &format!("delete from {name} t where not exists (select from {input} i where {same_key}){untouched}"),
            &[&rows.json],
        )
        .await?;

    let columns = rows.columns.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let others: Vec<String> = rows.columns.iter().filter(|c| !key.contains(c)).map(quoted).collect();
    let on_conflict = if others.is_empty() {
        "do nothing".to_owned()
    } else {
        let set = others.iter().map(|c| format!("{c} = excluded.{c}")).collect::<Vec<_>>().join(", ");
        format!("do update set {set} where true{untouched}")
    };
    if !rows.columns.is_empty() {
        transaction
            .execute(
                &format!(
                    "insert into {name} as t ({columns}) select {columns} from {input} on conflict ({}) {on_conflict}",
                    key.iter().map(quoted).collect::<Vec<_>>().join(", ")
                ),
                &[&rows.json],
            )
            .await?;
    }

    let entry = ledger::record(&transaction, manifest.release, file, Vec::new()).await?;
    transaction.commit().await?;
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_cells_are_null_and_json_rows_may_leave_columns_out() {
        let csv = SqlFile::new("reference/private.t.csv", "code,note\na,\n").unwrap();
        let rows = parse(&csv).unwrap();
        assert_eq!(rows.columns, ["code", "note"]);
        assert_eq!(rows.json, r#"[{"code":"a","note":null}]"#);

        let json = SqlFile::new("reference/private.t.json", r#"[{"a": 1}, {"b": 2}]"#).unwrap();
        assert_eq!(parse(&json).unwrap().columns, ["a", "b"]);
    }

    #[test]
    fn a_column_name_cannot_carry_sql() {
        let csv = SqlFile::new("reference/private.t.csv", "a\" = 1 --\nx\n").unwrap();
        assert!(parse(&csv).is_err());
    }
}
