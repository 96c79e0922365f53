//! The database's part: both logins, the owner, the migrations, and what the catalogue says about safety.

use std::time::Instant;

use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;
use tokio_postgres::Client;

use super::Finding;
use crate::config::{Config, Database};
use crate::db::migrate::{self, Manifest};

const OLDEST_POSTGRES: i32 = 150_000;
const CLOCK_SKEW_SECONDS: f64 = 2.0;

/// Each answers the names of what is wrong.
const CATALOGUE: [(&str, &str, &str); 5] = [
    (
        "Row level security is on and forced on every table.",
        "Row level security is not forced on these tables; run `voxanne migrate`",
        "select c.relname::text from pg_catalog.pg_class c \
         where c.relnamespace = 'public'::pg_catalog.regnamespace and c.relkind in ('r', 'p') and not c.relispartition \
           and not (c.relrowsecurity and c.relforcerowsecurity)",
    ),
    (
        "Every table has a policy.",
        "These tables have no policy; run `voxanne migrate`",
        "select c.relname::text from pg_catalog.pg_class c \
         where c.relnamespace = 'public'::pg_catalog.regnamespace and c.relkind in ('r', 'p') and not c.relispartition \
           and not exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid)",
    ),
    (
        "No policy reads what users can write about themselves.",
        "These tables' policies read user_metadata, which users write themselves",
        "select distinct p.tablename::text from pg_catalog.pg_policies p \
         where p.schemaname = 'public' and concat(p.qual, p.with_check) like '%user_metadata%'",
    ),
    (
        "Clients may write to no table.",
        "Clients may write to these tables past the functions; revoke that",
        "select c.relname::text from pg_catalog.pg_class c \
         cross join (values ('anon'), ('authenticated')) r (name) \
         where c.relnamespace = 'public'::pg_catalog.regnamespace and c.relkind in ('r', 'p', 'v') \
           and pg_catalog.has_table_privilege(r.name, c.oid, 'insert, update, delete, truncate') \
           and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'e') \
         group by 1",
    ),
    (
        "New tables and functions begin closed.",
        "New objects of the owner in `public` begin open to these roles; run `voxanne migrate`",
        "select distinct coalesce(r.rolname::text, 'public') from pg_catalog.pg_default_acl d \
         cross join lateral pg_catalog.aclexplode(d.defaclacl) a \
         left join pg_catalog.pg_roles r on r.oid = a.grantee \
         where d.defaclnamespace in (0, 'public'::pg_catalog.regnamespace) and d.defaclobjtype in ('r', 'f', 'S') \
           and d.defaclrole = (select n.nspowner from pg_catalog.pg_namespace n where n.nspname = 'private') \
           and (a.grantee = 0 or r.rolname in ('anon', 'authenticated', 'service_role'))",
    ),
];

/// Whether the server could work with what is there.
pub async fn examine(config: &Config, findings: &mut Vec<Finding>) -> bool {
    let Database { url, service_url, migrate_url, .. } = &config.database;
    let user = login("DATABASE_URL", url, "authenticated", findings).await;
    let worker = login("SERVICE_DATABASE_URL", service_url, "service_role", findings).await;
    if let Some(owner) = migrate_url {
        migrations(owner, findings).await;
    } else {
        findings.push(Finding::Note(
            "MIGRATE_DATABASE_URL is not set here: the owner's rights and pending migrations were not looked at."
                .into(),
        ));
    }
    let (Some(_), Some(worker)) = (user, worker) else { return false };

    clock(&worker, findings).await;
    let migrated = worker.query_one("select pg_catalog.to_regnamespace('private') is not null", &[]).await;
    if !migrated.is_ok_and(|row| row.get(0)) {
        findings.push(Finding::mend("The database has not been migrated. Run `voxanne migrate`."));
        return false;
    }
    for (fine, mend, sql) in CATALOGUE {
        findings.push(match worker.query(sql, &[]).await {
            Ok(rows) => {
                let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
                Finding::unless_any(&found, fine, mend)
            }
            Err(error) => Finding::Mend(format!("The catalogue could not be read: {error}")),
        });
    }
    true
}

/// A login without rights of its own, that may become `role`.
async fn login(name: &str, url: &SecretString, role: &str, findings: &mut Vec<Finding>) -> Option<Client> {
    let client = match migrate::connect(url.expose_secret()).await {
        Ok(client) => client,
        Err(error) => {
            findings.push(Finding::Mend(format!("{name} leads nowhere: {error:#}")));
            return None;
        }
    };
    let row = client
        .query_one(
            "select r.rolname::text, r.rolsuper or r.rolbypassrls, r.rolinherit, \
                    coalesce(pg_catalog.pg_has_role(r.rolname, pg_catalog.to_regrole($1), 'member'), false), \
                    pg_catalog.current_setting('server_version_num')::integer \
             from pg_catalog.pg_roles r where r.rolname = current_user",
            &[&role],
        )
        .await;
    let row = match row {
        Ok(row) => row,
        Err(error) => {
            findings.push(Finding::Mend(format!("{name} answers, but not as expected: {error}")));
            return None;
        }
    };

    let user: &str = row.get(0);
    if row.get::<_, i32>(4) < OLDEST_POSTGRES {
        findings.push(Finding::mend("The database is older than PostgreSQL 15: upgrade it."));
    }
    if !row.get::<_, bool>(3) {
        findings.push(Finding::Mend(format!(
            "{name} logs in as `{user}`, which may not act as `{role}`. Use the login that `voxanne migrate` makes."
        )));
        return None;
    }
    findings.push(if row.get(1) {
        Finding::Mend(format!(
            "{name} logs in as `{user}`, which row level security does not bind. Use a login without rights."
        ))
    } else if row.get(2) {
        Finding::Mend(format!(
            "{name} logs in as `{user}`, which has its roles' rights at once: `alter role {user} noinherit`."
        ))
    } else {
        Finding::Fine(format!("{name} leads to the database, as `{user}`."))
    });
    Some(client)
}

async fn migrations(owner: &SecretString, findings: &mut Vec<Finding>) {
    let outcome = match Manifest::embedded() {
        Ok(manifest) => migrate::check(owner.expose_secret(), &manifest).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(plan) if plan.is_empty() => {
            findings.push(Finding::fine("The owner has the rights it needs, and nothing is left to migrate."));
            findings.extend(plan.notes.into_iter().map(Finding::Note));
        }
        Ok(plan) => findings.push(Finding::Mend(format!(
            "{} SQL files are not applied. `voxanne migrate --check` lists them, `voxanne migrate` applies them.",
            plan.steps.len()
        ))),
        Err(error) => findings.push(Finding::Mend(format!("{error:#}"))),
    }
}

/// Tokens, leases and signatures compare times of both machines.
async fn clock(client: &Client, findings: &mut Vec<Finding>) {
    let began = Instant::now();
    let Ok(row) = client.query_one("select pg_catalog.clock_timestamp()", &[]).await else { return };
    let there: OffsetDateTime = row.get(0);
    let skew = (OffsetDateTime::now_utc() - began.elapsed() / 2 - there).as_seconds_f64();
    findings.push(if skew.abs() > CLOCK_SKEW_SECONDS {
        Finding::Mend(format!("This machine's clock is {skew:.1} s ahead of the database's: set both by NTP."))
    } else {
        Finding::fine("The clocks agree.")
    });
}
