//! The stand-ins for Vapi and Google against the official shapes, where those are at hand.

use std::{collections::BTreeSet, path::PathBuf};

use jsonschema::{Draft, Validator};
use reqwest::Method;
use serde_json::{Value, json};
use voxanne::sandbox::{Face, vapi::NewCall};

use super::{
    calendar_stand_in::{ALL, Calendar, day, hour},
    oauth_support::{Login, answer, text},
    vapi_stand_in::{Line, import, with},
};

const TOKEN: &str = "/paths/~1token/post";

struct Document(Value);

/// None when the official documents are not beside the project, which is said aloud.
fn official(file: &str) -> Option<Document> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/providers").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {file} is not there, so nothing is compared with it");
        return None;
    };
    // Google's own word for "anything" is none of JSON Schema's.
    let text = text.replace("\"type\": \"any\"", "\"x-type\": \"any\"");
    Some(Document(serde_json::from_str(&text).expect("an OpenAPI document")))
}

impl Document {
    /// Of the schema at this place in the document.
    fn validator(&self, place: &str) -> Validator {
        assert!(self.0.pointer(place).is_some(), "{place} is not in the document");
        let whole =
            json!({ "$ref": format!("#{place}"), "components": self.0["components"], "paths": self.0["paths"] });
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(&whole);
        options.expect("a schema that can be used")
    }

    #[track_caller]
    fn assert_fits_at(&self, place: &str, value: &Value) {
        let problems: Vec<_> =
            self.validator(place).iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect();
        assert!(problems.is_empty(), "{value} does not fit {place}: {problems:?}");
    }

    /// As the schema says, and without a field it does not know.
    #[track_caller]
    fn assert_fits(&self, schema: &str, value: &Value) {
        self.assert_fits_at(&format!("/components/schemas/{schema}"), value);
        let known = self.fields(schema);
        let stranger = value.as_object().expect("an object").keys().find(|name| !known.contains(*name));
        assert_eq!(stranger, None, "{schema} has no such field");
    }

    fn fields(&self, schema: &str) -> BTreeSet<String> {
        let fields = self.0["components"]["schemas"][schema]["properties"].as_object().expect("properties");
        fields.keys().cloned().collect()
    }
}

#[tokio::test]
async fn what_vapi_shows_has_the_official_shape() {
    let Some(document) = official("vapi.openapi.trimmed.json") else { return };
    let line = Line::open().await;
    let number = line.imported().await;
    let path = format!("/phone-number/{}", text(&number, "id"));
    let server = json!({ "url": "https://voxanne.test/api/vapi/webhook", "timeoutSeconds": 20, "headers": {} });
    let link = json!({ "name": "voxanne:1", "assistantId": null, "server": server });
    let credential = json!({ "provider": "twilio", "accountSid": number["twilioAccountSid"], "authToken": "right", "name": "voxanne:1" });
    document.assert_fits("CreateTwilioPhoneNumberDTO", &import());
    document.assert_fits("CreateTwilioCredentialDTO", &credential);
    document.assert_fits("UpdateTwilioPhoneNumberDTO", &json!({ "name": "voxanne:1", "server": server }));
    for shown in [&number, &line.patch(&path, &link).await.1, &line.get("/phone-number").await.1[0]] {
        document.assert_fits("TwilioPhoneNumber", shown);
    }
    document.assert_fits("TwilioCredential", &line.post("/credential", &credential).await.1);

    let call = line.vapi().begin_call(NewCall { phone_number_id: Some(text(&number, "id")), ..NewCall::default() });
    let id = text(&call, "id");
    document.assert_fits("Call", &call);
    document.assert_fits("Call", &line.vapi().answer_call(&id).unwrap());
    let (control, end) = (text(&call["monitor"], "controlUrl"), json!({ "type": "end-call" }));
    assert_eq!(answer(reqwest::Client::new().post(control).json(&end)).await.0, 200);
    let (_, over) = line.get(&format!("/call/{id}")).await;
    assert_eq!(over["status"], "ended");
    document.assert_fits("Call", &over);
}

#[tokio::test]
async fn vapi_knows_every_official_field_and_no_other() {
    let Some(document) = official("vapi.openapi.trimmed.json") else { return };
    let line = Line::open().await;
    let number = line.imported().await;
    let path = format!("/phone-number/{}", text(&number, "id"));
    for (schema, method, path) in [
        ("CreateTwilioPhoneNumberDTO", Method::POST, "/phone-number"),
        ("UpdateTwilioPhoneNumberDTO", Method::PATCH, path.as_str()),
        ("CreateTwilioCredentialDTO", Method::POST, "/credential"),
    ] {
        for field in document.fields(schema) {
            // Of a type that none of them has.
            let mut body = json!({ "name": "x".repeat(41) });
            body[&field] = json!([[]]);
            let (_, refused) = answer(line.request(method.clone(), path).json(&body)).await;
            assert!(!refused.to_string().contains("should not exist"), "{schema} {field}: {refused}");
        }
    }
    let server = document.fields("Server");
    for field in &server {
        let body = with(import(), "server", json!({ field.as_str(): [[]] }));
        let (_, refused) = line.post("/phone-number", &body).await;
        assert!(!refused.to_string().contains("should not exist"), "server.{field}: {refused}");
    }
    assert!(!server.is_empty());
}

#[tokio::test]
async fn what_googles_token_endpoint_takes_and_says_has_the_official_shape() {
    let Some(document) = official("google.oauth2.openapi.json") else { return };
    let login = Login::at(Face::Google).await;
    let exchange = login.exchanging(&login.code());
    let asked = format!("{TOKEN}/requestBody/content/application~1x-www-form-urlencoded/schema");
    document.assert_fits_at(&asked, &json!(exchange));
    let said = |status: u16| format!("{TOKEN}/responses/{status}/content/application~1json/schema");
    let (_, tokens) = login.token(&exchange).await;
    document.assert_fits_at(&said(200), &tokens);
    let refresh = login.refreshing(&text(&tokens, "refresh_token"));
    document.assert_fits_at(&asked, &json!(refresh));
    document.assert_fits_at(&said(200), &login.token(&refresh).await.1);
    for (name, value) in
        [("grant_type", "x"), ("redirect_uri", "https://evil.test/"), ("code_verifier", "x"), ("code", "")]
    {
        let mut wrong = login.exchanging(&login.code());
        wrong.insert(name, value.to_owned());
        let (status, refused) = login.token(&wrong).await;
        assert_eq!(status, 400);
        document.assert_fits_at(&said(400), &refused);
    }
    let mut stranger = login.exchanging(&login.code());
    stranger.insert("client_id", "x".to_owned());
    let (status, refused) = login.token(&stranger).await;
    assert_eq!(status, 401);
    document.assert_fits_at(&said(401), &refused);
    let asked: Vec<Value> = document.0["x-authorize"]["query"].as_array().expect("parameters").clone();
    let asked: BTreeSet<&str> =
        asked.iter().filter_map(Value::as_str).filter_map(|one| one.split('=').next()).collect();
    assert!(login.asking().keys().all(|name| asked.contains(name)));
}

#[tokio::test]
async fn what_googles_calendar_takes_and_says_has_the_official_shape() {
    let Some(document) = official("google.calendar.v3.openapi.trimmed.json") else { return };
    let calendar = Calendar::open().await;
    document.assert_fits("Event", &hour("appointment1"));
    document.assert_fits("FreeBusyRequest", &day(&["primary"]));
    let (_, made) = calendar.insert(&hour("appointment1")).await;
    document.assert_fits("Event", &made);
    document.assert_fits("Events", &calendar.get(ALL).await.1);
    let (_, busy) = calendar.free_busy(&day(&["primary", "missing@example.com"])).await;
    document.assert_fits("FreeBusyResponse", &busy);
    for told in busy["calendars"].as_object().expect("calendars").values() {
        document.assert_fits("FreeBusyCalendar", told);
    }
    let path = format!("{ALL}/appointment1");
    let (_, moved) = calendar.ask(Method::PATCH, &path, Some(&json!({ "summary": "Other" }))).await;
    document.assert_fits("Event", &moved);
    let (_, refused) = calendar.insert(&hour("appointment1")).await;
    document.assert_fits("GoogleErrorResponse", &refused);
}

#[test]
fn a_shape_that_is_wrong_is_noticed() {
    let Some(document) = official("vapi.openapi.trimmed.json") else { return };
    let validator = document.validator("/components/schemas/TwilioPhoneNumber");
    assert!(!validator.is_valid(&json!({ "provider": "twilio", "id": 7 })));
    assert!(!document.fields("TwilioCredential").contains("authTokens"));
}
