//! A call whose money runs out, end to end: its caller is told, the call is ended, by its carrier where Vapi does not, and
//! somebody hears of one that nobody could end.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use voxanne::sandbox::{Fault, vapi::Pace};

use super::line_support::{Line, SECRET, known_to_vapi, script};
use crate::support::{TestServer, eventually};

/// A clinic with money for five minutes, and a call that has had nearly as many: its warning is due, and its end a few
/// seconds later. Answers the call.
async fn nearly_over(faults: &[Fault]) -> (Line, String) {
    let server = TestServer::start_with(&[("VAPI_WEBHOOK_SECRET", SECRET)]).await;
    let line = Line::over(server).await;
    let paid = "update public.credit_wallets set debt_limit_pence = 0 where org_id = $1";
    line.owner.execute(paid, &[&line.clinic.org]).await.expect("no debt");
    let rate: i64 = line.one("select pence_per_minute::bigint from private.current_rate(now())").await;
    let spend = "select private.check_balance_and_deduct_asset_cost($1, $2, 'managed_number', 'all but five minutes')";
    line.owner.execute(spend, &[&line.clinic.org, &(10_000 - 5 * rate)]).await.expect("spent");
    known_to_vapi(&line.server, &line.clinic);
    faults.iter().for_each(|fault| line.server.sandbox.vapi.faults().add(fault.clone()));

    let began = OffsetDateTime::now_utc() - Duration::seconds(300 - 9);
    let script = script(&line.clinic, "+447700900123").says("Good morning.").holds().pace(Pace::Real).begins_at(began);
    let call = line.server.sandbox.vapi.place_call(script).expect("the number rings");
    eventually("it is answered", async || {
        line.one::<i64>("select count(*) from public.credit_reservations where started_at is not null").await == 1
    })
    .await;
    // What is paid for counts from admission at the earliest, which was a moment ago: it was then that the call began.
    line.run(
        "with held as (
             update public.credit_reservations r set
                 created_at = r.started_at, paid_from = r.started_at,
                 hold_ends_at = r.started_at + (r.hold_ends_at - r.paid_from)
             returning r)
         select private.set_hold_deadline(h.r, now()) from held h",
    )
    .await;
    (line, call)
}

fn kinds(orders: &[Value]) -> Vec<&str> {
    orders.iter().filter_map(|order| order["type"].as_str().or_else(|| order["body"]["type"].as_str())).collect()
}

async fn is_settled(line: &Line, call: &str) {
    eventually("the call is settled", async || {
        line.one::<i64>("select count(*) from public.credit_reservations where settled_at is null").await == 0
            && line.one::<i64>("select count(*) from public.calls where status = 'completed'").await == 1
    })
    .await;
    let rate: i64 = line.one("select pence_per_minute::bigint from private.current_rate(now())").await;
    let seconds = line.server.sandbox.vapi.seconds_of(call).expect("it is over");
    let charge: i64 = line
        .one("select coalesce(-sum(amount_pence), 0)::bigint from public.credit_transactions where call_id is not null")
        .await;
    assert_eq!(charge, (seconds * rate + 59) / 60, "{seconds} s");
    let balance: i64 = line.one("select balance_pence from public.credit_wallets").await;
    assert!(balance >= 0, "{balance}: nothing was talked that was not paid");
    assert_eq!(line.held().await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_warned_and_the_call_ended_before_the_money_is_gone() {
    let (line, call) = nearly_over(&[]).await;
    let vapi = &line.server.sandbox.vapi;
    eventually("the call has been ended", async || kinds(&vapi.orders(&call)).contains(&"end-call")).await;
    let orders = vapi.orders(&call);
    assert_eq!(kinds(&orders), ["say", "end-call"], "warned once, then ended: {orders:?}");
    vapi.over(&call).await;
    is_settled(&line, &call).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_vapi_does_not_end_is_ended_by_its_carrier() {
    let (line, call) = nearly_over(&[Fault::error(500).matching("/control")]).await;
    let vapi = &line.server.sandbox.vapi;
    eventually("its carrier has ended it", async || vapi.seconds_of(&call).is_some()).await;
    assert!(!kinds(&vapi.orders(&call)).contains(&"end-call"), "Vapi took no order");
    vapi.over(&call).await;
    is_settled(&line, &call).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_hears_of_a_call_that_nobody_could_end() {
    let (line, call) = nearly_over(&[Fault::error(500).matching("/control")]).await;
    line.server.sandbox.twilio.faults().add(Fault::error(500).matching("/Calls/"));
    eventually("the operator is told", async || {
        line.one::<i64>("select count(*) from private.alerts where kind = 'call_not_ended'").await == 1
    })
    .await;
    eventually("in Slack", async || {
        json!(line.server.sandbox.slack.messages()).to_string().contains("could not be ended")
    })
    .await;
    line.server.sandbox.vapi.hang_up(&call).expect("the caller hangs up");
    line.server.sandbox.vapi.over(&call).await;
    eventually("it is charged all the same", async || {
        line.one::<i64>("select count(*) from public.credit_reservations where settled_at is null").await == 0
    })
    .await;
}
