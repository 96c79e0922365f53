//! A calendar from the button to the token, what becomes of it later, and its end.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};
use voxanne::sandbox::Fault;

use super::consents_support::{Clinic, GOOGLE, OUTLOOK, query, with};
use crate::{support::eventually, tenancy::asks::mentions};

const ADA: &str = "ada@clinic.example";
const BOB: &str = "bob@clinic.example";

fn failed(code: &str) -> (String, Option<String>) {
    ("failed".to_owned(), Some(code.to_owned()))
}

fn connected() -> (String, Option<String>) {
    ("connected".to_owned(), None)
}

/// The form of the only exchange that was asked of a provider.
fn exchanged(clinic: &Clinic, provider: &str, name: &str) -> String {
    let asked = clinic.provider(provider).log().all();
    let exchanges: Vec<_> = asked.iter().filter(|asked| asked.body.contains("grant_type=authorization_code")).collect();
    assert_eq!(exchanges.len(), 1, "{exchanges:?}");
    let form = form_urlencoded::parse(exchanges[0].body.as_bytes()).into_owned();
    form.into_iter().find(|(key, _)| key == name).unwrap_or_else(|| panic!("no {name}")).1
}

async fn a_calendar_is_connected(provider: &str) {
    let clinic = Clinic::open().await;
    let page = Url::parse(&clinic.page(provider).await).expect("an address");
    clinic.nothing_was_taken("before anybody agreed").await;
    let back = clinic.provider(provider).allow(page.as_str(), ADA).expect("the page asks");
    assert_eq!(clinic.lands(&back).await, connected());
    clinic.is_connected_as(provider, ADA).await;

    let verifier = exchanged(&clinic, provider, "code_verifier");
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    assert_eq!(query(&page, "code_challenge").as_deref(), Some(challenge.as_str()), "the verifier is the challenge's");
    let superuser = clinic.server.db.superuser().await;
    let token = clinic.token(provider).await.expect("a token");
    let code = query(&back, "code").expect("a code");
    for (what, secret) in [("the verifier", verifier), ("the code", code), ("the refresh token", token)] {
        assert_eq!(mentions(&superuser, &secret).await, Vec::<String>::new(), "{what} is nowhere in the clear");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_google_calendar_goes_from_the_button_to_a_sealed_token() {
    a_calendar_is_connected(GOOGLE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outlook_calendar_goes_from_the_button_to_a_sealed_token() {
    a_calendar_is_connected(OUTLOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_calendars_stand_beside_each_other_and_a_new_consent_takes_the_old_ones_place() {
    let clinic = Clinic::open().await;
    clinic.connect(GOOGLE, ADA).await;
    clinic.connect(OUTLOOK, ADA).await;
    let first = clinic.token(GOOGLE).await.expect("a token");
    clinic.connect(GOOGLE, ADA).await;
    clinic.settled().await;
    assert_ne!(clinic.token(GOOGLE).await.as_ref(), Some(&first));
    clinic.is_connected_as(GOOGLE, ADA).await;
    assert!(clinic.provider(GOOGLE).takes(&first), "the same account's old token is left alone");

    clinic.connect(GOOGLE, BOB).await;
    clinic.settled().await;
    clinic.is_connected_as(GOOGLE, BOB).await;
    assert!(!clinic.provider(GOOGLE).takes(&first), "another account's is given back");
    clinic.is_connected_as(OUTLOOK, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_says_no_comes_back_to_the_dashboard_and_nothing_is_kept() {
    let clinic = Clinic::open().await;
    for provider in [GOOGLE, OUTLOOK] {
        let back = clinic.provider(provider).deny(&clinic.page(provider).await).expect("the page asks");
        assert_eq!(clinic.lands(&back).await, ("denied".to_owned(), None));
        let broke = with(&back, "error", Some("server_error"));
        assert_eq!(clinic.lands(&broke).await, failed("oauth_failed"));
    }
    clinic.nothing_was_taken("denied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_without_everything_that_is_needed_connects_nothing() {
    let clinic = Clinic::open().await;
    let events = "https://www.googleapis.com/auth/calendar.events";
    let page = clinic.page(GOOGLE).await;
    let back = clinic.provider(GOOGLE).allow_without(&page, ADA, &[events]).expect("the page asks");
    assert_eq!(clinic.lands(&back).await, failed("oauth_scope_missing"));
    clinic.is_clean("a scope was unticked").await;

    // Whoever changes the page's address, the person or a proxy, gets no lasting access.
    let page = Url::parse(&clinic.page(GOOGLE).await).expect("an address");
    let back = clinic.provider(GOOGLE).allow(with(&page, "prompt", None).as_str(), ADA).expect("the page asks");
    assert_eq!(clinic.lands(&back).await, failed("oauth_no_refresh_token"));
    clinic.is_clean("no refresh token").await;
    clinic.connect(GOOGLE, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_too_old_for_its_provider_is_refused_in_words() {
    let clinic = Clinic::open().await;
    let back = clinic.agreed(GOOGLE, ADA).await;
    clinic.provider(GOOGLE).age_codes();
    assert_eq!(clinic.lands(&back).await, failed("oauth_code_refused"));
    clinic.is_clean("too old").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_stumbles_is_asked_again() {
    let clinic = Clinic::open().await;
    clinic.provider(GOOGLE).faults().add(Fault::error(503).matching("POST /token").next(2));
    clinic.provider(GOOGLE).faults().add(Fault::lost_request().matching("userinfo").next(1));
    clinic.connect(GOOGLE, ADA).await;
    clinic.is_connected_as(GOOGLE, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_whose_answer_was_lost_is_spent_and_the_person_agrees_once_more() {
    let clinic = Clinic::open().await;
    clinic.provider(GOOGLE).faults().add(Fault::lost_answer().matching("POST /token").next(1));
    let back = clinic.agreed(GOOGLE, ADA).await;
    assert_eq!(clinic.lands(&back).await, failed("oauth_code_refused"));
    clinic.is_clean("the answer was lost").await;
    clinic.connect(GOOGLE, ADA).await;
    clinic.is_connected_as(GOOGLE, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_takes_long_keeps_nobody_in_front_of_a_white_page() {
    let clinic = Clinic::open().await;
    let slow = "update private.effect_kinds set backoff_base_seconds = 3600, backoff_cap_seconds = 3600 where kind = 'oauth.exchange'";
    clinic.owner.execute(slow, &[]).await.expect("longer pauses");
    clinic.provider(GOOGLE).faults().add(Fault::error(503).matching("POST /token").next(1));
    let back = clinic.agreed(GOOGLE, ADA).await;
    assert_eq!(clinic.lands(&back).await, ("pending".to_owned(), None));
    clinic.is_clean("under way").await;
    let due = "update private.effects set run_at = now() where kind = 'oauth.exchange'";
    clinic.owner.execute(due, &[]).await.expect("an hour");
    clinic.settled().await;
    clinic.is_connected_as(GOOGLE, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_works_is_found_healthy_and_microsofts_next_one_takes_its_place() {
    let clinic = Clinic::open().await;
    clinic.connect(GOOGLE, ADA).await;
    clinic.connect(OUTLOOK, ADA).await;
    let (google, outlook) = (clinic.token(GOOGLE).await, clinic.token(OUTLOOK).await);
    clinic.a_day_passes().await;
    assert_eq!(clinic.effects("oauth.check").await, 2);
    assert_eq!(clinic.token(GOOGLE).await, google);
    assert_ne!(clinic.token(OUTLOOK).await, outlook);
    clinic.is_connected_as(GOOGLE, ADA).await;
    clinic.is_connected_as(OUTLOOK, ADA).await;
    assert_eq!(clinic.told().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_told_of_once_and_a_new_consent_mends_it() {
    let clinic = Clinic::open().await;
    let second = clinic.server.add_member(clinic.admin.org_id, "admin").await;
    clinic.server.add_member(clinic.admin.org_id, "manager").await;
    let mut admins = vec![clinic.admin.email.to_lowercase(), second.email.to_lowercase()];
    admins.sort();
    clinic.connect(GOOGLE, ADA).await;
    clinic.connect(OUTLOOK, BOB).await;

    assert!(clinic.provider(GOOGLE).revoke(ADA));
    for _ in 0..3 {
        clinic.a_day_passes().await;
        let (status, account, error) = clinic.standing(GOOGLE).await;
        assert_eq!((status.as_str(), account.as_deref()), ("error", Some(ADA)));
        assert_eq!(clinic.listed(GOOGLE).await["healthy"], false);
        assert!(error.is_some_and(|error| error.contains("Google Calendar") && error.contains("connect it again")));
        assert_eq!(clinic.told().await, admins, "each admin once, and nobody else");
    }
    let mail = clinic.server.sandbox.resend.mail_where(|mail| mail.template() == Some("calendar_broken")).await;
    let text = mail.text.expect("a text");
    assert!(text.contains(ADA) && text.contains("/dashboard/integrations"), "{text}");
    eventually("both emails are sent", async || {
        let sent = clinic.server.sandbox.resend.mails();
        sent.iter().filter(|mail| mail.template() == Some("calendar_broken")).count() == 2
    })
    .await;
    clinic.is_connected_as(OUTLOOK, BOB).await;

    clinic.connect(GOOGLE, ADA).await;
    clinic.a_day_passes().await;
    clinic.is_connected_as(GOOGLE, ADA).await;
    assert_eq!(clinic.told().await, admins, "that it works again is seen, not written");
    assert!(clinic.provider(GOOGLE).revoke(ADA));
    clinic.a_day_passes().await;
    assert_eq!(clinic.told().await.len(), 4, "the next time is another time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_all_day_breaks_no_calendar() {
    let clinic = Clinic::open().await;
    clinic.connect(GOOGLE, ADA).await;
    let sooner = "update private.effect_kinds set backoff_base_seconds = 0.01, backoff_cap_seconds = 0.01 where kind = 'oauth.check'";
    clinic.owner.execute(sooner, &[]).await.expect("shorter pauses");
    for fault in [Fault::error(500), Fault::rate_limited(0), Fault::lost_request()] {
        clinic.provider(GOOGLE).faults().add(fault.matching("POST /token"));
        clinic.a_day_passes().await;
        clinic.provider(GOOGLE).faults().clear();
        clinic.is_connected_as(GOOGLE, ADA).await;
    }
    assert_eq!(clinic.told().await, Vec::<String>::new());
    clinic.a_day_passes().await;
    clinic.is_connected_as(GOOGLE, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_is_disconnected_is_forgotten_here_and_there() {
    let clinic = Clinic::open().await;
    clinic.connect(GOOGLE, ADA).await;
    clinic.connect(OUTLOOK, ADA).await;
    for provider in [GOOGLE, OUTLOOK] {
        let token = clinic.token(provider).await.expect("a token");
        let said = clinic.disconnect(provider).await.good();
        assert_eq!((said["provider"].as_str(), said["status"].as_str()), (Some(provider), Some("disconnected")));
        assert_eq!(clinic.token(provider).await, None);
        assert_eq!(clinic.standing(provider).await, ("disconnected".to_owned(), None, None));
        clinic.settled().await;
        // Microsoft takes no single token back.
        assert_eq!(clinic.provider(provider).takes(&token), provider == OUTLOOK);
        clinic.disconnect(provider).await.is(404, "integration_not_found");
    }
    assert!(clinic.provider(GOOGLE).consents().iter().all(|consent| consent.over));
    clinic.connect(GOOGLE, ADA).await;
    clinic.is_connected_as(GOOGLE, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_whose_answer_was_lost_is_asked_for_again() {
    let clinic = Clinic::open().await;
    clinic.connect(GOOGLE, ADA).await;
    let sooner = "update private.effect_kinds set backoff_base_seconds = 0.01 where kind = 'oauth.revoke'";
    clinic.owner.execute(sooner, &[]).await.expect("shorter pauses");
    clinic.provider(GOOGLE).faults().add(Fault::lost_answer().matching("POST /revoke").next(1));
    clinic.disconnect(GOOGLE).await.good();
    clinic.settled().await;
    assert!(clinic.provider(GOOGLE).consents().iter().all(|consent| consent.over));
    let sql = "select outcome || ' ' || attempts from private.effects_done where kind = 'oauth.revoke'";
    let ended: String = clinic.owner.query_one(sql, &[]).await.expect("the effect").get(0);
    assert_eq!(ended, "done 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_still_waits_does_not_end_the_next_consent() {
    let clinic = Clinic::open().await;
    clinic.connect(GOOGLE, ADA).await;
    let later = "update private.effect_kinds set backoff_base_seconds = 3600, backoff_cap_seconds = 3600 where kind = 'oauth.revoke'";
    clinic.owner.execute(later, &[]).await.expect("longer pauses");
    clinic.provider(GOOGLE).faults().add(Fault::error(503).matching("POST /revoke").next(1));
    clinic.disconnect(GOOGLE).await.good();
    eventually("it was tried once", async || {
        let sql =
            "select count(*) from private.effects where kind = 'oauth.revoke' and state = 'ready' and attempts = 1";
        clinic.owner.query_one(sql, &[]).await.expect("a count").get::<_, i64>(0) == 1
    })
    .await;
    clinic.connect(GOOGLE, ADA).await;
    clinic.settled().await;
    clinic.is_connected_as(GOOGLE, ADA).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_two_organisations_is_not_taken_from_the_one_when_the_other_lets_go_of_it() {
    let clinic = Clinic::open().await;
    let other = clinic.server.sign_up("Other").await;
    clinic.connect(GOOGLE, ADA).await;
    let page = clinic.page_for(&other, GOOGLE).await;
    let back = clinic.provider(GOOGLE).allow(&page, ADA).expect("the page asks");
    assert_eq!(clinic.lands(&back).await, connected());

    clinic.disconnect(GOOGLE).await.good();
    clinic.settled().await;
    let theirs = super::consents_support::token(&clinic.owner, other.org_id, GOOGLE).await.expect("a token");
    assert!(clinic.provider(GOOGLE).takes(&theirs), "theirs works on");
}
