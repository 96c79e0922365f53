//! Organisations and their people, made the way real ones are: by a row in `auth.users`.

use std::time::Duration;

use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use super::TestDb;

/// What tests sign their tokens with.
pub const JWT_SECRET: &str = "a-secret-for-tests-that-is-long-enough";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    pub token: String,
    pub user_id: Uuid,
    pub org_id: Uuid,
    pub email: String,
}

impl Session {
    /// What `request.jwt.claims` holds for this person.
    pub fn claims(&self) -> serde_json::Value {
        claims(self.user_id, self.org_id, &self.email)
    }
}

impl TestDb {
    /// A new organisation; the session is its first admin's.
    pub async fn sign_up(&self, name: &str) -> Session {
        let owner = self.owner().await;
        let session = create_user(&owner, name).await;
        owner
            .execute("update public.organizations set name = $2 where id = $1", &[&session.org_id, &name])
            .await
            .expect("the organisation takes a name");
        session
    }

    /// Another member of the same organisation: invited, then signed up.
    pub async fn add_member(&self, org_id: Uuid, role: &str) -> Session {
        let owner = self.owner().await;
        let email = email(role);
        owner
            .execute(
                "insert into public.org_invitations (org_id, email, role, expires_at) \
                 values ($1, $2, $3, now() + interval '7 days')",
                &[&org_id, &email, &role],
            )
            .await
            .expect("an invitation");
        owner
            .execute(
                "insert into private.directory (kind, key, org_id) values ('invited_email', $1, $2)",
                &[&email, &org_id],
            )
            .await
            .expect("an invited email");
        let session = create_user_with(&owner, role, email).await;
        assert_eq!(session.org_id, org_id, "an invited email joins the organisation that invited it");
        session
    }
}

async fn create_user(owner: &Client, name: &str) -> Session {
    create_user_with(owner, name, email(name)).await
}

async fn create_user_with(owner: &Client, name: &str, email: String) -> Session {
    let user_id = Uuid::new_v4();
    owner
        .execute(
            "insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, \
             created_at, updated_at) values ($1, 'authenticated', 'authenticated', $2, now(), \
             '{\"provider\": \"email\", \"providers\": [\"email\"]}', jsonb_build_object('full_name', $3::text), now(), now())",
            &[&user_id, &email, &name],
        )
        .await
        .unwrap_or_else(|e| panic!("sign-up: {e:?}"));
    let org_id = owner
        .query_one("select raw_app_meta_data ->> 'org_id' from auth.users where id = $1", &[&user_id])
        .await
        .expect("the new account")
        .get::<_, Option<&str>>(0)
        .and_then(|id| id.parse().ok())
        .expect("sign-up stamps the organisation into the account");
    Session { token: token(&claims(user_id, org_id, &email), Duration::from_secs(3600)), user_id, org_id, email }
}

/// An address nobody else has.
pub fn email(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{plain}.{}@example.test", Uuid::new_v4().simple())
}

fn claims(user_id: Uuid, org_id: Uuid, email: &str) -> serde_json::Value {
    json!({
        "aud": "authenticated",
        "role": "authenticated",
        "sub": user_id,
        "email": email,
        "app_metadata": { "org_id": org_id, "provider": "email" },
        "user_metadata": {},
    })
}

/// Signs any claims, good or odd, with the secret the test servers trust.
pub fn token(claims: &serde_json::Value, lifetime: Duration) -> String {
    let mut claims = claims.clone();
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    if let Some(claims) = claims.as_object_mut() {
        claims.entry("iat").or_insert(json!(now));
        claims.entry("exp").or_insert(json!(now + lifetime.as_secs() as i64));
    }
    jsonwebtoken::encode(
        &jsonwebtoken::Header::default(),
        &claims,
        &jsonwebtoken::EncodingKey::from_secret(JWT_SECRET.as_bytes()),
    )
    .expect("claims are signed")
}
