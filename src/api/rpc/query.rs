//! The query string of a call: PostgREST's `select`, filters, `or`/`and`, `order`, `limit` and `offset`.
//!
//! Everything here is text from outside: names become quoted identifiers and values bound parameters in `sql`.

use super::{
    cursor::Cursor,
    failure::{Failure, Result},
};

#[derive(Debug, Default)]
pub struct Query {
    /// Arguments of a GET, in order; a name may come twice for a variadic one.
    pub arguments: Vec<(String, String)>,
    /// Empty: all columns.
    pub select: Vec<Item>,
    pub filters: Vec<Condition>,
    pub order: Vec<Order>,
    pub limit: Option<u64>,
    pub offset: u64,
}

/// A column, and a way into its JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub column: String,
    pub path: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub key: Key,
    pub as_text: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Name(String),
    Index(i32),
}

#[derive(Debug, PartialEq)]
pub enum Item {
    All,
    One { field: Field, alias: Option<String>, cast: Option<&'static str> },
}

#[derive(Debug, PartialEq)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test { field: Field, test: Test },
}

#[derive(Debug, PartialEq)]
pub enum Test {
    /// An operator of Postgres between the column and one value.
    Compare {
        operator: &'static str,
        value: String,
    },
    /// The same against any or all of several.
    Quantified {
        operator: &'static str,
        all: bool,
        values: Vec<String>,
    },
    Is(&'static str),
    In(Vec<String>),
}

#[derive(Debug, PartialEq)]
pub struct Order {
    pub field: Field,
    pub descending: bool,
    pub nulls_first: Option<bool>,
}

/// Casts a client may ask for: names of types without a side effect.
const CASTS: [&str; 22] = [
    "text",
    "varchar",
    "int",
    "integer",
    "int2",
    "int4",
    "int8",
    "smallint",
    "bigint",
    "numeric",
    "float4",
    "float8",
    "real",
    "bool",
    "boolean",
    "date",
    "time",
    "timestamp",
    "timestamptz",
    "uuid",
    "json",
    "jsonb",
];

impl Query {
    /// Parses a query string. Only a GET takes arguments from it.
    pub fn parse(query: &str, takes_arguments: bool) -> Result<Self> {
        let mut parsed = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "select" => parsed.select = select(&value)?,
                "order" => parsed.order = order(&value)?,
                "limit" => parsed.limit = Some(count("limit", &value)?),
                "offset" => parsed.offset = count("offset", &value)?,
                "columns" | "on_conflict" => {}
                "or" | "and" | "not.or" | "not.and" => {
                    let mut cursor = Cursor::new(&value);
                    let condition = logic(&mut cursor, &name)
                        .map_err(|why| Failure::query(format!("\"failed to parse logic tree ({value})\""), why))?;
                    parsed.filters.push(condition);
                }
                _ if is_filter(&value) => parsed.filters.push(filter(&name, &value)?),
                _ if takes_arguments => parsed.arguments.push((name.into_owned(), value.into_owned())),
                _ => {
                    return Err(Failure::query(
                        format!("\"failed to parse filter ({value})\""),
                        "A filter is an operator, a dot and a value, as in id=eq.1.",
                    ));
                }
            }
        }
        Ok(parsed)
    }
}

fn count(name: &str, value: &str) -> Result<u64> {
    if value.starts_with('-') && value[1..].parse::<u64>().is_ok() {
        return Err(Failure::range("Limit should be greater than or equal to zero."));
    }
    value
        .parse::<u64>()
        .ok()
        .filter(|count| i64::try_from(*count).is_ok())
        .ok_or_else(|| Failure::query(format!("\"failed to parse {name} ({value})\""), "It takes a whole number."))
}

fn select(text: &str) -> Result<Vec<Item>> {
    let refuse = |why: String| Failure::query(format!("\"failed to parse select parameter ({text})\""), why);
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut cursor = Cursor::new(text);
    let mut items = Vec::new();
    loop {
        items.push(item(&mut cursor).map_err(refuse)?);
        if cursor.at_end() {
            break;
        }
        cursor.expect(',').map_err(refuse)?;
    }
    if items == [Item::All] {
        items.clear();
    }
    Ok(items)
}

fn item(cursor: &mut Cursor) -> Result<Item, String> {
    cursor.skip_spaces();
    if cursor.take("...") {
        return Err("Embedded resources are served by Supabase, not here.".to_owned());
    }
    if cursor.take("*") {
        return Ok(Item::All);
    }
    let mut alias = None;
    let mut name = cursor.name()?;
    if cursor.looks_at(":") && !cursor.looks_at("::") {
        cursor.take(":");
        alias = Some(name);
        name = cursor.name()?;
    }
    let field = Field { column: name, path: path(cursor)? };
    if cursor.looks_at("(") || cursor.looks_at("!") || cursor.looks_at(".") {
        return Err("Embedded resources and aggregates are served by Supabase, not here.".to_owned());
    }
    let cast = match cursor.take("::") {
        true => {
            let wanted = cursor.name()?;
            Some(*CASTS.iter().find(|cast| **cast == wanted).ok_or(format!("There is no cast to {wanted} here."))?)
        }
        false => None,
    };
    cursor.skip_spaces();
    Ok(Item::One { field, alias, cast })
}

/// `->key`, `->>key`, `->0`, as many as there are.
fn path(cursor: &mut Cursor) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    loop {
        let as_text = if cursor.take("->>") {
            true
        } else if cursor.take("->") {
            false
        } else {
            return Ok(steps);
        };
        let key = match cursor.index() {
            Some(index) => Key::Index(index),
            None => Key::Name(cursor.name()?),
        };
        steps.push(Step { key, as_text });
    }
}

fn field(cursor: &mut Cursor) -> Result<Field, String> {
    Ok(Field { column: cursor.name()?, path: path(cursor)? })
}

fn order(text: &str) -> Result<Vec<Order>> {
    let refuse = |why: String| Failure::query(format!("\"failed to parse order ({text})\""), why);
    let mut cursor = Cursor::new(text);
    let mut terms = Vec::new();
    loop {
        cursor.skip_spaces();
        let mut term = Order { field: field(&mut cursor).map_err(refuse)?, descending: false, nulls_first: None };
        while cursor.take(".") {
            match cursor.name().map_err(refuse)?.as_str() {
                "asc" => {}
                "desc" => term.descending = true,
                "nullsfirst" => term.nulls_first = Some(true),
                "nullslast" => term.nulls_first = Some(false),
                other => {
                    return Err(refuse(format!(
                        "Unexpected \"{other}\": it takes asc, desc, nullsfirst or nullslast."
                    )));
                }
            }
        }
        terms.push(term);
        if cursor.at_end() {
            return Ok(terms);
        }
        cursor.expect(',').map_err(refuse)?;
    }
}

/// The operators of PostgREST that this door carries out, and those it knows and refuses.
const OPERATORS: [(&str, &str); 20] = [
    ("eq", "="),
    ("neq", "<>"),
    ("gt", ">"),
    ("gte", ">="),
    ("lt", "<"),
    ("lte", "<="),
    ("like", "like"),
    ("ilike", "ilike"),
    ("match", "~"),
    ("imatch", "~*"),
    ("cs", "@>"),
    ("cd", "<@"),
    ("ov", "&&"),
    ("sl", "<<"),
    ("sr", ">>"),
    ("nxr", "&<"),
    ("nxl", "&>"),
    ("adj", "-|-"),
    ("isdistinct", "is distinct from"),
    ("not", ""),
];
const REFUSED: [&str; 4] = ["fts", "plfts", "phfts", "wfts"];
const QUANTIFIABLE: [&str; 10] = ["=", ">=", ">", "<=", "<", "like", "ilike", "~", "~*", "<>"];

/// Whether a value has the form of a filter: an operator before the first dot.
fn is_filter(value: &str) -> bool {
    let Some((word, _)) = value.split_once('.') else { return false };
    let word = word.split_once('(').map_or(word, |(word, _)| word);
    word == "is" || word == "in" || REFUSED.contains(&word) || OPERATORS.iter().any(|(name, _)| *name == word)
}

fn filter(name: &str, value: &str) -> Result<Condition> {
    let refuse = |why: String| Failure::query(format!("\"failed to parse filter ({value})\""), why);
    let mut cursor = Cursor::new(name);
    let field = field(&mut cursor).map_err(refuse)?;
    if !cursor.at_end() {
        return Err(Failure::new(
            poem::http::StatusCode::BAD_REQUEST,
            "PGRST108",
            format!("'{}' is not an embedded resource in this request", field.column),
        ));
    }
    test(field, &mut Cursor::new(value), false).map_err(refuse)
}

/// `[not.]operator.value`. Inside a logic tree a value ends at a comma or a bracket, outside at the end.
fn test(field: Field, cursor: &mut Cursor, in_tree: bool) -> Result<Condition, String> {
    let negated = cursor.take("not.");
    let word = cursor.word().to_owned();
    let quantifier = if cursor.take("(any)") {
        Some(false)
    } else if cursor.take("(all)") {
        Some(true)
    } else {
        None
    };
    cursor.expect('.')?;
    let test = match word.as_str() {
        "is" => {
            let wanted = if in_tree { cursor.word() } else { cursor.rest() };
            Test::Is(match wanted.to_lowercase().as_str() {
                "null" => "is null",
                "not_null" => "is not null",
                "true" => "is true",
                "false" => "is false",
                "unknown" => "is unknown",
                other => return Err(format!("\"is\" takes null, not_null, true, false or unknown, not {other}.")),
            })
        }
        "in" => Test::In(cursor.list('(', ')')?),
        word => {
            let operator = OPERATORS
                .iter()
                .find(|(name, sql)| *name == word && !sql.is_empty())
                .map(|(_, sql)| *sql)
                .ok_or_else(|| format!("There is no operator \"{word}\" here."))?;
            let wildcards = |value: String| if operator.ends_with("like") { value.replace('*', "%") } else { value };
            match quantifier {
                Some(_) if !QUANTIFIABLE.contains(&operator) => return Err(format!("\"{word}\" takes no any or all.")),
                Some(all) => {
                    let values = cursor.list('{', '}')?.into_iter().map(wildcards).collect();
                    Test::Quantified { operator, all, values }
                }
                None => {
                    let value = if in_tree { cursor.tree_value()? } else { cursor.rest().to_owned() };
                    Test::Compare { operator, value: wildcards(value) }
                }
            }
        }
    };
    if !in_tree && !cursor.at_end() {
        return Err("There is something after the value.".to_owned());
    }
    let condition = Condition::Test { field, test };
    Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
}

/// How deep conditions may be nested.
const DEPTH: usize = 16;

fn logic(cursor: &mut Cursor, operator: &str) -> Result<Condition, String> {
    let condition = branch(cursor, operator, 0)?;
    if cursor.at_end() { Ok(condition) } else { Err("There is something after the last bracket.".to_owned()) }
}

fn branch(cursor: &mut Cursor, operator: &str, depth: usize) -> Result<Condition, String> {
    if depth > DEPTH {
        return Err("This is nested too deeply.".to_owned());
    }
    cursor.expect('(')?;
    let mut conditions = Vec::new();
    loop {
        cursor.skip_spaces();
        let nested = ["not.and", "not.or", "and", "or"]
            .into_iter()
            .find(|word| cursor.looks_at(word) && cursor.looks_at(&format!("{word}(")));
        conditions.push(match nested {
            Some(word) => {
                cursor.take(word);
                branch(cursor, word, depth + 1)?
            }
            None => {
                let field = field(cursor)?;
                cursor.expect('.')?;
                test(field, cursor, true)?
            }
        });
        cursor.skip_spaces();
        if cursor.take(")") {
            break;
        }
        cursor.expect(',')?;
    }
    let condition = if operator.ends_with("or") { Condition::Any(conditions) } else { Condition::All(conditions) };
    Ok(if operator.starts_with("not.") { Condition::Not(Box::new(condition)) } else { condition })
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
