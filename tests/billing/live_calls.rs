//! Money that comes and goes in the midst of live calls: holds are cut and renewed, calls end, and those whose money is
//! there go on. The clock is virtual; every call is charged what it lasted.

use voxanne::simulate::{Act, Arrival};

use super::simulate_support::{Played, call, credit, one, seconds};

/// The moment at which something is told to end is known to the second.
fn assert_at(found: Option<f64>, wanted: f64) {
    assert!(found.is_some_and(|found| (found - wanted).abs() < 1.0), "at {found:?}, not at {wanted}");
}

fn assert_books_are_right(played: &Played) {
    assert_eq!(played.report.drift, Vec::<String>::new());
    assert_eq!(played.report.organizations[0].unsettled, 0);
}

#[tokio::test]
async fn a_refund_cuts_the_newest_hold_and_ends_its_call_while_the_older_one_has_paid_time() {
    let (older, newer) = (call(1, 600), call(2, 600));
    let (first, second) = (older.id, newer.id);
    let played = Played::one(1_000, vec![older, newer], |clinic| clinic.acts.push(credit(100.0, -700, "refund"))).await;
    assert_books_are_right(&played);

    let newer = played.bill(second).await;
    assert_eq!(newer.end_reason.as_deref(), Some("hold_cut"), "{newer:?}");
    assert_at(newer.told_to_end, 100.0);
    assert_eq!(newer.committed_pence, 90, "96 seconds");

    // 210 pence are left when the newer call is paid: 225 seconds from its start, less the guard of three.
    let older = played.bill(first).await;
    assert_eq!(older.end_reason.as_deref(), Some("hold_exhausted"), "{older:?}");
    assert_at(older.told_to_end, 3.0 + 225.0 - 3.0);
    assert_eq!(played.report.worst_overdraft(), 0);
}

#[tokio::test]
async fn a_purchase_takes_only_what_is_free_and_live_calls_get_less_time() {
    let (older, newer) = (call(1, 600), call(2, 600));
    let (first, second) = (older.id, newer.id);
    let buy = |cost_pence, key: &str| Act::Purchase { cost_pence, asset: "managed_number", key: key.to_owned() };
    let played = Played::one(1_500, vec![older, newer], |clinic| {
        clinic.acts.push((seconds(100), buy(950, "more than is free")));
        clinic.acts.push((seconds(110), buy(900, "more than the caps leave")));
        clinic.acts.push((seconds(120), buy(800, "what is free")));
    })
    .await;
    assert_books_are_right(&played);

    let books = &played.report.organizations[0];
    assert_eq!(books.tally.refused_acts, ["insufficient_balance", "insufficient_balance"]);
    assert_eq!(books.overdraft_pence, 0);
    assert_eq!(books.balance_pence, 1_500 - 800 - books.charged_pence);
    // 140 pence beyond the holds: the first that asks gets them, and at last the two that the other call left.
    assert_at(played.bill(second).await.told_to_end, 4.0 + 300.0 - 3.0);
    assert_at(played.bill(first).await.told_to_end, 3.0 + 452.2 - 3.0);
}

#[tokio::test]
async fn a_dispute_that_takes_everything_ends_every_call_at_once() {
    let calls = vec![call(1, 600), call(2, 600), call(3, 600)];
    let ids: Vec<_> = calls.iter().map(|call| call.id).collect();
    let played = Played::one(2_000, calls, |clinic| clinic.acts.push(credit(100.0, -2_000, "adjustment"))).await;
    assert_books_are_right(&played);
    for id in ids {
        let bill = played.bill(id).await;
        assert_at(bill.told_to_end, 100.0);
        assert_at(bill.ended_by_order, 100.0);
        assert_eq!(bill.status, "committed");
    }
    assert_eq!(
        played.report.organizations[0].balance_pence,
        -91 - 90 - 89,
        "the minutes were used, so they are charged"
    );
}

#[tokio::test]
async fn caps_that_the_balance_no_longer_covers_end_the_newest_calls_until_it_does() {
    let calls = vec![call(1, 200), call(2, 200), call(3, 200)];
    let ids: Vec<_> = calls.iter().map(|call| call.id).collect();
    let played = Played::one(2_000, calls, |clinic| clinic.acts.push(credit(100.0, -1_100, "refund"))).await;
    assert_books_are_right(&played);

    let newest = played.bill(ids[2]).await;
    assert_eq!(newest.end_reason.as_deref(), Some("cap_uncovered"));
    assert_at(newest.told_to_end, 100.0);
    for id in &ids[..2] {
        let bill = played.bill(*id).await;
        assert_eq!((bill.end_reason, bill.committed_pence), (None, 187), "200 seconds, as its caller wanted");
    }
}

#[tokio::test]
async fn an_operator_who_suspends_a_wallet_ends_its_calls_and_lets_none_in_until_he_lifts_it() {
    let calls = vec![call(1, 600), call(2, 600), call(150, 60), call(250, 60)];
    let ids: Vec<_> = calls.iter().map(|call| call.id).collect();
    let played = Played::one(3_000, calls, |clinic| {
        clinic.acts.push((seconds(100), Act::Suspend(true)));
        clinic.acts.push((seconds(200), Act::Suspend(false)));
    })
    .await;
    assert_books_are_right(&played);
    for id in &ids[..2] {
        let bill = played.bill(*id).await;
        assert_eq!(bill.end_reason.as_deref(), Some("wallet_suspended"));
        assert_at(bill.ended_by_order, 100.0);
    }
    assert_eq!(played.report.organizations[0].refused, [("wallet_suspended".to_owned(), 1)].into());
    assert_eq!(played.bill(ids[3]).await.committed_pence, 56);
}

#[tokio::test]
async fn a_topup_between_warning_and_hang_up_renews_instead_of_killing() {
    for at in [275.0, 299.0, 299.9] {
        let call = call(1, 500);
        let id = call.id;
        let played = Played::one(280, vec![call], |clinic| clinic.acts.push(credit(at, 2_500, "topup"))).await;
        assert_books_are_right(&played);
        let bill = played.bill(id).await;
        assert_eq!((bill.end_reason.clone(), bill.committed_pence), (None, 467), "at {at}: 500 seconds, {bill:?}");
        assert_eq!(bill.renewals, 1, "one slice for the rest");
        assert_eq!(played.report.organizations[0].tally.warnings, 1, "at {at}: its caller had been warned");
    }
}

#[tokio::test]
async fn a_topup_that_comes_after_the_hang_up_comes_too_late() {
    let call = call(1, 500);
    let id = call.id;
    let played = Played::one(280, vec![call], |clinic| clinic.acts.push(credit(300.5, 2_500, "topup"))).await;
    assert_books_are_right(&played);
    let bill = played.bill(id).await;
    assert_eq!(bill.end_reason.as_deref(), Some("hold_exhausted"));
    assert_at(bill.told_to_end, 300.0);
    assert!(bill.committed_pence <= 280, "{bill:?}");
}

#[tokio::test]
async fn what_another_call_gives_back_between_warning_and_hang_up_renews_instead_of_killing() {
    let (long, short) = (call(1, 450), call(200, 80));
    let id = long.id;
    let played = Played::one(560, vec![long, short], |_| {}).await;
    assert_books_are_right(&played);
    let bill = played.bill(id).await;
    assert_eq!((bill.end_reason.clone(), bill.committed_pence), (None, 420), "{bill:?}");
    assert_eq!(played.report.organizations[0].tally.warnings, 1);
    assert_eq!(played.report.worst_overdraft(), 0);
}

#[tokio::test]
async fn a_renewal_takes_a_slice_and_leaves_the_rest_to_the_others() {
    let calls = vec![call(1, 3_000), call(2, 3_000)];
    let ids: Vec<_> = calls.iter().map(|call| call.id).collect();
    let mut plan = one(4_000, calls, |clinic| clinic.calls.iter_mut().for_each(|call| call.max_seconds = 3_300));
    plan.until = seconds(280);
    let played = Played::to_the_end(&plan).await;
    for id in ids {
        assert_eq!(
            played.bill(id).await.reserved_pence,
            2 * 280,
            "five more minutes each, though 3,440 pence were free"
        );
    }
}

#[tokio::test]
async fn past_the_debt_limit_a_call_is_charged_all_the_same_and_the_wallet_rests_until_a_topup() {
    // Nobody can reach the first call: it is ended by its cap alone, after money went out that it had counted on.
    let mut unreachable = call(1, 600);
    unreachable.line = Arrival::lost();
    let (first, later) = (unreachable.id, call(850, 60));
    let mut plan = one(500, vec![unreachable, call(700, 60), later], |clinic| {
        clinic.acts.push(credit(100.0, -450, "refund"));
        clinic.acts.push(credit(800.0, 2_500, "topup"));
    });
    let end = std::mem::replace(&mut plan.until, seconds(750));
    let played = Played::to_the_end(&plan).await;
    let books = &played.report.organizations[0];
    assert_eq!((books.status.as_str(), books.balance_pence), ("suspended", 500 - 450 - 555));
    assert_eq!(books.refused, [("wallet_suspended".to_owned(), 1)].into());
    let again =
        "(select (private.commit_reserved_credits($$FIRST$$, 594, 'report', null)).*) as s where s.limit_exceeded";
    assert_eq!(played.count(&again.replace("FIRST", &first.to_string())).await, 1);
    assert_eq!(played.alerts("debt_limit_exceeded").await, 1);
    assert!(played.alerts("call_not_ended").await >= 1, "the operator heard that the call could not be ended");

    // The same plan to its end, over the same database.
    plan.until = end;
    let played = Played::on(played.db, &plan).await;
    assert_books_are_right(&played);
    let books = &played.report.organizations[0];
    assert_eq!((books.status.as_str(), books.balance_pence), ("active", -505 + 2_500 - 56));
}
