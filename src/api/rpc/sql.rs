//! The statement around a function: call it once, then select, filter, order and count what it answered.
//!
//! `$1` is the arguments as one JSON text, `$2` the values of filters as one JSON array. Names from outside are quoted
//! identifiers; nothing else from outside stands in the statement.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    failure::{Failure, Result},
    query::{Condition, Field, Item, Key, Order, Query, Step, Test},
    request::{Accept, Media},
};
use crate::db::{
    Function,
    call::SAID,
    catalogue::{Returns, quote_ident},
    quote_literal,
};

/// How a function's answer is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Void,
    Scalar,
    Composite,
}

impl Shape {
    /// A function with named output columns answers with rows, even if there is only one column.
    pub fn of(function: &Function) -> Self {
        match function.returns {
            Returns::Void => Self::Void,
            Returns::Composite => Self::Composite,
            Returns::Scalar => Self::Scalar,
        }
    }
}

pub struct Call<'a> {
    pub function: &'a Function,
    /// Names of the arguments given; `None`: the whole body is the one unnamed argument.
    pub arguments: Option<&'a [String]>,
    pub query: &'a Query,
    pub accept: Accept,
    pub count: bool,
    pub max_affected: Option<u64>,
}

/// The statement and the values of its filters. Its body column is a line `rows total` and the answer's text.
pub fn statement(call: &Call) -> Result<(String, Value)> {
    let shape = Shape::of(call.function);
    let mut writer = Writer { call, shape, values: Vec::new() };
    let (from, applied) = writer.application();
    let from = if from.is_empty() { String::new() } else { format!(" from {from}") };
    if shape == Shape::Void {
        let statement = format!(
            "select '1 1' || pg_catalog.chr(10) || coalesce(nullif({applied}::text, ''), 'null'), {SAID}{from}"
        );
        return Ok((statement, Value::Array(Vec::new())));
    }
    let source = match shape {
        Shape::Composite if from.is_empty() => format!("select pgrst_row.* from {applied} as pgrst_row"),
        Shape::Composite => format!("select pgrst_row.*{from}, lateral {applied} as pgrst_row"),
        _ => format!("select {applied} as pgrst_scalar{from}"),
    };
    let items = writer.items()?;
    let condition = writer.conditions()?;
    let order = writer.order()?;
    let limit = call.query.limit.map(|limit| format!(" limit {limit}")).unwrap_or_default();
    let offset = if call.query.offset > 0 { format!(" offset {}", call.query.offset) } else { String::new() };
    let total = if call.count {
        format!("(select pg_catalog.count(*) from pgrst_source as pgrst_row{condition})::text")
    } else {
        "'*'".to_owned()
    };
    let body = writer.body();
    let statement = format!(
        "with pgrst_source as ({source}), \
         pgrst_rows as (select {items} from pgrst_source as pgrst_row{condition}{order}{limit}{offset}) \
         select pg_catalog.count(*)::text || ' ' || {total} || pg_catalog.chr(10) || {body}, {SAID} \
         from pgrst_rows as pgrst_page"
    );
    Ok((statement, Value::Array(writer.values)))
}

struct Writer<'a> {
    call: &'a Call<'a>,
    shape: Shape,
    values: Vec<Value>,
}

impl Writer<'_> {
    /// Where the arguments come from, and the function applied to them.
    fn application(&self) -> (String, String) {
        let function = self.call.function;
        let Some(given) = self.call.arguments else {
            let argument = match function.arguments.first().map(|argument| argument.sql_type.as_str()) {
                Some("bytea") => "pg_catalog.decode($1::text, 'base64')".to_owned(),
                Some(sql_type) => format!("cast($1::text as {sql_type})"),
                None => String::new(),
            };
            return (String::new(), format!("{}({argument})", function.qualified()));
        };
        let (mut columns, mut arguments) = (String::new(), String::new());
        for argument in function.arguments.iter().filter(|argument| given.contains(&argument.name)) {
            let separator = if columns.is_empty() { "" } else { ", " };
            let name = quote_ident(&argument.name);
            let variadic = if argument.variadic { "variadic " } else { "" };
            write!(columns, "{separator}{name} {}", argument.sql_type).expect("writing to a string");
            write!(arguments, "{separator}{variadic}{name} => pgrst_args.{name}").expect("writing to a string");
        }
        let applied = format!("{}({arguments})", function.qualified());
        if columns.is_empty() {
            return (String::new(), applied);
        }
        (format!("pg_catalog.json_to_record($1::text::json) as pgrst_args ({columns})"), applied)
    }

    /// The type of a column, when the function says what its columns are.
    fn type_of(&self, column: &str) -> Result<Option<&str>> {
        let columns = &self.call.function.columns;
        let missing = || Failure::column(&self.call.function.name, column);
        match self.shape {
            Shape::Composite if columns.is_empty() => Ok(None),
            Shape::Composite => columns
                .iter()
                .find(|(name, _)| name == column)
                .map(|(_, sql_type)| Some(sql_type.as_str()))
                .ok_or_else(missing),
            _ => Err(missing()),
        }
    }

    /// A field as an expression, and the type its filters compare in.
    fn field(&self, field: &Field) -> Result<(String, String)> {
        let sql_type = self.type_of(&field.column)?;
        let column = format!("pgrst_row.{}", quote_ident(&field.column));
        let Some(last) = field.path.last() else {
            return Ok((column, sql_type.unwrap_or("text").to_owned()));
        };
        let mut expression = format!("pg_catalog.to_jsonb({column})");
        for Step { key, as_text } in &field.path {
            let arrow = if *as_text { "->>" } else { "->" };
            match key {
                Key::Index(index) => write!(expression, " {arrow} ({index})"),
                Key::Name(name) => write!(expression, " {arrow} {}", quote_literal(name)),
            }
            .expect("writing to a string");
        }
        Ok((format!("({expression})"), if last.as_text { "text" } else { "jsonb" }.to_owned()))
    }

    fn items(&self) -> Result<String> {
        if self.call.query.select.is_empty() {
            return Ok("pgrst_row.*".to_owned());
        }
        let mut written = Vec::new();
        for item in &self.call.query.select {
            written.push(match item {
                Item::All => "pgrst_row.*".to_owned(),
                Item::One { field, alias, cast } => {
                    let (mut expression, _) = self.field(field)?;
                    if let Some(cast) = cast {
                        expression = format!("cast({expression} as {cast})");
                    }
                    format!("{expression} as {}", quote_ident(alias.as_deref().unwrap_or(output_name(field))))
                }
            });
        }
        Ok(written.join(", "))
    }

    fn conditions(&mut self) -> Result<String> {
        let mut written = Vec::new();
        for condition in &self.call.query.filters {
            written.push(self.condition(condition)?);
        }
        Ok(if written.is_empty() { String::new() } else { format!(" where {}", written.join(" and ")) })
    }

    fn condition(&mut self, condition: &Condition) -> Result<String> {
        Ok(match condition {
            Condition::Not(inner) => format!("not ({})", self.condition(inner)?),
            Condition::All(inner) => self.joined(inner, " and ")?,
            Condition::Any(inner) => self.joined(inner, " or ")?,
            Condition::Test { field, test } => {
                let (expression, sql_type) = self.field(field)?;
                match test {
                    Test::Is(what) => format!("{expression} {what}"),
                    Test::In(values) => {
                        let list = self.list(values, &sql_type);
                        format!("{expression} = any ({list})")
                    }
                    Test::Quantified { operator, all, values } => {
                        let sql_type = if is_pattern(operator) { "text" } else { &sql_type };
                        let list = self.list(values, sql_type);
                        format!("{expression} {operator} {} ({list})", if *all { "all" } else { "any" })
                    }
                    Test::Compare { operator, value } => {
                        let sql_type = if is_pattern(operator) { "text" } else { &sql_type };
                        let value = self.value(Value::String(value.clone()), sql_type);
                        format!("{expression} {operator} {value}")
                    }
                }
            }
        })
    }

    fn joined(&mut self, conditions: &[Condition], with: &str) -> Result<String> {
        let mut written = Vec::new();
        for condition in conditions {
            written.push(self.condition(condition)?);
        }
        Ok(format!("({})", written.join(with)))
    }

    /// A bound value, read as the type it is compared with.
    fn value(&mut self, value: Value, sql_type: &str) -> String {
        self.values.push(value);
        format!("cast($2::text::json ->> {} as {sql_type})", self.values.len() - 1)
    }

    fn list(&mut self, values: &[String], sql_type: &str) -> String {
        self.values.push(values.iter().cloned().map(Value::String).collect());
        format!(
            "array(select cast(pgrst_value as {sql_type}) \
             from pg_catalog.json_array_elements_text($2::text::json -> {}) as pgrst_value)",
            self.values.len() - 1
        )
    }

    fn order(&self) -> Result<String> {
        let mut written = Vec::new();
        for Order { field, descending, nulls_first } in &self.call.query.order {
            let (expression, _) = self.field(field)?;
            let direction = if *descending { " desc" } else { "" };
            let nulls = match nulls_first {
                Some(true) => " nulls first",
                Some(false) => " nulls last",
                None => "",
            };
            written.push(format!("{expression}{direction}{nulls}"));
        }
        Ok(if written.is_empty() { String::new() } else { format!(" order by {}", written.join(", ")) })
    }

    /// The rows as one text.
    fn body(&self) -> String {
        let returns_set = self.call.function.returns_set;
        let row = if self.shape == Shape::Scalar { "pgrst_page.pgrst_scalar" } else { "pgrst_page" };
        let aggregated = format!("pg_catalog.json_agg({row})");
        let aggregated = if self.call.accept.without_nulls {
            format!("pg_catalog.json_strip_nulls({aggregated})")
        } else {
            aggregated
        };
        let body = match self.call.accept.media {
            Media::Csv => format!(
                "{} || pg_catalog.chr(10) || coalesce(pg_catalog.string_agg(pg_catalog.substr(pgrst_page::text, 2, \
                 pg_catalog.length(pgrst_page::text) - 2), pg_catalog.chr(10)), '')",
                quote_literal(&self.csv_header())
            ),
            Media::Single => one_row(&format!("coalesce(({aggregated} -> 0)::text, 'null')")),
            Media::Json if returns_set => format!("coalesce({aggregated}::text, '[]')"),
            Media::Json => format!("coalesce(({aggregated} -> 0)::text, 'null')"),
        };
        match self.call.max_affected {
            Some(most) => refusing(&format!("pg_catalog.count(*) > {most}"), 24, &body),
            None => body,
        }
    }

    fn csv_header(&self) -> String {
        let columns = self.call.function.columns.iter().map(|(name, _)| name.as_str());
        let mut names: Vec<&str> = Vec::new();
        if self.shape == Shape::Scalar {
            names.push("pgrst_scalar");
        } else if self.call.query.select.is_empty() {
            names.extend(columns);
        } else {
            for item in &self.call.query.select {
                match item {
                    Item::All => names.extend(columns.clone()),
                    Item::One { field, alias, .. } => names.push(alias.as_deref().unwrap_or(output_name(field))),
                }
            }
        }
        names.join(",")
    }
}

/// The last name on the way into the JSON, as PostgREST calls it.
fn output_name(field: &Field) -> &str {
    let named = field.path.iter().rev().find_map(|step| match &step.key {
        Key::Name(name) => Some(name.as_str()),
        Key::Index(_) => None,
    });
    named.unwrap_or(&field.column)
}

fn is_pattern(operator: &str) -> bool {
    matches!(operator, "like" | "ilike" | "~" | "~*")
}

/// An answer that must be one row. The refusal is an error of the statement itself, so that a call whose answer nobody
/// gets is undone; `failure` knows it again by its number.
fn one_row(body: &str) -> String {
    refusing("pg_catalog.count(*) <> 1", 16, body)
}

fn refusing(when: &str, number: u8, body: &str) -> String {
    format!("case when {when} then ('PGRST1{number} ' || pg_catalog.count(*))::pg_catalog.int4::text else {body} end")
}
