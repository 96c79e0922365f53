//! Postgres behind TLS, as Supabase's is.

use tokio::process::Command;
use voxanne::db::embedded::Cluster;

use crate::support::db::connect;

/// Run by Postgres in its data folder: an authority, and a certificate it signed for the server.
const CERTIFICATES: &str = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=authority -keyout ca.key -out ca.crt -days 2 \
     && openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
        -keyout server.key -out server.csr \
     && openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2 \
        -copy_extensions copy && chmod 600 server.key";

async fn migrate(url: &str, authority: Option<&std::path::Path>) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voxanne"));
    command.args(["migrate", "--url", url]).env_remove("PGSSLROOTCERT").env_remove("DATABASE_URL");
    if let Some(authority) = authority {
        command.env("PGSSLROOTCERT", authority);
    }
    let ran = command.output().await.expect("voxanne runs");
    (ran.status.success(), String::from_utf8_lossy(&ran.stderr).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_asked_for_and_checked_when_the_address_says_so() {
    let cluster = Cluster::throw_away("postgres").await.expect("a cluster of its own");
    let plain = format!("{}?sslmode=require", cluster.superuser_url("postgres"));
    let (migrated, said) = migrate(&plain, None).await;
    assert!(!migrated && said.contains("TLS"), "a server without TLS is refused in words: {said}");

    let superuser = connect(&cluster.superuser_url("postgres")).await;
    let make = format!("copy (select 1) to program '{CERTIFICATES} 2>/dev/null'");
    superuser.batch_execute(&make).await.expect("openssl makes certificates");
    superuser.batch_execute("alter system set ssl = on").await.expect("TLS can be switched on");
    superuser.batch_execute("select pg_reload_conf()").await.expect("settings are read again");
    let authority: String =
        superuser.query_one("select pg_read_file('ca.crt')", &[]).await.expect("the authority").get(0);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.crt");
    std::fs::write(&file, authority).expect("written");

    crate::support::eventually("a certificate nobody vouches for is refused", || async {
        let (migrated, said) = migrate(&plain, None).await;
        !migrated && said.contains("certificate")
    })
    .await;
    let (migrated, said) = migrate(&plain, Some(&file)).await;
    assert!(migrated, "{said}");
    cluster.remove().await.expect("the cluster goes");
}
