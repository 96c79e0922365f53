//! Every operation of the document, with a request as the document shows it.

use reqwest::Method;
use serde_json::Value;
use uuid::Uuid;
use voxanne::api::openapi;

use super::readiness::NUMBER;

pub struct Operation {
    pub method: Method,
    /// With `{id}` in it where one is wanted.
    pub path: String,
    /// The database function behind it.
    pub function: String,
    pub body: Option<Value>,
}

impl Operation {
    /// Where to ask for this id, with what must be in the address; `{month}` stays.
    pub fn address(&self, id: Uuid) -> String {
        let id = id.to_string();
        let query = match self.function.as_str() {
            "search_numbers" => "?country=US".to_owned(),
            "get_forwarding_config" => format!("?verifiedCallerId={id}"),
            _ => String::new(),
        };
        let path = self.path.replace("{id}", &id).replace("{session_id}", &id);
        path.replace("{phone}", NUMBER).replace("{provider}", "google") + &query
    }
}

pub fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&openapi::document()).expect("the document is JSON");
    let paths = document["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().expect("methods").iter().map(move |(method, operation)| Operation {
            method: method.to_uppercase().parse().expect("a method"),
            path: path.clone(),
            function: operation["operationId"].as_str().expect("an operationId").to_owned(),
            body: example(&operation["requestBody"]["content"]),
        })
    });
    each.collect()
}

fn example(content: &Value) -> Option<Value> {
    let media = content.as_object()?.values().next()?;
    Some(media["example"].clone())
}
