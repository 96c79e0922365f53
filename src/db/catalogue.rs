//! What functions the database has: names, argument types, volatility, the shape of the answer.
//!
//! The statements of the call path are written from this, and the Supabase door resolves overloads with it. It is read
//! at start and again when a function is asked for that is not there.

use std::{collections::HashMap, sync::Arc};

use crate::error::Result;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    pub name: String,
    /// As SQL writes it, qualified: `uuid`, `text[]`, `private.caller`.
    pub sql_type: String,
    pub has_default: bool,
    pub variadic: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returns {
    Void,
    Scalar,
    Composite,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub schema: String,
    pub name: String,
    pub arguments: Vec<Argument>,
    pub returns: Returns,
    /// As SQL writes it.
    pub return_type: String,
    pub returns_set: bool,
    pub volatile: bool,
    /// Client roles that may execute it.
    pub executable_by: Vec<String>,
    /// Columns of the answer and their SQL types, for composites.
    pub columns: Vec<(String, String)>,
}

#[derive(Debug, Default)]
pub struct Catalogue {
    functions: HashMap<(String, String), Vec<Arc<Function>>>,
}

const FUNCTIONS: &str = r"
select n.nspname::text, p.proname::text,
       coalesce(a.arguments, '[]')::text as arguments,
       p.prorettype = 'pg_catalog.void'::pg_catalog.regtype as is_void,
       t.typtype = 'c' or coalesce('t' = any (p.proargmodes), false)
           or (p.prorettype = 'pg_catalog.record'::pg_catalog.regtype and p.proargmodes is not null) as is_composite,
       pg_catalog.format_type(p.prorettype, null) as return_type,
       p.proretset, p.provolatile = 'v' as is_volatile,
       array(select r.rolname::text from pg_catalog.pg_roles r
             where r.rolname in ('anon', 'authenticated', 'service_role')
               and pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')) as executable_by,
       coalesce(c.columns, '[]')::text as columns
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_type t on t.oid = p.prorettype
left join lateral (
    select pg_catalog.json_agg(pg_catalog.json_build_array(
               coalesce(i.name, ''), pg_catalog.format_type(i.type, null),
               i.input_ordinal > p.pronargs - p.pronargdefaults,
               coalesce(i.mode, 'i') = 'v') order by i.input_ordinal) as arguments
    from (select u.name, u.type, u.mode, pg_catalog.row_number() over (order by u.ordinal) as input_ordinal
          from rows from (
              pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])),
              pg_catalog.unnest(p.proargmodes), pg_catalog.unnest(p.proargnames)
          ) with ordinality as u (type, mode, name, ordinal)
          where u.type is not null and coalesce(u.mode, 'i') in ('i', 'b', 'v')) as i
) a on true
left join lateral (
    select pg_catalog.json_agg(pg_catalog.json_build_array(o.name, pg_catalog.format_type(o.type, null)) order by o.ordinal) as columns
    from (
        select u.name, u.type, u.ordinal
        from rows from (
            pg_catalog.unnest(p.proallargtypes), pg_catalog.unnest(p.proargmodes), pg_catalog.unnest(p.proargnames)
        ) with ordinality as u (type, mode, name, ordinal)
        where u.mode in ('o', 'b', 't')
        union all
        select att.attname, att.atttypid, att.attnum
        from pg_catalog.pg_attribute att
        where att.attrelid = t.typrelid and t.typtype = 'c' and att.attnum > 0 and not att.attisdropped
    ) as o
) c on true
where n.nspname in ('public', 'private') and p.prokind = 'f'
  and p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
order by 1, 2, 3";

impl Catalogue {
    pub async fn load(client: &tokio_postgres::Client) -> Result<Self> {
        let mut functions: HashMap<(String, String), Vec<Arc<Function>>> = HashMap::new();
        for row in client.query_typed(FUNCTIONS, &[]).await? {
            let arguments: Vec<(String, String, bool, bool)> =
                serde_json::from_str(row.get("arguments")).map_err(crate::error::Error::internal)?;
            let columns: Vec<(String, String)> =
                serde_json::from_str(row.get("columns")).map_err(crate::error::Error::internal)?;
            let function = Function {
                schema: row.get(0),
                name: row.get(1),
                arguments: arguments
                    .into_iter()
                    .map(|(name, sql_type, has_default, variadic)| Argument { name, sql_type, has_default, variadic })
                    .collect(),
                returns: match (row.get::<_, bool>("is_void"), row.get::<_, bool>("is_composite")) {
                    (true, _) => Returns::Void,
                    (_, true) => Returns::Composite,
                    _ => Returns::Scalar,
                },
                return_type: row.get("return_type"),
                returns_set: row.get("proretset"),
                volatile: row.get("is_volatile"),
                executable_by: row.get("executable_by"),
                columns,
            };
            let key = (function.schema.clone(), function.name.clone());
            functions.entry(key).or_default().push(Arc::new(function));
        }
        Ok(Self { functions })
    }

    /// Every overload of a name.
    pub fn overloads(&self, schema: &str, name: &str) -> &[Arc<Function>] {
        self.functions.get(&(schema.to_owned(), name.to_owned())).map(Vec::as_slice).unwrap_or_default()
    }

    /// The overload that takes these arguments by name, all others having defaults.
    pub fn resolve(&self, schema: &str, name: &str, given: &[&str]) -> Option<Arc<Function>> {
        self.overloads(schema, name).iter().find(|function| function.takes(given)).cloned()
    }

    pub fn all(&self) -> impl Iterator<Item = &Arc<Function>> {
        self.functions.values().flatten()
    }
}

impl Function {
    pub fn takes(&self, given: &[&str]) -> bool {
        given.iter().all(|name| self.arguments.iter().any(|argument| argument.name == *name))
            && self
                .arguments
                .iter()
                .all(|argument| argument.has_default || argument.variadic || given.contains(&argument.name.as_str()))
    }

    pub fn qualified(&self) -> String {
        format!("{}.{}", quote_ident(&self.schema), quote_ident(&self.name))
    }
}

/// An identifier as SQL may hold it, whatever characters are in it.
pub fn quote_ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
