//! `voxanne migrate`: what it applies, what it refuses, and what it leaves alone.

use deadpool_postgres::{Manager, Pool};
use secrecy::SecretString;
use tokio_postgres::NoTls;
use uuid::Uuid;
use voxanne::db::migrate::{self, Kind, Manifest, Options, Release, Report, SqlFile};

use crate::support::db::connect;
use crate::support::{Shape, TestDb};

const RULE: &str = "functions/platform/private/test_rule.sql";
const NEXT: Release = Release(0, 90, 0);
const AFTER_NEXT: Release = Release(0, 91, 0);

fn embedded() -> Manifest {
    Manifest::embedded().unwrap()
}

/// A function of ours that is only here for a test.
fn rule(returns: &str, body: &str) -> SqlFile {
    rule_with("", returns, body)
}

fn rule_with(arguments: &str, returns: &str, body: &str) -> SqlFile {
    let sql = format!(
        "create or replace function private.test_rule({arguments}) returns {returns} language sql stable \
         set search_path = pg_catalog, pg_temp as $$ select {body} $$;"
    );
    SqlFile::new(RULE, &sql).unwrap()
}

async fn run(db: &TestDb, manifest: Manifest) -> anyhow::Result<Report> {
    migrate::migrate(&db.url_owner(), &Options { manifest, login_urls: Vec::new() }).await
}

async fn text(db: &TestDb, sql: &str) -> String {
    db.owner().await.query_one(sql, &[]).await.unwrap().get(0)
}

fn pool(url: &str) -> Pool {
    Pool::builder(Manager::new(url.parse().unwrap(), NoTls)).max_size(2).build().unwrap()
}

#[tokio::test]
async fn a_second_migrate_finds_nothing_to_do() {
    let db = TestDb::unmigrated().await;
    let first = run(&db, embedded()).await.unwrap();
    assert_eq!(first.applied.len(), embedded().files().len());
    let second = run(&db, embedded()).await.unwrap();
    assert_eq!(second.applied, Vec::<String>::new());
    assert!(migrate::check(&db.url_owner(), &embedded()).await.unwrap().is_empty());
}

#[tokio::test]
async fn migrations_at_once_all_succeed_in_one_database_and_in_two() {
    let (one, other) = tokio::join!(TestDb::unmigrated(), TestDb::unmigrated());
    let outcomes = tokio::join!(
        run(&one, embedded()),
        run(&one, embedded()),
        run(&other, embedded()),
        run(&one, embedded()),
        run(&other, embedded()),
    );
    let applied: usize = [outcomes.0, outcomes.1, outcomes.2, outcomes.3, outcomes.4]
        .into_iter()
        .map(|outcome| outcome.unwrap().applied.len())
        .sum();
    assert_eq!(applied, 2 * embedded().files().len(), "each file ran once in each database");
}

#[tokio::test]
async fn an_owner_that_forced_rls_binds_is_refused_in_words() {
    let db = TestDb::unmigrated().await;
    let owner = create_owner(&db, "createrole").await;
    let options = Options { manifest: embedded(), login_urls: Vec::new() };
    let said = migrate::migrate(&owner, &options).await.unwrap_err().to_string();
    assert!(said.contains("BYPASSRLS") && said.contains("may not own"), "{said}");
}

/// On Supabase's shape every test runs as such an owner.
#[tokio::test]
async fn an_owner_with_bypassrls_alone_may_migrate() {
    if Shape::current() == Shape::Supabase {
        return;
    }
    // The cluster's roles are there already: an owner that is no superuser finds them as they are.
    TestDb::new().await;
    let db = TestDb::unmigrated().await;
    let owner = create_owner(&db, "createrole bypassrls").await;
    let options = Options { manifest: embedded(), login_urls: Vec::new() };
    migrate::migrate(&owner, &options).await.unwrap();
    migrate::ensure_compatible(&pool(&db.url_worker())).await.unwrap();
}

async fn create_owner(db: &TestDb, rights: &str) -> String {
    let role = format!("owner_{}", Uuid::new_v4().simple());
    let password = crate::support::db::cluster_password();
    db.superuser()
        .await
        .batch_execute(&format!(
            "create role {role} login {rights} password '{password}'; alter database \"{}\" owner to {role}",
            db.name()
        ))
        .await
        .unwrap();
    db.url_as(&role)
}

#[tokio::test]
async fn a_check_says_what_would_change_and_changes_nothing() {
    let db = TestDb::new().await;
    let path = "functions/tenancy/private/member_org_id.sql";
    let changed = format!("{}\n-- another release's words\n", embedded().file(path).unwrap().content);
    let next =
        embedded().as_release(NEXT, vec![SqlFile::new(path, &changed).unwrap(), rule("integer", "1")], &[]).unwrap();

    for _ in 0..2 {
        let plan = migrate::check(&db.url_owner(), &next).await.unwrap();
        let steps: Vec<_> = plan.steps.iter().map(|s| (s.path.as_str(), s.what)).collect();
        assert_eq!(steps, [(RULE, "new"), (path, "replace")]);
        let dependents = plan.steps[1].dependents.join("\n");
        assert!(dependents.contains("policy") && dependents.contains("profiles"), "{dependents}");
    }
    run(&db, next.clone()).await.unwrap();
    assert!(migrate::check(&db.url_owner(), &next).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_old_migrate_never_puts_old_rules_back() {
    let db = TestDb::new().await;
    let newer = embedded().as_release(NEXT, vec![rule("text", "'new'::text")], &[]).unwrap();
    run(&db, newer).await.unwrap();

    let older = embedded().as_release(Release(0, 89, 99), vec![rule("text", "'old'::text")], &[]).unwrap();
    let report = run(&db, older.clone()).await.unwrap();
    assert_eq!(report.applied, Vec::<String>::new());
    assert!(report.notes.join(" ").contains("changes nothing"), "{:?}", report.notes);
    assert!(migrate::check(&db.url_owner(), &older).await.unwrap().is_empty());
    assert_eq!(text(&db, "select private.test_rule()").await, "new");
}

#[tokio::test]
async fn every_version_of_a_rule_stays_on_record() {
    let db = TestDb::new().await;
    for (release, body) in [(NEXT, "'first'::text"), (AFTER_NEXT, "'second'::text")] {
        run(&db, embedded().as_release(release, vec![rule("text", body)], &[]).unwrap()).await.unwrap();
    }
    let kept = text(
        &db,
        "select string_agg(release || ' ' || substring(content from 'select (.*)::text'), ', ' order by id) \
         from private.sql_versions where path like '%test_rule%'",
    )
    .await;
    assert_eq!(kept, "0.90.0 'first', 0.91.0 'second'");
}

#[tokio::test]
async fn a_function_may_change_what_it_returns_and_what_it_takes() {
    let db = TestDb::new().await;
    let versions = [
        rule("integer", "1"),
        rule("text", "'other type'::text"),
        rule_with("p_more text default 'x'", "text", "'other arguments'::text"),
    ];
    for (minor, version) in (90..).zip(versions) {
        let manifest = embedded().as_release(Release(0, minor, 0), vec![version], &[]).unwrap();
        run(&db, manifest).await.unwrap_or_else(|e| panic!("{minor}: {e:#}"));
    }
    // The one without arguments is gone, or this call would be ambiguous.
    assert_eq!(text(&db, "select private.test_rule()").await, "other arguments");
}

#[tokio::test]
async fn a_return_type_that_something_depends_on_is_refused_in_words() {
    let db = TestDb::new().await;
    run(&db, embedded().as_release(NEXT, vec![rule("integer", "1")], &[]).unwrap()).await.unwrap();
    db.owner().await.batch_execute("create view private.test_view as select private.test_rule() as r").await.unwrap();

    let next = embedded().as_release(AFTER_NEXT, vec![rule("text", "'x'::text")], &[]).unwrap();
    let said = format!("{:#}", run(&db, next).await.unwrap_err());
    assert!(said.contains("_v2") && said.contains("test_rule"), "{said}");
    assert_eq!(text(&db, "select private.test_rule()::text").await, "1");
}

#[tokio::test]
async fn a_function_that_leaves_goes_one_release_later_and_only_if_it_was_ours() {
    let db = TestDb::new().await;
    run(&db, embedded().as_release(NEXT, vec![rule("text", "'here'::text")], &[]).unwrap()).await.unwrap();
    db.owner()
        .await
        .batch_execute("create function private.not_ours() returns text language sql as $$ select 'stays'::text $$")
        .await
        .unwrap();

    let without = |release| embedded().as_release(release, Vec::new(), &[]).unwrap();
    run(&db, without(AFTER_NEXT)).await.unwrap();
    assert_eq!(text(&db, "select private.test_rule()").await, "here", "servers of the release before still call it");
    run(&db, without(AFTER_NEXT)).await.unwrap();
    assert_eq!(text(&db, "select private.test_rule()").await, "here");

    run(&db, without(Release(0, 92, 0))).await.unwrap();
    assert_eq!(text(&db, "select coalesce(to_regprocedure('private.test_rule()')::text, 'gone')").await, "gone");
    assert_eq!(text(&db, "select private.not_ours()").await, "stays");
}

#[tokio::test]
async fn a_function_whose_file_moved_is_kept() {
    let db = TestDb::new().await;
    run(&db, embedded().as_release(NEXT, vec![rule("text", "'moved'::text")], &[]).unwrap()).await.unwrap();
    let moved =
        SqlFile::new("functions/tenancy/private/test_rule.sql", &rule("text", "'moved'::text").content).unwrap();
    for minor in [91, 92, 93] {
        run(&db, embedded().as_release(Release(0, minor, 0), vec![moved.clone()], &[]).unwrap()).await.unwrap();
    }
    assert_eq!(text(&db, "select private.test_rule()").await, "moved");
}

#[tokio::test]
async fn functions_change_all_together_or_not_at_all() {
    let db = TestDb::new().await;
    run(&db, embedded().as_release(NEXT, vec![rule("text", "'before'::text")], &[]).unwrap()).await.unwrap();
    let broken = SqlFile::new("functions/tenancy/private/zz_broken.sql", "-- fine\ncreate nonsense;").unwrap();
    let next = embedded().as_release(AFTER_NEXT, vec![rule("text", "'after'::text"), broken], &[]).unwrap();
    let said = format!("{:#}", run(&db, next).await.unwrap_err());
    assert!(said.contains("zz_broken.sql:2"), "the file and the line: {said}");
    assert_eq!(text(&db, "select private.test_rule()").await, "before");
}

#[tokio::test]
async fn a_row_an_operator_edited_is_left_as_it_is() {
    let db = TestDb::new().await;
    let table = SqlFile::new(
        "migrations/V9001__test_settings.sql",
        "create table private.test_settings (key text primary key, value text not null, edited_at timestamptz)",
    )
    .unwrap();
    let rows = |text| SqlFile::new("reference/private.test_settings.csv", text).unwrap();
    let first = vec![table.clone(), rows("key,value\na,1\nb,1\nc,1\nd,1\n")];
    run(&db, embedded().as_release(NEXT, first, &[]).unwrap()).await.unwrap();

    let edit = "update private.test_settings set value = 'mine', edited_at = now() where key in ('b', 'd')";
    db.owner().await.batch_execute(edit).await.unwrap();
    let second = vec![table, rows("key,value\na,2\nb,2\n")];
    run(&db, embedded().as_release(AFTER_NEXT, second, &[]).unwrap()).await.unwrap();

    let now = "select string_agg(key || '=' || value, ' ' order by key) from private.test_settings";
    assert_eq!(text(&db, now).await, "a=2 b=mine d=mine");
}

#[tokio::test]
async fn reference_data_is_exactly_what_the_release_says() {
    let db = TestDb::new().await;
    let path = "reference/private.error_registry.csv";
    let content = embedded().file(path).unwrap().content.replace(
        "not_signed_in,401,Please sign in.",
        "not_signed_in,401,Please sign in first.\ntest_only,422,Only in a test.",
    );
    let next = embedded().as_release(NEXT, vec![SqlFile::new(path, &content).unwrap()], &[]).unwrap();
    run(&db, next).await.unwrap();
    let sentence = "select sentence from private.error_registry where code = ";
    assert_eq!(text(&db, &format!("{sentence}'not_signed_in'")).await, "Please sign in first.");
    assert_eq!(text(&db, &format!("{sentence}'test_only'")).await, "Only in a test.");

    run(&db, embedded().as_release(AFTER_NEXT, Vec::new(), &[]).unwrap()).await.unwrap();
    let left = "select count(*)::text from private.error_registry where code = 'test_only'";
    assert_eq!(text(&db, left).await, "0");
}

#[tokio::test]
async fn a_migration_that_changed_or_came_too_late_is_refused_in_words() {
    let db = TestDb::new().await;
    let migration = |path: &str, sql: &str| SqlFile::new(path, sql).unwrap();
    let first = migration("migrations/V9005__test.sql", "create table private.test_one ()");
    run(&db, embedded().as_release(NEXT, vec![first.clone()], &[]).unwrap()).await.unwrap();

    let edited = migration("migrations/V9005__test.sql", "create table private.test_other ()");
    let said = run(&db, embedded().as_release(AFTER_NEXT, vec![edited], &[]).unwrap()).await.unwrap_err();
    assert!(format!("{said:#}").contains("has changed since it was run"), "{said:#}");

    let late = migration("migrations/V9004__late.sql", "create table private.test_late ()");
    let said = run(&db, embedded().as_release(AFTER_NEXT, vec![first, late], &[]).unwrap()).await.unwrap_err();
    assert!(format!("{said:#}").contains("V9004__late.sql was not run"), "{said:#}");
}

#[tokio::test]
async fn a_server_the_database_has_outgrown_is_refused_in_words_and_others_are_not() {
    let db = TestDb::new().await;
    let worker = pool(&db.url_worker());
    migrate::ensure_compatible(&worker).await.unwrap();

    let mut newer = embedded().as_release(NEXT, vec![rule("integer", "1")], &[]).unwrap();
    run(&db, newer.clone()).await.unwrap();
    migrate::ensure_compatible(&worker).await.expect("a newer schema is fine");

    newer.release = AFTER_NEXT;
    newer.min_server_release = NEXT;
    run(&db, newer).await.unwrap();
    let said = migrate::ensure_compatible(&worker).await.unwrap_err().to_string();
    assert!(said.contains("from release 0.90.0 on"), "{said}");
}

#[tokio::test]
async fn a_server_over_an_older_schema_says_what_to_run() {
    // Makes sure of the login roles, which belong to the cluster.
    let db = TestDb::new().await;
    let empty = TestDb::unmigrated().await;
    let said = migrate::ensure_compatible(&pool(&empty.url_worker())).await.unwrap_err().to_string();
    assert!(said.contains("`voxanne migrate`"), "{said}");

    db.owner()
        .await
        .batch_execute("update private.sql_versions set hash = 'older' where path like '%/auth_org_id.sql'")
        .await
        .unwrap();
    let said = migrate::ensure_compatible(&pool(&db.url_worker())).await.unwrap_err().to_string();
    assert!(said.contains("1 of its files") && said.contains("`voxanne migrate`"), "{said}");
}

#[tokio::test]
async fn a_server_started_beside_a_migrate_waits_for_it() {
    TestDb::new().await;
    let db = TestDb::unmigrated().await;
    // Holds the migrate up in its first steps, after it has taken the lock.
    db.owner().await.batch_execute("create schema private").await.unwrap();
    let blocker = db.superuser().await;
    blocker.batch_execute("begin; lock table pg_catalog.pg_description").await.unwrap();

    let migrating = run(&db, embedded());
    let serving = async {
        let watcher = connect(&db.url_superuser()).await;
        crate::support::eventually("the migrate is at work", async || {
            let held = "select exists (select from pg_locks l join pg_database d on d.oid = l.database \
                        where l.locktype = 'advisory' and l.granted and d.datname = current_database())";
            watcher.query_one(held, &[]).await.unwrap().get(0)
        })
        .await;
        let worker = pool(&db.url_worker());
        let (compatible, released) =
            tokio::join!(migrate::ensure_compatible(&worker), blocker.batch_execute("rollback"));
        released.unwrap();
        compatible
    };
    let (migrated, compatible) = tokio::join!(migrating, serving);
    migrated.unwrap();
    compatible.unwrap();
}

#[tokio::test]
async fn a_login_s_password_is_never_changed() {
    let db = TestDb::new().await;
    let other = db.url_api().replace(&crate::support::db::cluster_password(), "another-password");
    let options = Options { manifest: embedded(), login_urls: vec![SecretString::from(other)] };
    migrate::migrate(&db.url_owner(), &options).await.unwrap();
    db.api().await;
}

#[tokio::test]
async fn every_name_in_the_sql_is_the_one_its_file_promises() {
    let manifest = embedded();
    for file in manifest.of_kind(Kind::Function) {
        let (schema, name) = file.target();
        assert!(file.content.contains(&format!("function {schema}.{name}")), "sql/{}", file.path);
    }
}
