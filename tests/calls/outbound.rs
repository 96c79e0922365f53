//! Calling people: only who may be called, held for first, once, and billed like any other call.

use serde_json::{Value, json};
use voxanne::sandbox::{Fault, vapi::Script};

use super::outbound_support::{Clinic, OWN, PERSON};
use crate::{
    platform::events_client::Stream,
    support::eventually,
    tenancy::asks::{post, said},
};

fn calls(clinic: &Clinic) -> usize {
    let requests = clinic.server.sandbox.vapi.log().all();
    requests.iter().filter(|one| one.method == "POST" && one.path == "/call").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_called_back_and_the_call_is_billed_and_recorded() {
    let clinic = Clinic::open().await;
    let placed = clinic.call_back().await.good();
    assert_eq!((&placed["phone"], &placed["status"]), (&json!(PERSON), &json!("initiated")));
    let vapi = &clinic.server.sandbox.vapi;
    let id = placed["vapiCallId"].as_str().expect("Vapi's id");
    let at_vapi = vapi.call(id).expect("the call");
    assert_eq!(at_vapi["assistantOverrides"]["metadata"]["call_id"], placed["callId"]);
    assert_eq!(at_vapi["customer"]["number"], PERSON);
    let held: i64 = clinic.one("select held_pence from public.credit_wallets where balance_pence > 5000").await;
    assert!(held > 0, "what it may cost is held before anybody speaks");

    vapi.play(id, Script::called().says("Good morning, this is Ben.").caller_says("Hello Ben.").waits(70.0))
        .expect("played");
    vapi.over(id).await;
    eventually("the call is settled", async || {
        clinic.one::<i64>("select count(*) from public.credit_reservations where settled_at is null").await == 0
            && clinic.one::<i64>("select count(*) from public.calls where status = 'completed'").await == 1
    })
    .await;
    let seconds = vapi.seconds_of(id).expect("it is over");
    let rate: i64 = clinic.one("select pence_per_minute::bigint from private.current_rate(now())").await;
    let charged: i64 = clinic.one("select cost_cents from public.calls").await;
    assert_eq!(charged, (seconds * rate + 59) / 60, "{seconds} s");
    assert_eq!(clinic.one::<i64>("select count(*) from public.calls").await, 1, "what Vapi tells is told of this call");
    assert_eq!(clinic.one::<String>("select call_direction from public.calls").await, "outbound");
    assert_eq!(calls(&clinic), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_on_sees_a_call_begin_be_answered_end_and_be_recorded() {
    let clinic = Clinic::open().await;
    let mut stream = Stream::open(&clinic.server, &clinic.admin.token, None).await;
    let placed = clinic.call_back().await.good();
    let vapi = &clinic.server.sandbox.vapi;
    let id = placed["vapiCallId"].as_str().expect("Vapi's id");
    vapi.play(id, Script::called().says("Good morning.").caller_says("Hello.")).expect("played");
    for kind in ["call.started", "call.answered", "call.ended", "call.recorded"] {
        let message = stream.next_about(kind).await;
        assert_eq!(message.data["payload"]["call_id"], placed["callId"], "{kind}: {:?}", message.data);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_tried_out_on_a_phone_that_nobody_has_on_file() {
    let clinic = Clinic::open().await;
    let agent: uuid::Uuid = clinic.one("select id from public.agents").await;
    let path = format!("/api/agents/{agent}/test-call");
    let placed = clinic.post(&path, json!({ "phone_number": "+447700900124" })).await.good();
    let at_vapi = clinic.server.sandbox.vapi.call(placed["vapiCallId"].as_str().expect("Vapi's id")).expect("the call");
    assert_eq!(at_vapi["customer"]["number"], "+447700900124");
    assert_eq!(clinic.one::<i64>("select count(*) from public.credit_reservations where status = 'active'").await, 1);
    let stranger = clinic.server.sign_up("Other").await;
    post(&clinic.server, &stranger, &path, json!({ "phone_number": "+447700900125" })).await.is(404, "agent_not_found");
    assert_eq!(calls(&clinic), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_makes_no_second_call() {
    let clinic = Clinic::open().await;
    clinic.server.sandbox.vapi.faults().add(Fault::lost_answer().matching("POST /call").next(1));
    let placed = clinic.call_back().await.good();
    assert!(placed["vapiCallId"].is_string(), "{placed}");
    assert_eq!(calls(&clinic), 1, "the call that was placed is found again");
    assert_eq!(clinic.one::<i64>("select count(*) from private.call_lines where control_url is not null").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_vapi_refuses_costs_nothing() {
    let clinic = Clinic::open().await;
    clinic.run("update private.org_credentials set vapi_phone_id = gen_random_uuid()::text").await;
    clinic.call_back().await.is(502, "call_not_placed");
    let held: i64 = clinic.one("select sum(held_pence)::bigint from public.credit_wallets").await;
    assert_eq!(held, 0);
    assert_eq!(
        clinic.one::<String>("select status || ' ' || ended_reason from public.calls").await,
        "failed call-not-placed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_was_verified_calls_through_its_account_and_its_token_stays_with_us() {
    let clinic = Clinic::open().await;
    clinic.server.sandbox.twilio.add_caller_id(&clinic.account.sid, "+447700900555").expect("verified at Twilio");
    clinic
        .run(&format!(
            "update private.org_credentials set vapi_phone_id = null;
             insert into public.verified_caller_ids (org_id, phone_number, status, twilio_caller_id_sid, verified_at)
             values ('{}', '+447700900555', 'verified', 'PN' || md5('x'), now())",
            clinic.admin.org_id
        ))
        .await;
    let placed = clinic.call_back().await.good();
    let logged = clinic.server.sandbox.vapi.log().all();
    let asked = logged.iter().rfind(|one| one.method == "POST" && one.path == "/call").expect("a call");
    assert!(format!("{asked:?}").contains("+447700900555"), "{asked:?}");
    let kept: String = clinic
        .one("select coalesce(string_agg(payload::text || coalesce(result::text, ''), ''), '') from private.effects_done")
        .await;
    assert!(!kept.contains(clinic.account.token.as_str()), "the token is in no effect");
    assert!(placed["vapiCallId"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_called_who_may_not_be() {
    let clinic = Clinic::open().await;
    let stranger = clinic.server.sign_up("Other").await;
    let path = format!("/api/contacts/{}/call-back", clinic.contact);
    post(&clinic.server, &stranger, &path, json!({})).await.is(404, "contact_not_found");
    clinic.run("update public.contacts set do_not_call = true").await;
    clinic.call_back().await.is(409, "do_not_call");
    clinic.run("update public.contacts set do_not_call = false").await;
    clinic.run(r#"update public.call_settings set calling_hours = '{"mon": [], "tue": []}'"#).await;
    clinic.call_back().await.is(409, "outside_calling_hours");
    clinic.run("update public.call_settings set calling_hours = '{}'").await;
    clinic.run(&format!("update public.contacts set phone = '{OWN}'")).await;
    clinic.call_back().await.is(409, "number_answers_here");
    clinic.run(&format!("update public.contacts set phone = '{PERSON}'")).await;
    clinic.run("update public.agents set is_active = false").await;
    clinic.call_back().await.is(409, "agent_not_ready");
    assert_eq!(calls(&clinic), 0);
    assert_eq!(clinic.one::<i64>("select count(*) from public.calls").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_places_one_call_and_two_wishes_at_once_place_one() {
    let clinic = Clinic::open().await;
    let path = format!("/api/contacts/{}/call-back", clinic.contact);
    let ask = || clinic.server.post(&path, &clinic.admin).header("idempotency-key", "once").json(&json!({}));
    let first = said(ask()).await.good();
    let again = said(ask()).await.good();
    assert_eq!(first["callId"], again["callId"]);
    clinic.call_back().await.is(409, "call_under_way");
    assert_eq!(calls(&clinic), 1);

    clinic.run("update public.calls set status = 'completed'").await;
    let (one, other) = tokio::join!(clinic.call_back(), clinic.call_back());
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{one:?} {other:?}");
    assert_eq!(calls(&clinic), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_money_nobody_is_called_and_the_clinic_hears_why() {
    let clinic = Clinic::open().await;
    let spend = "select private.check_balance_and_deduct_asset_cost(org_id, balance_pence - 10, 'managed_number', 'spent') \
                 from public.credit_wallets where balance_pence > 5000";
    clinic.run(spend).await;
    let answer = clinic.call_back().await;
    answer.is(402, "insufficient_balance");
    let body: Value = serde_json::from_str(&answer.text).expect("JSON");
    assert!(body["error"].as_str().is_some_and(|told| told.contains("top up")), "{body}");
    assert_eq!(clinic.one::<i64>("select count(*) from public.call_refusals").await, 1);
    assert_eq!(calls(&clinic), 0);
}
