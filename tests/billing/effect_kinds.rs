//! The kinds of effects that billing decides: somebody carries each out, and something follows.

use std::collections::BTreeSet;

use serde_json::json;

use super::provider::{effect, registry};
use crate::support::TestDb;
use voxanne::effects::Verdict;

#[tokio::test]
async fn every_kind_has_an_executor_and_every_executor_a_kind() {
    let db = TestDb::new().await;
    let rows = db.owner().await.query("select kind from private.effect_kinds", &[]).await.expect("kinds");
    let kinds: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let carried_out: BTreeSet<String> = registry(&[]).kinds().into_iter().collect();
    assert_eq!(kinds, carried_out);
}

#[tokio::test]
async fn what_follows_an_effect_is_a_function_that_takes_it() {
    let db = TestDb::new().await;
    let rows = db
        .owner()
        .await
        .query(
            "select k.kind from private.effect_kinds k where k.continuation is not null \
             and to_regprocedure(format('private.%I(jsonb, text, jsonb)', k.continuation)) is null",
            &[],
        )
        .await
        .expect("kinds");
    let lost: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(lost, Vec::<String>::new());
}

/// Hanging up is tried twice, then it is the carrier's turn: a call goes on being paid for meanwhile.
#[tokio::test]
async fn a_hang_up_that_fails_is_given_up_within_five_seconds() {
    let db = TestDb::new().await;
    let worst: f64 = db
        .owner()
        .await
        .query_one(
            "select max(max_attempts * timeout_seconds + (max_attempts - 1) * backoff_cap_seconds)::float8 \
             from private.effect_kinds where kind in ('vapi.end_call', 'twilio.end_call')",
            &[],
        )
        .await
        .expect("the kinds")
        .get(0);
    assert!(worst <= 5.0, "{worst} s");
}

/// Stripe forgets an idempotency key after a day.
#[tokio::test]
async fn a_charge_is_given_up_before_stripe_forgets_its_key() {
    let db = TestDb::new().await;
    let worst: f64 = db
        .owner()
        .await
        .query_one(
            "select sum(timeout_seconds + least(backoff_cap_seconds, backoff_base_seconds * power(2, n - 1)))::float8 \
             from private.effect_kinds, generate_series(1, max_attempts) n where kind = 'stripe.charge'",
            &[],
        )
        .await
        .expect("the kind")
        .get(0);
    assert!((3600.0..43_200.0).contains(&worst), "hours, and less than half a day: {worst} s");
}

#[tokio::test]
async fn a_moment_is_over_at_once() {
    for kind in ["billing.hold_deadline", "billing.sweep"] {
        let verdict = registry(&[]).run(&effect(kind, json!({ "org_id": null }))).await;
        assert_eq!(verdict, Verdict::Done(json!({})), "{kind}");
    }
}
