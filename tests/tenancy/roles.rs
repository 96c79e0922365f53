//! What each role may do, held against the grant matrix; and that another organisation's rows are not there.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::asks::{Said, api_key, id_of, post, said};
use super::operations::{Operation, operations};
use super::phone_targets::{id_in_body, phone_ready, phone_target, wants_a_phone};
use super::readiness::make_ready;
use crate::support::{Session, TestServer, people};

const RANKS: [&str; 3] = ["user", "manager", "admin"];

/// They need more than a row to succeed: a recording, a file that is no JSON, a tool, a version, an agent at Vapi, hours in which
/// people are called. Here it is only seen who is let in; what they do is seen where they are tested.
const PREPARED: [&str; 11] = [
    "call_back",
    "placed_call",
    "test_call",
    "placed_test_call",
    "call_recording",
    "share_recording",
    "send_followup",
    "set_agent_tool",
    "rollback_agent",
    "export_transcript",
    "preview_voice",
];

/// Nobody carries out what is promised, so nobody waits for it.
const AT_ONCE: [(&str, &str); 1] = [("ANSWER_PATIENCE_MS", "50")];

/// Least role and scope of every endpoint that signed-in people use, by function.
async fn matrix(server: &TestServer) -> BTreeMap<String, (String, Option<String>)> {
    let sql = "select split_part(function, '.', 2), least_role, scope from private.grant_matrix
               where function like 'public.%' and authenticated and least_role is not null and endpoint is not null";
    let rows = server.db.superuser().await.query(sql, &[]).await.expect("the matrix");
    rows.iter().map(|row| (row.get::<_, String>(0), (row.get(1), row.get(2)))).collect()
}

/// Whoever may call it is not sent away, and is served where a row is all it takes.
fn assert_let_in(who: &str, operation: &Operation, answer: &Said) {
    let function = operation.function.as_str();
    let served = (200..300).contains(&answer.status);
    if PREPARED.contains(&function) {
        assert!(served || ![401, 403, 500].contains(&answer.status), "{who}: {function}: {}", answer.text);
    } else {
        assert!(served, "{who}: {function}: {}", answer.text);
    }
}

/// Something of the organisation's for an endpoint to work on.
async fn target(server: &TestServer, admin: &Session, path: &str) -> Uuid {
    match path {
        path if path.starts_with("/api/members") || path.starts_with("/api/privacy") => {
            server.add_member(admin.org_id, "user").await.user_id
        }
        path if path.starts_with("/api/invitations") => {
            let body = json!({ "email": people::email("guest") });
            let invitation = id_of(&post(server, admin, "/api/members/invite", body).await.good());
            // Its email went out a while ago, so that it may be sent again.
            let aged = "update private.emails set created_at = created_at - interval '2 minutes' where org_id = $1";
            server.db.owner().await.execute(aged, &[&admin.org_id]).await.expect("the email ages");
            invitation
        }
        path if path.starts_with("/api/api-keys") => api_key(server, admin, &["organization:read"]).await.user_id,
        path if path.starts_with("/api/operations") => {
            let sql = "select private.enqueue_effect($1, 'slack.message', '{\"text\": \"planted\"}')";
            let worker = server.db.worker().await;
            worker.query_one(sql, &[&admin.org_id]).await.expect("an effect").get(0)
        }
        path if path.starts_with("/api/webhook-verification") => {
            let sql = "insert into public.wallet_topups
                           (org_id, amount_pence, origin, return_path, stripe_session_id, idempotency_key)
                       values ($1, 2500, 'checkout', '/dashboard/wallet', $2, $2)";
            let id = Uuid::new_v4();
            server.db.owner().await.execute(sql, &[&admin.org_id, &id.to_string()]).await.expect("a checkout");
            id
        }
        path if path.starts_with("/api/telephony") => phone_target(server, admin.org_id, path).await,
        path if path.starts_with("/api/agents") => {
            let sql = "insert into public.agents (org_id, name, direction) values ($1, 'Anna', 'inbound') returning id";
            server.db.owner().await.query_one(sql, &[&admin.org_id]).await.expect("an agent").get(0)
        }
        path if path.starts_with("/api/contacts") => {
            let sql = "insert into public.contacts (org_id, phone) values ($1, '+447700900123')
                       on conflict on constraint contacts_phone do update set notes = null returning id";
            server.db.owner().await.query_one(sql, &[&admin.org_id]).await.expect("a contact").get(0)
        }
        path if path.starts_with("/api/calls-dashboard") => {
            let sql = "insert into public.calls (org_id, call_direction, transcript)
                       values ($1, 'inbound', 'AI: Hello.') returning id";
            server.db.owner().await.query_one(sql, &[&admin.org_id]).await.expect("a call").get(0)
        }
        path => panic!("{path}: which row of the organisation does it take?"),
    }
}

async fn ask(server: &TestServer, who: &Session, operation: &Operation, id: Uuid) -> Said {
    let Operation { method, body, function, .. } = operation;
    make_ready(server, who.org_id, function).await;
    phone_ready(server, who.org_id, function).await;
    let mut path = operation.address(id);
    if path.contains("{month}") {
        path = path.replace("{month}", &this_month(server).await);
    }
    let mut request = server.request(method.clone(), &path, Some(who));
    if let Some(body) = body {
        let mut body = body.clone();
        if !body["id"].is_null() {
            body["id"] = json!(id);
        }
        if let Some(name) = id_in_body(operation) {
            body[name] = json!(id);
        }
        if !body["expires_at"].is_null() {
            body["expires_at"] = json!("2999-01-01T00:00:00Z");
        }
        if !body["email"].is_null() {
            body["email"] = json!(people::email("new"));
        }
        request = request.json(&body);
    }
    if function == "open_event_stream" {
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let text = if status == 200 { String::new() } else { answer.text().await.expect("a refusal") };
        return Said { status, text };
    }
    said(request).await
}

/// As statements name it.
async fn this_month(server: &TestServer) -> String {
    let sql = "select to_char(private.london_month(now()), 'YYYY-MM')";
    server.db.owner().await.query_one(sql, &[]).await.expect("the month").get(0)
}

fn wants_an_id(operation: &Operation) -> bool {
    operation.path.contains("{id}")
        || operation.path.contains("{session_id}")
        || wants_a_phone(operation)
        || operation.body.as_ref().is_some_and(|body| !body["id"].is_null())
}

#[tokio::test]
async fn each_role_may_do_what_the_matrix_says_and_nothing_else() {
    let server = TestServer::without_workers(&AT_ONCE).await;
    let admin = server.sign_up("Clinic").await;
    let matrix = matrix(&server).await;
    let mut checked = 0;
    for rank in RANKS {
        let person = server.add_member(admin.org_id, rank).await;
        for operation in operations() {
            let Some((least, _)) = matrix.get(&operation.function) else { continue };
            let id = if wants_an_id(&operation) { target(&server, &admin, &operation.path).await } else { Uuid::nil() };
            let answer = ask(&server, &person, &operation, id).await;
            let high_enough = RANKS.iter().position(|r| *r == rank) >= RANKS.iter().position(|r| r == least);
            if high_enough {
                assert_let_in(rank, &operation, &answer);
            } else {
                assert_eq!(answer.refusal(), (403, "role_too_low".to_owned()), "{rank}: {}", operation.function);
            }
            checked += 1;
        }
    }
    assert!(checked >= 3 * 20, "{checked} questions are not all of them");
}

#[tokio::test]
async fn an_api_key_may_do_what_its_scope_says_and_nothing_else() {
    let server = TestServer::without_workers(&AT_ONCE).await;
    let admin = server.sign_up("Clinic").await;
    let matrix = matrix(&server).await;
    let scopes: std::collections::BTreeSet<&str> = matrix.values().filter_map(|(_, scope)| scope.as_deref()).collect();
    for held in &scopes {
        let key = api_key(&server, &admin, &[held]).await;
        for operation in operations() {
            let Some((_, scope)) = matrix.get(&operation.function) else { continue };
            let id = if wants_an_id(&operation) { target(&server, &admin, &operation.path).await } else { Uuid::nil() };
            let answer = ask(&server, &key, &operation, id).await;
            if scope.as_deref() == Some(held) {
                assert_let_in(held, &operation, &answer);
            } else {
                assert_eq!(answer.refusal(), (403, "scope_missing".to_owned()), "{held}: {}", operation.function);
            }
        }
    }
}

#[tokio::test]
async fn another_organisations_ids_are_not_there_on_any_endpoint() {
    let server = TestServer::without_workers(&AT_ONCE).await;
    let admin = server.sign_up("Clinic").await;
    let other = server.sign_up("Other").await;
    let matrix = matrix(&server).await;
    let with_id =
        operations().into_iter().filter(|operation| matrix.contains_key(&operation.function) && wants_an_id(operation));
    let mut checked = 0;
    for operation in with_id {
        let theirs = target(&server, &other, &operation.path).await;
        let missing = ask(&server, &admin, &operation, theirs).await.refusal();
        assert_eq!(missing.0, 404, "{}: {}", operation.function, missing.1);
        let nobodys = ask(&server, &admin, &operation, Uuid::new_v4()).await;
        assert_eq!(nobodys.refusal(), missing, "{}: it tells whether an id exists", operation.function);
        let own = ask(&server, &other, &operation, theirs).await;
        assert_let_in("its own", &operation, &own);
        assert!(own.status < 400 || own.refusal() != missing, "{}: {}", operation.function, own.text);
        checked += 1;
    }
    assert!(checked >= 7, "{checked} endpoints are not all of them");
}

#[tokio::test]
async fn lists_hold_the_callers_own_organisation_alone() {
    let server = TestServer::without_workers(&AT_ONCE).await;
    let admin = server.sign_up("Clinic").await;
    let other = server.sign_up("Other").await;
    for path in ["/api/members", "/api/invitations", "/api/api-keys"] {
        target(&server, &other, path).await;
    }
    let matrix = matrix(&server).await;
    for operation in operations() {
        let listed = operation.method == reqwest::Method::GET && !wants_an_id(&operation);
        if !listed || !matrix.contains_key(&operation.function) || operation.function == "open_event_stream" {
            continue;
        }
        let answer = ask(&server, &admin, &operation, Uuid::nil()).await;
        answer.good();
        assert!(!answer.text.contains(&other.org_id.to_string()), "{}", operation.function);
        assert!(!answer.text.contains(&other.email), "{}", operation.function);
    }
    let export = post(&server, &admin, "/api/privacy/export", json!({})).await;
    export.good();
    assert!(!export.text.contains(&other.org_id.to_string()) && !export.text.contains(&other.email));
}
