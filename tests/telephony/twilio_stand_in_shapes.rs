//! What the stand-in for Twilio says against Twilio's official shapes, where those are at hand.

use std::path::PathBuf;

use jsonschema::Draft;
use reqwest::Method;
use serde_json::{Value, json};
use voxanne::sandbox::twilio::{BUNDLE, sign};

use super::twilio_stand_in_support::{Exchange, answer, form, under};

const DOCUMENT: &str = "twilio.api_v2010.trimmed.json";
/// Takes messages.
const MOBILE: &str = "+447700900000";

/// None when the official documents are not beside the project, which is said aloud.
fn provided(file: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/providers").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {file} is not there, so nothing is compared with it");
        return None;
    };
    Some(serde_json::from_str(&text).expect("JSON"))
}

/// `nullable` as JSON Schema says it.
fn with_nulls(schema: &mut Value) {
    if let Value::Object(map) = schema {
        if map.get("nullable") == Some(&json!(true)) {
            if let Some(kind) = map.get("type").cloned() {
                map.insert("type".into(), json!([kind, "null"]));
            }
            if let Some(Value::Array(choices)) = map.get_mut("enum") {
                choices.push(Value::Null);
            }
        }
        map.values_mut().for_each(with_nulls);
    } else if let Value::Array(items) = schema {
        items.iter_mut().for_each(with_nulls);
    }
}

struct Shapes(Value);

impl Shapes {
    fn at_hand() -> Option<Self> {
        let mut document = provided(DOCUMENT)?;
        with_nulls(&mut document["components"]["schemas"]);
        Some(Self(document["components"]["schemas"].take()))
    }

    fn problems(&self, schema: &str, value: &Value) -> Vec<String> {
        let whole = json!({ "$ref": format!("#/components/schemas/{schema}"), "components": { "schemas": self.0 } });
        let validator = jsonschema::options().with_draft(Draft::Draft202012).build(&whole).expect("a schema");
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect()
    }

    /// As the schema says, with every field of it and no other.
    #[track_caller]
    fn assert_fits(&self, schema: &str, value: &Value) {
        let problems = self.problems(schema, value);
        assert!(problems.is_empty(), "{value} is no {schema}: {problems:?}");
        let names = |value: &Value| {
            let mut names: Vec<_> = value.as_object().expect("an object").keys().cloned().collect();
            names.sort_unstable();
            names
        };
        assert_eq!(names(value), names(&self.0[schema]["properties"]), "{schema}");
    }
}

#[tokio::test]
async fn what_twilio_shows_has_the_official_shape() {
    let Some(shapes) = Shapes::at_hand() else { return };
    let exchange = Exchange::open().await;
    exchange.subaccount("voxanne:1").await;
    let (_, accounts) = exchange.read(&exchange.platform(), "/2010-04-01/Accounts.json").await;
    for account in accounts["accounts"].as_array().unwrap() {
        shapes.assert_fits("api.v2010.account", account);
    }
    let available = "api.v2010.account.available_phone_number_country";
    let (_, countries) = exchange.get("/AvailablePhoneNumbers.json").await;
    for country in countries["countries"].as_array().unwrap() {
        shapes.assert_fits(available, country);
        for kind in ["local", "mobile", "toll_free"] {
            let Some(path) = country["subresource_uris"][kind].as_str() else { continue };
            let (status, found) = exchange.read(&exchange.platform(), path).await;
            assert_eq!(status, 200, "{found}");
            let number = &found["available_phone_numbers"][0];
            shapes.assert_fits(&format!("{available}.available_phone_number_{kind}"), number);
        }
    }
    let wanted = [("PhoneNumber", "+441134960001"), ("BundleSid", BUNDLE)];
    let (_, bought) = exchange.post("/IncomingPhoneNumbers.json", &wanted).await;
    shapes.assert_fits("api.v2010.account.incoming_phone_number", &bought);

    let (_, asked) = exchange.post("/OutgoingCallerIds.json", &[("PhoneNumber", "+447700900001")]).await;
    shapes.assert_fits("api.v2010.account.validation_request", &asked);
    let typed = asked["validation_code"].as_str().unwrap();
    exchange.twilio().type_code("+447700900001", typed).unwrap();
    let (_, listed) = exchange.get("/OutgoingCallerIds.json").await;
    shapes.assert_fits("api.v2010.account.outgoing_caller_id", &listed["outgoing_caller_ids"][0]);

    exchange.twilio().dial("+447700900001", "+441134960001").unwrap();
    let (_, calls) = exchange.get("/Calls.json").await;
    assert_eq!(calls["calls"].as_array().unwrap().len(), 2, "one in, and the one that asked");
    for call in calls["calls"].as_array().unwrap() {
        shapes.assert_fits("api.v2010.account.call", call);
    }

    exchange.twilio().give_number(&exchange.platform().sid, MOBILE).unwrap();
    exchange.twilio().text("+447700900001", MOBILE, "Hi").unwrap();
    let fields = [("To", "+447700900001"), ("From", MOBILE), ("Body", "Hello")];
    let (_, sent) = exchange.post("/Messages.json", &fields).await;
    shapes.assert_fits("api.v2010.account.message", &sent);
    let (_, listed) = exchange.get("/Messages.json").await;
    assert_eq!(listed["messages"].as_array().unwrap().len(), 2, "one in, one out");
    for message in listed["messages"].as_array().unwrap() {
        shapes.assert_fits("api.v2010.account.message", message);
    }
}

#[tokio::test]
async fn every_official_parameter_is_known_and_no_other() {
    let Some(document) = provided(DOCUMENT) else { return };
    let exchange = Exchange::open().await;
    exchange.twilio().give_number(&exchange.platform().sid, "+441134960001").unwrap();
    let number = exchange.book().numbers[0].sid.clone();
    exchange.twilio().add_caller_id(&exchange.platform().sid, "+447700900001").unwrap();
    let caller_id = exchange.book().caller_ids[0].sid.clone();
    exchange.twilio().dial("+447700900001", "+441134960001").unwrap();
    let call = exchange.book().calls[0].sid.clone();
    exchange.twilio().give_number(&exchange.platform().sid, MOBILE).unwrap();
    let message = exchange.twilio().text("+447700900001", MOBILE, "Hi").unwrap();
    let unknown = async |method: Method, path: &str, names: &[&str]| {
        let query = form(&names.iter().map(|name| (*name, "1")).collect::<Vec<_>>());
        let keys = exchange.platform();
        let request = match method {
            Method::GET => exchange.request(&keys, method, &format!("{path}?{query}")),
            _ => exchange
                .request(&keys, method, path)
                .header("content-type", super::twilio_stand_in_support::FORM)
                .body(query),
        };
        let (_, body) = answer(request).await;
        body["message"].as_str().unwrap_or_default().strip_prefix("Unknown parameter: ").map(str::to_owned)
    };
    let mut compared = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let sid = match path {
            path if path.contains("IncomingPhoneNumbers/Local") => continue,
            path if path.contains("IncomingPhoneNumbers") => &number,
            path if path.contains("OutgoingCallerIds") => &caller_id,
            path if path.contains("Calls") => &call,
            path if path.contains("Messages") => &message,
            path if path.contains("AvailablePhoneNumbers") || path.starts_with("/2010-04-01/Accounts.json") => &number,
            path if path.ends_with("/Accounts/{Sid}.json") => &exchange.platform().sid.clone(),
            _ => continue,
        };
        let path =
            path.replace("{AccountSid}", &exchange.platform().sid).replace("{Sid}", sid).replace("{CountryCode}", "AU");
        for (method, fields) in [
            (Method::GET, operations["get"]["parameters"].as_array().map(|all| {
                all.iter().filter(|one| one["in"] == "query").map(|one| one["name"].as_str().unwrap()).collect::<Vec<_>>()
            })),
            (Method::POST, operations["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]
                .as_object().map(|all| all.keys().map(String::as_str).collect())),
        ] {
            let Some(names) = fields else { continue };
            assert_eq!(unknown(method.clone(), &path, &names).await, None, "{method} {path}");
            assert_eq!(unknown(method.clone(), &path, &["Nonsense"]).await.as_deref(), Some("Nonsense"), "{method} {path}");
            compared += 1;
        }
    }
    assert_eq!(compared, 25, "operations");
    assert_eq!(exchange.read(&exchange.platform(), &under(&exchange.platform().sid, ".json")).await.0, 200);
}

#[test]
fn callbacks_are_signed_as_published() {
    let own = [("Digits", "1234"), ("CallSid", "CA1")];
    assert_eq!(sign("t", "https://a.example/", &own), sign("t", "https://a.example/", &[own[1], own[0], own[0]]));
    let Some(signatures) = provided("signatures.json") else { return };
    let vectors = signatures["twilio"]["vectors"].as_array().unwrap();
    for vector in vectors {
        let text = |field: &str| vector[field].as_str().unwrap();
        let params: Vec<(&str, &str)> = vector["params"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
            .collect();
        assert_eq!(sign(text("auth_token"), text("url"), &params), text("signature"), "{}", text("name"));
    }
    assert!(vectors.len() > 3);
}

#[test]
fn every_code_that_is_answered_is_one_of_twilios() {
    let Some(codes) = provided("twilio.error-codes.json") else { return };
    let known: Vec<u64> = codes["codes"].as_array().unwrap().iter().map(|one| one["code"].as_u64().unwrap()).collect();
    // Not in the list that was brought, and said to be from memory.
    let remembered = [20005, 20500, 21201, 21205, 21208, 21213, 21402, 21403, 21408, 21609];
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/twilio");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).expect("the stand-in's source") {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for call in ["Refusal::bad(", "Refusal::new(status, ", ", 2000"] {
            for (place, _) in text.match_indices(call) {
                let digits: String =
                    text[place + call.trim_end_matches("2000").len()..].trim_start().chars().take(5).collect();
                let Ok(code) = digits.parse::<u64>() else { continue };
                assert!(known.contains(&code) || remembered.contains(&code), "{code}");
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn a_shape_that_is_wrong_is_noticed() {
    let Some(shapes) = Shapes::at_hand() else { return };
    assert_ne!(shapes.problems("api.v2010.account.call", &json!({ "sid": "CA1", "status": "lost" })).len(), 0);
    assert_ne!(shapes.problems("api.v2010.account.incoming_phone_number", &json!({ "sid": "AC1" })).len(), 0);
}
