//! How much is sealed with which key, and what follows from that.

use serde::Deserialize;

use crate::{args, cli::doctor::Finding, db::Db, error::Result, vault::Vault};

/// What `private.sealed_census` counts.
#[derive(Debug)]
pub struct Census(Vec<Count>);

#[derive(Clone, Copy, Debug, Deserialize)]
struct Count {
    key_version: i32,
    resealable: i64,
    under_way: i64,
}

impl Census {
    pub async fn take(db: &Db) -> Result<Self> {
        db.as_service().read("private.sealed_census", args! {}).await?.parse().map(Self)
    }

    /// What to know of the keys, and what to do about them.
    pub fn findings(&self, vault: Option<&Vault>) -> Vec<Finding> {
        let Some(vault) = vault else {
            let all: i64 = self.0.iter().map(|count| count.resealable + count.under_way).sum();
            let missing = format!("VAULT_KEYS is missing, and {} sealed: nothing opens them.", secrets(all));
            return if all > 0 { vec![Finding::Mend(missing)] } else { Vec::new() };
        };
        let counts = self.0.iter().map(|count| of_count(*count, vault));
        let unused = vault.versions().into_iter().filter(|version| self.0.iter().all(|c| c.key_version != *version));
        counts.chain(unused.filter_map(|version| of_unused(version, vault))).collect()
    }
}

fn of_count(count: Count, vault: &Vault) -> Finding {
    let (version, current) = (count.key_version, vault.current());
    let all = secrets(count.resealable + count.under_way);
    if version == current {
        return Finding::Fine(format!("{all} sealed with key {version}, the current one."));
    }
    if !vault.versions().contains(&version) {
        return Finding::Mend(format!(
            "{all} sealed with key {version}, which is not in VAULT_KEYS: put it back, they do not open without it."
        ));
    }
    Finding::Note(match count.resealable {
        0 => format!("Key {version} is needed until {} under way are over: some minutes.", count.under_way),
        stale => format!(
            "{} sealed with key {version} and not with key {current}, the current one: run `voxanne rotate-keys`.",
            secrets(stale)
        ),
    })
}

/// A key with a higher number was brought in beforehand, so that every server opens what the first one seals with it.
fn of_unused(version: i32, vault: &Vault) -> Option<Finding> {
    match version.cmp(&vault.current()) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Less => Some(Finding::Note(format!(
            "Nothing is sealed with key {version} any more: it can be taken out of VAULT_KEYS, once no backup needs it."
        ))),
        std::cmp::Ordering::Greater => Some(Finding::Note(format!(
            "Key {version} opens and does not seal yet: put it first in VAULT_KEYS once every server has it."
        ))),
    }
}

fn secrets(count: i64) -> String {
    match count {
        1 => "1 secret is".to_owned(),
        count => format!("{count} secrets are"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    const TWO: &str = "2:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

    fn said(counts: &[(i32, i64, i64)], keys: &str) -> Vec<Finding> {
        let count = |&(key_version, resealable, under_way)| Count { key_version, resealable, under_way };
        let vault = Vault::from_keys(keys).ok();
        Census(counts.iter().map(count).collect()).findings(vault.as_ref())
    }

    fn only(counts: &[(i32, i64, i64)], keys: &str) -> Finding {
        let mut findings = said(counts, keys);
        assert_eq!(findings.len(), 1, "{findings:?}");
        findings.remove(0)
    }

    #[test]
    fn an_old_key_may_go_once_nothing_is_sealed_with_it() {
        let both = format!("{TWO},{ONE}");
        let [Finding::Note(stale), Finding::Fine(_)] = &said(&[(1, 3, 1), (2, 1, 0)], &both)[..] else { panic!() };
        assert!(stale.starts_with("3 secrets are sealed with key 1") && stale.contains("rotate-keys"), "{stale}");
        let [Finding::Note(busy), Finding::Fine(_)] = &said(&[(1, 0, 1), (2, 4, 0)], &both)[..] else { panic!() };
        assert!(busy.starts_with("Key 1 is needed until 1 under way"), "{busy}");
        let [Finding::Fine(_), Finding::Note(idle)] = &said(&[(2, 4, 0)], &both)[..] else { panic!() };
        assert!(idle.contains("key 1") && idle.contains("can be taken out"), "{idle}");
    }

    #[test]
    fn a_key_that_waits_for_its_turn_is_not_one_that_may_go() {
        let [Finding::Fine(_), Finding::Note(next)] = &said(&[(1, 4, 0)], &format!("{ONE},{TWO}"))[..] else {
            panic!()
        };
        assert!(next.contains("does not seal yet"), "{next}");
    }

    #[test]
    fn secrets_without_their_key_are_to_be_mended() {
        assert!(matches!(only(&[(1, 1, 0)], ""), Finding::Mend(said) if said.contains("1 secret is sealed")));
        let findings = said(&[(1, 2, 0), (2, 1, 0)], TWO);
        assert!(matches!(&findings[0], Finding::Mend(said) if said.contains("key 1, which is not in VAULT_KEYS")));
        assert_eq!(said(&[], ""), []);
        assert_eq!(said(&[], ONE), []);
    }
}
