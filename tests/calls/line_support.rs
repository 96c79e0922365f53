//! Clinics that answer the telephone, and Vapi's messages as it sends them.

use reqwest::Response;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;
use voxanne::sandbox::vapi::{Script, Signing, TwilioKeys, TwilioSecret};

use crate::support::{TestDb, TestServer};

/// What Vapi sends with its webhooks.
pub const SECRET: &str = "shared-with-vapi";

/// A clinic with money, a number and an agent.
#[derive(Debug, Clone)]
pub struct Clinic {
    pub org: Uuid,
    pub number: String,
    pub assistant: String,
}

/// A server that Vapi can talk to, and a clinic.
pub struct Line {
    pub server: TestServer,
    pub owner: Client,
    pub clinic: Clinic,
}

impl Line {
    pub async fn open(settings: &[(&str, &str)]) -> Self {
        let mut all = vec![("VAPI_WEBHOOK_SECRET", SECRET)];
        all.extend(settings);
        Self::over(TestServer::without_workers(&all).await).await
    }

    pub async fn over(server: TestServer) -> Self {
        let owner = server.db.owner().await;
        let clinic = clinic(&server.db, &owner, "+442071230001", 10_000).await;
        Self { server, owner, clinic }
    }

    /// A message about an inbound call to the clinic, with these fields besides.
    pub fn message(&self, kind: &str, call: &str, more: Value) -> Value {
        message(&self.clinic, kind, call, more)
    }

    pub async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> Response {
        let request = self.server.client().post(self.server.url(path)).header("x-vapi-secret", SECRET);
        request.header("content-type", "application/json").body(body).send().await.expect("an answer")
    }

    pub async fn send(&self, message: &Value) -> Response {
        self.post("/api/vapi/webhook", message.to_string()).await
    }

    /// What Vapi is told.
    pub async fn told(&self, message: &Value) -> Value {
        let answer = self.send(message).await;
        assert_eq!(answer.status(), 200, "{message}");
        answer.json().await.expect("JSON")
    }

    /// One value of one row.
    pub async fn one<T: for<'a> tokio_postgres::types::FromSql<'a>>(&self, sql: &str) -> T {
        self.owner.query_one(sql, &[]).await.unwrap_or_else(|e| panic!("{sql}: {e:?}")).get(0)
    }

    pub async fn run(&self, sql: &str) {
        self.owner.batch_execute(sql).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    }

    /// What is held, what is capped, and how many calls that is.
    pub async fn held(&self) -> (i64, i64, i64) {
        let sql = "select w.held_pence, w.capped_pence, \
                   (select count(*) from public.credit_reservations r where r.org_id = w.org_id and r.status = 'active') \
                   from public.credit_wallets w where w.org_id = $1";
        let row = self.owner.query_one(sql, &[&self.clinic.org]).await.expect("the wallet");
        (row.get(0), row.get(1), row.get(2))
    }

    /// State and answer of the newest message of this kind.
    pub async fn inbox(&self, kind: &str) -> Option<(String, Option<Value>)> {
        let sql = "select state, answer from private.webhook_inbox where provider = 'vapi' and event_type = $1 \
                   order by received_at desc limit 1";
        let row = self.owner.query_opt(sql, &[&kind]).await.expect("a query")?;
        Some((row.get(0), row.get(1)))
    }

    pub async fn inbox_count(&self) -> i64 {
        self.one("select count(*) from private.webhook_inbox").await
    }
}

/// A clinic whose number rings here.
pub async fn clinic(db: &TestDb, owner: &Client, number: &str, pence: i64) -> Clinic {
    let session = db.sign_up("Clinic").await;
    let assistant = Uuid::new_v4().to_string();
    let paid = "select private.add_credits($1, $2, 'topup', 'stripe:pi_' || gen_random_uuid())";
    owner.execute(paid, &[&session.org_id, &pence]).await.expect("money");
    let sql = "with agent as (
                   insert into public.agents (org_id, name, direction, vapi_assistant_id, language)
                   values ($1, 'Anna', 'inbound', $2, 'en-GB') returning org_id, id),
               known as (insert into private.directory (kind, key, org_id) values ('vapi_assistant', $2, $1))
               insert into public.phone_number_mapping (phone_number, org_id, agent_id) select $3, a.org_id, a.id from agent a";
    owner.execute(sql, &[&session.org_id, &assistant, &number]).await.expect("an agent and a number");
    let open = "insert into public.opening_hours (org_id, weekday, opens, closes) \
                select $1, d, '08:00', '18:00' from generate_series(1, 7) as d";
    owner.execute(open, &[&session.org_id]).await.expect("opening hours");
    Clinic { org: session.org_id, number: number.to_owned(), assistant }
}

/// Vapi's stand-in has the clinic's number and its assistant, and sends what happens to this server.
pub fn known_to_vapi(server: &TestServer, clinic: &Clinic) {
    let url = server.url("/api/vapi/webhook");
    let keys = TwilioKeys {
        account_sid: server.sandbox.twilio.account_sid().to_owned(),
        secret: TwilioSecret::AuthToken(server.sandbox.twilio.auth_token().to_owned()),
    };
    server.sandbox.vapi.take_up_number(&Uuid::new_v4().to_string(), &clinic.number, &keys, "Clinic", Some(&url));
    server.sandbox.vapi.put_assistant(json!({
        "id": clinic.assistant, "name": "Anna",
        "model": { "provider": "openai", "model": "gpt-4o" },
        "server": {
            "url": url, "headers": { "x-vapi-secret": SECRET }, "timeoutSeconds": 20,
            "backoffPlan": { "type": "fixed", "maxRetries": 3, "baseDelaySeconds": 0.2 },
        },
    }));
}

/// A call to the clinic that Vapi can send messages about.
pub fn script(clinic: &Clinic, from: &str) -> Script {
    Script::new(from, &clinic.number).signing(Signing::Secret(SECRET.to_owned()))
}

/// Ten in the morning so many days ahead: the date, as tools are given it.
pub fn day_ahead(days: i64) -> String {
    let day = time::OffsetDateTime::now_utc().date() + time::Duration::days(days);
    day.to_string()
}

pub fn message(clinic: &Clinic, kind: &str, call: &str, more: Value) -> Value {
    let mut message = json!({
        "type": kind,
        "phoneNumber": { "number": clinic.number },
        "customer": { "number": "+447700900123" },
        "call": {
            "id": call, "type": "inboundPhoneCall", "status": "queued",
            "monitor": { "controlUrl": format!("https://control.example/{call}") },
        },
    });
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        message[name] = value;
    }
    json!({ "message": message })
}

/// The calls of tools as Vapi lists them today.
pub fn tools(calls: &[(&str, &str, Value)]) -> Value {
    let list: Vec<Value> = calls
        .iter()
        .map(|(id, name, arguments)| {
            json!({ "id": id, "type": "function", "function": { "name": name, "arguments": arguments } })
        })
        .collect();
    json!({ "toolCallList": list })
}
