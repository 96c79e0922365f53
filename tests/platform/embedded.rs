//! The harness itself and the private cluster under it.

use crate::support::{Shape, TestDb, TestServer};

#[tokio::test]
async fn every_test_has_a_database_of_its_own() {
    let (one, other) = tokio::join!(TestDb::new(), TestDb::new());
    one.sign_up("Only here").await;
    let count = |db: &TestDb| {
        let owner = db.url_owner();
        async move {
            let client = crate::support::db::connect(&owner).await;
            client.query_one("select count(*) from public.organizations", &[]).await.unwrap().get::<_, i64>(0)
        }
    };
    assert_eq!((count(&one).await, count(&other).await), (1, 0));
}

#[tokio::test]
async fn a_test_database_goes_with_its_test() {
    let watcher = TestDb::unmigrated().await;
    let gone = TestDb::unmigrated().await;
    let name = gone.name().to_owned();
    drop(gone);
    let client = watcher.superuser().await;
    let row = client.query_one("select count(*) from pg_database where datname = $1", &[&name]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn the_owner_of_the_supabase_shape_is_no_superuser() {
    let db = TestDb::unmigrated().await;
    let row = db
        .owner()
        .await
        .query_one("select rolsuper, rolbypassrls from pg_roles where rolname = current_user", &[])
        .await
        .unwrap();
    assert_eq!(row.get::<_, bool>(0), Shape::current() == Shape::Bare);
    assert!(row.get::<_, bool>(1));
}

#[tokio::test]
async fn a_server_answers_over_its_own_database() {
    let server = TestServer::start().await;
    let answer = server.client().get(server.url("/health")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}
