//! Connecting a Twilio account of one's own, over HTTP, against the stand-ins.

use reqwest::Method;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;
use voxanne::sandbox::{Fault, twilio::Credentials};

use crate::{
    support::{Session, TestServer, eventually},
    tenancy::asks::{Said, delete, get, id_of, mentions, post, put},
};

const TWILIO: &str = "/api/integrations/twilio";
const NUMBER: &str = "+442071230009";

/// Pauses are short and tries are few.
const HASTE: &str =
    "update private.effect_kinds set backoff_base_seconds = 0.02, backoff_cap_seconds = 0.1, max_attempts = 3
                     where kind like 'twilio.%' or kind like 'vapi.%'";

/// Tries go on for as long as a test may take.
const PATIENCE: &str =
    "update private.effect_kinds set backoff_base_seconds = 0.2, backoff_cap_seconds = 0.5, max_attempts = 50
                        where kind like 'vapi.%'";

struct Clinic {
    server: TestServer,
    admin: Session,
    account: Credentials,
    owner: Client,
}

impl Clinic {
    async fn open() -> Self {
        Self::open_with(&[]).await
    }

    async fn open_with(settings: &[(&str, &str)]) -> Self {
        let server = TestServer::start_with(settings).await;
        let admin = server.sign_up("Smile").await;
        let account = server.sandbox.twilio.open_account("Smile Dental");
        server.sandbox.twilio.give_number(&account.sid, NUMBER).expect("a number");
        let owner = server.db.superuser().await;
        owner.batch_execute(HASTE).await.expect("haste");
        Self { server, admin, account, owner }
    }

    async fn connect(&self) -> Said {
        put(&self.server, &self.admin, TWILIO, wish(&self.account, NUMBER)).await
    }

    async fn disconnect(&self) -> Said {
        delete(&self.server, &self.admin, TWILIO).await
    }

    /// What the screen shows of telephony.
    async fn shown(&self) -> Value {
        let said = get(&self.server, &self.admin, "/api/integrations").await.good();
        said.as_array().and_then(|all| all.iter().find(|one| one["provider"] == "twilio")).expect("telephony").clone()
    }

    async fn operation(&self, id: Uuid) -> Value {
        get(&self.server, &self.admin, &format!("/api/operations/{id}?wait_seconds=8")).await.good()
    }

    async fn count(&self, from: &str) -> i64 {
        let sql = format!("select count(*) from {from} where org_id = $1");
        self.owner.query_one(&sql, &[&self.admin.org_id]).await.expect("a count").get(0)
    }

    async fn mode(&self) -> String {
        let sql = "select telephony_mode from public.organizations where id = $1";
        self.owner.query_one(sql, &[&self.admin.org_id]).await.expect("its mode").get(0)
    }

    /// Neither here nor at Vapi is anything left of it.
    async fn nothing_is_left(&self) {
        assert_eq!(self.mode().await, "none");
        assert_eq!(self.count("private.org_credentials").await, 0);
        assert_eq!(self.count("public.phone_number_mapping").await, 0);
        let vapi = &self.server.sandbox.vapi;
        assert!(vapi.phone_number(NUMBER).is_none_or(|number| number["twilioAccountSid"] != self.account.sid.as_str()));
        assert_eq!(vapi.credentials(), Vec::<Value>::new());
    }
}

fn wish(account: &Credentials, number: &str) -> Value {
    json!({ "account_sid": account.sid, "auth_token": account.token, "phone_number": number })
}

#[tokio::test]
async fn an_own_account_is_connected_shown_and_disconnected() {
    let clinic = Clinic::open().await;
    let Clinic { server, admin, account, owner } = &clinic;
    let agent = "insert into public.agents (org_id, name, direction) values ($1, 'Ada', 'outbound')";
    owner.execute(agent, &[&admin.org_id]).await.expect("an agent");

    let state = clinic.connect().await.good();
    assert_eq!(
        (&state["status"], &state["account_label"], &state["phone_number"], &state["healthy"]),
        (&json!("connected"), &json!("Smile Dental"), &json!(NUMBER), &json!(true)),
        "{state}"
    );
    assert_eq!(clinic.shown().await, state);
    assert_eq!(clinic.mode().await, "byoc");

    let imported = server.sandbox.vapi.phone_number(NUMBER).expect("Vapi has the number");
    assert_eq!(imported["twilioAccountSid"], account.sid.as_str());
    assert_eq!(imported["server"]["url"], server.url("/api/vapi/webhook"), "Vapi asks us about its calls");
    assert_eq!(server.sandbox.vapi.credentials().len(), 1);
    let given = get(server, admin, "/api/agents/phone-numbers").await.good();
    assert_eq!(given, json!([{ "phone_number": NUMBER, "direction": "default", "vapi_phone_id": imported["id"] }]));
    let speaks = "select vapi_phone_number_id from public.agents where org_id = $1";
    let speaks: Option<String> = owner.query_one(speaks, &[&admin.org_id]).await.expect("the agent").get(0);
    assert_eq!(speaks.as_deref(), imported["id"].as_str());

    clinic.connect().await.is(409, "integration_connected");
    let bought = json!({ "country": "US", "direction": "inbound" });
    post(server, admin, "/api/managed-telephony/provision", bought).await.is(409, "telephony_own_account");
    assert_eq!(mentions(owner, &account.token).await, Vec::<String>::new(), "the token is sealed wherever it is");

    let operation = clinic.disconnect().await.good();
    assert_eq!((&operation["kind"], &operation["status"]), (&json!("disconnect_twilio"), &json!("done")));
    clinic.nothing_is_left().await;
    assert_eq!(clinic.shown().await["status"], "disconnected");
    assert_eq!(get(server, admin, "/api/agents/phone-numbers").await.good(), json!([]));
    clinic.disconnect().await.is(404, "integration_not_found");

    assert_eq!(clinic.connect().await.good()["status"], "connected", "the organisation may come back");
}

#[tokio::test]
async fn what_twilio_says_no_to_is_told_and_not_kept() {
    let clinic = Clinic::open().await;
    let Clinic { server, admin, account, .. } = &clinic;
    let twilio = &server.sandbox.twilio;
    let other = twilio.open_account("Other");
    twilio.give_number(&other.sid, "+442071230008").expect("a number");

    let wrong = Credentials { sid: account.sid.clone(), token: "0".repeat(32) };
    let unknown = Credentials { sid: format!("AC{}", "0".repeat(32)), token: account.token.clone() };
    for (wish, code) in [
        (wish(&wrong, NUMBER), "twilio_credentials_wrong"),
        (wish(&unknown, NUMBER), "twilio_credentials_wrong"),
        (wish(account, "+442071230008"), "number_not_in_account"),
        (wish(account, "+442071230007"), "number_not_in_account"),
    ] {
        let said = put(server, admin, TWILIO, wish).await;
        said.is(422, code);
        let state = clinic.shown().await;
        let sentence = serde_json::from_str::<Value>(&said.text).expect("JSON")["error"].clone();
        assert_eq!(
            (&state["status"], &state["last_error"]),
            (&json!("disconnected"), &sentence),
            "whoever looks later is told"
        );
        clinic.nothing_is_left().await;
    }
    twilio.suspend(&account.sid).expect("suspended");
    clinic.connect().await.is(422, "twilio_account_inactive");
    clinic.nothing_is_left().await;
    // It hears of our tools at every start.
    let heard = server.sandbox.vapi.log().all();
    assert!(heard.iter().all(|asked| asked.path.starts_with("/tool")), "Vapi heard of none of them");

    twilio.reactivate(&account.sid).expect("active");
    assert_eq!(clinic.connect().await.good()["last_error"], Value::Null);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_anybody_is_asked() {
    let clinic = Clinic::open().await;
    let Clinic { server, admin, account, .. } = &clinic;
    let with = |change: Value| {
        let mut wish = wish(account, NUMBER);
        for (key, value) in change.as_object().expect("an object") {
            wish[key] = value.clone();
        }
        wish
    };
    for sid in ["", "AC1", "SK00000000000000000000000000000000", "ACZZ000000000000000000000000000000"] {
        put(server, admin, TWILIO, with(json!({ "account_sid": sid }))).await.is(422, "account_sid_invalid");
    }
    for number in ["", "02071230009", "+44 20 7123 0009", "+0442071230009", "nobody"] {
        put(server, admin, TWILIO, with(json!({ "phone_number": number }))).await.is(400, "phone_number_invalid");
    }
    put(server, admin, TWILIO, with(json!({ "phone_number": "+449012345678" }))).await.is(422, "premium_number");
    for change in [
        json!({ "auth_token": "" }),
        json!({ "auth_token": "x".repeat(201) }),
        json!({ "auth_token": null }),
        json!({ "auth_token": 5 }),
        json!({ "org_id": Uuid::new_v4() }),
    ] {
        let said = put(server, admin, TWILIO, with(change)).await;
        said.is(400, "invalid_request");
        assert!(!said.text.contains(&account.token), "{}", said.text);
    }
    assert_eq!(clinic.count("private.sagas").await, 0);
    clinic.nothing_is_left().await;
    assert!(server.sandbox.twilio.log().all().is_empty(), "Twilio heard of none of it");
    assert_eq!(clinic.shown().await["status"], "disconnected");
}

#[tokio::test]
async fn what_vapi_refuses_is_taken_back() {
    let clinic = Clinic::open_with(&[("ANSWER_PATIENCE_MS", "200")]).await;
    let Clinic { server, account, owner, .. } = &clinic;
    owner.batch_execute(PATIENCE).await.expect("patience");
    let (twilio, vapi) = (&server.sandbox.twilio, &server.sandbox.vapi);

    vapi.faults().add(Fault::error(503).matching("POST /phone-number"));
    let begun = clinic.connect().await;
    assert_eq!(begun.status, 202, "{}", begun.text);
    // Twilio has said yes; then the account gives the number up, which Vapi sees.
    eventually("Vapi is asked", async || !vapi.credentials().is_empty()).await;
    twilio.take_number(NUMBER).expect("nobody's");
    vapi.faults().clear();

    let operation = clinic.operation(id_of(&begun.good())).await;
    assert_eq!((&operation["status"], &operation["result"]["code"]), (&json!("failed"), &json!("vapi_refused_number")));
    clinic.nothing_is_left().await;
    assert_eq!(clinic.shown().await["last_error"], operation["result"]["error"]);

    twilio.give_number(&account.sid, NUMBER).expect("a number");
    clinic.connect().await.good();
    eventually("it may be tried again", async || clinic.shown().await["status"] == "connected").await;
}

#[tokio::test]
async fn a_provider_that_is_down_for_good_leaves_nothing_half_done() {
    for part in ["POST /credential", "POST /phone-number", "PATCH /phone-number"] {
        let clinic = Clinic::open().await;
        let faults = clinic.server.sandbox.vapi.faults();
        faults.add(Fault::error(500).matching(part));
        clinic.connect().await.is(502, "provider_refused");
        faults.clear();
        eventually("everything is taken back", async || clinic.count("private.effects").await == 0).await;
        clinic.nothing_is_left().await;
        let state = clinic.shown().await;
        assert_eq!((&state["status"], state["last_error"].is_string()), (&json!("disconnected"), true), "{part}");
        clinic.disconnect().await.is(404, "integration_not_found");
        assert_eq!(clinic.connect().await.good()["status"], "connected", "{part}: it may be tried again");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_for_a_while_is_waited_for() {
    let clinic = Clinic::open_with(&[("ANSWER_PATIENCE_MS", "200")]).await;
    let Clinic { server, admin, account, owner } = &clinic;
    owner.batch_execute(PATIENCE).await.expect("patience");
    server.sandbox.vapi.faults().add(Fault::error(503).matching("/phone-number"));

    let said = clinic.connect().await;
    assert_eq!(said.status, 202, "{}", said.text);
    let operation = id_of(&said.good());
    assert_eq!(clinic.shown().await["status"], "connecting");
    assert_eq!(id_of(&clinic.connect().await.good()), operation, "the same account again is the same operation");
    let elsewhere = wish(account, "+442071230001");
    put(server, admin, TWILIO, elsewhere).await.is(409, "integration_busy");
    clinic.disconnect().await.is(409, "integration_busy");

    server.sandbox.vapi.faults().clear();
    assert_eq!(clinic.operation(operation).await["status"], "done");
    assert_eq!(clinic.shown().await["status"], "connected");
    assert_eq!(server.sandbox.vapi.phone_numbers().len(), 1, "however often it was tried");

    server.sandbox.vapi.faults().add(Fault::error(503).matching("DELETE"));
    let said = clinic.disconnect().await;
    assert_eq!(said.status, 202, "{}", said.text);
    assert_eq!(clinic.count("private.org_credentials").await, 0, "here it is gone at once");
    assert_eq!(clinic.shown().await["status"], "disconnected");
    clinic.connect().await.is(409, "integration_busy");
    server.sandbox.vapi.faults().clear();
    assert_eq!(clinic.operation(id_of(&said.good())).await["status"], "done");
    clinic.nothing_is_left().await;
}

#[tokio::test]
async fn two_tabs_connect_once() {
    let clinic = Clinic::open().await;
    let tabs = futures_util::future::join_all((0..8).map(|_| clinic.connect())).await;
    for tab in tabs {
        assert!(tab.status == 200 || tab.refusal() == (409, "integration_connected".to_owned()), "{}", tab.text);
    }
    assert_eq!(clinic.count("private.org_credentials").await, 1);
    assert_eq!(clinic.count("private.sagas").await, 1);
    assert_eq!(clinic.server.sandbox.vapi.credentials().len(), 1);
    assert_eq!(clinic.server.sandbox.vapi.phone_numbers().len(), 1);
}

#[tokio::test]
async fn an_account_and_its_operations_are_one_organisations() {
    let clinic = Clinic::open().await;
    let Clinic { server, account, owner, .. } = &clinic;
    let other = server.sign_up("Grin").await;
    clinic.connect().await.good();
    let saga = "select id from private.sagas where org_id = $1";
    let saga: Uuid = owner.query_one(saga, &[&clinic.admin.org_id]).await.expect("the saga").get(0);

    get(server, &other, &format!("/api/operations/{saga}")).await.is(404, "operation_not_found");
    delete(server, &other, TWILIO).await.is(404, "integration_not_found");
    put(server, &other, TWILIO, wish(account, NUMBER)).await.is(409, "twilio_account_taken");
    let theirs = get(server, &other, "/api/integrations").await;
    assert!(!theirs.text.contains(NUMBER) && !theirs.text.contains("Smile Dental"), "{}", theirs.text);
    assert_eq!(clinic.shown().await["status"], "connected", "nothing of it changed");

    let left = clinic.disconnect().await.good();
    assert_eq!(left["status"], "done");
    let theirs = put(server, &other, TWILIO, wish(account, NUMBER)).await.good();
    assert_eq!(theirs["status"], "connected", "who signs up anew brings the account along");
    clinic.connect().await.is(409, "twilio_account_taken");
    let manager = server.add_member(clinic.admin.org_id, "manager").await;
    put(server, &manager, TWILIO, wish(account, NUMBER)).await.is(403, "role_too_low");
    let nobody =
        server.request(Method::PUT, TWILIO, None).json(&wish(account, NUMBER)).send().await.expect("an answer");
    assert_eq!(nobody.status(), 401);
}

#[tokio::test]
async fn an_account_that_breaks_is_told_of_once_and_works_again_by_itself() {
    let clinic = Clinic::open().await;
    let Clinic { server, admin, account, owner } = &clinic;
    clinic.connect().await.good();
    let check = async |healthy: bool| {
        let due =
            "update public.integrations set last_checked_at = last_checked_at - interval '1 day' where org_id = $1";
        owner.execute(due, &[&admin.org_id]).await.expect("a day passes");
        owner.execute("select private.check_twilio_accounts()", &[]).await.expect("the schedule");
        let now = "update private.effects set run_at = now() where kind = 'twilio.check_account'";
        owner.execute(now, &[]).await.expect("it is due");
        eventually("it was looked at", async || clinic.count("private.effects").await == 0).await;
        assert_eq!(clinic.shown().await["healthy"], healthy);
    };
    let told = async || -> i64 {
        let letters = "select count(*) from private.emails where template = 'twilio_broken' and org_id = $1";
        owner.query_one(letters, &[&admin.org_id]).await.expect("letters").get(0)
    };

    check(true).await;
    server.sandbox.twilio.suspend(&account.sid).expect("suspended");
    check(false).await;
    check(false).await;
    assert_eq!(told().await, 1, "each breakage is told of once");
    assert_eq!(clinic.shown().await["status"], "error");
    server.sandbox.twilio.reactivate(&account.sid).expect("active");
    check(true).await;
    assert_eq!(clinic.shown().await["last_error"], Value::Null);
    server.sandbox.twilio.change_token(&account.sid).expect("another token");
    check(false).await;
    assert_eq!(told().await, 2);
}
