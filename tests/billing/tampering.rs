//! What a superuser does to a ledger with the triggers off is named: which check, which entry.

use super::ledger_support::{intruder, lived_in_wallet, move_head, reconcile, rehash};
use crate::support::TestDb;

/// After the damage, what `voxanne reconcile --org` says drifts.
async fn drift_after(damage: &str) -> Vec<(String, String)> {
    let db = TestDb::new().await;
    let org_id = lived_in_wallet(&db).await;
    let org = org_id.to_string();
    assert_eq!(reconcile(&db, &["--org", &org]).await.status, Some(0), "it adds up before");

    let rows = damage.replace("$ledger", &format!("public.credit_transactions t where t.org_id = '{org}'"));
    let rows = rows.replace("$org", &org).replace("$head", &move_head(org_id)).replace("$rehash", &rehash(org_id));
    intruder(&db).await.batch_execute(&rows).await.unwrap_or_else(|e| panic!("{rows}: {e:?}"));

    let said = reconcile(&db, &["--org", &org, "--json"]).await;
    let drifting = said.drifting();
    assert_eq!(said.status, Some(i32::from(!drifting.is_empty())), "{}", said.err);
    drifting
}

fn named(what: &[(&str, &str)]) -> Vec<(String, String)> {
    what.iter().map(|(check, detail)| ((*check).to_owned(), (*detail).to_owned())).collect()
}

#[tokio::test]
async fn an_entry_that_was_updated_is_named() {
    let drift = drift_after(
        "update public.credit_transactions set idempotency_key = 'another' where org_id = '$org' and seq = 4",
    );
    assert_eq!(drift.await, named(&[("chain", "entry 4")]));

    let drift = drift_after(
        "update public.credit_transactions set amount_pence = 9000, balance_after_pence = balance_before_pence + 9000
         where org_id = '$org' and seq = 5; $head",
    );
    let said = drift.await;
    assert_eq!(said[..3], named(&[("balance", ""), ("continuity", "entry 6"), ("chain", "entry 5")]));
}

#[tokio::test]
async fn an_entry_that_was_deleted_from_the_middle_is_named() {
    let said = drift_after("delete from $ledger and t.seq = 6").await;
    let found = named(&[
        ("balance", ""),
        ("entry_count", ""),
        ("sequence", "entry 7"),
        ("continuity", "entry 7"),
        ("chain", "entry 7"),
    ]);
    assert_eq!(said, found);
}

#[tokio::test]
async fn an_entry_that_was_inserted_in_the_middle_is_named() {
    let insert = "update public.credit_transactions set seq = seq + 1000 where org_id = '$org' and seq >= 6;
        update public.credit_transactions set seq = seq - 999 where org_id = '$org' and seq > 1000;
        insert into public.credit_transactions (
            org_id, seq, amount_pence, type, description, idempotency_key, balance_before_pence, balance_after_pence,
            entry_hash, created_at)
        select org_id, 6, 700, 'bonus', 'A gift', 'gift', balance_after_pence, balance_after_pence + 700, sha256('gift'), created_at
        from $ledger and t.seq = 5";
    let said = drift_after(insert).await;
    assert_eq!(said, named(&[("balance", ""), ("entry_count", ""), ("continuity", "entry 7"), ("chain", "entry 6")]));

    // Made to fit in every number but the hashes.
    let fitted = format!(
        "{insert};
         update public.credit_transactions
         set balance_before_pence = balance_before_pence + 700, balance_after_pence = balance_after_pence + 700
         where org_id = '$org' and seq > 6;
         $head"
    );
    assert_eq!(drift_after(&fitted).await, named(&[("chain", "entry 6")]));
}

#[tokio::test]
async fn entries_that_changed_places_are_named() {
    let said = drift_after(
        "update public.credit_transactions set seq = 1000 where org_id = '$org' and seq = 2;
         update public.credit_transactions set seq = 2 where org_id = '$org' and seq = 3;
         update public.credit_transactions set seq = 3 where org_id = '$org' and seq = 1000",
    )
    .await;
    assert!(said.contains(&("chain".to_owned(), "entry 2".to_owned())), "{said:?}");
}

#[tokio::test]
async fn a_tail_that_was_cut_off_is_missed_unless_the_head_was_made_to_match() {
    let said = drift_after("delete from $ledger and t.seq > 6").await;
    assert_eq!(said, named(&[("balance", ""), ("entry_count", ""), ("head", "entry 6")]));
    assert_eq!(
        drift_after("delete from $ledger and t.seq > 6; $head").await,
        [],
        "that is what exported heads are for"
    );
}

#[tokio::test]
async fn a_ledger_that_was_written_anew_adds_up() {
    let said = drift_after(
        "update public.credit_transactions set idempotency_key = 'another' where org_id = '$org' and seq = 4; $rehash",
    );
    assert_eq!(said.await, [], "that is what exported heads are for");
}

#[tokio::test]
async fn with_the_triggers_on_not_even_a_superuser_changes_an_entry() {
    let db = TestDb::new().await;
    let org_id = lived_in_wallet(&db).await;
    let superuser = db.superuser().await;
    for damage in [
        "update public.credit_transactions set amount_pence = 1 where org_id = $1 and seq = 4",
        "delete from public.credit_transactions where org_id = $1",
    ] {
        assert!(superuser.execute(damage, &[&org_id]).await.is_err(), "{damage}");
    }
    assert!(superuser.batch_execute("truncate public.credit_transactions").await.is_err());
}
