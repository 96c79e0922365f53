//! A call: begin with role and claims, one function, commit; sent together, answered together.
//!
//! The call runs in a task of its own. A request that is given up leaves it to finish, so a connection goes back to
//! the pool only at the end of its transaction and the next user never meets a stranger's role or claims.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use deadpool_postgres::Object;
use futures_util::join;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::{
    Row,
    error::SqlState,
    types::{ToSql, Type},
};
use uuid::Uuid;

use super::{
    Db,
    catalogue::{Function, Returns, quote_ident},
    claims,
};
use crate::{
    auth::Principal,
    error::{Error, Result},
};

/// Statements kept warm at most: more than the endpoints have, fewer than a door full of odd requests could make.
pub(super) const WARM_LIMIT: usize = 256;

/// How often a deadlocked call is tried again before the caller hears of it.
const DEADLOCK_RETRIES: u32 = 3;

/// Arguments by name. What is null is left out, so that the function's own default applies.
#[derive(Clone, Debug, Default)]
pub struct Args(Map<String, Value>);

impl Args {
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Null) => {}
            Ok(value) => {
                self.0.insert(name.to_owned(), value);
            }
            Err(error) => unreachable!("an argument that is no JSON: {error}"),
        }
        self
    }

    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

impl From<Map<String, Value>> for Args {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

/// `args! { p_email: email, p_role: role }`
#[macro_export]
macro_rules! args {
    ($($name:ident : $value:expr),* $(,)?) => {
        $crate::db::Args::default()$(.with(stringify!($name), $value))*
    };
}

/// What Postgres answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// JSON text, as Postgres made it.
    pub body: String,
    /// Set by the function through `response.status`; 200 when it said nothing.
    pub status: Option<u16>,
    /// `response.headers`, as PostgREST takes them: `[{"Name": "value"}, …]`.
    pub headers: Option<String>,
    /// The transaction put effects or events on record.
    wake: bool,
}

impl Answer {
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.body).map_err(Error::internal)
    }

    pub(crate) fn from_row(row: &Row) -> Self {
        Self {
            body: row.get::<_, Option<String>>(0).unwrap_or_else(|| "null".to_owned()),
            status: row.get::<_, Option<String>>(1).and_then(|status| status.parse().ok()),
            headers: row.get(2),
            wake: row.get(3),
        }
    }
}

/// The header a client makes a request safe to repeat with.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    pub key: String,
    /// Method and path: the same key on another route is another request.
    pub route: String,
}

/// A call as SQL, and the types of its parameters: one JSON text, and three texts more behind an idempotency key.
#[derive(Debug)]
pub struct Statement {
    pub sql: String,
    pub types: Vec<Type>,
}

impl Statement {
    fn new(sql: String) -> Self {
        let count = (1..=4).rev().find(|n| sql.contains(&format!("${n}"))).unwrap_or(0);
        Self { sql, types: vec![Type::TEXT; count] }
    }
}

/// Somebody, about to call a function.
pub struct Caller {
    db: Db,
    principal: Principal,
    idempotency: Option<IdempotencyKey>,
}

impl Caller {
    pub(super) fn new(db: Db, principal: Principal) -> Self {
        Self { db, principal, idempotency: None }
    }

    /// The organisation the caller's token names. Whether they belong to it is Postgres's to say.
    pub fn org_id(&self) -> Option<Uuid> {
        self.principal.org_id
    }

    /// Makes writing answer once and for all for this key.
    pub fn idempotent(mut self, key: Option<IdempotencyKey>) -> Self {
        self.idempotency = key;
        self
    }

    /// Calls a function that writes nothing, in a read-only transaction.
    pub async fn read(&self, function: &str, args: Args) -> Result<Answer> {
        self.call(function, args, true).await
    }

    /// Calls a function that may write.
    pub async fn write(&self, function: &str, args: Args) -> Result<Answer> {
        self.call(function, args, false).await
    }

    async fn call(&self, function: &str, args: Args, read_only: bool) -> Result<Answer> {
        let once = self.idempotency.as_ref().filter(|_| !read_only);
        let statement = self.statement(function, &args, once.is_some()).await?;
        let body = serde_json::to_string(&args.0).map_err(Error::internal)?;
        let parameters = match once {
            Some(key) => {
                let hash = hex::encode(Sha256::digest(body.as_bytes()));
                vec![body, key.key.clone(), key.route.clone(), hash]
            }
            None => vec![body],
        };
        let unnamed = self.db.0.settings.pooled;
        let answer = self.run(statement, parameters, read_only, unnamed).await?;
        if answer.as_ref().is_err_and(|error| error.code() == Some(&SqlState::UNDEFINED_FUNCTION)) {
            self.db.forget_statements();
        }
        Ok(answer?)
    }

    /// The statement of a function with these arguments: written once, then remembered.
    async fn statement(&self, function: &str, args: &Args, once: bool) -> Result<Arc<Statement>> {
        let names = args.names();
        let key = format!("{function}({}){}", names.join(","), if once { " once" } else { "" });
        if let Some(known) = self.db.remembered(&key) {
            return Ok(known);
        }
        let found = self.find(function, args).await?;
        let sql = if once { idempotent_statement(&found, &names) } else { statement(&found, &names) };
        Ok(self.db.remember(key, Statement::new(sql)))
    }

    /// Runs a statement whose columns are the body and [`SAID`], in this caller's name, and says what Postgres said.
    /// For the Supabase door, which writes its own selections around a function; everyone else calls by name. Nothing is
    /// kept prepared: its callers choose columns and filters, and could fill a connection with them.
    pub async fn run_unnamed(
        &self,
        statement: String,
        parameters: Vec<String>,
        read_only: bool,
    ) -> Result<Result<Answer, tokio_postgres::Error>> {
        self.run(Arc::new(Statement::new(statement)), parameters, read_only, true).await
    }

    async fn run(
        &self,
        statement: Arc<Statement>,
        parameters: Vec<String>,
        read_only: bool,
        unnamed: bool,
    ) -> Result<Result<Answer, tokio_postgres::Error>> {
        let turn = self.db.0.turns.take(self.principal.org_id).await?;
        let connection = self.db.pool_for(self.principal.role).get().await?;
        let begin = claims::begin(&self.principal, read_only);
        let call = tokio::spawn(async move {
            let answer = transact(connection, &begin, &statement, &parameters, unnamed).await;
            drop(turn);
            answer
        });
        let answer = call.await.map_err(Error::internal)?;
        if answer.as_ref().is_ok_and(|answer| answer.wake) {
            self.db.wake();
        }
        Ok(answer)
    }

    async fn find(&self, function: &str, args: &Args) -> Result<Arc<Function>> {
        let (schema, name) = function.split_once('.').unwrap_or(("public", function));
        let names = args.names();
        if let Some(found) = self.db.catalogue().resolve(schema, name, &names) {
            return Ok(found);
        }
        self.db.refresh_catalogue().await?;
        self.db.catalogue().resolve(schema, name, &names).ok_or_else(|| {
            Error::code("not_available")
                .retry_after(5)
                .because(anyhow::anyhow!("no function {schema}.{name}({})", names.join(", ")))
        })
    }
}

/// Success is only when all three messages succeed; the function's own error is the one to tell.
async fn transact(
    connection: Object,
    begin: &str,
    statement: &Statement,
    parameters: &[String],
    unnamed: bool,
) -> Result<Answer, tokio_postgres::Error> {
    let mut attempt = 0;
    loop {
        match transact_once(&connection, begin, statement, parameters, unnamed).await {
            Err(error) if attempt < DEADLOCK_RETRIES && is_conflict(&error) => {
                attempt += 1;
                metrics::counter!("voxanne_call_retries_total").increment(1);
                tokio::time::sleep(Duration::from_millis(rand::random_range(1..20 * u64::from(attempt)))).await;
            }
            outcome => return outcome,
        }
    }
}

async fn transact_once(
    connection: &Object,
    begin: &str,
    statement: &Statement,
    parameters: &[String],
    unnamed: bool,
) -> Result<Answer, tokio_postgres::Error> {
    let types = &statement.types;
    let values = parameters.iter().take(types.len()).map(|value| value as &(dyn ToSql + Sync));
    let (begun, rows, committed) = if unnamed {
        let typed: Vec<_> = values.zip(types.iter().cloned()).collect();
        let call = connection.query_typed(&statement.sql, &typed);
        join!(connection.batch_execute(begin), call, connection.batch_execute("commit"))
    } else {
        let prepared = connection.prepare_typed_cached(&statement.sql, types).await?;
        let values: Vec<_> = values.collect();
        join!(connection.batch_execute(begin), connection.query(&prepared, &values), connection.batch_execute("commit"))
    };
    let rows = rows?;
    begun?;
    committed?;
    Ok(Answer::from_row(rows.first().expect("a call's statement returns one row")))
}

fn is_conflict(error: &tokio_postgres::Error) -> bool {
    error
        .code()
        .is_some_and(|code| *code == SqlState::T_R_DEADLOCK_DETECTED || *code == SqlState::T_R_SERIALIZATION_FAILURE)
}

/// `from json_to_record($1) as a(…)`, and the function applied to its columns.
fn application(function: &Function, names: &[&str]) -> (String, String) {
    let mut columns = String::new();
    let mut arguments = String::new();
    for argument in function.arguments.iter().filter(|argument| names.contains(&argument.name.as_str())) {
        let separator = if columns.is_empty() { "" } else { ", " };
        let name = quote_ident(&argument.name);
        let variadic = if argument.variadic { "variadic " } else { "" };
        write!(columns, "{separator}{name} {}", argument.sql_type).expect("writing to a string");
        write!(arguments, "{separator}{variadic}{name} => a.{name}").expect("writing to a string");
    }
    let from = if columns.is_empty() {
        String::new()
    } else {
        format!("pg_catalog.json_to_record($1::text::json) as a ({columns})")
    };
    (from, format!("{}({arguments})", function.qualified()))
}

/// What a function said beside its answer: status, headers, and whether workers have something new to do.
pub(crate) const SAID: &str = "nullif(pg_catalog.current_setting('response.status', true), ''), \
                    nullif(pg_catalog.current_setting('response.headers', true), ''), \
                    coalesce(pg_catalog.current_setting('voxanne.wake', true), '') = 'on'";

/// The answer as one JSON text. Only text comes back: that survives a re-created function, `select *` does not.
fn answer(function: &Function, applied: &str) -> String {
    match (function.returns_set, &function.returns) {
        (true, Returns::Composite) => {
            format!("(select coalesce(pg_catalog.json_agg(r), '[]')::text from (select f.* from {applied} as f) as r)")
        }
        (true, _) => format!("(select coalesce(pg_catalog.json_agg(f), '[]')::text from {applied} as f)"),
        (false, Returns::Void) => format!("nullif({applied}::text, '')"),
        (false, _) => format!("pg_catalog.to_json({applied})::text"),
    }
}

pub(crate) fn statement(function: &Function, names: &[&str]) -> String {
    let (from, applied) = application(function, names);
    let from = if from.is_empty() { from } else { format!(" from {from}") };
    format!("select {}, {SAID}{from}", answer(function, &applied))
}

/// The same behind `private.idem_begin`: a repeated request hears the first answer and the function does not run.
fn idempotent_statement(function: &Function, names: &[&str]) -> String {
    let (from, applied) = application(function, names);
    let from = if from.is_empty() { from } else { format!("{from}, ") };
    let body = answer(function, &applied);
    format!(
        "select private.idem_end(k.key, case when k.hit then k.body else coalesce({body}, 'null') end), {SAID} \
         from {from}private.idem_begin($2, $3, $4) as k"
    )
}

/// Fairness: at most a few requests of one organisation under way, so that one hot wallet cannot stall the others.
pub struct Turns {
    each: usize,
    wait: Duration,
    by_org: Mutex<HashMap<Uuid, Weak<Semaphore>>>,
}

impl Turns {
    pub fn new(each: usize, wait: Duration) -> Self {
        Self { each, wait, by_org: Mutex::default() }
    }

    async fn take(&self, org_id: Option<Uuid>) -> Result<Option<OwnedSemaphorePermit>> {
        let Some(org_id) = org_id else { return Ok(None) };
        let turns = self.of(org_id);
        match tokio::time::timeout(self.wait, turns.acquire_owned()).await {
            Ok(permit) => Ok(permit.ok()),
            Err(_) => Err(Error::code("organization_busy").retry_after(1)),
        }
    }

    fn of(&self, org_id: Uuid) -> Arc<Semaphore> {
        let mut by_org = self.by_org.lock().expect("no panic holds it");
        if let Some(turns) = by_org.get(&org_id).and_then(Weak::upgrade) {
            return turns;
        }
        if by_org.len() >= 1024 {
            by_org.retain(|_, turns| turns.strong_count() > 0);
        }
        let turns = Arc::new(Semaphore::new(self.each));
        by_org.insert(org_id, Arc::downgrade(&turns));
        turns
    }
}
