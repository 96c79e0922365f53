//! The ledgers against heads that were signed and kept elsewhere.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    args,
    db::Db,
    ledger_heads::{self, PublicKey, Verified},
};

/// A head that its ledger no longer has.
#[derive(Debug, Deserialize, Serialize)]
pub struct Problem {
    pub org_id: Uuid,
    pub seq: i64,
    pub problem: String,
    #[serde(default)]
    pub day: String,
}

/// What came of checking them.
#[derive(Debug, Default, Serialize)]
pub struct Heads {
    pub checked: usize,
    pub organizations: usize,
    pub newest_day: Option<String>,
    pub problems: Vec<Problem>,
    /// Files that are not to be believed, or not there.
    pub doubts: Vec<String>,
}

impl Heads {
    /// Something that should have been checked was not.
    pub fn leave_doubts(&self) -> bool {
        !self.doubts.is_empty() || self.checked == 0
    }

    pub fn told(&self) -> String {
        let mut text = String::new();
        for Problem { org_id, seq, problem, day } in &self.problems {
            writeln!(text, "head  {org_id}  entry {seq}, kept on {day}: {problem}").expect("writing to a string");
        }
        for doubt in &self.doubts {
            writeln!(text, "doubt  {doubt}").expect("writing to a string");
        }
        let newest = self.newest_day.as_ref().map(|day| format!(", newest: {day}")).unwrap_or_default();
        let verdict = match self.problems.len() {
            _ if self.checked == 0 => "Nothing was checked against them.".to_owned(),
            0 => "All are still in their ledgers.".to_owned(),
            1 => "1 is no longer in its ledger.".to_owned(),
            count => format!("{count} are no longer in their ledgers."),
        };
        writeln!(text, "Heads: {}, organisations: {}{newest}. {verdict}", self.checked, self.organizations)
            .expect("writing to a string");
        text
    }
}

/// # Errors
/// Only when the path itself cannot be read: a file that cannot be believed is a doubt.
pub fn read(path: &Path, key: &PublicKey) -> anyhow::Result<Verified> {
    ledger_heads::read_verified(path, key).with_context(|| format!("{} cannot be read", path.display()))
}

pub async fn check(db: &Db, kept: Verified, org_id: Option<Uuid>) -> anyhow::Result<Heads> {
    let mut heads = Heads {
        newest_day: kept.sheets.last().map(|sheet| sheet.day.clone()),
        doubts: kept.doubts,
        ..Heads::default()
    };
    let mut organizations = BTreeSet::new();
    for mut sheet in kept.sheets {
        sheet.heads.retain(|head| org_id.is_none_or(|org_id| head.org_id == org_id));
        heads.checked += sheet.heads.len();
        organizations.extend(sheet.heads.iter().map(|head| head.org_id));
        let answer = db.as_service().read("private.check_heads", args! { p_heads: sheet.heads }).await;
        let problems: Vec<Problem> = answer.with_context(|| format!("The heads of {}", sheet.day))?.parse()?;
        heads.problems.extend(problems.into_iter().map(|problem| Problem { day: sheet.day.clone(), ..problem }));
    }
    heads.organizations = organizations.len();
    Ok(heads)
}
