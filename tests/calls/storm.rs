//! Two hundred calls at once over fifty clinics, with everything going wrong on the way that can: nothing is lost, every
//! charge is what the stand-in counted, every booking is single.

use serde_json::json;
use tokio_postgres::Client;
use voxanne::sandbox::vapi::{Era, Mischief};

use super::line_support::{Clinic, Line, SECRET, clinic, day_ahead, known_to_vapi, script};
use crate::support::{TestServer, eventually};

const CLINICS: usize = 50;
const CALLS: usize = 200;

/// How many ring or ask for something in the same moment: what two cores answer within the five seconds that a caller is given.
const ASKING: usize = 16;
const ERAS: [Era; 4] = [Era::Mid2024, Era::End2024, Era::Mid2025, Era::Early2026];

/// What tells and does not ask goes wrong; what asks comes twice.
fn mischief(place: usize) -> Mischief {
    Mischief::all(place as u64, 0.2).only(&["status-update", "end-of-call-report", "tool-calls", "transcript"])
}

/// Time goes by: who fell silent is asked about, and what was held for too long runs out.
async fn time_passes(owner: &Client) {
    owner
        .batch_execute(
            "update public.credit_reservations set next_poll_at = now() - interval '1 second',
                    expires_at = least(expires_at, now() - interval '1 second'),
                    hold_ends_at = least(hold_ends_at, now() - interval '1 second')
             where settled_at is null;
             update private.webhook_inbox set next_attempt_at = now() where finished_at is null;
             update private.schedule_state set next_run_at = now() where name in ('sweep_calls', 'retry_webhooks')",
        )
        .await
        .expect("an hour later");
}

async fn charged(owner: &Client, call: &str) -> (i64, i64) {
    let sql = "select coalesce(-(select sum(t.amount_pence) from public.credit_transactions t
                                 where t.org_id = d.org_id and t.call_id = c.id), 0)::bigint,
                      (select count(*) from public.appointments a where a.org_id = d.org_id and a.call_id = c.id
                       and a.status in ('scheduled', 'confirmed'))
               from private.directory d
               left join public.calls c on c.org_id = d.org_id and c.vapi_call_id = d.key
               where d.kind = 'vapi_call' and d.key = $1";
    owner.query_opt(sql, &[&call]).await.expect("a query").map_or((0, 0), |row| (row.get(0), row.get(1)))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_calls_at_once_lose_nothing_and_cost_what_they_lasted() {
    let server = TestServer::start_with(&[("VAPI_WEBHOOK_SECRET", SECRET), ("SERVICE_POOL_SIZE", "8")]).await;
    let line = Line::over(server).await;
    let mut clinics: Vec<Clinic> = vec![line.clinic.clone()];
    for place in 1..CLINICS {
        clinics.push(clinic(&line.server.db, &line.owner, &format!("+4420712700{place:02}"), 10_000).await);
    }
    clinics.iter().for_each(|clinic| known_to_vapi(&line.server, clinic));

    let vapi = &line.server.sandbox.vapi;
    let day = day_ahead(4);
    let mut calls = Vec::new();
    for place in 0..CALLS {
        let clinic = &clinics[place % CLINICS];
        // Two of a clinic's four want the same slot.
        let wish = json!({ "date": day, "time": format!("{:02}:00", 10 + place / CLINICS / 2), "name": format!("Caller {place}") });
        let script = script(clinic, &format!("+44770091{place:04}"))
            .says("Good morning, how can I help?")
            .tool("checkAvailability", json!({ "date": day }))
            .barges_in("bookClinicAppointment", wish, 3)
            .waits(20.0 + place as f64)
            .holds()
            .era(ERAS[place % ERAS.len()])
            .mischief(mischief(place))
            .terse();
        calls.push(vapi.place_call(script).expect("the number rings"));
        eventually("those before have been answered", async || {
            calls.iter().filter(|call| vapi.heard(call).len() < 4 && !vapi.is_over(call)).count() < ASKING
        })
        .await;
    }
    eventually("all are on the line", async || calls.iter().all(|call| vapi.heard(call).len() >= 4)).await;
    assert_eq!(
        line.one::<i64>("select count(*) from public.credit_reservations where status = 'active'").await,
        CALLS as i64
    );
    for call in &calls {
        vapi.hang_up(call).expect("all hang up at once");
    }
    for call in &calls {
        vapi.over(call).await;
    }

    let unsettled = "select count(*) from public.credit_reservations where settled_at is null";
    eventually("every call is settled", async || {
        if line.one::<i64>(unsettled).await > 0 {
            time_passes(&line.owner).await;
        }
        line.one::<i64>(unsettled).await == 0
            && line.one::<i64>("select count(*) from private.webhook_inbox where finished_at is null").await == 0
            && line
                .one::<i64>("select count(*) from private.effects where kind in ('vapi.poll_call', 'billing.sweep')")
                .await
                == 0
    })
    .await;

    let rate: i64 = line.one("select pence_per_minute::bigint from private.current_rate(now())").await;
    let mut booked = 0;
    for call in &calls {
        let seconds = vapi.seconds_of(call).expect("it is over");
        let (pence, appointments) = charged(&line.owner, call).await;
        assert!(vapi.connected(call), "{call} was let in: {:?}", vapi.lines(call));
        assert_eq!(pence, (seconds * rate + 59) / 60, "{call} of {seconds} s");
        assert!(appointments <= 1, "{call} asked three times and has {appointments} appointments");
        booked += appointments;
    }
    assert_eq!(booked, CLINICS as i64 * 2, "each slot that two wanted went to one of them");
    let left: i64 = line.one("select sum(held_pence + capped_pence)::bigint from public.credit_wallets").await;
    assert_eq!(left, 0, "nothing is held any more");
    let dead: i64 = line.one("select count(*) from private.webhook_inbox where state = 'dead'").await;
    assert_eq!(dead, 0);
    let unrecorded: i64 = line.one("select count(*) from public.calls where status <> 'completed'").await;
    assert_eq!(unrecorded, 0, "every call has its record");
    assert_eq!(line.one::<i64>("select count(*) from public.calls").await, CALLS as i64);
}
