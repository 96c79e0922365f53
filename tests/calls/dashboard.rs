//! What a clinic sees of its calls: the list, the figures, one call, and nothing of anybody else's.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    support::{Session, TestServer},
    tenancy::asks::{Said, api_key, get},
};

/// Puts a call on record, as it would be once it has ended. `more` are columns.
pub async fn ended_call(server: &TestServer, clinic: &Session, more: Value) -> Uuid {
    let mut call = json!({
        "org_id": clinic.org_id, "id": Uuid::new_v4(), "call_direction": "inbound", "status": "completed",
        "phone_number": "+447700900123", "caller_name": "Ann Long", "duration_seconds": 90,
        "started_at": "2026-11-21T12:00:00Z", "ended_at": "2026-11-21T12:01:30Z",
    });
    call.as_object_mut().expect("columns").extend(more.as_object().expect("columns").clone());
    let columns: Vec<String> = call.as_object().expect("columns").keys().cloned().collect();
    let columns = columns.join(", ");
    let sql = format!(
        "insert into public.calls ({columns}) select {columns} from jsonb_populate_record(null::public.calls, $1) returning id"
    );
    server.db.superuser().await.query_one(&sql, &[&call]).await.expect("the call is stored").get(0)
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_clinic_pages_filters_and_searches_its_calls() {
    let server = TestServer::without_workers(&[]).await;
    let clinic = server.sign_up("Clinic").await;
    let mut made = Vec::new();
    for n in 0..5 {
        let call = json!({
            "created_at": format!("2026-11-21T12:0{n}:00Z"), "status": if n == 3 { "failed" } else { "completed" },
            "call_direction": if n == 0 { "outbound" } else { "inbound" },
            "summary": if n == 1 { "Asked about whitening & veneers" } else { "Asked about the way" },
        });
        made.push(ended_call(&server, &clinic, call).await.to_string());
    }
    let list = "/api/calls-dashboard";
    let first = get(&server, &clinic, &format!("{list}?limit=3")).await.good();
    let cursor = first["next_cursor"].as_str().expect("another page");
    let second = get(&server, &clinic, &format!("{list}?limit=3&cursor={cursor}")).await.good();
    let mut newest_first = made.clone();
    newest_first.reverse();
    assert_eq!([ids(&first), ids(&second)].concat(), newest_first);
    assert_eq!(second["next_cursor"], Value::Null);

    let expected = [
        ("status=failed", vec![3]),
        ("direction=outbound", vec![0]),
        ("status=completed&direction=inbound", vec![4, 2, 1]),
        ("from=2026-11-21T12:03:00Z", vec![4, 3]),
        ("from=2026-11-21T12:01:00%2B00:00&to=2026-11-21T12:02:00Z", vec![1]),
        ("search=whitening%20VENEERS", vec![1]),
        ("search=asked&status=failed", vec![3]),
        ("search=07700%20900%20123&direction=outbound", vec![0]),
        ("search=chinchilla", vec![]),
        ("search=%27%20%26%20%7C%20!%28", vec![]),
    ];
    for (query, wanted) in expected {
        let found = get(&server, &clinic, &format!("{list}?{query}")).await.good();
        let wanted: Vec<String> = wanted.into_iter().map(|n: usize| made[n].clone()).collect();
        assert_eq!(ids(&found), wanted, "{query}");
    }
    let found = get(&server, &clinic, &format!("{list}?search=whitening")).await.good();
    let item = &found["items"][0];
    assert_eq!((&item["caller_name"], &item["has_transcript"]), (&json!("Ann Long"), &json!(false)));

    for (query, code) in [
        ("cursor=x", (400, "invalid_cursor")),
        ("limit=0", (422, "invalid_value")),
        ("limit=201", (422, "invalid_value")),
        ("status=ringing", (422, "invalid_value")),
        ("direction=up", (422, "invalid_value")),
        ("from=yesterday-ish", (422, "invalid_value")),
    ] {
        let said = get(&server, &clinic, &format!("{list}?{query}")).await;
        assert_eq!(said.refusal(), (code.0, code.1.to_owned()), "{query}");
    }
}

#[tokio::test]
async fn one_call_shows_what_it_cost_what_was_booked_and_what_was_said() {
    let server = TestServer::without_workers(&[]).await;
    let clinic = server.sign_up("Clinic").await;
    let appointment = Uuid::new_v4();
    let superuser = server.db.superuser().await;
    let booked = "insert into public.appointments (org_id, id, title, scheduled_at, busy_until)
                  values ($1, $2, 'Whitening', '2026-12-01 09:00+00', '2026-12-01 09:30+00')";
    superuser.execute(booked, &[&clinic.org_id, &appointment]).await.expect("an appointment");
    let call = ended_call(
        &server,
        &clinic,
        json!({
            "cost_cents": 84, "appointment_id": appointment, "booking_confirmed": true, "transcript": "Agent: Hello.",
            "tools_used": ["bookClinicAppointment"], "sentiment_score": 0.8,
            "turns": [{ "role": "agent", "text": "Hello.", "at_seconds": 0.5 }],
        }),
    )
    .await;
    let ran = "insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok)
               values ($1, $2, 'a', 'bookClinicAppointment', '{\"when\": \"Tuesday\"}', 'You are booked.', true)";
    superuser.execute(ran, &[&clinic.org_id, &call]).await.expect("a tool ran");

    let shown = get(&server, &clinic, &format!("/api/calls-dashboard/{call}")).await.good();
    assert_eq!((&shown["cost_cents"], &shown["sentiment_score"]), (&json!(84), &json!(0.8)));
    assert_eq!(shown["appointment"]["title"], "Whitening");
    assert_eq!(shown["tools"][0]["result"], "You are booked.");
    assert_eq!(shown["tools"][0]["arguments"], json!({ "when": "Tuesday" }));
    assert_eq!((&shown["timeline"][0]["kind"], &shown["timeline"][0]["text"]), (&json!("agent"), &json!("Hello.")));
    assert_eq!((&shown["has_transcript"], &shown["transcript"]), (&json!(true), &json!("Agent: Hello.")));
}

/// Every address that takes a call's id.
const OF_A_CALL: [&str; 2] = ["", "/recording"];

#[tokio::test]
async fn another_organisations_call_is_not_there() {
    let server = TestServer::without_workers(&[]).await;
    let clinic = server.sign_up("Clinic").await;
    let other = server.sign_up("Other").await;
    let recorded = json!({
        "vapi_call_id": Uuid::new_v4().to_string(), "recording_status": "completed",
        "recording_url": "https://example.com/r.wav", "summary": "Asked about a chinchilla",
    });
    let call = ended_call(&server, &clinic, recorded).await;
    let key = api_key(&server, &other, &["calls:read"]).await;
    for stranger in [&other, &key] {
        for end in OF_A_CALL {
            let path = format!("/api/calls-dashboard/{call}{end}");
            get(&server, stranger, &path).await.is(404, "call_not_found");
        }
        let lists = ["", "?search=chinchilla", "?status=completed", "?direction=inbound", "?search=07700900123"];
        for query in lists {
            let found = get(&server, stranger, &format!("/api/calls-dashboard{query}")).await.good();
            assert_eq!(found, json!({ "items": [], "next_cursor": null }), "{query}");
        }
        let stats = get(&server, stranger, "/api/calls-dashboard/stats").await.good();
        assert_eq!(stats["total_calls"], 0);
    }
    for path in ["/api/calls-dashboard/nonsense", "/api/calls-dashboard/nonsense/recording"] {
        let Said { status, .. } = get(&server, &clinic, path).await;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    let nobody = api_key(&server, &clinic, &["services:read"]).await;
    for path in [String::new(), "/stats".to_owned(), format!("/{call}"), format!("/{call}/recording")] {
        get(&server, &nobody, &format!("/api/calls-dashboard{path}")).await.is(403, "scope_missing");
    }
}

#[tokio::test]
async fn counts_and_calls_agree_whatever_happens_at_the_same_moment() {
    let server = TestServer::without_workers(&[]).await;
    let clinic = server.sign_up("Clinic").await;
    let calls: Vec<Uuid> = futures_util::future::join_all((0..24).map(|n| {
        let server = &server;
        let clinic = &clinic;
        async move { ended_call(server, clinic, json!({ "caller_name": format!("Caller {n}") })).await }
    }))
    .await;
    // Eight connections change calls and four fold, all at once.
    let changing = (0..8_usize).map(|lane| {
        let (server, calls) = (&server, &calls);
        async move {
            let owner = server.db.superuser().await;
            for (n, call) in calls.iter().enumerate().filter(|(n, _)| n % 8 == lane) {
                let sql = "update public.calls c set duration_seconds = c.duration_seconds + $2, booking_confirmed = not booking_confirmed
                           where c.id = $1";
                for _ in 0..5 {
                    owner.execute(sql, &[call, &(n as i32)]).await.expect("a change waits for nobody");
                }
            }
        }
    });
    let folding = (0..4).map(|_| {
        let server = &server;
        async move {
            let owner = server.db.superuser().await;
            for _ in 0..10 {
                owner.execute("select private.fold_calls(7)", &[]).await.expect("folding ends in no deadlock");
            }
        }
    });
    futures_util::future::join(futures_util::future::join_all(changing), futures_util::future::join_all(folding)).await;

    let owner = server.db.superuser().await;
    let drift = "select count(*) from private.call_count_drift($1)";
    assert_eq!(owner.query_one(drift, &[&clinic.org_id]).await.expect("the drift").get::<_, i64>(0), 0);
    let stats = get(&server, &clinic, "/api/calls-dashboard/stats").await.good();
    assert_eq!((&stats["total_calls"], &stats["appointments_booked"]), (&json!(24), &json!(24)));
    owner.execute("select private.fold_call_counts()", &[]).await.expect("the rest is folded");
    assert_eq!(get(&server, &clinic, "/api/calls-dashboard/stats").await.good(), stats);
}
