//! Changing a row: what is absent stays, null clears, what is not known is refused. And the flags and times beside it.

use serde_json::{Value, json};

use super::asks::{get, patch, put};
use crate::support::TestServer;

#[tokio::test]
async fn absent_stays_and_null_clears() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let full = json!({
        "name": "  Harley Street  ", "email": "hello@clinic.example", "phone": "+442079460123",
        "website": "https://clinic.example", "timezone": "Europe/Paris", "settings": { "theme": "dark" },
        "clinic_name": "Harley", "specialty": "Aesthetics",
    });
    let set = patch(&server, &admin, "/api/organization", full).await.good();
    assert_eq!(set["name"], "Harley Street");
    assert_eq!(set["settings"], json!({ "theme": "dark" }));

    let mut unchanged = patch(&server, &admin, "/api/organization", json!({})).await.good();
    unchanged["updated_at"] = set["updated_at"].clone();
    assert_eq!(unchanged, set);

    let cleared = patch(&server, &admin, "/api/organization", json!({ "phone": null, "specialty": null })).await.good();
    assert_eq!((&cleared["phone"], &cleared["specialty"]), (&Value::Null, &Value::Null));
    assert_eq!((&cleared["email"], &cleared["timezone"]), (&set["email"], &set["timezone"]));
    assert_eq!(get(&server, &admin, "/api/organization").await.good(), cleared);
}

#[tokio::test]
async fn what_may_not_be_changed_is_refused_and_nothing_is_changed() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let before = get(&server, &admin, "/api/organization").await.good();
    for (change, status) in [
        (json!({ "name": "New", "id": admin.org_id }), 400),
        (json!({ "name": "New", "suspended_at": null }), 400),
        (json!({ "name": "New", "stripe_customer_id": "cus_1" }), 400),
        (json!({ "name": "New", "onboarding_completed": true }), 400),
        (json!({ "name": "New", "onboarding_completed_at": null }), 400),
        (json!({ "name": null }), 422),
        (json!({ "name": "  " }), 422),
        (json!({ "name": "x".repeat(201) }), 422),
        (json!({ "name": "New", "timezone": "Mars/Olympus" }), 422),
        (json!({ "name": "New", "timezone": null }), 422),
        (json!({ "name": "New", "phone": "020 7946 0123" }), 422),
        (json!({ "name": "New", "email": "nobody" }), 422),
        (json!({ "name": "New", "website": "javascript:alert(1)" }), 422),
        (json!({ "name": "New", "settings": [] }), 422),
        (json!({ "name": "New", "settings": null }), 422),
    ] {
        let answer = patch(&server, &admin, "/api/organization", change.clone()).await;
        assert_eq!(answer.refusal().0, status, "{change}: {}", answer.text);
    }
    assert_eq!(get(&server, &admin, "/api/organization").await.good(), before);
}

#[tokio::test]
async fn the_same_rules_hold_at_the_supabase_door() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    for change in
        [json!({ "onboarding_completed": true }), json!({ "telephony_mode": "managed" }), json!({ "nonsense": 1 })]
    {
        let body = json!({ "p_patch": change });
        let answer = super::asks::post(&server, &admin, "/rest/v1/rpc/update_organization", body).await;
        assert_eq!(answer.status, 422, "{change}: {}", answer.text);
        assert!(answer.text.contains("unknown_field"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_members_own_fields_follow_the_same_rules() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let user = server.add_member(admin.org_id, "user").await;
    let path = format!("/api/members/{}", user.user_id);
    let change = json!({ "full_name": "Sam Hill", "phone": "+447700900123", "avatar_url": "https://a.example/s.png" });
    patch(&server, &admin, &path, change).await.good();
    let set = patch(&server, &admin, &path, json!({ "phone": null })).await.good();
    assert_eq!((&set["full_name"], &set["phone"], &set["role"]), (&json!("Sam Hill"), &Value::Null, &json!("user")));
    for (change, status) in [
        (json!({ "role": null }), 422),
        (json!({ "status": null }), 422),
        (json!({ "status": "inactive" }), 422),
        (json!({ "role": "owner" }), 400),
        (json!({ "email": "other@clinic.example" }), 400),
        (json!({ "org_id": user.org_id }), 400),
        (json!({ "avatar_url": "data:text/html,x" }), 422),
    ] {
        let answer = patch(&server, &admin, &path, change.clone()).await;
        assert_eq!(answer.refusal().0, status, "{change}: {}", answer.text);
    }
}

#[tokio::test]
async fn retention_is_set_as_a_whole_and_null_keeps_for_ever() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let both = json!({ "retention_transcripts_days": 365, "retention_recordings_days": 30 });
    assert_eq!(put(&server, &admin, "/api/organization/retention", both.clone()).await.good(), both);
    let organization = get(&server, &admin, "/api/organization").await.good();
    assert_eq!(organization["retention_recordings_days"], 30);
    let one =
        put(&server, &admin, "/api/organization/retention", json!({ "retention_transcripts_days": 1 })).await.good();
    assert_eq!(one, json!({ "retention_transcripts_days": 1, "retention_recordings_days": null }));
    for days in [0, -1, 3651] {
        let wish = json!({ "retention_recordings_days": days });
        put(&server, &admin, "/api/organization/retention", wish).await.is(422, "invalid_value");
    }
    assert_eq!(get(&server, &admin, "/api/organization").await.good()["retention_transcripts_days"], 1);
}

#[tokio::test]
async fn flags_stand_as_the_operator_set_them_for_each_organisation() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let other = server.sign_up("Other").await;
    let worker = server.db.worker().await;
    worker
        .batch_execute(
            "select public.set_feature_flag('everywhere', true, 100, 'For all');
             select public.set_feature_flag('nowhere', true, 0);
             select public.set_feature_flag('off', false, 100);
             select public.set_feature_flag('halves', true, 50);",
        )
        .await
        .expect("flags");
    let sql = "select public.set_org_feature_flag($1, $2, $3)";
    worker.execute(sql, &[&admin.org_id, &"nowhere", &true]).await.expect("an override");
    worker.execute(sql, &[&admin.org_id, &"everywhere", &false]).await.expect("an override");

    let on = |flags: Value| -> Vec<String> {
        let flags = flags.as_array().expect("flags").clone();
        let on = flags.iter().filter(|flag| flag["enabled"] == true && flag["name"] != "halves");
        on.map(|flag| flag["name"].as_str().expect("a name").to_owned()).collect()
    };
    let flags = get(&server, &admin, "/api/feature-flags").await.good();
    assert_eq!(on(flags.clone()), ["nowhere"]);
    assert_eq!(get(&server, &admin, "/api/feature-flags").await.good(), flags, "a rollout is stable");
    assert_eq!(on(get(&server, &other, "/api/feature-flags").await.good()), ["everywhere"]);
    let me = get(&server, &admin, "/api/me").await.good();
    assert!(me["feature_flags"].as_array().expect("flags").contains(&json!("nowhere")));

    worker.execute(sql, &[&admin.org_id, &"nowhere", &None::<bool>]).await.expect("the override ends");
    assert_eq!(on(get(&server, &admin, "/api/feature-flags").await.good()), Vec::<String>::new());
}
