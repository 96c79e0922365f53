//! A clinic with an own Twilio account, an agent that calls people, and somebody to call.

use serde_json::{Value, json};
use tokio_postgres::{Client, types::FromSql};
use uuid::Uuid;
use voxanne::{
    sandbox::{
        twilio::Credentials,
        vapi::{TwilioKeys, TwilioSecret},
    },
    vault::Aad,
};

use crate::{
    support::{Session, TestServer},
    tenancy::asks::{Said, post},
};

/// What Vapi sends with its webhooks.
const SECRET: &str = "shared-with-vapi";

/// The clinic's number, which can send text messages, and somebody's who called.
pub const OWN: &str = "+447700900050";
pub const PERSON: &str = "+447700900123";

pub struct Clinic {
    pub server: TestServer,
    pub admin: Session,
    pub owner: Client,
    pub account: Credentials,
    pub contact: Uuid,
}

impl Clinic {
    pub async fn open() -> Self {
        let server = TestServer::start_with(&[("VAPI_WEBHOOK_SECRET", SECRET)]).await;
        let admin = server.sign_up("Smile").await;
        let owner = server.db.superuser().await;
        let twilio = &server.sandbox.twilio;
        let account = twilio.open_account("Smile Dental");
        twilio.give_number(&account.sid, OWN).expect("a number");
        let (assistant, line) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
        known_to_vapi(&server, &account, &assistant, &line);

        let keys = json!({ "account_sid": account.sid, "auth_token": account.token }).to_string();
        let vault = server.app.config.vault.as_ref().expect("a vault");
        let sealed = vault.seal(&Aad { org_id: admin.org_id, provider: "twilio", kind: "default" }, keys.as_bytes());
        let account_row = "insert into private.org_credentials
                (org_id, provider, type, encrypted_config, key_version, account_sid, phone_number, vapi_phone_id, is_active)
            values ($1, 'twilio', 'default', decode($2, 'base64'), $3, $4, $5, $6, true)";
        owner
            .execute(account_row, &[&admin.org_id, &sealed.sealed, &sealed.key_version, &account.sid, &OWN, &line])
            .await
            .expect("its account");
        let outside = "insert into private.directory (kind, key, org_id)
            select k.kind, k.key, $1::uuid
            from (values ('twilio_account', $2::text), ('vapi_assistant', $3::text), ('vapi_phone_number', $4::text)) as k (kind, key)";
        owner.execute(outside, &[&admin.org_id, &account.sid, &assistant, &line]).await.expect("what is whose");
        let agent =
            "insert into public.agents (org_id, name, direction, vapi_assistant_id) values ($1, 'Ben', 'outbound', $2)";
        owner.execute(agent, &[&admin.org_id, &assistant]).await.expect("an agent");
        let setup = format!(
            "update public.organizations set telephony_mode = 'byoc' where id = '{org}';
             insert into public.phone_number_mapping (phone_number, org_id) values ('{OWN}', '{org}');
             insert into public.call_settings (org_id, calling_hours) values ('{org}', '{{}}');
             select private.add_credits('{org}', 10000, 'topup', 'stripe:pi_test');
             update private.effect_kinds set backoff_base_seconds = 0.02, backoff_cap_seconds = 0.1
             where kind like 'twilio.%' or kind like 'vapi.%'",
            org = admin.org_id
        );
        owner.batch_execute(&setup).await.expect("the clinic");
        let person = "insert into public.contacts (org_id, phone, first_name) values ($1, $2, 'Mary') returning id";
        let contact = owner.query_one(person, &[&admin.org_id, &PERSON]).await.expect("a contact").get(0);
        Self { server, admin, owner, account, contact }
    }

    pub async fn post(&self, path: &str, body: Value) -> Said {
        post(&self.server, &self.admin, path, body).await
    }

    pub async fn call_back(&self) -> Said {
        self.post(&format!("/api/contacts/{}/call-back", self.contact), json!({})).await
    }

    /// A call that came in from the contact and has ended, with a recording and a transcript.
    pub async fn past_call(&self) -> Uuid {
        let call = "insert into public.calls (org_id, contact_id, call_direction, phone_number, vapi_call_id, status,
                        recording_status, recording_url, transcript)
                    values ($1, $2, 'inbound', $3, gen_random_uuid()::text, 'completed', 'completed',
                        'https://storage.example/r.wav', 'AI: Hello.') returning id";
        self.owner.query_one(call, &[&self.admin.org_id, &self.contact, &PERSON]).await.expect("a call").get(0)
    }

    /// One value of one row.
    pub async fn one<T: for<'a> FromSql<'a>>(&self, sql: &str) -> T {
        self.owner.query_one(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}")).get(0)
    }

    pub async fn run(&self, sql: &str) {
        self.owner.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

fn known_to_vapi(server: &TestServer, account: &Credentials, assistant: &str, line: &str) {
    let url = server.url("/api/vapi/webhook");
    let secret = TwilioSecret::AuthToken(account.token.clone());
    let keys = TwilioKeys { account_sid: account.sid.clone(), secret };
    server.sandbox.vapi.take_up_number(line, OWN, &keys, "Smile", Some(&url));
    server.sandbox.vapi.put_assistant(json!({
        "id": assistant, "name": "Ben",
        "model": { "provider": "openai", "model": "gpt-4o" },
        "server": { "url": url, "headers": { "x-vapi-secret": SECRET }, "timeoutSeconds": 20 },
    }));
}
