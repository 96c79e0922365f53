//! A number that changes hands while a call to it goes on.

use tokio_postgres::Client;
use uuid::Uuid;

use super::stage::{PAID_IN, Stage};

async fn whose(service: &Client, call: &str, number: &str) -> Option<Uuid> {
    let sql = "select private.call_organization($1, $2)";
    service.query_one(sql, &[&call, &number]).await.expect("somebody or nobody").get(0)
}

async fn balance(stage: &Stage, org_id: Uuid) -> i64 {
    let sql = "select balance_pence from public.credit_wallets where org_id = $1";
    stage.owner.query_one(sql, &[&org_id]).await.expect("a wallet").get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_charged_to_whom_it_rang_though_its_number_is_anothers_when_it_ends() {
    let stage = Stage::open().await;
    let mut clinics = stage.clinics(2, 0).await;
    clinics[1].phone = clinics[0].phone.clone();
    let [ours, theirs] = &clinics[..] else { unreachable!("two") };
    let service = stage.server.db.worker().await;
    let call = Uuid::new_v4();

    stage.buy(ours, "inbound").await.expect("a number");
    stage.rest().await;
    assert_eq!(whose(&service, "call-1", &ours.phone).await, Some(ours.id()));
    let reserve = "select (private.reserve_call_credits($1, $2, 600, 'call-1')).*";
    service.query_one(reserve, &[&ours.id(), &call]).await.expect("the call is admitted");

    stage.release(ours).await.expect("it is given back");
    assert_eq!(whose(&service, "call-2", &ours.phone).await, None, "nobody is called by it");
    stage.rest().await;
    stage.buy(theirs, "inbound").await.expect("the same number");
    stage.rest().await;
    assert_eq!(stage.ends(theirs).await, ["done"]);
    assert_eq!(whose(&service, "call-1", &ours.phone).await, Some(ours.id()), "the call stays where it began");
    assert_eq!(whose(&service, "call-3", &ours.phone).await, Some(theirs.id()), "the next one finds the new owner");

    let end = "select (private.commit_reserved_credits($1, 60, 'report')).*";
    service.query_one(end, &[&call]).await.expect("the call ends");
    assert_eq!(balance(&stage, ours.id()).await, PAID_IN - 1_000 - 56, "a number and a minute");
    assert_eq!(balance(&stage, theirs.id()).await, PAID_IN - 1_000, "a number");
    let disagreements = stage.disagreements().await;
    let [(org_id, what)] = &disagreements[..] else { panic!("{disagreements:?}") };
    assert!(*org_id == ours.id() && what.starts_with("pence"), "nothing but the minute: {what}");
    stage.close().await;
}
