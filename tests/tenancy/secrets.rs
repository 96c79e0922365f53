//! No secret is written where it can be read: not in logs at their loudest, not in answers, not in any table.

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tracing_subscriber::{EnvFilter, Layer, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};
use voxanne::telemetry;

use super::asks::{Said, api_key, get, mentions, patch, post, said};
use crate::{
    support::{Session, Shape, TestDb, TestServer, people},
    telephony::consents_support::{Clinic, GOOGLE, OUTLOOK, query, with},
};

/// What was logged so far.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic holds it").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Lines {
    /// None of the secrets is in the log, which must have heard of what happened, in the answers or in the database.
    pub async fn assert_silent(&self, heard: &str, answers: &[Said], secrets: &[(&str, String)], db: &TestDb) {
        let log = String::from_utf8_lossy(&self.0.lock().expect("no panic holds it")).into_owned();
        assert!(log.contains(heard), "the log was not heard");
        let superuser = db.superuser().await;
        for (what, secret) in secrets {
            assert!(secret.len() > 10, "{what}");
            for line in log.lines() {
                assert!(!line.contains(secret.as_str()), "{what} is in the log: {line}");
            }
            for answer in answers {
                assert!(!answer.text.contains(secret.as_str()), "{what}: {}", answer.text);
            }
            assert_eq!(mentions(&superuser, secret).await, Vec::<String>::new(), "{what}");
        }
    }
}

/// Everything that is logged in this process from now on, with the server's own filter asked for all there is.
pub fn logged() -> Lines {
    let lines = Lines::default();
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(lines.clone());
    let loudest = telemetry::filter(EnvFilter::new("trace"));
    tracing_subscriber::registry().with(layer.with_filter(loudest)).try_init().expect("each test has its own process");
    lines
}

/// A person's way in and out, with mistakes, through the server's own `/auth/v1`; what was secret about it.
async fn signed_in_and_out(server: &TestServer) -> Vec<(&'static str, String)> {
    let ask = |path: &str, body: Value| said(server.client().post(server.url(path)).json(&body));
    let person = json!({ "email": "planted@clinic.example", "password": "planted-password-1" });
    let session = ask("/auth/v1/signup", person.clone()).await.good();
    ask("/auth/v1/signup", person).await.refused();
    let wrong = json!({ "email": "planted@clinic.example", "password": "planted-password-2" });
    ask("/auth/v1/token?grant_type=password", wrong).await.refused();
    let text = |session: &Value, name: &str| session[name].as_str().expect("a token").to_owned();
    let refresh = json!({ "refresh_token": session["refresh_token"] });
    let renewed = ask("/auth/v1/token?grant_type=refresh_token", refresh).await.good();
    vec![
        ("a password", "planted-password-1".to_owned()),
        ("a wrong password", "planted-password-2".to_owned()),
        ("a refresh token", text(&session, "refresh_token")),
        ("the next refresh token", text(&renewed, "refresh_token")),
        ("an access token", text(&renewed, "access_token")),
    ]
}

impl Said {
    fn refused(&self) {
        assert!(self.status >= 400, "{} {}", self.status, self.text);
    }
}

#[tokio::test]
async fn no_secret_is_in_the_logs_the_refusals_or_the_database() {
    let lines = logged();
    let server = TestServer::start().await;
    let admin = server.sign_up("Clinic").await;
    let mut secrets = vec![("JWT_SECRET", people::JWT_SECRET.to_owned()), ("an admin's token", admin.token.clone())];
    for (name, value) in server.sandbox.settings().into_iter().filter(|(name, _)| !name.ends_with("BASE_URL")) {
        secrets.push((name, value));
    }
    if Shape::current() == Shape::Bare {
        secrets.extend(signed_in_and_out(&server).await);
    }

    let key = api_key(&server, &admin, &["organization:read"]).await;
    get(&server, &key, "/api/organization").await.good();
    let wrong = Session { token: format!("{}0", key.token), ..key.clone() };
    let tampered = Session { token: format!("{}x", admin.token), ..admin.clone() };
    let mut refusals = vec![get(&server, &wrong, "/api/organization").await, get(&server, &tampered, "/api/me").await];
    refusals.push(patch(&server, &key, "/api/organization", json!({ "name": "X" })).await);
    refusals
        .push(post(&server, &admin, "/api/invitations/accept", json!({ "token": "planted-invitation-token" })).await);
    refusals.push(
        said(server.post("/api/api-keys", &admin).body("planted-body").header("content-type", "application/json"))
            .await,
    );
    secrets.push(("an API key", key.token.clone()));
    secrets.push(("an API key's secret", key.token.rsplit('_').next().expect("three parts").to_owned()));
    secrets.push(("a guessed invitation token", "planted-invitation-token".to_owned()));
    secrets.push(("a body that cannot be read", "planted-body".to_owned()));

    let log = String::from_utf8_lossy(&lines.0.lock().expect("no panic holds it")).into_owned();
    assert!(log.contains("/api/organization"), "the log was not heard");
    let superuser = server.db.superuser().await;
    for (what, secret) in secrets {
        for line in log.lines() {
            assert!(!line.contains(&secret), "{what} is in the log: {line}");
        }
        for refusal in &refusals {
            assert!(refusal.status >= 400 && !refusal.text.contains(&secret), "{what}: {}", refusal.text);
        }
        assert_eq!(mentions(&superuser, &secret).await, Vec::<String>::new(), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_a_calendar_is_in_the_logs_the_answers_or_the_export() {
    let lines = logged();
    let clinic = Clinic::open().await;
    let mut secrets = vec![
        ("Google's client secret", clinic.provider(GOOGLE).client_secret().to_owned()),
        ("Microsoft's client secret", clinic.provider(OUTLOOK).client_secret().to_owned()),
    ];
    let mut answers = Vec::new();
    for provider in [GOOGLE, OUTLOOK] {
        let back = clinic.agreed(provider, "ada@clinic.example").await;
        assert_eq!(clinic.lands(&back).await.0, "connected");
        secrets.push(("a code", query(&back, "code").expect("a code")));
        secrets.push(("a state", query(&back, "state").expect("a state")));
        secrets.push(("a token", clinic.token(provider).await.expect("a token")));
        answers.push(clinic.fetch(&back).await);
        answers.push(clinic.fetch(&with(&back, "state", Some("planted-state"))).await);
        answers.push(clinic.fetch(&with(&back, "code", None)).await);
    }
    clinic.a_day_passes().await;
    secrets.push(("the next token", clinic.token(OUTLOOK).await.expect("a token")));
    answers.push(post(&clinic.server, &clinic.admin, "/api/privacy/export", json!({})).await);
    answers.push(get(&clinic.server, &clinic.admin, "/api/integrations").await);
    answers.push(get(&clinic.server, &clinic.admin, "/api/audit-logs").await);
    clinic.provider(GOOGLE).revoke("ada@clinic.example");
    clinic.a_day_passes().await;
    answers.push(clinic.disconnect(GOOGLE).await);
    answers.push(clinic.disconnect(OUTLOOK).await);
    clinic.settled().await;
    for asked in clinic.provider(GOOGLE).log().all() {
        let form = url::form_urlencoded::parse(asked.body.as_bytes()).into_owned();
        secrets.extend(form.filter(|(name, _)| name == "code_verifier").map(|(_, value)| ("a verifier", value)));
    }
    secrets.push(("a forged state", "planted-state".to_owned()));

    lines.assert_silent("/api/integrations/google/callback", &answers, &secrets, &clinic.server.db).await;
}
