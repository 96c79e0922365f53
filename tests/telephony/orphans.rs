//! What the nightly look into Twilio's books finds: what is paid for and nobody here has, and a subaccount that does nothing.

use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;
use voxanne::sandbox::twilio::BUNDLE;

use crate::{
    support::{Session, TestServer, eventually},
    tenancy::asks::{get, post},
};

/// A purchase that reached Twilio after its saga had given up on it: made with the subaccount's own keys, under our name.
async fn bought_late(server: &TestServer, subaccount: &str, phone_number: &str, name: &str) {
    let token = server.sandbox.twilio.token_of(subaccount).expect("a token");
    let path = format!("/2010-04-01/Accounts/{subaccount}/IncomingPhoneNumbers.json");
    let form = format!(
        "PhoneNumber={}&FriendlyName={}&BundleSid={BUNDLE}",
        phone_number.replace('+', "%2B"),
        name.replace(':', "%3A")
    );
    let request = server.client().post(format!("{}{path}", server.sandbox.twilio_url()));
    let request =
        request.basic_auth(subaccount, Some(token)).header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body(form).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 201, "{:?}", answer.text().await);
}

/// The night's comparison, now.
async fn night(owner: &Client) {
    owner.execute("select private.compare_number_books()", &[]).await.expect("the schedule's turn");
    let now = "update private.effects set run_at = now() where kind = 'twilio.list_numbers'";
    owner.execute(now, &[]).await.expect("the organisation's moment");
    let left = "select count(*) from private.effects where kind in ('twilio.list_numbers', 'twilio.release_number')";
    eventually("Twilio was asked", async || owner.query_one(left, &[]).await.expect("a count").get::<_, i64>(0) == 0)
        .await;
}

async fn alerts(owner: &Client, admin: &Session) -> Vec<String> {
    let sql = "select kind from private.alerts where org_id = $1 and kind ~ '^(number|subaccount)_' order by kind";
    owner.query(sql, &[&admin.org_id]).await.expect("alerts").iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn a_number_nobody_here_has_is_found_in_the_night_and_released() {
    let server = TestServer::start().await;
    let admin = server.sign_up("Smile").await;
    let owner = server.db.superuser().await;
    owner.execute("select private.set_country_papers('GB', $1, null)", &[&BUNDLE]).await.expect("papers");
    let paid = "select private.add_credits($1, 1000, 'topup', 'stripe:pi_test')";
    owner.execute(paid, &[&admin.org_id]).await.expect("money");
    let wish = json!({ "country": "GB", "direction": "inbound" });
    let number = post(&server, &admin, "/api/managed-telephony/provision", wish).await.good();
    let ours = number["phone_number"].as_str().expect("a number").to_owned();
    let mine = "select subaccount_sid from private.twilio_subaccounts where org_id = $1";
    let subaccount: String = owner.query_one(mine, &[&admin.org_id]).await.expect("a subaccount").get(0);
    let twilio = &server.sandbox.twilio;
    let held = || -> Vec<String> {
        let books = twilio.books();
        books.account(&subaccount).expect("its book").numbers.iter().map(|number| number.phone_number.clone()).collect()
    };

    night(&owner).await;
    assert_eq!((held(), alerts(&owner, &admin).await), (vec![ours.clone()], vec![]), "all is well");

    let offer = get(&server, &admin, "/api/managed-telephony/available?country=GB").await.good();
    let stray = offer["numbers"][0]["phone_number"].as_str().expect("one for sale");
    let given_up = "insert into public.managed_phone_numbers (org_id, country_code, routing_direction, status, price_pence, updated_at) \
                    values ($1, 'GB', 'inbound', 'failed', 1000, now() - interval '1 hour') returning id";
    let given_up: Uuid = owner.query_one(given_up, &[&admin.org_id]).await.expect("a purchase that failed").get(0);
    bought_late(&server, &subaccount, stray, &format!("voxanne:{given_up}")).await;
    assert_eq!(held().len(), 2);
    night(&owner).await;
    assert_eq!(held(), vec![ours.clone()], "the stray is given back, the other one stays");
    assert_eq!(alerts(&owner, &admin).await, vec!["number_orphaned"]);

    twilio.take_number(&ours).expect("it was there");
    night(&owner).await;
    assert_eq!(
        alerts(&owner, &admin).await,
        vec!["number_gone", "number_orphaned"],
        "a number that rings no more is told of"
    );
}

#[tokio::test]
async fn a_subaccount_suspended_between_two_purchases_is_not_replaced_and_its_numbers_show_as_unwell() {
    let server = TestServer::start().await;
    let admin = server.sign_up("Smile").await;
    let owner = server.db.superuser().await;
    owner.execute("select private.set_country_papers('GB', $1, null)", &[&BUNDLE]).await.expect("papers");
    let paid = "select private.add_credits($1, 2000, 'topup', 'stripe:pi_test')";
    owner.execute(paid, &[&admin.org_id]).await.expect("money");
    let buy = async |direction: &str| {
        let wish = json!({ "country": "GB", "direction": direction });
        post(&server, &admin, "/api/managed-telephony/provision", wish).await
    };
    let shown = async || {
        let state = get(&server, &admin, "/api/integrations").await.good()[0].clone();
        (state["healthy"].clone(), state["last_error"].is_string())
    };
    buy("inbound").await.good();
    let mine = "select subaccount_sid from private.twilio_subaccounts where org_id = $1";
    let mine = async || -> String { owner.query_one(mine, &[&admin.org_id]).await.expect("a subaccount").get(0) };
    let (subaccount, twilio) = (mine().await, &server.sandbox.twilio);
    assert_eq!(shown().await, (json!(true), false));

    twilio.suspend(&subaccount).expect("suspended");
    buy("outbound").await.is(422, "twilio_account_inactive");
    assert_eq!((mine().await, twilio.books().subaccounts(twilio.account_sid()).len()), (subaccount.clone(), 1));
    night(&owner).await;
    assert_eq!(shown().await, (json!(false), true));
    assert_eq!(alerts(&owner, &admin).await, vec!["subaccount_inactive"], "its numbers are not taken for gone");

    twilio.reactivate(&subaccount).expect("active again");
    night(&owner).await;
    assert_eq!(shown().await, (json!(true), false));
    buy("outbound").await.good();
    assert_eq!(mine().await, subaccount);
}
