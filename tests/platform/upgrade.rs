//! An upgrade with the old servers still running.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use reqwest::Method;
use serde_json::json;
use voxanne::db::migrate::{self, Kind, Manifest, Options, Release, SqlFile};

use crate::support::{Session, TestDb, TestServer};

/// The next release: every function, trigger and policy anew, a return type changed, a table altered.
fn release(minor: u32) -> Manifest {
    let manifest = Manifest::embedded().unwrap();
    let mut changed: Vec<SqlFile> = manifest
        .files()
        .iter()
        .filter(|f| matches!(f.kind, Kind::Function | Kind::View | Kind::Trigger | Kind::Policy))
        .map(|f| SqlFile::new(&f.path, &format!("{}\n-- as of release {minor}\n", f.content)).unwrap())
        .collect();
    for past in 1..=minor {
        changed.push(
            SqlFile::new(
                &format!("migrations/V9{past:03}__test.sql"),
                &format!(
                    "alter table public.profiles add column test_{past} text; \
                          create index profiles_test_{past}_idx on public.profiles (org_id, test_{past})"
                ),
            )
            .unwrap(),
        );
    }
    manifest.as_release(Release(0, 90 + minor, 0), changed, &[]).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_under_load_drops_no_request() {
    let db = Arc::new(TestDb::new().await);
    let old = Arc::new(TestServer::on(db.clone(), &[]).await);
    let mut sessions = Vec::new();
    for n in 0..3 {
        sessions.push(db.sign_up(&format!("Clinic {n}")).await);
    }

    let done = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicUsize::new(0));
    let load = |server: &Arc<TestServer>| -> Vec<tokio::task::JoinHandle<Vec<String>>> {
        sessions
            .iter()
            .cloned()
            .map(|session| tokio::spawn(ask(server.clone(), session, done.clone(), answered.clone())))
            .collect()
    };

    let mut asking = load(&old);
    let mut new = None;
    for minor in 1..=2 {
        wait_for_more(&answered, 20).await;
        let options = Options { manifest: release(minor), login_urls: Vec::new() };
        let report = migrate::migrate(&db.url_owner(), &options).await.unwrap_or_else(|e| panic!("{e:#}"));
        assert!(report.applied.len() > 50, "the release changed next to everything: {}", report.applied.len());
        if new.is_none() {
            let server = Arc::new(TestServer::on(db.clone(), &[]).await);
            asking.extend(load(&server));
            new = Some(server);
        }
    }
    wait_for_more(&answered, 40).await;
    done.store(true, Ordering::Relaxed);

    let mut lost = Vec::new();
    for task in asking {
        lost.extend(task.await.unwrap());
    }
    assert_eq!(lost, Vec::<String>::new(), "of {} requests", answered.load(Ordering::Relaxed));
}

/// Reads and writes without a pause; answers what went wrong.
async fn ask(
    server: Arc<TestServer>,
    session: Session,
    done: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
) -> Vec<String> {
    let mut lost = Vec::new();
    for turn in 0usize.. {
        if done.load(Ordering::Relaxed) {
            break;
        }
        let request = if turn.is_multiple_of(3) {
            let body = json!({ "specialty": format!("Turn {turn}") });
            server.request(Method::PATCH, "/api/organization", Some(&session)).json(&body)
        } else {
            server.get("/api/me", &session)
        };
        match request.send().await {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => lost.push(format!("{} {}", answer.status(), answer.text().await.unwrap_or_default())),
            Err(error) => lost.push(format!("{error:?}")),
        }
        answered.fetch_add(1, Ordering::Relaxed);
    }
    lost
}

async fn wait_for_more(answered: &AtomicUsize, more: usize) {
    let target = answered.load(Ordering::Relaxed) + more;
    crate::support::eventually("requests are answered", async || answered.load(Ordering::Relaxed) >= target).await;
}

#[tokio::test]
async fn servers_and_migrations_started_at_once_all_come_up() {
    TestDb::new().await;
    let db = Arc::new(TestDb::unmigrated().await);
    let come_up = async || {
        let options = Options::embedded().unwrap();
        migrate::migrate(&db.url_owner(), &options).await.unwrap_or_else(|e| panic!("{e:#}"));
        let server = TestServer::on(db.clone(), &[]).await;
        migrate::ensure_compatible(server.app.db.worker_pool()).await.unwrap();
        let answer = server.client().get(server.url("/ready")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    };
    tokio::join!(come_up(), come_up(), come_up());
}
