//! What is held about a person: handed out, and erased wherever it stands.

use serde_json::{Value, json};

use super::asks::{get, id_of, invitation_token, mentions, patch, post, refreshed, said};
use crate::support::{Session, TestServer};

const NAME: &str = "Zephyrine Quillfeather";
const FORMER_NAME: &str = "Zephyrine Oldacre";
const PHONE: &str = "+447700900987";
const EMAIL: &str = "zephyrine.quillfeather@patients.example";
const AVATAR: &str = "https://pictures.example/zephyrine-portrait.png";

/// A member who has left traces in every place where the skeleton can hold any.
async fn planted(server: &TestServer, admin: &Session) -> Session {
    let elsewhere = server.sign_up("Elsewhere").await;
    let person = server.add_member(elsewhere.org_id, "user").await;
    let superuser = server.db.superuser().await;
    superuser
        .execute("update auth.users set email = $2 where id = $1", &[&person.user_id, &EMAIL])
        .await
        .expect("an address");
    said(server.delete(&format!("/api/members/{}", person.user_id), &elsewhere)).await.good();
    let erase = json!({ "subject": "member", "id": person.user_id });

    let invitation = json!({ "email": EMAIL, "full_name": FORMER_NAME });
    let invite =
        server.post("/api/members/invite", admin).header("idempotency-key", "invite-zephyrine").json(&invitation);
    said(invite).await.good();
    let token = invitation_token(&server.db, EMAIL).await;
    post(server, &person, "/api/invitations/accept", json!({ "token": token })).await.good();
    let person = refreshed(&server.db, &person).await;
    assert_eq!(person.org_id, admin.org_id);

    let path = format!("/api/members/{}", person.user_id);
    let change = json!({ "full_name": NAME, "phone": PHONE, "avatar_url": AVATAR });
    patch(server, admin, &path, change).await.good();
    get(server, &person, "/api/me").await.good();

    let worker = server.db.worker().await;
    let told =
        json!({ "member": { "full_name": NAME, "email": EMAIL }, "note": format!("Please ring {NAME} on {PHONE}.") });
    worker
        .execute("select private.emit_event($1, 'member.changed', $2)", &[&admin.org_id, &told])
        .await
        .expect("an event");
    let effect = "select private.enqueue_effect($1, 'slack.message', $2, p_run_at => now() + interval '1 day')";
    worker.execute(effect, &[&admin.org_id, &told]).await.expect("an effect");
    let security = "select private.record_security_event('test', $1, $2, $3, '203.0.113.77')";
    worker.execute(security, &[&admin.org_id, &person.user_id, &told]).await.expect("a security event");
    let inbox =
        "insert into private.webhook_inbox (provider, event_id, headers, body, next_attempt_at, org_id, received_at)
                 values ('resend', 'planted', $1, $2, now() + interval '1 day', $3, now())";
    let body = told.to_string().into_bytes();
    superuser.execute(inbox, &[&told, &body, &admin.org_id]).await.expect("a webhook");

    post(server, &elsewhere, "/api/privacy/erase", erase).await.good();
    person
}

#[tokio::test]
async fn an_erased_person_is_nowhere_in_the_database() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let person = planted(&server, &admin).await;
    let superuser = server.db.superuser().await;
    let needles = [NAME, FORMER_NAME, "Quillfeather", PHONE, EMAIL, AVATAR, "203.0.113.77"];
    for needle in needles {
        assert!(!mentions(&superuser, needle).await.is_empty(), "{needle} was not planted");
    }

    let wish = json!({ "subject": "member", "id": person.user_id });
    let erase = server.post("/api/privacy/erase", &admin).header("idempotency-key", "erase-zephyrine").json(&wish);
    let erased = said(erase).await.good();
    assert!(erased.as_array().expect("tables").iter().any(|row| row["table_name"] == "public.profiles"));
    for needle in needles {
        assert_eq!(mentions(&superuser, needle).await, Vec::<String>::new(), "{needle}");
    }

    get(&server, &person, "/api/me").await.is(403, "not_a_member");
    let members = get(&server, &admin, "/api/members?include_inactive=true").await.good();
    let left =
        members.as_array().expect("members").iter().find(|row| id_of(row) == person.user_id).expect("the row stays");
    assert_eq!((&left["full_name"], &left["email"], &left["status"]), (&Value::Null, &Value::Null, &json!("inactive")));
    let remaining = get(&server, &admin, "/api/members").await.good();
    assert_eq!(remaining[0]["email"], json!(admin.email), "others keep what is theirs");
    said(server.post("/api/privacy/erase", &admin).json(&wish)).await.good();
}

#[tokio::test]
async fn what_is_held_about_a_person_is_handed_out_and_about_nobody_else() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let person = planted(&server, &admin).await;
    let wish = json!({ "subject": "member", "id": person.user_id });
    let export = post(&server, &admin, "/api/privacy/export", wish).await;
    let held = export.good();
    assert_eq!(held["tables"]["public.profiles"][0]["phone"], json!(PHONE));
    assert!(export.text.contains(FORMER_NAME), "what the audit remembers is held too");
    assert!(!export.text.contains(&admin.email), "{}", export.text);

    let whole = post(&server, &admin, "/api/privacy/export", json!({})).await;
    assert_eq!(whole.good()["tables"]["public.profiles"].as_array().map(Vec::len), Some(2));
    for secret in ["key_hash", "token_hash", "encrypted_password"] {
        assert!(!whole.text.contains(secret), "{secret}");
    }
    for (body, status, code) in [
        (json!({ "subject": "spaceship", "id": person.user_id }), 422, "unknown_subject"),
        (json!({ "subject": "member" }), 404, "person_not_found"),
        (json!({ "id": person.user_id }), 422, "unknown_subject"),
    ] {
        post(&server, &admin, "/api/privacy/export", body).await.is(status, code);
    }
    let kinds = "select count(*) from public.security_audit_log where org_id = $1 and kind = 'data_exported'";
    let noted: i64 = server.db.superuser().await.query_one(kinds, &[&admin.org_id]).await.expect("a count").get(0);
    assert_eq!(noted, 2);
}
