//! The harness itself and the private cluster under it.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::support::{Shape, TestDb, TestServer};

/// A command inside `voxanne with-postgres`, in a temporary folder of its own.
fn with_postgres(temporary: &std::path::Path, script: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voxanne"));
    command
        .args(["with-postgres", "--", "sh", "-c", script])
        .env("TMPDIR", temporary)
        .env_remove("VOXANNE_TEST_ADMIN_URL")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Everybody may enter it: Postgres runs as another account when the tests run as root.
fn temporary_folder(prefix: &str) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    tempfile::Builder::new()
        .prefix(prefix)
        .permissions(std::fs::Permissions::from_mode(0o755))
        .tempdir_in("/tmp")
        .unwrap()
}

#[tokio::test]
async fn a_command_s_status_is_the_outcome_and_nothing_stays_behind() {
    // Longer than a socket's address may be.
    let temporary = temporary_folder(&"long".repeat(30));
    let mut command = with_postgres(temporary.path(), "psql -Xqc 'select 1' \"$VOXANNE_TEST_ADMIN_URL\" && exit 7");
    let outcome = command.output().await.unwrap();
    assert_eq!(outcome.status.code(), Some(7), "{outcome:?}");
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn an_interrupt_ends_the_command_and_its_postgres() {
    let temporary = temporary_folder("voxanne-test-");
    let mut child = with_postgres(temporary.path(), "echo $VOXANNE_TEST_ADMIN_URL; exec sleep 600").spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.next_line().await.unwrap().expect("the command has an address");
    tokio_postgres::connect(&url, tokio_postgres::NoTls).await.map(drop).expect("Postgres is up");

    let pid = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().await.unwrap().success());
    assert_eq!(child.wait().await.unwrap().code(), Some(130));
    assert_eq!(lines.next_line().await.unwrap(), None, "the command is gone, and its end of the pipe with it");
    assert!(tokio_postgres::connect(&url, tokio_postgres::NoTls).await.is_err());
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_postgres_whose_command_was_killed_is_swept_away_by_the_next() {
    let temporary = temporary_folder("voxanne-test-");
    let mut child = with_postgres(temporary.path(), "echo $VOXANNE_TEST_ADMIN_URL; exec sleep 20").spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.next_line().await.unwrap().expect("the command has an address");
    child.kill().await.unwrap();

    let left = std::fs::read_dir(temporary.path()).unwrap().next().unwrap().unwrap().path();
    let hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    std::fs::File::open(&left).unwrap().set_modified(hour_ago).unwrap();
    assert!(with_postgres(temporary.path(), "true").status().await.unwrap().success());
    assert!(tokio_postgres::connect(&url, tokio_postgres::NoTls).await.is_err());
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

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
    crate::support::eventually("the database is gone", async || {
        let left = "select count(*) = 0 from pg_database where datname = $1";
        client.query_one(left, &[&name]).await.unwrap().get(0)
    })
    .await;
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
