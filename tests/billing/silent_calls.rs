//! Calls nobody tells the end of, and calls that do not end when they are told to: asked about, ended another way, and charged
//! what they lasted whenever that is heard.

use std::time::Duration;

use voxanne::simulate::{Act, Arrival, Call};

use super::simulate_support::{Played, call, one, seconds};

const ALWAYS: std::ops::Range<Duration> = Duration::ZERO..Duration::MAX;

/// A call whose end nobody tells.
fn silent() -> Call {
    Call { end: Arrival::lost(), report: Arrival::lost(), ..call(1, 300) }
}

#[tokio::test]
async fn a_silent_call_is_asked_about_and_charged_what_the_provider_says() {
    let call = silent();
    let id = call.id;
    let played = Played::one(1_000, vec![call], |_| {}).await;
    assert_eq!(played.report.drift, Vec::<String>::new());
    let bill = played.bill(id).await;
    assert_eq!((bill.status.as_str(), bill.committed_pence, bill.rank), ("committed", 280, Some(3)));
    assert_eq!(played.report.organizations[0].tally.polls, 1, "the first answer was enough");
}

#[tokio::test]
async fn a_call_whose_start_nobody_told_either_is_charged_by_the_providers_own_clock() {
    let call = Call { start: Arrival::lost(), ..silent() };
    let id = call.id;
    let played = Played::one(1_000, vec![call], |_| {}).await;
    assert_eq!(played.report.drift, Vec::<String>::new());
    assert_eq!(played.bill(id).await.committed_pence, 280);
}

#[tokio::test]
async fn unknown_is_never_zero_and_after_an_hour_the_hold_goes_while_the_cap_counts() {
    let call = silent();
    let id = call.id;
    let mut plan = one(1_000, vec![call], |clinic| clinic.faults.polls.push(ALWAYS));
    plan.until = seconds(3_500);
    let played = Played::to_the_end(&plan).await;
    let bill = played.bill(id).await;
    assert_eq!((bill.status.as_str(), bill.committed_pence, bill.cap_counts), ("active", 0, true));
    assert!(played.report.organizations[0].held_pence > 0, "nothing is charged and nothing given up");

    plan.until = seconds(4 * 3600);
    let played = Played::on(played.db, &plan).await;
    let bill = played.bill(id).await;
    assert_eq!((bill.status.as_str(), bill.committed_pence, bill.cap_counts), ("expired", 0, true), "{bill:?}");
    let books = &played.report.organizations[0];
    assert_eq!((books.balance_pence, books.held_pence, books.capped_pence), (1_000, 0, 560));
    assert!(books.tally.polls > 3, "it is asked about again and again");
    assert_eq!(played.report.drift, Vec::<String>::new());
}

#[tokio::test]
async fn a_call_written_off_frees_its_cap_and_is_charged_when_word_of_it_comes_after_all() {
    let call = Call { report: Arrival::after(8.0 * 3600.0), ..silent() };
    let id = call.id;
    let mut plan = one(1_000, vec![call], |clinic| {
        clinic.faults.polls.push(ALWAYS);
        clinic.acts.push((seconds(2 * 3600), Act::WriteOff { call_id: id, reason: "Vapi confirmed it by email." }));
    });
    plan.until = seconds(3 * 3600);
    let played = Played::to_the_end(&plan).await;
    let books = &played.report.organizations[0];
    assert_eq!((books.balance_pence, books.held_pence, books.capped_pence), (1_000, 0, 0));

    plan.until = seconds(10 * 3600);
    let played = Played::on(played.db, &plan).await;
    assert_eq!(played.report.drift, Vec::<String>::new());
    let bill = played.bill(id).await;
    assert_eq!((bill.status.as_str(), bill.committed_pence, bill.rank), ("committed", 280, Some(4)));
}

#[tokio::test]
async fn of_a_call_the_provider_does_not_know_the_operator_hears() {
    let call = silent();
    let id = call.id;
    let mut plan = one(1_000, vec![call], |clinic| clinic.faults.unknown.push(ALWAYS));
    plan.until = seconds(3_000);
    let played = Played::to_the_end(&plan).await;
    assert!(played.alerts("call_unresolved").await >= 1);
    let bill = played.bill(id).await;
    assert_eq!((bill.status.as_str(), bill.committed_pence, bill.cap_counts), ("active", 0, true));
}

#[tokio::test]
async fn a_call_vapi_does_not_end_is_ended_by_the_carrier_within_its_paid_time() {
    let call = call(1, 500);
    let id = call.id;
    let played = Played::one(280, vec![call], |clinic| clinic.faults.control.push(ALWAYS)).await;
    assert_eq!(played.report.drift, Vec::<String>::new());
    let bill = played.bill(id).await;
    assert!(bill.ended_by_order.is_some_and(|at| at < 303.0), "{bill:?}");
    assert!(bill.committed_pence <= 280, "{bill:?}");
    assert_eq!(played.count("private.effects_done where kind = 'twilio.end_call' and outcome = 'done'").await, 1);
    assert_eq!(played.alerts("call_not_ended").await, 0);
    assert_eq!(played.report.worst_overdraft(), 0);
}

#[tokio::test]
async fn a_call_that_goes_on_though_vapi_took_the_order_is_told_again_until_it_ends() {
    let call = Call { max_seconds: 3_000, ..call(1, 3_000) };
    let id = call.id;
    let played = Played::one(280, vec![call], |clinic| clinic.faults.ignored.push(Duration::ZERO..seconds(400))).await;
    assert_eq!(played.report.drift, Vec::<String>::new());
    let bill = played.bill(id).await;
    assert_eq!(bill.status, "committed");
    assert!(bill.committed_pence < 480, "the provider was asked soon, and told once it listened: {bill:?}");
    assert!(played.count("private.effects_done where kind = 'vapi.end_call' and outcome = 'done'").await > 1);
    assert!(played.report.worst_overdraft() <= 500);
}

#[tokio::test]
async fn a_call_nobody_can_end_alerts_and_costs_no_more_than_its_cap() {
    let call = call(1, 3_000);
    let id = call.id;
    let played = Played::one(280, vec![call], |clinic| {
        clinic.faults.control.push(ALWAYS);
        clinic.faults.carrier.push(ALWAYS);
    })
    .await;
    assert_eq!(played.report.drift, Vec::<String>::new());
    assert!(played.alerts("call_not_ended").await >= 1);
    let bill = played.bill(id).await;
    assert_eq!((bill.ended_by_order, bill.committed_pence), (None, 555), "594 seconds, as the provider was told");
    assert!(played.report.worst_overdraft() <= 500);
}

#[tokio::test]
async fn a_call_that_nobody_answered_costs_nothing() {
    let call = Call { wants: None, rings: seconds(25), ..call(1, 0) };
    let id = call.id;
    let played = Played::one(1_000, vec![call], |_| {}).await;
    assert_eq!(played.report.drift, Vec::<String>::new());
    let bill = played.bill(id).await;
    assert_eq!((bill.status.as_str(), bill.committed_pence, bill.cap_counts), ("released", 0, false));
    assert_eq!(played.report.organizations[0].balance_pence, 1_000);
}
