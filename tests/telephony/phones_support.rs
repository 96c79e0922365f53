//! A clinic with a Twilio account of its own, and the telephones around it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;
use voxanne::{
    sandbox::{
        Twilio,
        twilio::{AccountBook, Credentials},
    },
    vault::Aad,
};

use crate::{
    support::{Session, TestServer, eventually, eventually_some},
    tenancy::asks::{Said, post, said},
};

pub const INITIATE: &str = "/api/telephony/verify-caller-id/initiate";
pub const CONFIRM: &str = "/api/telephony/verify-caller-id/confirm";
pub const NUMBERS: &str = "/api/telephony/verified-numbers";
pub const FORWARDING: &str = "/api/telephony/forwarding-config";
pub const OTHER_DOOR: &str = "/api/verified-caller-id";

pub const PHONE: &str = "+447700900123";
pub const INBOUND: &str = "+442071230009";

pub struct Phones {
    pub server: TestServer,
    pub admin: Session,
    pub account: Credentials,
    pub owner: Client,
}

impl Phones {
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    pub async fn open_with(settings: &[(&str, &str)]) -> Self {
        let server = TestServer::start_with(settings).await;
        let admin = server.sign_up("Clinic").await;
        let account = connect(&server, &admin, INBOUND).await;
        let owner = server.db.owner().await;
        Self { server, admin, account, owner }
    }

    pub fn twilio(&self) -> &Twilio {
        &self.server.sandbox.twilio
    }

    /// What Twilio's books say of the clinic's account.
    pub fn book(&self) -> AccountBook {
        self.twilio().books().account(&self.account.sid).expect("its account").clone()
    }

    pub async fn post(&self, path: &str, body: Value) -> Said {
        post(&self.server, &self.admin, path, body).await
    }

    pub async fn initiate(&self, phone: &str) -> Said {
        self.post(INITIATE, json!({ "phoneNumber": phone })).await
    }

    pub async fn confirm(&self, initiation: &Value, code: &str) -> Said {
        self.post(CONFIRM, json!({ "verificationId": initiation["verificationId"], "verificationCode": code })).await
    }

    /// The numbers as the screen lists them: which, and how they stand.
    pub async fn listed(&self) -> Vec<(String, String)> {
        let said = said(self.server.get(NUMBERS, &self.admin)).await.good();
        let numbers = said["numbers"].as_array().expect("numbers").clone();
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        numbers.iter().map(|number| (text(&number["phoneNumber"]), text(&number["status"]))).collect()
    }

    /// A number on Twilio's list and on ours. Answers its id here.
    pub async fn verified(&self, phone: &str) -> Uuid {
        self.twilio().add_caller_id(&self.account.sid, phone).expect("on the list");
        let said = self.initiate(phone).await.good();
        said["verificationId"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("{said}"))
    }

    /// Which numbers Twilio has on the clinic's list.
    pub fn on_twilios_list(&self) -> Vec<String> {
        self.book().caller_ids.into_iter().map(|one| one.phone_number).collect()
    }

    /// How often Twilio was asked this.
    pub fn asked(&self, method: &Method, part: &str) -> usize {
        let requests = self.twilio().log().all();
        requests.iter().filter(|one| one.method == method.as_str() && one.path.contains(part)).count()
    }

    /// Everything the database knows, as one text.
    pub async fn everything(&self) -> String {
        let tables =
            "select string_agg(format('select to_jsonb(t)::text as row from %s t', c.oid::regclass), ' union all ')
                      from pg_class c
                      where c.relkind in ('r', 'p') and not c.relispartition
                        and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
                        and c.relname not in ('sql_versions', 'schema_migrations')";
        let owner = self.server.db.superuser().await;
        let query: String = owner.query_one(tables, &[]).await.expect("tables").get(0);
        let rows = owner.query(&query, &[]).await.expect("rows");
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("\n")
    }

    pub async fn count(&self, from: &str) -> i64 {
        self.owner.query_one(&format!("select count(*) from {from}"), &[]).await.expect("a count").get(0)
    }

    /// Nothing is to be asked of Twilio any more.
    pub async fn settled(&self) {
        eventually("Twilio was asked everything", async || {
            self.count("private.effects where kind like 'twilio.%'").await == 0
        })
        .await;
    }

    /// A forwarding as it was set up.
    pub async fn forwarding(&self, phone: &str, kind: &str, carrier: &str, seconds: Option<u32>) -> Value {
        let id = self.verified(phone).await;
        let wish = json!({
            "verifiedCallerId": id, "forwardingType": kind, "carrier": carrier, "ringTimeSeconds": seconds,
        });
        self.post(FORWARDING, wish).await.good()["config"].take()
    }

    pub async fn check(&self, config: &Value) -> Said {
        self.post(&check_path(config), json!({})).await
    }

    /// Has it checked while the telephones' time goes by, until there is an answer.
    pub async fn checked(&self, config: &Value) -> Said {
        let passing = async {
            loop {
                self.second_passes().await;
            }
        };
        tokio::select! { said = self.check(config) => said, () = passing => unreachable!() }
    }

    /// A second of the telephones' time, once a look for a call waits for it; it comes at once.
    pub async fn second_passes(&self) {
        let waiting = "select e.id, extract(epoch from e.run_at - now())::float8 from private.effects e
                       where e.kind = 'twilio.check_result' and e.state = 'ready' and e.run_at > now() limit 1";
        let (id, seconds): (Uuid, f64) = eventually_some("a look that waits", async || {
            let row = self.owner.query_opt(waiting, &[]).await.expect("the queue")?;
            Some((row.get(0), row.get(1)))
        })
        .await;
        self.twilio().advance(Duration::from_secs_f64(seconds.max(0.0)));
        let due = "update private.effects set run_at = now() where id = $1";
        self.owner.execute(due, &[&id]).await.expect("it is due");
    }

    /// The calls that the clinic's account placed.
    pub fn placed(&self) -> usize {
        self.asked(&Method::POST, "/Calls.json")
    }
}

pub fn check_path(config: &Value) -> String {
    format!("{FORWARDING}/{}/check", config["id"].as_str().unwrap_or_else(|| panic!("no id: {config}")))
}

/// Has an organisation bring an account of its own, with a number that answers.
pub async fn connect(server: &TestServer, admin: &Session, number: &str) -> Credentials {
    let account = server.sandbox.twilio.open_account("Smile Dental");
    server.sandbox.twilio.give_number(&account.sid, number).expect("a number");
    let keys = json!({ "account_sid": account.sid, "auth_token": account.token }).to_string();
    let vault = server.app.config.vault.as_ref().expect("a vault");
    let sealed = vault.seal(&Aad { org_id: admin.org_id, provider: "twilio", kind: "default" }, keys.as_bytes());
    let owner = server.db.owner().await;
    let byoc = "update public.organizations set telephony_mode = 'byoc' where id = $1";
    owner.execute(byoc, &[&admin.org_id]).await.expect("its mode");
    let row = "insert into private.org_credentials
                   (org_id, provider, type, encrypted_config, key_version, account_sid, phone_number, is_active)
               values ($1, 'twilio', 'default', decode($2, 'base64'), $3, $4, $5, true)";
    owner
        .execute(row, &[&admin.org_id, &sealed.sealed, &sealed.key_version, &account.sid, &number])
        .await
        .expect("its keys");
    let mapping = "insert into public.phone_number_mapping (phone_number, org_id) values ($1, $2)";
    owner.execute(mapping, &[&number, &admin.org_id]).await.expect("its number");
    account
}
