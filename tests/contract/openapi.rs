//! The OpenAPI document: reviewed, complete, and true to the functions behind it.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio_postgres::Client;
use voxanne::{
    api::openapi,
    db::{Catalogue, Function, catalogue::Returns},
    error::REGISTRY,
};

use crate::support::TestDb;

fn document() -> Value {
    serde_json::from_str(&openapi::document()).expect("the document is JSON")
}

/// Every operation: method, path, and what the document says of it.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods");
            methods.iter().map(|(method, operation)| (method.to_uppercase(), path.clone(), operation))
        })
        .collect()
}

#[test]
fn the_document_is_the_reviewed_one() {
    insta::assert_snapshot!("openapi", openapi::document());
}

#[test]
fn every_operation_says_what_it_does_takes_gives_and_refuses() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        assert!(operation["operationId"].is_string(), "{name} has no operationId");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name} has no summary");
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name} has not one tag");
        assert!(operation["security"].is_array(), "{name} says nothing of who may call it");

        let responses = operation["responses"].as_object().expect("responses");
        let answers: Vec<_> = responses.keys().filter(|status| status.starts_with('2')).collect();
        assert!(
            answers.len() == 1 || answers == ["200", "202"] || answers == ["201", "202"],
            "{name} answers {answers:?}"
        );
        for (status, response) in responses.iter().filter(|(status, _)| !status.starts_with('2')) {
            let examples = response["content"]["application/json; charset=utf-8"]["examples"].as_object();
            for code in examples.unwrap_or_else(|| panic!("{name} has no examples for {status}")).keys() {
                assert_eq!(REGISTRY[code].status.to_string(), *status, "{name}: {code}");
            }
        }
        for refusal in ["401", "500", "503"] {
            assert!(responses.contains_key(refusal), "{name} does not list {refusal}");
        }
    }
}

#[test]
fn every_json_body_and_answer_has_an_example_of_its_shape() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        let answers =
            operation["responses"].as_object().expect("responses").iter().filter(|(status, _)| status.starts_with('2'));
        let contents = answers.map(|(_, answer)| &answer["content"]).chain([&operation["requestBody"]["content"]]);
        for (kind, media) in contents.filter_map(Value::as_object).flatten().filter(|(kind, _)| kind.contains("json")) {
            let example =
                media.get("example").unwrap_or_else(|| panic!("{method} {path} has no example of its {kind}"));
            let mut schema = media["schema"].clone();
            schema["components"] = document["components"].clone();
            let validator = jsonschema::options().build(&nullable(schema)).expect("a schema");
            let faults: Vec<String> =
                validator.iter_errors(example).map(|fault| format!("{}: {fault}", fault.instance_path)).collect();
            assert!(faults.is_empty(), "{method} {path}: {faults:?}");
        }
    }
}

/// OpenAPI 3.0 says `nullable` where JSON Schema says `type: [.., "null"]`.
fn nullable(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(object) => {
            for value in object.values_mut() {
                *value = nullable(value.take());
            }
            if object.remove("nullable") == Some(Value::Bool(true)) {
                return serde_json::json!({ "anyOf": [schema, { "type": "null" }] });
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = nullable(item.take())),
        _ => {}
    }
    schema
}

/// The columns of a composite type, by name.
async fn columns(client: &Client, composite: &str) -> Option<BTreeMap<String, String>> {
    let rows = client
        .query(
            "select a.attname::text, pg_catalog.format_type(a.atttypid, null)
             from pg_catalog.pg_type t join pg_catalog.pg_attribute a on a.attrelid = t.typrelid
             where t.oid = pg_catalog.to_regtype($1) and t.typtype = 'c' and a.attnum > 0 and not a.attisdropped",
            &[&composite],
        )
        .await
        .expect("the columns of a type");
    (!rows.is_empty()).then(|| rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Compares a schema with a SQL type, all the way down, and notes where they part.
async fn compare(
    client: &Client,
    document: &Value,
    schema: &Value,
    sql_type: &str,
    at: &str,
    faults: &mut Vec<String>,
) {
    let schema = match schema["allOf"].as_array() {
        Some(all) => &all[0],
        None => schema,
    };
    let schema = match schema["$ref"].as_str() {
        Some(path) => document.pointer(&path[1..]).expect("a schema that is named is there"),
        None => schema,
    };
    if let Some(element) = sql_type.strip_suffix("[]") {
        if schema["type"] != "array" {
            faults.push(format!("{at}: {sql_type} is declared {schema}"));
            return;
        }
        return Box::pin(compare(client, document, &schema["items"], element, &format!("{at}[]"), faults)).await;
    }
    if let Some(columns) = columns(client, sql_type).await {
        return Box::pin(compare_columns(client, document, schema, &columns, at, faults)).await;
    }
    let (kind, format) = (schema["type"].as_str(), schema["format"].as_str());
    let fits = match sql_type {
        "uuid" => kind == Some("string") && format == Some("uuid"),
        "text" | "inet" | "date" | "interval" => kind == Some("string"),
        "timestamp with time zone" => kind == Some("string") && format == Some("date-time"),
        "boolean" => kind == Some("boolean"),
        "integer" | "smallint" => kind == Some("integer") && format == Some("int32"),
        "bigint" => kind == Some("integer") && format == Some("int64"),
        "numeric" | "double precision" => kind == Some("number"),
        "json" | "jsonb" => true,
        _ => false,
    };
    if !fits {
        faults.push(format!("{at}: {sql_type} is declared {schema}"));
    }
}

async fn compare_columns(
    client: &Client,
    document: &Value,
    schema: &Value,
    columns: &BTreeMap<String, String>,
    at: &str,
    faults: &mut Vec<String>,
) {
    let Some(properties) = schema["properties"].as_object() else {
        faults.push(format!("{at}: a row is declared {schema}"));
        return;
    };
    faults.extend(
        properties
            .keys()
            .filter(|name| !columns.contains_key(*name))
            .map(|name| format!("{at}.{name} is declared and not returned")),
    );
    for (name, sql_type) in columns {
        match properties.get(name) {
            Some(property) => {
                Box::pin(compare(client, document, property, sql_type, &format!("{at}.{name}"), faults)).await
            }
            None => faults.push(format!("{at}.{name} is returned and not declared")),
        }
    }
}

/// Where a declared type and what a function returns part.
async fn part_of_type(
    client: &Client,
    document: &Value,
    schema: &Value,
    function: &Function,
    name: &str,
) -> Vec<String> {
    let mut faults = Vec::new();
    let row = if function.returns_set && schema["type"] == "array" { &schema["items"] } else { schema };
    if function.returns == Returns::Composite && !function.columns.is_empty() {
        let columns = function.columns.iter().cloned().collect();
        let row = row["$ref"].as_str().and_then(|path| document.pointer(&path[1..])).unwrap_or(row);
        compare_columns(client, document, row, &columns, name, &mut faults).await;
    } else if function.returns == Returns::Scalar {
        compare(client, document, row, &function.return_type, name, &mut faults).await;
    }
    faults
}

/// As the grant matrix writes an address.
fn address(method: &str, path: &str) -> String {
    format!("{method} {}", path.replace('{', ":").replace('}', ""))
}

#[tokio::test]
async fn every_declared_type_is_what_its_function_returns() {
    let db = TestDb::new().await;
    let client = db.owner().await;
    let catalogue = Catalogue::load(&client).await.expect("the catalogue");
    let document = document();
    let mut faults = Vec::new();

    for (method, path, operation) in operations(&document) {
        let name = operation["operationId"].as_str().expect("an operationId");
        if catalogue.overloads("public", name).is_empty() {
            faults.push(format!("{method} {path}: there is no function public.{name}"));
            continue;
        }
        // What is answered in time may be another function's than what was promised: then both stand at this address.
        let at = "select split_part(g.function, '.', 2) from private.grant_matrix g
                  where g.endpoint = $1 and g.function like 'public.%' and g.function <> 'public.' || $2";
        let rows = client.query(at, &[&address(&method, &path), &name]).await.expect("the matrix");
        let names: Vec<String> = std::iter::once(name.to_owned()).chain(rows.iter().map(|row| row.get(0))).collect();
        for (_, answer) in
            operation["responses"].as_object().expect("responses").iter().filter(|(s, _)| s.starts_with('2'))
        {
            let Some(media) = answer["content"].get("application/json; charset=utf-8") else { continue };
            let mut found = Vec::new();
            for name in &names {
                let Some(function) = catalogue.overloads("public", name).first() else { continue };
                found.push(part_of_type(&client, &document, &media["schema"], function, name).await);
            }
            if found.iter().all(|found| !found.is_empty()) {
                faults.extend(found.swap_remove(0));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn every_operation_is_in_the_grant_matrix_under_its_address() {
    let db = TestDb::new().await;
    let client = db.owner().await;
    let document = document();
    let mut addresses = Vec::new();
    for (method, path, operation) in operations(&document) {
        let function = format!("public.{}", operation["operationId"].as_str().expect("an operationId"));
        let address = address(&method, &path);
        let listed = client
            .query_opt("select g.endpoint from private.grant_matrix g where g.function = $1", &[&function])
            .await
            .expect("the matrix")
            .and_then(|row| row.get::<_, Option<String>>(0));
        assert_eq!(listed.as_deref(), Some(address.as_str()), "{function}");
        addresses.push(address);
    }
    let promised =
        "select g.endpoint from private.grant_matrix g where g.function like 'public.%' and g.endpoint like '% /api/%'";
    for row in client.query(promised, &[]).await.expect("the matrix") {
        let endpoint: String = row.get(0);
        assert!(addresses.contains(&endpoint), "the matrix promises {endpoint}, which is not there");
    }
}
