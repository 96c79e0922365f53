//! One set of messages about a call, through the front door, in any order, repeated, some of them lost: the same charge, the
//! same holds, the same state and the same record.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::line_support::{Clinic, Line, clinic, day_ahead, message, tools};

/// Orders that are tried, each in a clinic of its own.
const ORDERS: u64 = 36;
const SEED: u64 = 20_260_302;

/// What was talked, by the better of the two reports.
const SECONDS: i64 = 155;

/// The messages of one call; the last is the best word there is of it.
fn messages(clinic: &Clinic, began: OffsetDateTime) -> Vec<Value> {
    let at = |seconds: i64| (began + Duration::seconds(seconds)).format(&Rfc3339).expect("a time");
    let call = json!({
        "id": format!("call-of-{}", clinic.org), "type": "inboundPhoneCall", "status": "queued", "createdAt": at(0),
        "assistantId": clinic.assistant, "monitor": { "controlUrl": "http://127.0.0.1:1/control" },
    });
    let told = |kind: &str, mut more: Value| {
        more["call"] = call.clone();
        message(clinic, kind, "", more)
    };
    let report = |seconds: i64, transcript: &str, success: &str| {
        told(
            "end-of-call-report",
            json!({
                "timestamp": at(seconds + 10), "startedAt": at(5), "endedAt": at(5 + seconds), "durationSeconds": seconds,
                "endedReason": "customer-ended-call", "cost": 0.21, "transcript": transcript, "summary": "An appointment was made.",
                "analysis": { "successEvaluation": success, "summary": "An appointment was made.",
                              "structuredData": { "sentiment_label": "positive", "sentiment_score": 0.9, "sentiment_urgency": "low" } },
                "messages": [{ "role": "user", "message": transcript, "secondsFromStart": 2.5 }],
            }),
        )
    };
    let booking = json!({ "date": day_ahead(3), "time": "10:00", "name": "Ann Lee" });
    vec![
        told("assistant-request", json!({ "timestamp": at(0) })),
        told("status-update", json!({ "status": "in-progress", "timestamp": at(5) })),
        told("tool-calls", {
            let mut asked = tools(&[("t1", "bookClinicAppointment", booking)]);
            asked["timestamp"] = json!(at(60));
            asked
        }),
        told(
            "status-update",
            json!({ "status": "ended", "endedReason": "customer-ended-call", "timestamp": at(5 + SECONDS) }),
        ),
        report(150, "User: I would like to come.", "false"),
        report(SECONDS, "User: I would like to come on Tuesday, thank you.", "true"),
    ]
}

/// Everything about the clinic that must not depend on how its one call was heard of.
async fn outcome(line: &Line, clinic: &Clinic) -> Value {
    let sql = "
        select jsonb_build_object(
            'charge', coalesce(-(select sum(t.amount_pence) from public.credit_transactions t
                                 where t.org_id = w.org_id and t.call_id is not null), 0),
            'held', w.held_pence, 'capped', w.capped_pence, 'balance', w.balance_pence,
            'reservations', (select jsonb_agg(r.status) from public.credit_reservations r where r.org_id = w.org_id),
            'calls', (select jsonb_agg(to_jsonb(c) - array['org_id', 'id', 'contact_id', 'agent_id', 'appointment_id',
                                                          'vapi_call_id', 'updated_at', 'to_number']
                          || jsonb_build_object('agent', c.agent_id is not null, 'contact', c.contact_id is not null,
                                                'appointment', c.appointment_id is not null))
                      from public.calls c where c.org_id = w.org_id),
            'contacts', (select jsonb_agg(jsonb_build_object('phone', k.phone, 'first', k.first_name, 'last', k.last_name,
                                                             'status', k.lead_status, 'score', k.lead_score))
                         from public.contacts k where k.org_id = w.org_id),
            'leads', (select jsonb_agg(jsonb_build_object('stage', l.stage, 'value', l.value_pence))
                      from public.leads l where l.org_id = w.org_id),
            'appointments', (select jsonb_agg(jsonb_build_object('at', a.scheduled_at, 'status', a.status, 'call', a.call_id is not null))
                             from public.appointments a where a.org_id = w.org_id),
            'undone', (select count(*) from private.webhook_inbox i where i.finished_at is null))
        from public.credit_wallets w where w.org_id = $1";
    line.owner.query_one(sql, &[&clinic.org]).await.expect("an outcome").get(0)
}

async fn hears(line: &Line, messages: &[&Value]) {
    for message in messages {
        let answer = line.send(message).await;
        assert_eq!(answer.status(), 200, "{message}");
    }
}

/// What is said of two records that differ, field by field.
fn differences(found: &Value, wanted: &Value) -> Vec<String> {
    let (Some(found), Some(wanted)) = (found.as_object(), wanted.as_object()) else {
        return if found == wanted { vec![] } else { vec![format!("{found} instead of {wanted}")] };
    };
    let names = wanted.keys().filter(|name| found.get(*name) != wanted.get(*name));
    names
        .flat_map(|name| {
            let (found, wanted) = (&found[name], &wanted[name]);
            let inner = match (found.get(0), wanted.get(0)) {
                (Some(one), Some(other)) if one.is_object() => differences(one, other),
                _ => vec![format!("{found} instead of {wanted}")],
            };
            inner.into_iter().map(move |said| format!("{name}: {said}"))
        })
        .collect()
}

async fn canonical(line: &Line, began: OffsetDateTime) -> Value {
    let all = messages(&line.clinic, began);
    hears(line, &all.iter().collect::<Vec<_>>()).await;
    let wanted = outcome(line, &line.clinic).await;
    let rate: i64 = line.one("select pence_per_minute::bigint from private.current_rate(now())").await;
    assert_eq!(wanted["charge"], (SECONDS * rate + 59) / 60, "{wanted}");
    assert_eq!((&wanted["held"], &wanted["capped"], &wanted["undone"]), (&json!(0), &json!(0), &json!(0)), "{wanted}");
    assert_eq!(wanted["calls"][0]["status"], "completed", "{wanted}");
    assert_eq!(wanted["calls"][0]["duration_seconds"], SECONDS, "{wanted}");
    assert_eq!(wanted["calls"][0]["booking_confirmed"], true, "{wanted}");
    assert_eq!(wanted["appointments"].as_array().map(Vec::len), Some(1), "{wanted}");
    wanted
}

fn now_to_the_second() -> OffsetDateTime {
    (OffsetDateTime::now_utc() - Duration::minutes(10)).replace_nanosecond(0).expect("a second")
}

#[tokio::test]
async fn in_any_order_and_however_often_the_same_messages_make_the_same_record() {
    let line = Line::open(&[]).await;
    let began = now_to_the_second();
    let wanted = canonical(&line, began).await;
    let mut dice = StdRng::seed_from_u64(SEED);
    for order in 0..ORDERS {
        let clinic = clinic(&line.server.db, &line.owner, &format!("+4420712400{order:02}"), 10_000).await;
        let all = messages(&clinic, began);
        let mut sent: Vec<usize> = (0..all.len()).collect();
        sent.extend((0..all.len()).filter(|_| dice.random_bool(0.3)));
        sent.shuffle(&mut dice);
        // What an agent does it does during the call: no record is made before that.
        let booked = sent.iter().position(|place| *place == 2).expect("the booking is among them");
        let over = sent.iter().position(|place| *place >= 3).expect("the end is among them");
        if over < booked {
            sent.swap(over, booked);
        }
        hears(&line, &sent.iter().map(|place| &all[*place]).collect::<Vec<_>>()).await;
        let found = outcome(&line, &clinic).await;
        assert_eq!(differences(&found, &wanted), Vec::<String>::new(), "order {order}: {sent:?}");
    }
}

#[tokio::test]
async fn whatever_is_lost_beside_the_best_word_is_made_up_for_by_it() {
    let line = Line::open(&[]).await;
    let began = now_to_the_second();
    let wanted = canonical(&line, began).await;
    // Of the messages that only tell something, every subset is lost once.
    let told = [1, 3, 4];
    for lost in 1..1_usize << told.len() {
        let clinic = clinic(&line.server.db, &line.owner, &format!("+4420712500{lost:02}"), 10_000).await;
        let all = messages(&clinic, began);
        let is_lost = |place: usize| told.iter().position(|one| *one == place).is_some_and(|bit| lost >> bit & 1 == 1);
        let sent: Vec<&Value> = (0..all.len()).filter(|place| !is_lost(*place)).map(|place| &all[place]).collect();
        hears(&line, &sent).await;
        let found = outcome(&line, &clinic).await;
        assert_eq!(differences(&found, &wanted), Vec::<String>::new(), "lost: {lost:b}");
    }
}

#[tokio::test]
async fn messages_that_all_come_at_once_make_the_same_record() {
    let line = Line::open(&[]).await;
    let began = now_to_the_second();
    let wanted = canonical(&line, began).await;
    for round in 0..6 {
        let clinic = clinic(&line.server.db, &line.owner, &format!("+4420712600{round:02}"), 10_000).await;
        let all = messages(&clinic, began);
        hears(&line, &[&all[0], &all[2]]).await;
        let rest = [1, 3, 4, 5, 5, 4, 3, 1].map(|place| line.told(&all[place]));
        futures_util::future::join_all(rest).await;
        let found = outcome(&line, &clinic).await;
        assert_eq!(differences(&found, &wanted), Vec::<String>::new(), "round {round}");
    }
}
