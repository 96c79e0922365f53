//! A clinic, its server with workers, and Stripe's stand-in that tells it what happens. Three books have to agree.

use std::time::{Duration, Instant};

use reqwest::{Response, header};
use serde_json::{Value, json};
use tokio_postgres::Client;
use voxanne::sandbox::{
    Stripe,
    stripe::{Card, Payment, VERSION},
};

use super::stripe_stand_in_support::{self as till, http};
use crate::{
    support::{Session, TestServer},
    tenancy::asks::{get, post},
};

pub const WALLET: &str = "/api/billing/wallet";

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Shop {
    pub server: TestServer,
    pub admin: Session,
    pub owner: Client,
}

impl Shop {
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    pub async fn open_with(settings: &[(&str, &str)]) -> Self {
        let server = TestServer::start_with(settings).await;
        server.sandbox.stripe.send_webhooks_to(server.url("/api/webhooks/stripe"));
        let admin = server.sign_up("Clinic").await;
        let owner = server.db.owner().await;
        Self { server, admin, owner }
    }

    pub fn stripe(&self) -> &Stripe {
        &self.server.sandbox.stripe
    }

    /// A top-up as the front end asks for it: the session and the page's address.
    pub async fn checkout(&self, pence: i64) -> (String, String) {
        checkout(&self.server, &self.admin, pence).await
    }

    /// A button on Checkout's page.
    pub async fn press(&self, page: &str, fields: &[(&str, &str)]) -> Response {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let press = http().post(page).header("content-type", "application/x-www-form-urlencoded").body(form);
        press.send().await.expect("the page answers")
    }

    /// The payment intent of a top-up that was paid on its page, and that everything has followed from.
    pub async fn paid(&self, pence: i64, card: Card) -> String {
        let payment = self.pay(pence, card).await;
        self.settled().await;
        payment
    }

    /// The same, while its events are still on their way.
    pub async fn pay(&self, pence: i64, card: Card) -> String {
        let (session, page) = self.checkout(pence).await;
        let mut answer = self.press(&page, &[("act", "pay"), ("card", card.name())]).await;
        if location(&answer).starts_with("/c/pay/") {
            answer = self.press(&page, &[("act", "approve")]).await;
        }
        assert!(location(&answer).contains("topup=success"), "{}", location(&answer));
        self.payment_of(&session)
    }

    pub fn payment_of(&self, session: &str) -> String {
        let session = self.stripe().object(session).expect("a session");
        session["payment_intent"].as_str().expect("a payment").to_owned()
    }

    /// A session with a bank debit on its way, which our own pages do not offer: an account may, at Stripe's dashboard.
    pub async fn debit(&self, pence: i64) -> String {
        let (session, _) = self.checkout(pence).await;
        let asked = self.stripe().object(&session).expect("a session");
        let (customer, org_id) = (asked["customer"].as_str().expect("a customer"), self.admin.org_id);
        let topup = asked["metadata"]["topup_id"].as_str().expect("a top-up");
        let form = format!(
            "{}&metadata[topup_id]={topup}&payment_intent_data[metadata][topup_id]={topup}\
             &allowed_payment_method_types[0]=bacs_debit",
            till::checkout(customer, pence).replace(till::ORG, &org_id.to_string())
        );
        let request = http()
            .post(format!("{}/v1/checkout/sessions", self.server.sandbox.stripe_url()))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("stripe-version", VERSION)
            .bearer_auth(self.stripe().secret_key())
            .body(form);
        let made: Value = request.send().await.expect("an answer").json().await.expect("JSON");
        let session = made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let known = "update public.wallet_topups set stripe_session_id = $2 where org_id = $1 and id = $3::text::uuid";
        self.owner.execute(known, &[&org_id, &session, &topup]).await.expect("its page");
        assert_eq!(self.stripe().pay_by_debit(&session), Ok(Payment::Processing));
        session
    }

    /// Every event is delivered and dealt with or given up, and nothing is to be asked of Stripe any more.
    ///
    /// What is asked of Stripe makes events, and an event can make us ask: so until neither made more of the other.
    pub async fn settled(&self) {
        loop {
            let events = self.stripe().events().len();
            self.stripe().delivered().await;
            settled(&self.owner).await;
            if self.stripe().events().len() == events {
                return;
            }
        }
    }

    /// Half a minute passes for what could not be dealt with yet.
    pub async fn tried_again(&self) {
        let due =
            "update private.webhook_inbox set next_attempt_at = now() where provider = 'stripe' and state = 'failed'";
        self.owner.execute(due, &[]).await.expect("half a minute");
        self.owner.execute("select private.retry_webhooks()", &[]).await.expect("the schedule's turn");
        self.settled().await;
    }

    /// Stripe sends these once more, in this order.
    pub async fn hears(&self, events: &[Value]) {
        for event in events {
            let id = event["id"].as_str().expect("an id");
            assert_eq!(self.stripe().redeliver(id).await, Some(200), "{}", event["type"]);
        }
    }

    /// The events since so many.
    pub fn events_since(&self, count: usize) -> Vec<Value> {
        self.stripe().events().split_off(count)
    }

    pub async fn wallet(&self) -> Value {
        get(&self.server, &self.admin, WALLET).await.good()
    }

    pub async fn balance(&self) -> i64 {
        self.number("select balance_pence from public.credit_wallets where org_id = $1").await
    }

    /// One number about this clinic.
    pub async fn number(&self, sql: &str) -> i64 {
        self.owner.query_one(sql, &[&self.admin.org_id]).await.unwrap_or_else(|e| panic!("{sql}: {e:?}")).get(0)
    }

    pub async fn credits(&self) -> i64 {
        self.number("select count(*) from public.credit_transactions where org_id = $1 and type = 'topup'").await
    }

    /// (type, amount) of each ledger row, oldest first.
    pub async fn ledger(&self) -> Vec<(String, i64)> {
        let sql = "select type, amount_pence from public.credit_transactions where org_id = $1 order by seq";
        let rows = self.owner.query(sql, &[&self.admin.org_id]).await.expect("the ledger");
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// The ledger says what Stripe's books say, and every question that must be answered with zero is.
    pub async fn adds_up(&self, when: &str) {
        adds_up(&self.owner, self.stripe(), &self.admin, when).await;
    }

    /// The text of the email that was made from this template.
    pub async fn email(&self, template: &str) -> String {
        let resend = &self.server.sandbox.resend;
        let mail = tokio::time::timeout(PATIENCE, resend.mail_where(|mail| mail.template() == Some(template)));
        mail.await.unwrap_or_else(|_| panic!("no {template}")).text.expect("a text")
    }

    /// The organisation's alerts.
    pub async fn alerts(&self) -> Vec<String> {
        let sql = "select kind from private.alerts where org_id = $1 or org_id is null order by kind";
        let rows = self.owner.query(sql, &[&self.admin.org_id]).await.expect("alerts");
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Of an event, or of the only one there is: state and why.
    pub async fn inbox(&self, event: &str) -> (String, String) {
        let sql = "select state, coalesce(last_error, '') from private.webhook_inbox where event_id = $1";
        let row = self.owner.query_one(sql, &[&event]).await.expect("it is kept");
        (row.get(0), row.get(1))
    }
}

pub async fn checkout(server: &TestServer, who: &Session, pence: i64) -> (String, String) {
    let wish = json!({ "amount_pence": pence, "return_url": "/dashboard/wallet" });
    let page = post(server, who, "/api/billing/wallet/topup", wish).await.good();
    let text = |name: &str| page[name].as_str().unwrap_or_else(|| panic!("no {name}: {page}")).to_owned();
    (text("session_id"), text("url"))
}

pub async fn settled(owner: &Client) {
    let sql = "select concat_ws(' ', kind, state, attempts, run_at, last_error) from private.effects where kind like 'stripe.%' \
               union all select concat_ws(' ', event_type, state, attempts, next_attempt_at, last_error) \
               from private.webhook_inbox where provider = 'stripe' and state in ('received', 'failed')";
    let left = async || -> Vec<String> {
        owner.query(sql, &[]).await.expect("what is left").iter().map(|row| row.get(0)).collect()
    };
    let until = Instant::now() + PATIENCE;
    while !left().await.is_empty() {
        assert!(Instant::now() < until, "not settled: {:?}", left().await);
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

pub async fn adds_up(owner: &Client, stripe: &Stripe, who: &Session, when: &str) {
    let sql = "select coalesce(sum(t.amount_pence), 0)::bigint, \
                      (select stripe_customer_id from public.organizations where id = $1) \
               from public.credit_transactions t \
               where t.org_id = $1 and (t.stripe_payment_intent_id is not null or t.stripe_object_id is not null)";
    let row = owner.query_one(sql, &[&who.org_id]).await.expect("the ledger");
    let (ledger, customer): (i64, Option<String>) = (row.get(0), row.get(1));
    let books = stripe.books().customer(&customer.unwrap_or_default());
    assert_eq!(ledger, books.net(), "{when}: the ledger and Stripe's books {books:?}");
    let drifting = owner.query("select check_name, detail from public.reconcile_all()", &[]).await.expect("an answer");
    let drifting: Vec<(String, Option<String>)> = drifting.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(drifting, [], "{when}");
}

pub fn location(answer: &Response) -> &str {
    let location = answer.headers().get(header::LOCATION).unwrap_or_else(|| panic!("{}", answer.status()));
    location.to_str().expect("an address")
}
