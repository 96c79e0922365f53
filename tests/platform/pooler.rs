//! Behind Debian's PgBouncer in transaction mode.

use std::{
    net::TcpListener,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command},
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use url::Url;

use crate::support::{TestDb, TestServer, eventually};

struct Pooler {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn binary() -> Option<PathBuf> {
    ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"]
        .map(PathBuf::from)
        .into_iter()
        .find(|path| path.exists())
}

/// PgBouncer, like Postgres, refuses to run as root.
fn unprivileged() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    root.then_some((65534, 65534))
}

fn start(binary: &PathBuf, db: &TestDb) -> Pooler {
    let folder = tempfile::Builder::new().prefix("voxanne-pooler").tempdir_in("/tmp").expect("a folder");
    let port =
        TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port").port();
    let admin = Url::parse(&db.url_superuser()).expect("an address");
    let password = admin.password().unwrap_or_default();
    let users: String = ["voxanne_api", "voxanne_worker"].map(|user| format!("\"{user}\" \"{password}\"\n")).concat();
    std::fs::write(folder.path().join("users"), users).expect("written");
    let settings = format!(
        "[databases]\n{name} = host={host} port={server_port} dbname={name}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
         listen_port = {port}\nunix_socket_dir =\nauth_type = plain\nauth_file = {folder}/users\npool_mode = transaction\n\
         default_pool_size = 4\nmax_client_conn = 100\nlogfile = {folder}/log\npidfile =\n",
        name = db.name(),
        host = admin.host_str().unwrap_or("127.0.0.1"),
        server_port = admin.port().unwrap_or(5432),
        folder = folder.path().display(),
    );
    std::fs::write(folder.path().join("pgbouncer.ini"), settings).expect("written");

    let mut command = Command::new(binary);
    command.arg(folder.path().join("pgbouncer.ini")).stderr(std::process::Stdio::null());
    if let Some((uid, gid)) = unprivileged() {
        for path in [folder.path().to_owned(), folder.path().join("users"), folder.path().join("pgbouncer.ini")] {
            std::os::unix::fs::chown(path, Some(uid), Some(gid)).expect("root may give files away");
        }
        command.uid(uid).gid(gid);
    }
    Pooler { child: command.spawn().expect("PgBouncer starts"), port, _folder: folder }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_organisations_share_pooled_connections_and_see_their_own() {
    let Some(binary) = binary() else {
        println!("skipped: there is no PgBouncer on this machine");
        return;
    };
    let db = std::sync::Arc::new(TestDb::new().await);
    let pooler = start(&binary, &db);
    let through = |url: String| {
        let mut url = Url::parse(&url).expect("an address");
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(pooler.port)).expect("a port");
        url.set_query(None);
        url.to_string()
    };
    eventually("PgBouncer listens", || async {
        tokio::net::TcpStream::connect(("127.0.0.1", pooler.port)).await.is_ok()
    })
    .await;
    let server = TestServer::on(
        db.clone(),
        &[
            ("DATABASE_POOLER", "transaction"),
            ("DATABASE_URL", &through(db.url_api())),
            ("SERVICE_DATABASE_URL", &through(db.url_worker())),
            ("DATABASE_POOL_SIZE", "8"),
        ],
    )
    .await;
    let sessions = [server.sign_up("One").await, server.sign_up("Two").await];

    join_all((0..200).map(|round| {
        let (server, session) = (&server, &sessions[round % 2]);
        async move {
            let changed = server
                .patch("/api/organization", session)
                .json(&json!({ "specialty": format!("of {}", session.org_id) }));
            let answer: Value = changed.send().await.unwrap().json().await.unwrap();
            assert!(
                answer["id"] == json!(session.org_id)
                    || answer["code"] == "busy"
                    || answer["code"] == "organization_busy",
                "{answer}"
            );
            let answer = server.get("/api/organization", session).send().await.unwrap().json::<Value>().await.unwrap();
            assert!(
                answer["specialty"] == json!(format!("of {}", session.org_id)) || answer["code"] == "organization_busy",
                "{answer}"
            );
        }
    }))
    .await;
}
