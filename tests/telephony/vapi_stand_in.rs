//! The stand-in for Vapi, asked as its clients ask.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::sandbox::{
    Fault, Sandbox, SandboxConfig, Vapi,
    vapi::{Carried, Carrier, NewCall, TwilioKeys, TwilioSecret},
};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const NUMBER: &str = "+442079460001";

/// A Twilio where one account has one number.
struct OneAccount;

impl Carrier for OneAccount {
    fn lets_in(&self, keys: &TwilioKeys) -> bool {
        keys.account_sid == ACCOUNT && keys.secret == TwilioSecret::AuthToken("right".into())
    }

    fn take_over(&self, keys: &TwilioKeys, number: &str, _: bool) -> Carried {
        match (self.lets_in(keys), number) {
            (false, _) => Carried::WrongKeys,
            (true, NUMBER) => Carried::TakenOver,
            (true, _) => Carried::NoSuchNumber,
        }
    }
}

pub struct Line {
    pub sandbox: Sandbox,
    http: reqwest::Client,
}

impl Line {
    pub async fn open() -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        sandbox.vapi.asks(Arc::new(OneAccount));
        Self { sandbox, http: reqwest::Client::new() }
    }

    pub fn vapi(&self) -> &Vapi {
        &self.sandbox.vapi
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.sandbox.vapi_url());
        self.http.request(method, url).bearer_auth(self.vapi().api_key())
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.request(Method::POST, path).json(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.request(Method::PATCH, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        answer(self.request(Method::DELETE, path)).await
    }

    pub async fn imported(&self) -> Value {
        let (status, number) = self.post("/phone-number", &import()).await;
        assert_eq!(status, 201, "{number}");
        number
    }
}

pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

pub fn import() -> Value {
    json!({
        "provider": "twilio", "number": NUMBER, "twilioAccountSid": ACCOUNT, "twilioAuthToken": "right",
        "smsEnabled": false, "name": "voxanne:0b0e7a52",
    })
}

pub fn with(body: Value, name: &str, value: Value) -> Value {
    let mut body = body;
    body[name] = value;
    body
}

fn path_of(document: &Value, kind: &str) -> String {
    format!("/{kind}/{}", document["id"].as_str().expect("an id"))
}

/// The sentences of a refusal, one after the other.
fn said(body: &Value) -> String {
    match &body["message"] {
        Value::Array(sentences) => sentences.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
        one => one.as_str().unwrap_or_default().to_owned(),
    }
}

#[tokio::test]
async fn a_number_is_imported_listed_linked_and_let_go() {
    let line = Line::open().await;
    let number = line.imported().await;
    let path = path_of(&number, "phone-number");
    assert_eq!((&number["number"], &number["smsEnabled"]), (&json!(NUMBER), &json!(false)));
    assert_eq!(line.get("/phone-number").await, (200, json!([number])));
    assert_eq!(line.get(&path).await, (200, number.clone()));

    let server =
        json!({ "url": "https://voxanne.test/api/vapi/webhook", "timeoutSeconds": 20, "headers": { "x": "y" } });
    let (status, linked) = line.patch(&path, &json!({ "name": "ours", "assistantId": null, "server": server })).await;
    assert_eq!((status, &linked["name"], &linked["server"]), (200, &json!("ours"), &server));
    assert_eq!(line.get(&path).await.1, linked);
    assert_eq!(line.vapi().phone_number(NUMBER), Some(linked.clone()));

    assert_eq!(line.delete(&path).await, (200, linked));
    assert_eq!(line.get(&path).await.0, 404);
    assert_eq!(line.delete(&path).await.0, 404);
    assert!(line.vapi().numbers().is_empty());
}

#[tokio::test]
async fn a_number_is_imported_once_and_only_from_the_account_that_has_it() {
    let line = Line::open().await;
    let known = line.imported().await;
    let refusals = [
        (import(), "Has Identical"),
        (with(import(), "number", json!("+442079460002")), "Number Not Found on Twilio"),
        (with(import(), "twilioAuthToken", json!("wrong")), "Has Identical"),
        (with(import(), "twilioAccountSid", json!("AC2")), "Twilio Error: Authenticate"),
        (with(import(), "number", json!("02079460001")), "E.164"),
        (with(import(), "number", json!("+0442079460001")), "E.164"),
        (with(import(), "number", json!(44)), "number must be a string"),
        (with(import(), "provider", json!("vonage")), "provider"),
        (with(import(), "name", json!("x".repeat(41))), "shorter than or equal to 40"),
        (with(import(), "smsEnabled", json!("false")), "smsEnabled must be a boolean value"),
        (with(import(), "assistantId", json!("none")), "assistantId must be a UUID"),
        (with(import(), "assistantId", json!(Uuid::new_v4())), "Couldn't Find assistantId"),
        (with(import(), "server", json!({ "url": "voxanne" })), "server.url must be a URL"),
        (with(import(), "server", json!({ "timeoutSeconds": 301 })), "server.timeoutSeconds"),
        (with(import(), "twilioPhoneNumber", json!(NUMBER)), "property twilioPhoneNumber should not exist"),
    ];
    for (body, problem) in refusals {
        let (status, answer) = line.post("/phone-number", &body).await;
        assert_eq!((status, &answer["statusCode"], &answer["error"]), (400, &json!(400), &json!("Bad Request")));
        assert!(said(&answer).contains(problem), "{body}: {answer}");
    }
    for name in ["provider", "number", "twilioAccountSid", "twilioAuthToken"] {
        let mut body = import();
        body.as_object_mut().unwrap().remove(name);
        assert_eq!(line.post("/phone-number", &body).await.0, 400, "{name}");
    }
    assert_eq!(line.vapi().phone_numbers(), [known]);
}

#[tokio::test]
async fn a_wrong_token_imports_nothing() {
    let line = Line::open().await;
    let (status, answer) = line.post("/phone-number", &with(import(), "twilioAuthToken", json!("wrong"))).await;
    assert_eq!((status, said(&answer).as_str()), (400, "Twilio Error: Authenticate"));
    assert!(line.vapi().phone_numbers().is_empty());
    let number = line.imported().await;
    for change in
        [json!({ "twilioAuthToken": "wrong" }), json!({ "number": "+442079460002" }), json!({ "number": "1" })]
    {
        let (status, refused) = line.patch(&path_of(&number, "phone-number"), &change).await;
        assert_eq!(status, 400, "{change}: {refused}");
    }
    assert_eq!(line.vapi().phone_numbers(), [number]);
}

#[tokio::test]
async fn a_credentials_secrets_never_come_back() {
    let line = Line::open().await;
    let body = json!({ "provider": "twilio", "accountSid": ACCOUNT, "authToken": "right", "name": "voxanne:1" });
    let (status, made) = line.post("/credential", &body).await;
    assert_eq!((status, &made["accountSid"], &made["name"]), (201, &json!(ACCOUNT), &json!("voxanne:1")));
    let (_, list) = line.get("/credential").await;
    let (_, one) = line.get(&path_of(&made, "credential")).await;
    assert_eq!((&list, &one), (&json!([made]), &made));
    for shown in [&made, &list, &json!(line.vapi().credentials())] {
        assert!(!shown.to_string().contains("right"), "{shown}");
    }
    for wrong in [
        with(body.clone(), "authToken", json!("wrong")),
        with(body.clone(), "accountSid", Value::Null),
        with(body.clone(), "name", json!("")),
        with(body.clone(), "name", json!("x".repeat(41))),
        with(body.clone(), "number", json!(NUMBER)),
        json!({ "provider": "twilio", "accountSid": ACCOUNT }),
    ] {
        assert_eq!(line.post("/credential", &wrong).await.0, 400, "{wrong}");
    }
    assert_eq!(line.delete(&path_of(&made, "credential")).await, (200, made.clone()));
    assert_eq!(line.delete(&path_of(&made, "credential")).await.0, 404);
    assert!(line.vapi().credentials().is_empty());
}

#[tokio::test]
async fn what_was_there_before_is_there_again() {
    let line = Line::open().await;
    let keys = TwilioKeys { account_sid: ACCOUNT.into(), secret: TwilioSecret::AuthToken("right".into()) };
    let (number, credential) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
    line.vapi().take_up_number(&number, NUMBER, &keys, "voxanne:1", Some("https://voxanne.test/api/vapi/webhook"));
    line.vapi().take_up_credential(&credential, ACCOUNT, "voxanne:1");
    let (status, shown) = line.patch(&format!("/phone-number/{number}"), &json!({ "smsEnabled": true })).await;
    assert_eq!((status, &shown["number"]), (200, &json!(NUMBER)), "its keys still open the account: {shown}");
    assert_eq!(line.post("/phone-number", &import()).await.0, 400, "it is imported");
    assert_eq!(line.delete(&format!("/phone-number/{number}")).await.0, 200);
    assert_eq!(line.delete(&format!("/credential/{credential}")).await.0, 200);
}

#[tokio::test]
async fn nobody_gets_in_without_the_key() {
    let line = Line::open().await;
    for path in ["/phone-number", "/credential", "/call", "/nothing"] {
        let url = format!("{}{path}", line.sandbox.vapi_url());
        let client = reqwest::Client::new();
        for request in
            [client.get(&url), client.get(&url).bearer_auth("wrong"), client.get(&url).basic_auth("a", Some("b"))]
        {
            let (status, body) = answer(request).await;
            assert_eq!((status, &body["error"], &body["statusCode"]), (401, &json!("Unauthorized"), &json!(401)));
        }
    }
    assert_eq!(line.get("/nothing").await.1["message"], "Cannot GET /nothing");
    assert_eq!(line.get("/phone-number/not-a-uuid").await.0, 400);
}

#[tokio::test]
async fn a_list_shows_a_hundred_newest_first_unless_more_are_asked_for() {
    let line = Line::open().await;
    for place in 0..103 {
        let body =
            json!({ "provider": "twilio", "accountSid": ACCOUNT, "authToken": "right", "name": place.to_string() });
        assert_eq!(line.post("/credential", &body).await.0, 201);
    }
    let names = async |query: &str| {
        let (status, list) = line.get(&format!("/credential{query}")).await;
        assert_eq!(status, 200, "{list}");
        list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let hundred = names("").await;
    assert_eq!((hundred.len(), hundred[0].as_str(), hundred[99].as_str()), (100, "102", "3"));
    assert_eq!(names("?limit=1000").await.len(), 103);
    assert_eq!(names("?limit=2").await, ["102", "101"]);
    assert!(names("?createdAtLt=2020-01-01T00:00:00Z").await.is_empty());
    assert_eq!(names("?createdAtGe=2020-01-01T00:00:00Z&limit=1000").await.len(), 103);
    for wrong in ["?limit=1001", "?limit=x", "?createdAtGt=yesterday", "?number=1"] {
        assert_eq!(line.get(&format!("/credential{wrong}")).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_live_call_is_spoken_into_and_ended_over_its_control_url() {
    let line = Line::open().await;
    let call = line.vapi().begin_call(NewCall { customer: Some("+447700900001".into()), ..NewCall::default() });
    let (id, control) = (call["id"].as_str().unwrap(), call["monitor"]["controlUrl"].as_str().unwrap());
    line.vapi().answer_call(id).unwrap();
    let (_, live) = line.get(&format!("/call/{id}")).await;
    assert_eq!(live["status"], "in-progress");

    let order = async |body: Value| answer(reqwest::Client::new().post(control).json(&body)).await.0;
    let say = json!({ "type": "say", "content": "One minute left.", "endCallAfterSpoken": false });
    assert_eq!(order(say.clone()).await, 200);
    assert_eq!(order(json!({ "type": "sing" })).await, 400);
    assert_eq!(order(json!({ "type": "say" })).await, 400);
    let end = json!({ "type": "end-call" });
    assert_eq!(order(end.clone()).await, 200);
    assert_eq!(order(end.clone()).await, 404);
    assert_eq!(line.vapi().orders(id), [say, end]);
    let (_, over) = line.get(&format!("/call/{id}")).await;
    assert_eq!(over["status"], "ended");
    assert!(over["endedAt"].is_string() && over["startedAt"] == live["startedAt"]);
    assert_eq!(line.get(&format!("/call/{}", Uuid::new_v4())).await.0, 404);
    assert!(line.vapi().end_call("none", "customer-ended-call").is_err());
}

#[tokio::test]
async fn every_operation_can_fail_be_throttled_or_lose_its_request_or_its_answer() {
    let line = Line::open().await;
    let faults = line.vapi().faults();
    let import_once = || line.request(Method::POST, "/phone-number").json(&import());

    faults.add(Fault::error(503).matching("POST /phone-number").next(1));
    assert_eq!(
        answer(import_once()).await.1,
        json!({ "message": "Service Unavailable", "error": "Service Unavailable", "statusCode": 503 })
    );
    faults.add(Fault::rate_limited(7).matching("POST /phone-number").next(1));
    let throttled = import_once().send().await.expect("an answer");
    assert_eq!((throttled.status().as_u16(), throttled.headers()["retry-after"].to_str().unwrap()), (429, "7"));

    faults.add(Fault::lost_request().matching("POST /phone-number").next(1));
    assert!(import_once().send().await.is_err());
    assert!(line.vapi().numbers().is_empty(), "nothing was done");
    faults.add(Fault::lost_answer().matching("POST /phone-number").next(1));
    assert!(import_once().send().await.is_err());
    assert_eq!(line.vapi().numbers().len(), 1, "it was done");

    let path = path_of(&line.vapi().phone_number(NUMBER).unwrap(), "phone-number");
    for (method, path) in [
        (Method::GET, "/phone-number"),
        (Method::GET, path.as_str()),
        (Method::PATCH, path.as_str()),
        (Method::GET, "/credential"),
        (Method::POST, "/credential"),
        (Method::GET, "/call"),
        (Method::DELETE, path.as_str()),
    ] {
        faults.add(Fault::error(500).matching(format!("{method} {path}")).next(1));
        let (status, body) = answer(line.request(method.clone(), path).json(&json!({}))).await;
        assert_eq!((status, &body["statusCode"]), (500, &json!(500)), "{method} {path}");
    }
    assert_eq!(line.vapi().numbers().len(), 1);
    assert!(faults.list().is_empty());
}
