//! Query strings that nobody would write, at the Supabase door: always an answer or a clear refusal, never a fault of ours.

use reqwest::Method;
use serde_json::Value;

use crate::support::TestServer;

const NAMES: [&str; 19] = [
    "select",
    "order",
    "limit",
    "offset",
    "or",
    "and",
    "not.or",
    "columns",
    "id",
    "name",
    "data",
    "born",
    "data->year",
    "data->>0",
    "\"$1\"",
    "id.name",
    "n",
    "'",
    "",
];

const VALUES: [&str; 45] = [
    "",
    "*",
    "id",
    "id,id,*",
    "id::text",
    "id::regclass",
    "data::int4",
    "born::json",
    "data->99999999999",
    "data->-1->>x",
    "a:id",
    "count()",
    "id.count()",
    "name->>x",
    "\"",
    "\"$4\"",
    "id.desc",
    "id.desc.desc.nullsfirst",
    "data",
    "0",
    "-1",
    "1e9",
    "9223372036854775807",
    "9223372036854775808",
    "eq.1",
    "eq.",
    "eq.x",
    "neq.null",
    "gt.{",
    "like.%",
    "like(any).{a,b}",
    "cs.{}",
    "cs.[",
    "ov.{1}",
    "sl.[1,2)",
    "adj.x",
    "is.null",
    "is.x",
    "in.(1,2)",
    "in.(a",
    "not.in.()",
    "match.(",
    "fts.x",
    "(id.eq.1,data.is.null)",
    "(id.eq.1,and(name.in.(a,b),not.or(born.gt.2020-01-01,data->>x.eq.'\")))",
];

const ACCEPTS: [&str; 4] =
    ["application/json", "application/vnd.pgrst.object+json", "text/csv", "application/json;nulls=stripped"];

#[tokio::test(flavor = "multi_thread")]
async fn no_query_string_is_a_fault_of_ours() {
    let server = TestServer::without_workers(&[("DATABASE_POOL_SIZE", "8")]).await;
    let owner = server.db.owner().await;
    owner.batch_execute(include_str!("supabase_js.sql")).await.expect("the functions of the door's tests");
    server.app.db.refresh_catalogue().await.expect("the catalogue is read again");
    let session = server.sign_up("Clinic").await;

    let mut answered = 0;
    for (i, name) in NAMES.iter().enumerate() {
        for (j, value) in VALUES.iter().enumerate() {
            let function = ["door_rows", "door_numbers", "door_rows", "door_hello", "door_out"][(i + j) % 5];
            // A GET takes what is no filter for an argument, and every unknown function is looked for twice.
            let method = if i < 8 && j % 2 == 0 { Method::GET } else { Method::POST };
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair(name, value);
            if function == "door_numbers" && method == Method::GET {
                query.append_pair("n", "2");
            }
            let query = query.finish();
            let body = if function == "door_numbers" { "{\"n\": 2}" } else { "{}" };
            let request = server
                .request(method.clone(), &format!("/rest/v1/rpc/{function}?{query}"), Some(&session))
                .header("accept", ACCEPTS[(i * 7 + j) % 4])
                .header("prefer", ["count=exact", "count=planned", "tx=commit", "return=minimal"][j % 4]);
            let request = if method == Method::POST { request.body(body) } else { request };
            let answer = request.send().await.expect("an answer");
            let (status, text) = (answer.status(), answer.text().await.expect("text"));
            assert!(status.as_u16() < 500, "{method} {function}?{query}: {status} {text}");
            if status.is_success() {
                answered += 1;
            } else {
                let said: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{query}: {text}"));
                assert!(said["code"].is_string() && said["message"].is_string(), "{query}: {said}");
                assert!(!text.contains("pgrst_") && !text.contains("private"), "{query}: {said}");
            }
        }
    }
    assert!(answered > 50, "only {answered} queries were answered at all");
}
