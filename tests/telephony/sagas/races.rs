//! Many at once: one number a direction, one owner a number, and whoever loses pays nothing.

use std::collections::BTreeMap;

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use voxanne::error::Error;

use super::stage::{Clinic, PAID_IN, Stage};

const PROVISION: &str = "/api/managed-telephony/provision";

/// What is answered over HTTP: the status, and the code of a refusal.
async fn asks(stage: &Stage, clinic: &Clinic, direction: &str, phone: Option<&str>) -> String {
    let wish = json!({ "country": "GB", "direction": direction, "phone_number": phone });
    let answer = stage.server.post(PROVISION, &clinic.session).json(&wish).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.expect("JSON");
    [status.to_string(), body["code"].as_str().unwrap_or_default().to_owned()].join(" ").trim().to_owned()
}

fn counted(answers: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer).or_default() += 1;
    }
    counts
}

fn code(answer: &Result<Value, Error>) -> &str {
    answer.as_ref().map_or_else(|refusal| refusal.code.as_ref(), |_| "begun")
}

async fn balance(stage: &Stage, clinic: &Clinic) -> i64 {
    let sql = "select balance_pence from public.credit_wallets where org_id = $1";
    stage.owner.query_one(sql, &[&clinic.id()]).await.expect("a wallet").get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_two_tabs_one_buys_in_each_direction_and_the_others_pay_nothing() {
    let stage = Stage::open().await;
    let clinic = &stage.clinics(1, 0).await[0];
    let tabs = (0..32).map(|tab| asks(&stage, clinic, ["inbound", "outbound"][tab % 2], None));
    let answers = counted(join_all(tabs).await);
    assert_eq!(answers, [("201".to_owned(), 2), ("409 direction_taken".to_owned(), 30)].into());
    stage.rest().await;
    assert_eq!(balance(&stage, clinic).await, PAID_IN - 2_000);
    stage.assert_agreed().await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_two_who_want_the_same_number_one_has_it_and_the_others_their_money() {
    let stage = Stage::open().await;
    let clinics = stage.clinics(32, 0).await;
    let wanted = clinics[0].phone.as_str();
    let both = clinics.iter().enumerate();
    let wishes = both.map(|(place, clinic)| asks(&stage, clinic, ["inbound", "outbound"][place % 2], Some(wanted)));
    let answers = counted(join_all(wishes).await);
    assert_eq!(answers, [("201".to_owned(), 1), ("409 number_unavailable".to_owned(), 31)].into());
    stage.rest().await;
    let mut balances = join_all(clinics.iter().map(|clinic| balance(&stage, clinic))).await;
    balances.sort_unstable();
    assert_eq!((balances[0], balances[1], balances[31]), (PAID_IN - 1_000, PAID_IN, PAID_IN));
    stage.assert_agreed().await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_that_buys_and_brings_its_own_account_at_once_does_one_of_them() {
    let stage = Stage::open().await;
    let clinics = stage.clinics(16, 0).await;
    let answers =
        join_all(clinics.iter().map(|clinic| join(stage.buy(clinic, "inbound"), stage.connect(clinic)))).await;
    for (bought, connected) in &answers {
        let both = (code(bought), code(connected));
        assert!(matches!(both, ("begun", "managed_numbers_live") | ("telephony_own_account", "begun")), "{both:?}");
    }
    stage.rest().await;
    stage.assert_agreed().await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_given_back_while_another_is_bought_leaves_the_organisation_with_what_it_was_told() {
    let stage = Stage::open().await;
    let clinics = stage.clinics(16, 0).await;
    join_all(clinics.iter().map(|clinic| async { stage.buy(clinic, "inbound").await.expect("a number") })).await;
    stage.rest().await;
    let answers =
        join_all(clinics.iter().map(|clinic| join(stage.release(clinic), stage.buy_any(clinic, "inbound")))).await;
    stage.rest().await;
    for (clinic, (released, bought)) in clinics.iter().zip(&answers) {
        assert_eq!(code(released), "begun");
        let expected = match code(bought) {
            "begun" => PAID_IN - 2_000,
            "direction_taken" => PAID_IN - 1_000,
            other => panic!("{other}"),
        };
        assert_eq!(balance(&stage, clinic).await, expected);
    }
    stage.assert_agreed().await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_given_back_twice_at_once_is_given_back_once() {
    let stage = Stage::open().await;
    let clinics = stage.clinics(16, 0).await;
    join_all(clinics.iter().map(|clinic| async { stage.buy(clinic, "outbound").await.expect("a number") })).await;
    stage.rest().await;
    let answers = join_all(clinics.iter().map(|clinic| {
        let both = voxanne::args! { p_phone_number: &clinic.phone };
        join(
            stage.call(clinic, "public.release_number", both.clone()),
            stage.call(clinic, "public.release_number", both),
        )
    }))
    .await;
    for (one, other) in &answers {
        match (one, other) {
            (Ok(one), Ok(other)) => assert_eq!(one["id"], other["id"], "both follow one operation"),
            // The other one came when everything was over.
            (Ok(_), refused) | (refused, _) => assert_eq!(code(refused), "number_not_found"),
        }
    }
    stage.rest().await;
    for clinic in &clinics {
        assert_eq!(stage.ends(clinic).await, ["done", "done"], "one purchase, one release");
    }
    stage.assert_agreed().await;
    stage.close().await;
}
