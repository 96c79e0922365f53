//! The keys of telephone accounts are nowhere that anybody could read, whatever goes wrong with them.

use serde_json::{Value, json};
use voxanne::{
    cli::{doctor::examine, rotate_keys::rotate},
    sandbox::{Fault, twilio::BUNDLE},
    vault::Vault,
};

use crate::{
    support::{Session, TestServer, server::VAULT_KEYS},
    tenancy::{
        asks::{Said, delete, get, id_of, post, put, said},
        secrets::logged,
    },
};

const TWILIO: &str = "/api/integrations/twilio";
const NUMBERS: &str = "/api/managed-telephony/numbers";
const PROVISION: &str = "/api/managed-telephony/provision";
const OWN: &str = "+442071230009";
const WRONG: &str = "0planted0wrong0token0planted0000";
const WEBHOOK: &str = "planted-secret-of-vapis-webhooks";
const NEXT_KEY: &str = "cGxhbnRlZC1rZXktMi1vZi10aGUtdmF1bHQtdGVzdHM=";

/// Few tries, with hardly a pause.
const HASTE: &str =
    "update private.effect_kinds set backoff_base_seconds = 0.02, backoff_cap_seconds = 0.1, max_attempts = 3
                     where kind like 'twilio.%' or kind like 'vapi.%'";

type Secrets = Vec<(&'static str, String)>;

/// Everything an admin may look at.
async fn looked_at(server: &TestServer, admin: &Session) -> Vec<Said> {
    let mut answers = vec![post(server, admin, "/api/privacy/export", json!({})).await];
    for path in ["/api/integrations", "/api/audit-logs", "/api/agents/phone-numbers", NUMBERS] {
        answers.push(get(server, admin, path).await);
    }
    answers.iter().for_each(|answer| assert_eq!(answer.status, 200, "{}", answer.text));
    answers
}

/// An own account: entered wrongly in every way, refused by Twilio, failing in the middle, connected, used, disconnected.
async fn own_account(server: &TestServer, admin: &Session, secrets: &mut Secrets) -> Vec<Said> {
    let account = server.sandbox.twilio.open_account("Smile Dental");
    server.sandbox.twilio.give_number(&account.sid, OWN).expect("a number");
    secrets.extend([("an own token", account.token.clone()), ("a wrong token", WRONG.to_owned())]);
    let wish = |token: Value| json!({ "account_sid": account.sid, "auth_token": token, "phone_number": OWN });
    let right = || wish(json!(account.token));

    let mut answers = Vec::new();
    let misshapen = [
        wish(json!([account.token])),
        wish(json!(account.token.repeat(20))),
        json!({ "account_sid": account.sid, "authToken": account.token, "auth_token": account.token, "phone_number": OWN }),
        json!({ "account_sid": account.token, "auth_token": WRONG, "phone_number": OWN }),
        json!({ "account_sid": account.sid, "auth_token": account.token, "phone_number": WRONG }),
        wish(json!(WRONG)),
    ];
    for body in misshapen {
        answers.push(put(server, admin, TWILIO, body).await);
    }
    let broken = format!("{{\"auth_token\": \"{}\", oops", account.token);
    let broken = server.request(reqwest::Method::PUT, TWILIO, Some(admin)).body(broken);
    answers.push(said(broken.header("content-type", "application/json")).await);
    answers.iter().for_each(|answer| assert!((400..500).contains(&answer.status), "{}", answer.text));

    let faults = server.sandbox.vapi.faults();
    faults.add(Fault::error(500).matching("POST /credential"));
    let failed = put(server, admin, TWILIO, right()).await;
    assert_eq!(failed.status, 502, "{}", failed.text);
    answers.push(failed);
    faults.clear();

    let connected = put(server, admin, TWILIO, right()).await;
    assert_eq!(connected.status, 200, "{}", connected.text);
    answers.push(connected);
    answers.push(put(server, admin, TWILIO, right()).await);
    server.sandbox.twilio.change_token(&account.sid).expect("exchanged at Twilio");
    answers
        .push(post(server, admin, "/api/verified-caller-id/verify", json!({ "phoneNumber": "+447700900123" })).await);
    answers.extend(looked_at(server, admin).await);
    answers.push(delete(server, admin, TWILIO).await);
    answers
}

/// A number of ours: bought with a failure first, used, given back; its subaccount has a token.
async fn managed_number(server: &TestServer, admin: &Session, secrets: &mut Secrets) -> Vec<Said> {
    let owner = server.db.superuser().await;
    owner.execute("select private.set_country_papers('GB', $1, null)", &[&BUNDLE]).await.expect("papers");
    let paid = "select private.add_credits($1, 5000, 'topup', 'stripe:pi_test')";
    owner.execute(paid, &[&admin.org_id]).await.expect("money");

    let wish = json!({ "country": "GB", "direction": "inbound" });
    let faults = server.sandbox.vapi.faults();
    faults.add(Fault::error(500).matching("POST /phone-number"));
    let mut answers = vec![post(server, admin, PROVISION, wish.clone()).await];
    assert_eq!(answers[0].status, 502, "{}", answers[0].text);
    faults.clear();
    let bought = post(server, admin, PROVISION, wish).await;
    assert_eq!(bought.status, 201, "{}", bought.text);

    let twilio = &server.sandbox.twilio;
    let books = twilio.books();
    let [subaccount] = books.subaccounts(twilio.account_sid())[..] else { panic!("one subaccount: {books:?}") };
    secrets.push(("a subaccount's token", twilio.token_of(&subaccount.sid).expect("a token")));
    answers.extend(looked_at(server, admin).await);
    let number = bought.good()["phone_number"].as_str().expect("a number").to_owned();
    answers.push(bought);
    answers.push(delete(server, admin, &format!("{NUMBERS}/{number}")).await);
    let operation = id_of(&json!({ "id": answers.last().expect("an answer").good()["id"] }));
    answers.push(get(server, admin, &format!("/api/operations/{operation}")).await);
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_of_a_telephone_account_is_in_the_logs_the_answers_or_the_database() {
    let lines = logged();
    let server = TestServer::start_with(&[("VAPI_WEBHOOK_SECRET", WEBHOOK)]).await;
    server.db.superuser().await.batch_execute(HASTE).await.expect("haste");
    let (own, managed) = (server.sign_up("Own").await, server.sign_up("Managed").await);
    let mut secrets: Secrets = vec![
        ("the platform's token", server.sandbox.twilio.auth_token().to_owned()),
        ("Vapi's key", server.sandbox.vapi.api_key().to_owned()),
        ("what Vapi is to send", WEBHOOK.to_owned()),
        ("the vault's key", VAULT_KEYS["1:".len()..].to_owned()),
        ("the vault's next key", NEXT_KEY.to_owned()),
    ];
    let mut answers = own_account(&server, &own, &mut secrets).await;
    answers.extend(managed_number(&server, &managed, &mut secrets).await);

    let keys = Vault::from_keys(&format!("2:{NEXT_KEY},{VAULT_KEYS}")).expect("keys");
    let tally = rotate(&server.app.db, &keys, 10).await.expect("rotates");
    assert!(tally.resealed >= 1 && tally.shut.is_empty(), "{tally:?}");
    let told = format!("{:?} {:?} {tally:?}", examine(&server.app.config, false).await, server.app.config);
    answers.push(Said { status: 200, text: told });

    assert!(server.sandbox.twilio.log().all().iter().any(|asked| asked.path.contains("IncomingPhoneNumbers")));
    lines.assert_silent(TWILIO, &answers, &secrets, &server.db).await;
}
