//! The promise that a call is never given away: five calls on a wallet that pays for four, with the server alive and with
//! the server killed at every second of their lives.

use std::time::Duration;

use uuid::Uuid;
use voxanne::simulate::{Call, Death, MAX_LATENESS, Organization, Plan, Report};

use super::simulate_support::Played;

const MONEY: i64 = 2_240;
const DEBT_LIMIT: i64 = 500;
/// Every call is over by then, whoever lives.
const RESTART: Duration = Duration::from_secs(1_000);

/// Eight calls within one second, each wanting ten minutes, their provider as late as it may be in ending them.
fn eight_calls(name: &str) -> Organization {
    let mut organization = Organization::with_money(Uuid::new_v4(), name, MONEY);
    organization.calls = (0..8)
        .map(|n| Call {
            lateness: MAX_LATENESS,
            ..Call::new(Uuid::new_v4(), Duration::from_millis(500 + 100 * n), Duration::from_secs(600))
        })
        .collect();
    organization
}

async fn play(organizations: Vec<Organization>) -> Report {
    Played::to_the_end(&Plan { organizations, until: Duration::from_secs(4 * 3600) }).await.report
}

/// One organisation for each moment at which the server may die: from `first` on, every so many seconds.
fn dying_at_each_second(
    messages_wait: bool,
    dead_for: Option<Duration>,
    first: u64,
    every: usize,
) -> Vec<Organization> {
    (first..=700)
        .step_by(every)
        .map(|second| {
            let from = Duration::from_secs(second);
            let until = dead_for.map_or(RESTART, |dead_for| from + dead_for);
            let mut organization = eight_calls(&format!("Dead from {second} s"));
            organization.deaths = vec![Death { from, until, messages_wait }];
            organization
        })
        .collect()
}

/// No more than the debt limit at any moment, and every second that was spoken is on the bill in the end.
fn assert_bounded_and_settled(report: &Report) {
    assert_eq!(report.drift, Vec::<String>::new());
    for books in &report.organizations {
        assert!(books.overdraft_pence <= DEBT_LIMIT, "{}: overdrawn by {}", books.name, books.overdraft_pence);
        assert!(books.booked_overdraft_pence <= DEBT_LIMIT, "{}: booked {}", books.name, books.booked_overdraft_pence);
        assert_eq!(books.unsettled, 0, "{}: {books:?}", books.name);
        assert_eq!(
            (books.held_pence, books.capped_pence),
            (0, 0),
            "{}: nothing is held for calls that are over",
            books.name
        );
        assert_eq!(books.balance_pence, MONEY - books.charged_pence, "{}", books.name);
    }
}

#[tokio::test]
async fn of_eight_calls_those_the_caps_allow_are_let_in_and_nothing_is_overdrawn() {
    let report = play(vec![eight_calls("Alive")]).await;
    let books = &report.organizations[0];
    assert_bounded_and_settled(&report);
    assert_eq!(books.tally.admitted, 5);
    assert_eq!(books.refused, [("cap_too_small".to_owned(), 3)].into());
    assert_eq!(books.overdraft_pence, 0);
    assert_eq!(books.renewals, 3, "{books:?}");
    assert_eq!(books.ended_for, [("hold_exhausted".to_owned(), 5)].into(), "{books:?}");
    assert!(books.latest_order <= Duration::from_millis(250), "{books:?}");
}

#[tokio::test]
async fn a_server_killed_at_any_second_and_deaf_for_good_overdraws_no_more_than_the_debt_limit() {
    let report = play(dying_at_each_second(false, None, 0, 2)).await;
    assert_bounded_and_settled(&report);
    assert!(report.worst_overdraft() > 0, "the sweep of moments finds some at which the caps alone hold");
}

#[tokio::test]
async fn a_server_killed_at_any_second_whose_messages_wait_overdraws_no_more_than_the_debt_limit() {
    let report = play(dying_at_each_second(true, None, 1, 2)).await;
    assert_bounded_and_settled(&report);
    assert!(report.worst_overdraft() > 0, "the sweep of moments finds some at which the caps alone hold");
}

#[tokio::test]
async fn a_server_back_after_a_while_takes_its_calls_up_again() {
    let mut organizations = dying_at_each_second(false, Some(Duration::from_secs(60)), 0, 9);
    organizations.extend(dying_at_each_second(true, Some(Duration::from_secs(150)), 3, 9));
    // Longer than a slice of paid time: a hold is renewed more than once in a row.
    organizations.extend(dying_at_each_second(false, Some(Duration::from_secs(400)), 6, 9));
    let report = play(organizations).await;
    assert_bounded_and_settled(&report);
    assert!(report.organizations.iter().any(|books| books.renewals > 3), "calls went on that were cut off elsewhere");
}
