//! `voxanne doctor` finds what is wrong, and nothing where nothing is.

use std::sync::Arc;

use voxanne::cli::doctor::{Finding, examine};
use voxanne::config::Config;

use crate::support::server::base_settings;
use crate::support::{TestDb, TestServer};

fn to_mend(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .filter_map(|f| match f {
            Finding::Mend(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

async fn look(db: &TestDb) -> Vec<Finding> {
    let config = Config::from_map(&base_settings(db, "http://localhost")).unwrap();
    examine(&config, false).await
}

#[tokio::test]
async fn a_healthy_deployment_has_nothing_to_mend() {
    let server = TestServer::on(Arc::new(TestDb::new().await), &[]).await;
    let findings = examine(&server.app.config, true).await;
    assert_eq!(to_mend(&findings), Vec::<&str>::new());
    assert!(findings.iter().any(|f| matches!(f, Finding::Fine(text) if text.contains("went through the queue"))));
}

#[tokio::test]
async fn each_planted_fault_is_found() {
    let faults = [
        ("alter table public.profiles no force row level security", "not forced on these tables"),
        ("create table public.open_table ()", "have no policy"),
        ("grant update on public.profiles to authenticated", "past the functions"),
        ("alter default privileges in schema public grant select on tables to anon", "begin open"),
        (
            "create policy planted on public.profiles for select using ((auth.jwt() -> 'user_metadata') is not null)",
            "user_metadata",
        ),
        (
            "with o as (insert into public.organizations (name) values ('Adrift') returning id) \
             insert into private.ledger_checks (org_id, check_name, drift, checked_at) select id, 'balance', 1, now() from o",
            "do not add up",
        ),
        (
            "with o as (insert into public.organizations (name) values ('Stuck') returning id) \
             insert into private.sagas (org_id, saga, subject_id, failures) select id, 'release_number', id, 1 from o",
            "are stuck",
        ),
        ("update private.sql_versions set hash = 'older' where path like '%auth_org_id.sql'", "`voxanne migrate`"),
    ];
    for (fault, said) in faults {
        let db = TestDb::new().await;
        db.owner().await.batch_execute(fault).await.unwrap_or_else(|e| panic!("{fault}: {e:?}"));
        let findings = look(&db).await;
        let found = to_mend(&findings);
        assert!(found.iter().any(|text| text.contains(said)), "{fault}: {found:?}");
    }
}

#[tokio::test]
async fn a_database_that_was_never_migrated_or_is_not_there_is_said_so() {
    TestDb::new().await;
    let empty = TestDb::unmigrated().await;
    assert!(to_mend(&look(&empty).await).iter().any(|text| text.contains("Run `voxanne migrate`")));

    let mut settings = base_settings(&empty, "http://localhost");
    settings.insert("DATABASE_URL".to_owned(), "postgresql://voxanne_api@127.0.0.1:1/nowhere".to_owned());
    let findings = examine(&Config::from_map(&settings).unwrap(), false).await;
    assert!(to_mend(&findings).iter().any(|text| text.starts_with("DATABASE_URL leads nowhere")), "{findings:?}");
}

#[tokio::test]
async fn a_login_with_too_many_rights_is_found() {
    let db = TestDb::new().await;
    let mut settings = base_settings(&db, "http://localhost");
    settings.insert("DATABASE_URL".to_owned(), db.url_superuser());
    let findings = examine(&Config::from_map(&settings).unwrap(), false).await;
    assert!(to_mend(&findings).iter().any(|text| text.contains("row level security does not bind")), "{findings:?}");
}
