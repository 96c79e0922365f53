//! Short ways to ask, and to look at what was said.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Session, TestDb, TestServer, people};

/// A status, and the body as it came.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub text: String,
}

impl Said {
    /// The body of a good answer.
    pub fn good(&self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// Status and code of a refusal.
    pub fn refusal(&self) -> (u16, String) {
        assert!(self.status >= 400, "not refused: {} {}", self.status, self.text);
        let body: Value = serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text));
        (self.status, body["code"].as_str().unwrap_or_else(|| panic!("no code: {}", self.text)).to_owned())
    }

    #[track_caller]
    pub fn is(&self, status: u16, code: &str) {
        assert_eq!(self.refusal(), (status, code.to_owned()), "{}", self.text);
    }
}

pub async fn said(request: RequestBuilder) -> Said {
    let answer = request.send().await.expect("an answer");
    Said { status: answer.status().as_u16(), text: answer.text().await.expect("a body") }
}

pub async fn get(server: &TestServer, who: &Session, path: &str) -> Said {
    said(server.get(path, who)).await
}

pub async fn post(server: &TestServer, who: &Session, path: &str, body: Value) -> Said {
    said(server.post(path, who).json(&body)).await
}

pub async fn patch(server: &TestServer, who: &Session, path: &str, body: Value) -> Said {
    said(server.patch(path, who).json(&body)).await
}

pub async fn put(server: &TestServer, who: &Session, path: &str, body: Value) -> Said {
    said(server.request(Method::PUT, path, Some(who)).json(&body)).await
}

pub async fn delete(server: &TestServer, who: &Session, path: &str) -> Said {
    said(server.delete(path, who)).await
}

/// The person with the claims that an identity provider would now put into a new access token.
pub async fn refreshed(db: &TestDb, person: &Session) -> Session {
    let owner = db.owner().await;
    let row = owner
        .query_one("select email::text, raw_app_meta_data from auth.users where id = $1", &[&person.user_id])
        .await
        .expect("the account");
    let metadata: Value = row.get(1);
    let claims = json!({
        "aud": "authenticated",
        "role": "authenticated",
        "sub": person.user_id,
        "email": row.get::<_, String>(0),
        "app_metadata": metadata,
    });
    let org_id = metadata["org_id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(Uuid::nil());
    signed_in_with(person, &claims, org_id)
}

/// The person with claims of our choice.
pub fn signed_in_with(person: &Session, claims: &Value, org_id: Uuid) -> Session {
    let token = people::token(claims, std::time::Duration::from_secs(3600));
    Session { token, org_id, ..person.clone() }
}

/// An API key of the organisation, as somebody to ask as; the id is the key's.
pub async fn api_key(server: &TestServer, admin: &Session, scopes: &[&str]) -> Session {
    let made = post(server, admin, "/api/api-keys", json!({ "name": "Booking widget", "scopes": scopes })).await.good();
    Session {
        token: made["key"].as_str().expect("the key").to_owned(),
        user_id: id_of(&made["api_key"]),
        org_id: admin.org_id,
        email: String::new(),
    }
}

pub fn id_of(row: &Value) -> Uuid {
    row["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no id: {row}"))
}

/// The token of the invitation that went out last to an address: it stands in the email alone.
pub async fn invitation_token(db: &TestDb, email: &str) -> String {
    let sql = "select substring(text from '/invitations/([0-9a-f]+)') from private.emails
               where recipient = $1 and template = 'invitation' order by created_at desc limit 1";
    db.superuser().await.query_one(sql, &[&email]).await.expect("an invitation's email").get(0)
}

/// The columns of any table, ours or the identity provider's, that hold the text in any case: in words, in JSON, in bytes.
pub async fn mentions(superuser: &Client, needle: &str) -> Vec<String> {
    let columns = superuser
        .query(
            "select format('%I.%I', c.relnamespace::regnamespace, c.relname), a.attname::text,
                    case when a.atttypid = 'bytea'::regtype
                         then format('encode(%I, ''escape'')', a.attname) else format('%I::text', a.attname) end
             from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
             where c.relkind = 'r' and c.relnamespace in (select oid from pg_namespace where nspname in ('public', 'private', 'auth'))
               and a.atttypid not in (select oid from pg_type where typname in ('bool', 'int2', 'int4', 'int8', 'timestamptz'))",
            &[],
        )
        .await
        .expect("the columns");
    let searches: Vec<String> = columns
        .iter()
        .map(|column| {
            let (table, name, text): (String, String, String) = (column.get(0), column.get(1), column.get(2));
            format!(
                "select '{table}.{name}' where exists (select from {table} where strpos(lower({text}), lower($1)) > 0)"
            )
        })
        .collect();
    let found =
        superuser.query(&searches.join(" union all "), &[&needle]).await.expect("a search through every column");
    found.iter().map(|row| row.get(0)).collect()
}
