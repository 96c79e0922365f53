//! Who belongs to an organisation: adding, inviting, joining, changing, removing.

use serde_json::{Value, json};

use super::asks::{delete, get, id_of, invitation_token, patch, post, refreshed};
use crate::support::{Session, Shape, TestServer, people};

async fn clinic() -> (TestServer, Session) {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    (server, admin)
}

/// An account that belongs nowhere any more.
async fn free_account(server: &TestServer) -> Session {
    let elsewhere = server.sign_up("Elsewhere").await;
    let leaving = server.add_member(elsewhere.org_id, "user").await;
    delete(server, &elsewhere, &format!("/api/members/{}", leaving.user_id)).await.good();
    leaving
}

fn emails(members: &Value) -> Vec<&str> {
    members.as_array().expect("members").iter().filter_map(|member| member["email"].as_str()).collect()
}

#[tokio::test]
async fn somebody_unknown_is_invited_rather_than_added() {
    let (server, admin) = clinic().await;
    let email = people::email("new");
    let added = post(&server, &admin, "/api/members", json!({ "email": email, "role": "manager" })).await.good();
    assert_eq!(added["member"], Value::Null);
    assert_eq!(added["invitation"]["email"], json!(email));
    assert_eq!(added["invitation"]["role"], "manager");
    assert_eq!(added["invitation"]["status"], "pending");

    let open = get(&server, &admin, "/api/invitations").await.good();
    assert_eq!(id_of(&open[0]), id_of(&added["invitation"]));
    let again = post(&server, &admin, "/api/members/invite", json!({ "email": email })).await.good();
    assert_eq!(id_of(&again), id_of(&added["invitation"]), "an open invitation is not written twice");
    let members = get(&server, &admin, "/api/members").await.good();
    assert_eq!(emails(&members), [admin.email.as_str()]);
}

#[tokio::test]
async fn a_former_member_is_added_back_at_once_and_a_member_is_not_added_twice() {
    let (server, admin) = clinic().await;
    let user = server.add_member(admin.org_id, "user").await;
    let path = format!("/api/members/{}", user.user_id);
    post(&server, &admin, "/api/members", json!({ "email": user.email })).await.is(409, "already_member");

    assert_eq!(delete(&server, &admin, &path).await.good()["status"], "inactive");
    get(&server, &user, "/api/me").await.is(403, "not_a_member");
    delete(&server, &admin, &path).await.is(404, "member_not_found");
    let all = get(&server, &admin, "/api/members?include_inactive=true").await.good();
    assert_eq!(emails(&all).len(), 2);

    let added = post(&server, &admin, "/api/members", json!({ "email": user.email, "role": "manager" })).await.good();
    assert_eq!(added["invitation"], Value::Null);
    assert_eq!(added["member"]["role"], "manager");
    assert_eq!(get(&server, &user, "/api/me").await.good()["role"], "manager");
}

#[tokio::test]
async fn accepting_an_invitation_moves_an_account_once_its_token_is_refreshed() {
    let (server, admin) = clinic().await;
    let guest = free_account(&server).await;
    let invited =
        post(&server, &admin, "/api/members/invite", json!({ "email": guest.email, "role": "manager" })).await;
    assert_eq!(invited.status, 201);
    let token = invitation_token(&server.db, &guest.email).await;
    assert!(!invited.text.contains(&token), "the token is in the email alone");

    let stranger = free_account(&server).await;
    let accept = |who: Session| {
        let (server, token) = (&server, token.clone());
        async move { post(server, &who, "/api/invitations/accept", json!({ "token": token })).await }
    };
    accept(stranger).await.is(403, "invitation_for_another_email");
    post(&server, &guest, "/api/invitations/accept", json!({ "token": "guessed" }))
        .await
        .is(404, "invitation_not_found");

    let joined = accept(guest.clone()).await.good();
    assert_eq!(
        (joined["role"].as_str(), joined["org_id"].as_str()),
        (Some("manager"), Some(&*admin.org_id.to_string()))
    );
    get(&server, &guest, "/api/me").await.is(403, "not_a_member");
    let member = refreshed(&server.db, &guest).await;
    let me = get(&server, &member, "/api/me").await.good();
    assert_eq!((me["role"].as_str(), id_of(&me["organization"])), (Some("manager"), admin.org_id));
    accept(member).await.is(409, "invitation_used");
}

#[tokio::test]
async fn an_invited_person_signs_up_and_signs_in_into_the_organisation() {
    if Shape::current() == Shape::Supabase {
        return;
    }
    let (server, admin) = clinic().await;
    let email = people::email("invited");
    post(&server, &admin, "/api/members/invite", json!({ "email": email, "full_name": "Ines Vited" })).await.good();
    let sign_up = |token: String| {
        let body = json!({ "email": email, "password": "correct horse", "data": { "invitation_token": token } });
        server.client().post(server.url("/auth/v1/signup")).json(&body).send()
    };
    assert_eq!(sign_up("guessed".to_owned()).await.unwrap().status(), 403);
    let session: Value = sign_up(invitation_token(&server.db, &email).await).await.unwrap().json().await.unwrap();
    let ask =
        server.client().get(server.url("/api/me")).bearer_auth(session["access_token"].as_str().expect("a token"));
    let me: Value = ask.send().await.unwrap().json().await.unwrap();
    assert_eq!(id_of(&me["organization"]), admin.org_id);
    assert_eq!((me["role"].as_str(), me["user"]["full_name"].as_str()), (Some("user"), Some("Ines Vited")));
}

#[tokio::test]
async fn an_invitation_that_was_taken_back_or_has_run_out_opens_nothing() {
    let (server, admin) = clinic().await;
    let guest = free_account(&server).await;
    let invite = || post(&server, &admin, "/api/members/invite", json!({ "email": guest.email }));
    let accept = |token: String| post(&server, &guest, "/api/invitations/accept", json!({ "token": token }));

    let first = id_of(&invite().await.good());
    let token = invitation_token(&server.db, &guest.email).await;
    assert_eq!(delete(&server, &admin, &format!("/api/invitations/{first}")).await.good()["status"], "revoked");
    accept(token.clone()).await.is(404, "invitation_not_found");

    let second = id_of(&invite().await.good());
    assert_ne!(first, second);
    let owner = server.db.owner().await;
    let expire = "update public.org_invitations set expires_at = now() where id = $1";
    owner.execute(expire, &[&second]).await.expect("the invitation ages");
    accept(invitation_token(&server.db, &guest.email).await).await.is(410, "invitation_expired");

    invite().await.good();
    let renewed = invitation_token(&server.db, &guest.email).await;
    assert_eq!(accept(renewed).await.good()["status"], "active");
    accept(token).await.is(404, "invitation_not_found");
}

#[tokio::test]
async fn the_last_active_admin_can_be_neither_removed_nor_demoted_nor_suspended() {
    let (server, admin) = clinic().await;
    let other = server.add_member(admin.org_id, "admin").await;
    let path = |who: &Session| format!("/api/members/{}", who.user_id);
    patch(&server, &admin, &path(&other), json!({ "status": "suspended" })).await.good();

    let me = path(&admin);
    delete(&server, &admin, &me).await.is(409, "last_admin");
    for change in [json!({ "role": "manager" }), json!({ "role": "user" }), json!({ "status": "suspended" })] {
        patch(&server, &admin, &me, change).await.is(409, "last_admin");
    }
    post(&server, &admin, "/api/privacy/erase", json!({ "subject": "member", "id": admin.user_id }))
        .await
        .is(409, "last_admin");
    patch(&server, &admin, &me, json!({ "role": "admin", "full_name": "Ada" })).await.good();

    patch(&server, &admin, &path(&other), json!({ "status": "active" })).await.good();
    assert_eq!(patch(&server, &admin, &me, json!({ "role": "user" })).await.good()["role"], "user");
    patch(&server, &admin, &me, json!({ "role": "admin" })).await.is(403, "role_too_low");
    delete(&server, &other, &path(&other)).await.is(409, "last_admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_remove_each_other_at_once_exactly_one_succeeds() {
    let (server, _) = clinic().await;
    for round in 0..8 {
        let one = server.sign_up("Clinic").await;
        let two = server.add_member(one.org_id, "admin").await;
        let (of_one, of_two) = (format!("/api/members/{}", two.user_id), format!("/api/members/{}", one.user_id));
        let answers = tokio::join!(delete(&server, &one, &of_one), delete(&server, &two, &of_two));
        let (good, bad) = if answers.0.status == 200 { answers } else { (answers.1, answers.0) };
        assert_eq!(good.status, 200, "round {round}: {}", good.text);
        let no = bad.refusal();
        let whys = [(409, "last_admin".to_owned()), (403, "not_a_member".to_owned())];
        assert!(whys.contains(&no), "round {round}: {no:?}");
        let sql = "select count(*) from public.profiles where org_id = $1 and role = 'admin' and status = 'active'";
        let left: i64 = server.db.superuser().await.query_one(sql, &[&one.org_id]).await.expect("a count").get(0);
        assert_eq!(left, 1, "round {round}");
    }
}
