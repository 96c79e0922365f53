//! Standing: who has been removed or suspended loses everything at once, token or no token; and nobody talks himself in.

use serde_json::{Value, json};
use uuid::Uuid;

use super::asks::{api_key, delete, get, patch, post, signed_in_with};
use super::operations::{Operation, operations};
use crate::support::{Session, TestServer};

/// Every operation for which an organisation is needed answers this person the same.
async fn all_say(server: &TestServer, who: &Session, status: u16, code: &str) {
    for operation in operations() {
        let path = operation.address(Uuid::new_v4());
        let Operation { method, body, function, .. } = operation;
        if ["accept_invitation", "replay_webhook", "discard_webhook"].contains(&function.as_str()) {
            continue;
        }
        let mut request = server.request(method, &path, Some(who));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = super::asks::said(request).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{function}");
    }
    let rpc = post(server, who, "/rest/v1/rpc/list_members", json!({})).await;
    assert_eq!((rpc.status, rpc.text.contains(code)), (status, true), "{}", rpc.text);
}

#[tokio::test]
async fn a_removed_member_loses_everything_at_once_with_the_same_token() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let leaving = server.add_member(admin.org_id, "admin").await;
    get(&server, &leaving, "/api/me").await.good();
    delete(&server, &admin, &format!("/api/members/{}", leaving.user_id)).await.good();
    all_say(&server, &leaving, 403, "not_a_member").await;
}

#[tokio::test]
async fn a_suspended_member_loses_everything_at_once_and_gets_it_back() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let other = server.add_member(admin.org_id, "admin").await;
    let path = format!("/api/members/{}", other.user_id);
    patch(&server, &admin, &path, json!({ "status": "suspended" })).await.good();
    all_say(&server, &other, 403, "account_suspended").await;
    patch(&server, &other, &path, json!({ "status": "active" })).await.is(403, "account_suspended");
    patch(&server, &admin, &path, json!({ "status": "active" })).await.good();
    get(&server, &other, "/api/me").await.good();
}

#[tokio::test]
async fn a_suspended_organisation_loses_everything_at_once_people_and_keys_alike() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let neighbour = server.sign_up("Neighbour").await;
    let key = api_key(&server, &admin, &["organization:read", "members:read"]).await;
    get(&server, &key, "/api/organization").await.good();

    let worker = server.db.worker().await;
    worker.execute("select public.suspend_organization($1, 'unpaid')", &[&admin.org_id]).await.expect("suspended");
    all_say(&server, &admin, 403, "account_suspended").await;
    all_say(&server, &key, 403, "account_suspended").await;
    get(&server, &neighbour, "/api/me").await.good();

    worker.execute("select public.resume_organization($1)", &[&admin.org_id]).await.expect("resumed");
    get(&server, &admin, "/api/me").await.good();
    get(&server, &key, "/api/organization").await.good();
}

#[tokio::test]
async fn what_a_person_writes_about_himself_changes_nothing() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let user = server.add_member(admin.org_id, "user").await;
    let other = server.sign_up("Other").await;

    let mut claims = user.claims();
    claims["user_metadata"] = json!({ "org_id": other.org_id, "role": "admin", "api_key_id": Uuid::new_v4() });
    claims["org_id"] = json!(other.org_id);
    claims["api_key_id"] = json!(Uuid::new_v4());
    claims["app_role"] = json!("admin");
    let spoofing = signed_in_with(&user, &claims, user.org_id);
    let me = get(&server, &spoofing, "/api/me").await.good();
    assert_eq!((me["organization"]["id"].clone(), me["role"].clone()), (json!(admin.org_id), json!("user")));
    get(&server, &spoofing, "/api/audit-logs").await.is(403, "role_too_low");

    let owner = server.db.owner().await;
    let spoof = "update auth.users set raw_user_meta_data = $2 where id = $1";
    owner
        .execute(spoof, &[&user.user_id, &claims["user_metadata"]])
        .await
        .expect("the account is the person's to fill");
    let refreshed = super::asks::refreshed(&server.db, &user).await;
    assert_eq!(refreshed.org_id, admin.org_id);
    assert_eq!(get(&server, &refreshed, "/api/me").await.good()["role"], "user");
}

#[tokio::test]
async fn a_claim_to_another_or_to_no_organisation_opens_nothing() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let other = server.sign_up("Other").await;
    let with_org = |org: Value| {
        let mut claims = admin.claims();
        claims["app_metadata"] = org;
        signed_in_with(&admin, &claims, admin.org_id)
    };
    let into_another = with_org(json!({ "org_id": other.org_id }));
    all_say(&server, &into_another, 403, "not_a_member").await;
    for nowhere in [json!({}), json!({ "org_id": "nobody's" }), json!({ "org_id": null }), json!("none")] {
        get(&server, &with_org(nowhere), "/api/me").await.is(403, "no_organization");
    }
}
