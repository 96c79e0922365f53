//! Ways back from a consent page that lead nowhere: each is refused clearly, and nothing is kept of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use url::Url;

use super::consents_support::{Clinic, GOOGLE, OUTLOOK, browser, query, with};
use crate::tenancy::asks::get;

const ADA: &str = "ada@clinic.example";
const EVE: &str = "eve@grin.example";

fn failed(code: &str) -> (String, Option<String>) {
    ("failed".to_owned(), Some(code.to_owned()))
}

/// The state with one byte changed.
fn altered(state: &str, place: usize) -> String {
    let mut bytes = URL_SAFE_NO_PAD.decode(state).expect("base64");
    bytes[place] ^= 1;
    URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_state_is_refused_before_anything_is_looked_up() {
    let clinic = Clinic::open().await;
    let back = clinic.agreed(GOOGLE, ADA).await;
    let state = query(&back, "state").expect("a state");
    // The organisation, the key's version, the seal, the tag.
    let mut forged: Vec<Option<String>> =
        [0, 19, 30, 90].into_iter().map(|place| Some(altered(&state, place))).collect();
    forged.extend([None, Some(String::new()), Some("x".repeat(5000)), Some(state[..state.len() - 4].to_owned())]);
    for state in forged {
        for url in [with(&back, "state", state.as_deref()), with(&with(&back, "state", state.as_deref()), "code", None)]
        {
            clinic.fetch(&url).await.is(400, "oauth_state_invalid");
            assert_eq!(clinic.follow(&url).await.status(), 400, "a browser hears the same");
        }
    }
    clinic.nothing_was_taken("forged").await;
    assert_eq!(clinic.provider(GOOGLE).log().count(), 0, "nobody was asked");
    assert_eq!(clinic.lands(&back).await.0, "connected", "and the real one still works");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_for_one_provider_does_not_serve_for_the_other() {
    let clinic = Clinic::open().await;
    let back = clinic.agreed(GOOGLE, ADA).await;
    let elsewhere = back.as_str().replacen("/google/", "/outlook/", 1);
    clinic.fetch(&Url::parse(&elsewhere).expect("an address")).await.is(400, "oauth_state_invalid");
    let nowhere = back.as_str().replacen("/google/", "/vapi/", 1);
    clinic.fetch(&Url::parse(&nowhere).expect("an address")).await.is(404, "integration_not_found");
    clinic.nothing_was_taken("another provider").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_code_under_our_state_and_ours_under_theirs_connect_nothing() {
    let clinic = Clinic::open().await;
    let eve = clinic.server.sign_up("Grin").await;
    let ours = clinic.agreed(GOOGLE, ADA).await;
    let page = clinic.page_for(&eve, GOOGLE).await;
    let theirs = clinic.provider(GOOGLE).allow(&page, EVE).expect("the page asks");

    // Each code belongs to a challenge, whose verifier only its own flow has.
    let stolen = with(&ours, "code", query(&theirs, "code").as_deref());
    let planted = with(&theirs, "code", query(&ours, "code").as_deref());
    for url in [stolen, planted] {
        assert_eq!(clinic.lands(&url).await, failed("oauth_code_refused"));
    }
    clinic.is_clean("mixed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_works_once() {
    let clinic = Clinic::open().await;
    let back = clinic.agreed(GOOGLE, ADA).await;
    assert_eq!(clinic.lands(&back).await.0, "connected");
    clinic.fetch(&back).await.is(409, "oauth_code_reused");
    assert_eq!(clinic.lands(&back).await, failed("oauth_code_reused"), "a page that is loaded again");
    let again = with(&back, "code", Some("another-code"));
    clinic.fetch(&again).await.is(409, "oauth_code_reused");
    assert_eq!(clinic.effects("oauth.exchange").await, 1);
    clinic.is_connected_as(GOOGLE, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_taken_sixteen_times_at_once_is_taken_once() {
    let clinic = Clinic::open().await;
    let back = clinic.agreed(GOOGLE, ADA).await;
    let landed = futures_util::future::join_all((0..16).map(|_| clinic.lands(&back))).await;
    assert_eq!(landed.iter().filter(|landed| landed.0 == "connected").count(), 1, "{landed:?}");
    assert_eq!(landed.iter().filter(|landed| **landed == failed("oauth_code_reused")).count(), 15, "{landed:?}");
    clinic.is_connected_as(GOOGLE, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_taken_after_ten_minutes_is_over() {
    let clinic = Clinic::open().await;
    let back = clinic.agreed(OUTLOOK, ADA).await;
    let later = "update private.oauth_flows set expires_at = expires_at - interval '10 minutes 1 second'";
    clinic.owner.execute(later, &[]).await.expect("ten minutes");
    clinic.fetch(&back).await.is(410, "oauth_expired");
    assert_eq!(clinic.lands(&back).await, failed("oauth_expired"));
    clinic.nothing_was_taken("too late").await;

    let forgotten = "select private.drop_old_oauth_flows(now() + interval '1 day')";
    clinic.owner.execute(forgotten, &[]).await.expect("a day");
    clinic.fetch(&back).await.is(400, "oauth_state_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_connect_any_more_when_they_come_back_connects_nothing() {
    let clinic = Clinic::open().await;
    let second = clinic.server.add_member(clinic.admin.org_id, "admin").await;
    let page = clinic.page_for(&second, GOOGLE).await;
    let back = clinic.provider(GOOGLE).allow(&page, ADA).expect("the page asks");
    let set = async |sql: &str| {
        clinic.owner.execute(sql, &[&second.user_id]).await.expect("a change");
    };
    set("update public.profiles set role = 'manager' where id = $1").await;
    clinic.fetch(&back).await.is(403, "role_too_low");
    set("update public.profiles set role = 'admin' where id = $1").await;
    set("update public.organizations set suspended_at = now() where id = (select org_id from public.profiles where id = $1)")
        .await;
    clinic.fetch(&back).await.is(403, "account_suspended");
    assert_eq!(clinic.lands(&back).await, failed("account_suspended"));
    clinic.nothing_was_taken("not any more").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_without_a_code_is_no_way_back() {
    let clinic = Clinic::open().await;
    let back = clinic.agreed(GOOGLE, ADA).await;
    let long = "x".repeat(4097);
    for code in [None, Some(""), Some(long.as_str())] {
        clinic.fetch(&with(&back, "code", code)).await.is(400, "invalid_request");
    }
    let twice = format!("{back}&code=another");
    clinic.fetch(&Url::parse(&twice).expect("an address")).await.is(400, "invalid_request");
    clinic.nothing_was_taken("no code").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_without_its_verifier_is_worth_nothing() {
    let clinic = Clinic::open().await;
    let page = Url::parse(&clinic.page(GOOGLE).await).expect("an address");
    for name in ["code_challenge", "code_challenge_method"] {
        let bare = with(&page, name, None);
        assert!(clinic.provider(GOOGLE).allow(bare.as_str(), ADA).is_err(), "without {name} nobody is asked");
    }
    for (provider, path) in [(GOOGLE, "token"), (OUTLOOK, "token")] {
        let back = clinic.agreed(provider, ADA).await;
        let google = provider == GOOGLE;
        let settings = if google { &clinic.server.app.config.google } else { &clinic.server.app.config.outlook };
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", &query(&back, "code").expect("a code"))
            .append_pair("client_id", clinic.provider(provider).client_id())
            .append_pair("client_secret", clinic.provider(provider).client_secret())
            .append_pair("redirect_uri", &back.as_str()[..back.as_str().find('?').expect("a query")])
            .finish();
        assert!(settings.token_url.path().ends_with(path));
        let request = browser().post(settings.token_url.clone()).body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let said: serde_json::Value = request.send().await.expect("an answer").json().await.expect("JSON");
        assert_eq!(said["error"], "invalid_grant", "{said}");
        assert_eq!(clinic.lands(&back).await, failed("oauth_code_refused"), "and the code is spent");
    }
    clinic.is_clean("without PKCE").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_was_not_set_up_says_so() {
    let clinic = Clinic::open_with(&[("GOOGLE_CLIENT_ID", ""), ("GOOGLE_CLIENT_SECRET", "")]).await;
    get(&clinic.server, &clinic.admin, "/api/integrations/google/authorize").await.is(503, "oauth_not_configured");
    clinic.connect(OUTLOOK, ADA).await;
    clinic.is_connected_as(OUTLOOK, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_the_provider_does_not_know_is_our_mistake_and_nobody_elses() {
    let clinic = Clinic::open_with(&[("GOOGLE_CLIENT_SECRET", "planted-wrong-secret")]).await;
    let back = clinic.agreed(GOOGLE, ADA).await;
    assert_eq!(clinic.lands(&back).await, failed("oauth_failed"));
    clinic.is_clean("our mistake").await;
    let sql = "select last_error from private.effects_done where kind = 'oauth.exchange'";
    let error: String = clinic.owner.query_one(sql, &[]).await.expect("the effect").get(0);
    assert!(error.contains("invalid_client") && !error.contains("planted"), "{error}");
}
