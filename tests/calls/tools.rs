//! What agents do in a call, over HTTP: once, for whom it is, and each in a line of its own.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};
use voxanne::effects::Verdict;

use super::line_support::{Line, clinic, tools};
use crate::{
    billing::provider::{Provider, effect, registry},
    support::eventually,
};

/// A free time of the clinic's, some days ahead, on its clock: the day and the time.
async fn free_time(line: &Line) -> (String, String) {
    let sql = "select to_char(s.starts_at at time zone 'Europe/London', 'YYYY-MM-DD HH24:MI') \
               from private.check_availability($1, now() + interval '2 days', now() + interval '12 days', p_limit => 1) as s";
    let found: String = line.owner.query_one(sql, &[&line.clinic.org]).await.expect("a free time").get(0);
    let (day, time) = found.split_once(' ').expect("a day and a time");
    (day.to_owned(), time.to_owned())
}

fn lines(answer: &Value) -> Vec<String> {
    let results = answer["results"].as_array().expect("results");
    results.iter().map(|result| result["result"].as_str().expect("a line").to_owned()).collect()
}

#[tokio::test]
async fn a_booking_asked_for_three_times_at_once_by_one_call_is_one_appointment() {
    let line = Line::open(&[]).await;
    let (day, time) = free_time(&line).await;
    let wish = json!({ "date": day, "time": time, "name": "Ada Byron" });
    let asked = ["b1", "b2", "b3"]
        .map(|id| line.message("tool-calls", "barging-in", tools(&[(id, "bookClinicAppointment", wish.clone())])));
    let answers = join_all(asked.iter().map(|message| line.told(message))).await;

    let said: Vec<String> = answers.iter().flat_map(lines).collect();
    assert_eq!(said.len(), 3);
    // On a machine under load one may have waited too long for the others: it says so, and books nothing.
    let known =
        ["You are booked for ", "That is already booked for you: ", "I am sorry, I could not do that just now."];
    assert!(said.iter().all(|line| known.iter().any(|begin| line.starts_with(begin))), "{said:?}");
    assert!(said.iter().filter(|line| line.starts_with(known[0])).count() <= 1, "{said:?}");
    let last = line.message("tool-calls", "barging-in", tools(&[("b4", "bookClinicAppointment", wish)]));
    let said = lines(&line.told(&last).await);
    assert!(known[..2].iter().any(|begin| said[0].starts_with(begin)), "{said:?}");
    assert_eq!(line.one::<i64>("select count(*) from public.appointments").await, 1);
    assert_eq!(line.one::<i64>("select count(*) from public.contacts").await, 1);
}

#[tokio::test]
async fn of_ten_calls_that_want_one_slot_one_gets_it_and_the_others_hear_of_three_more() {
    let line = Line::open(&[]).await;
    let (day, time) = free_time(&line).await;
    let asked: Vec<Value> = (0..10)
        .map(|n| {
            let wish = json!({ "date": day, "time": time, "name": format!("Caller {n}") });
            let mut more = tools(&[("b", "bookClinicAppointment", wish)]);
            more["customer"] = json!({ "number": format!("+44770090020{n}") });
            line.message("tool-calls", &format!("rival-{n}"), more)
        })
        .collect();
    let answers = join_all(asked.iter().map(|message| line.told(message))).await;

    let said: Vec<String> = answers.iter().flat_map(lines).collect();
    let booked = said.iter().filter(|line| line.starts_with("You are booked for ")).count();
    // On a machine under load some may have waited too long for the others: they say so, and book nothing.
    let lost = ["has just been taken. The nearest free times are ", "I am sorry, I could not do that just now."];
    let others = said.iter().filter(|line| lost.iter().any(|part| line.contains(part))).count();
    assert!(booked <= 1 && booked + others == 10, "{said:?}");
    assert_eq!(line.one::<i64>("select count(*) from public.appointments").await, 1);
}

#[tokio::test]
async fn a_tool_call_that_names_another_clinics_records_is_refused_and_noted() {
    let line = Line::open(&[]).await;
    let theirs = clinic(&line.server.db, &line.owner, "+442071230002", 10_000).await;
    let sql =
        "insert into public.contacts (org_id, phone, first_name) values ($1, '+447700900999', 'Secret') returning id";
    let contact: uuid::Uuid = line.owner.query_one(sql, &[&theirs.org]).await.expect("a contact").get(0);
    let answer = line
        .told(&line.message(
            "tool-calls",
            "curious",
            tools(&[
                ("a", "cancelAppointment", json!({ "contactId": contact })),
                ("b", "takeMessage", json!({ "message": "Hello", "org_id": theirs.org })),
            ]),
        ))
        .await;
    let refused = "I am sorry, I cannot help with that in this call.";
    assert_eq!(lines(&answer), [refused, refused]);

    let nobody = json!({ "message": { "type": "tool-calls", "call": { "id": "whose" },
                                      "toolCallList": [{ "id": "c", "name": "takeMessage", "arguments": { "message": "x" } }] } });
    assert_eq!(lines(&line.told(&nobody).await), [refused]);
    assert_eq!(line.one::<i64>("select count(*) from public.messages").await, 0);
    assert_eq!(
        line.one::<i64>("select count(*) from public.security_audit_log where kind = 'tool_call_refused'").await,
        3
    );
}

#[tokio::test]
async fn the_same_message_again_does_nothing_twice() {
    let line = Line::open(&[]).await;
    let message = line.message(
        "tool-calls",
        "again",
        tools(&[("m", "takeMessage", json!({ "message": "Please ring me." })), ("e", "endCall", json!({}))]),
    );
    let first = line.told(&message).await;
    assert_eq!(line.told(&message).await, first);
    // The same calls of tools in another message of their own.
    let mut other = message.clone();
    other["message"]["timestamp"] = json!(1);
    assert_eq!(line.told(&other).await, first);
    assert_eq!(line.one::<i64>("select count(*) from public.messages").await, 1);
    assert_eq!(line.one::<i64>("select count(*) from private.tool_runs").await, 2);
}

#[tokio::test]
async fn captured_tool_calls_of_every_year_get_one_line_for_each_id() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/providers/examples/vapi");
    let Ok(files) = std::fs::read_dir(folder) else { return };
    let line = Line::open(&[]).await;
    for file in files.map(|file| file.expect("a file").path()) {
        if !file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("tool-calls.")) {
            continue;
        }
        let captured: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect("text")).expect("JSON");
        let mut message = line.message("tool-calls", &file.to_string_lossy(), json!({}));
        for (name, value) in captured["message"].as_object().expect("a message") {
            if name.starts_with("tool") {
                message["message"][name] = value.clone();
            }
        }
        let ids: BTreeSet<&str> = captured["message"]["toolCallList"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|call| call["id"].as_str())
            .collect();
        let answer = line.told(&message).await;
        let answered: BTreeSet<&str> = answer["results"]
            .as_array()
            .expect("results")
            .iter()
            .filter_map(|result| result["toolCallId"].as_str())
            .collect();
        assert_eq!(answered, ids, "{}", file.display());
        assert!(lines(&answer).iter().all(|line| !line.is_empty() && !line.contains('\n')), "{}", file.display());
    }
}

#[tokio::test]
async fn a_caller_is_passed_on_and_the_call_ended_by_its_control_url() {
    let vapi = Provider::start([]).await;
    let executors = registry(&[("VAPI_API_KEY", "vapi_planted"), ("VAPI_BASE_URL", &vapi.url)]);
    let control_url = format!("{}/planted/control", vapi.url);
    let transfer = json!({ "control_url": control_url, "number": "+442079460100", "text": "One moment, please." });
    let goodbye = json!({ "control_url": control_url, "text": "Goodbye.", "end_call_after_spoken": true });
    assert_eq!(executors.run(&effect("vapi.transfer", transfer)).await, Verdict::Done(json!({})));
    assert_eq!(executors.run(&effect("vapi.say", goodbye)).await, Verdict::Done(json!({})));

    let seen = vapi.seen();
    let destination = json!({ "type": "number", "number": "+442079460100" });
    assert_eq!(
        seen[0].json(),
        json!({ "type": "transfer", "destination": destination, "content": "One moment, please." })
    );
    assert_eq!(seen[1].json(), json!({ "type": "say", "content": "Goodbye.", "endCallAfterSpoken": true }));
    assert!(seen.iter().all(|request| request.header("authorization").is_empty()), "the URL is the key");

    let nowhere = json!({ "control_url": null, "number": "+442079460100", "text": "One moment, please." });
    assert!(matches!(executors.run(&effect("vapi.transfer", nowhere)).await, Verdict::Refused { .. }));
}

#[tokio::test]
async fn a_transfer_that_vapi_refuses_is_taken_back_and_the_caller_told() {
    let line = Line::over(
        crate::support::TestServer::start_with(&[("VAPI_WEBHOOK_SECRET", super::line_support::SECRET)]).await,
    )
    .await;
    line.run("update public.agents set transfer_number = '+442079460100' where true").await;
    let mut more = tools(&[("t", "transferCall", json!({ "reason": "Wants a person" }))]);
    more["call"] = json!({ "id": "passed-on", "type": "inboundPhoneCall", "monitor": { "controlUrl": "http://127.0.0.1:1/control" } });
    line.told(&line.message("status-update", "passed-on", json!({ "status": "in-progress", "call": more["call"] })))
        .await;
    line.run("insert into private.call_lines (org_id, call_id, control_url) \
              select c.org_id, c.id, 'http://127.0.0.1:1/control' from public.calls c on conflict (org_id, call_id) do nothing").await;
    let answer = line.told(&line.message("tool-calls", "passed-on", more)).await;
    assert_eq!(lines(&answer), ["I am putting you through now. One moment, please."]);
    eventually("the transfer is taken back", async || {
        line.one::<Option<String>>("select transfer_to from public.calls").await.is_none()
    })
    .await;
    let sql = "select count(*) from (select payload from private.effects where kind = 'vapi.say' union all \
               select payload from private.effects_done where kind = 'vapi.say') as e \
               where e.payload ->> 'text' = 'I am sorry, I could not put you through. What message may I give the clinic?'";
    eventually("the caller is told", async || line.one::<i64>(sql).await == 1).await;
}
