//! The stand-in for Google's calendar, asked as its clients ask.

use reqwest::Method;
use serde_json::{Value, json};
use voxanne::sandbox::{Face, Fault};

use super::oauth_support::{ANNA, EVENTS, FREE_BUSY, Login, answer, code_in, text};

pub const ALL: &str = "/calendar/v3/calendars/primary/events";

pub struct Calendar {
    pub login: Login,
    token: String,
}

impl Calendar {
    pub async fn open() -> Self {
        let login = Login::at(Face::Google).await;
        let token = text(&login.tokens().await, "access_token");
        Self { login, token }
    }

    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let request = self.login.http.request(method, self.login.url(path)).bearer_auth(&self.token);
        answer(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    pub async fn insert(&self, event: &Value) -> (u16, Value) {
        self.ask(Method::POST, ALL, Some(event)).await
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.ask(Method::GET, path, None).await
    }

    pub async fn free_busy(&self, query: &Value) -> (u16, Value) {
        self.ask(Method::POST, "/calendar/v3/freeBusy", Some(query)).await
    }
}

pub fn event(id: &str, from: &str, to: &str) -> Value {
    json!({
        "id": id, "summary": "Check-up", "start": { "dateTime": from }, "end": { "dateTime": to },
        "extendedProperties": { "private": { "appointment": id } },
    })
}

pub fn hour(id: &str) -> Value {
    event(id, "2026-12-01T10:00:00-08:00", "2026-12-01T11:00:00-08:00")
}

pub fn day(items: &[&str]) -> Value {
    let items: Vec<Value> = items.iter().map(|id| json!({ "id": id })).collect();
    json!({ "timeMin": "2026-12-01T09:00:00-08:00", "timeMax": "2026-12-01T18:00:00-08:00", "items": items })
}

fn reason(answer: (u16, Value)) -> (u16, String) {
    (answer.0, text(&answer.1["error"]["errors"][0], "reason"))
}

#[tokio::test]
async fn an_event_is_put_in_once_under_the_id_of_the_client() {
    let calendar = Calendar::open().await;
    let (status, made) = calendar.insert(&hour("appointment1")).await;
    assert_eq!((status, &made["id"], &made["status"]), (200, &json!("appointment1"), &json!("confirmed")), "{made}");
    assert_eq!(made["start"]["dateTime"], "2026-12-01T18:00:00Z", "in the calendar's own zone");
    assert_eq!(reason(calendar.insert(&hour("appointment1")).await), (409, "duplicate".into()));
    assert_eq!(calendar.get(&format!("{ALL}/appointment1")).await, (200, made.clone()));
    let by_address = format!("/calendar/v3/calendars/{}/events/appointment1", ANNA.replace('@', "%40"));
    assert_eq!(calendar.get(&by_address).await, (200, made.clone()));
    assert_eq!(calendar.login.oauth().events(ANNA), [made]);
    let (_, unnamed) = calendar
        .insert(&json!({
            "start": { "date": "2026-12-24" }, "end": { "date": "2026-12-25" },
        }))
        .await;
    assert!(text(&unnamed, "id").len() > 20, "without one it gets one");
}

#[tokio::test]
async fn an_event_that_cannot_be_is_refused() {
    let calendar = Calendar::open().await;
    let from = "2026-12-01T10:00:00Z";
    for (body, expected) in [
        (hour("with space"), "invalid"),
        (hour("abcd"), "invalid"),
        (hour("xyz12345"), "invalid"),
        (event("appointment1", from, "2026-12-01T09:59:59Z"), "timeRangeEmpty"),
        (event("appointment1", from, "tomorrow"), "invalid"),
        (event("appointment1", "2026-12-01T10:00:00", "2026-12-01T11:00:00"), "invalid"),
        (json!({ "start": { "dateTime": from } }), "required"),
        (json!({ "start": { "dateTime": from }, "end": { "date": "2026-12-02" } }), "invalid"),
        (json!({ "start": { "dateTime": from, "timeZone": "Moon" }, "end": { "dateTime": from } }), "invalid"),
        (json!({ "start": { "dateTime": from }, "end": { "dateTime": from }, "colour": "red" }), "invalid"),
        (json!({ "start": { "dateTime": from }, "end": { "dateTime": from }, "attendees": ["a@b.test"] }), "invalid"),
    ] {
        assert_eq!(reason(calendar.insert(&body).await), (400, expected.into()), "{body}");
    }
    assert!(calendar.login.oauth().events(ANNA).is_empty());
}

#[tokio::test]
async fn an_event_is_moved_deleted_and_then_gone() {
    let calendar = Calendar::open().await;
    calendar.insert(&hour("appointment1")).await;
    let path = format!("{ALL}/appointment1");
    let later =
        json!({ "start": { "dateTime": "2026-12-01T20:00:00Z" }, "end": { "dateTime": "2026-12-01T21:00:00Z" } });
    let (status, moved) = calendar.ask(Method::PATCH, &path, Some(&later)).await;
    assert_eq!((status, &moved["summary"], &moved["sequence"]), (200, &json!("Check-up"), &json!(1)));
    let wrong = json!({ "end": { "dateTime": "2026-12-01T19:00:00Z" } });
    assert_eq!(reason(calendar.ask(Method::PATCH, &path, Some(&wrong)).await), (400, "timeRangeEmpty".into()));

    let stale = calendar.login.http.patch(calendar.login.url(&path)).bearer_auth(&calendar.token);
    let stale = stale.header("if-match", "\"1\"").json(&json!({ "summary": "Other" }));
    assert_eq!(reason(answer(stale).await), (412, "conditionNotMet".into()));

    assert_eq!(calendar.ask(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(reason(calendar.ask(Method::DELETE, &path, None).await), (410, "deleted".into()));
    assert_eq!(calendar.get(&path).await.1["status"], "cancelled");
    assert_eq!(calendar.get(ALL).await.1["items"], json!([]));
    assert_eq!(calendar.get(&format!("{ALL}?showDeleted=true")).await.1["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(reason(calendar.insert(&hour("appointment1")).await), (409, "duplicate".into()), "its id stays taken");
    assert_eq!(reason(calendar.ask(Method::DELETE, &format!("{ALL}/stranger"), None).await), (404, "notFound".into()));
}

#[tokio::test]
async fn a_list_is_cut_by_time_and_comes_in_pages() {
    let calendar = Calendar::open().await;
    for place in [3, 1, 2] {
        let body = event(
            &format!("event{place}"),
            &format!("2026-12-0{place}T10:00:00Z"),
            &format!("2026-12-0{place}T11:00:00Z"),
        );
        assert_eq!(calendar.insert(&body).await.0, 200);
    }
    let ids = async |query: &str| {
        let (status, list) = calendar.get(&format!("{ALL}?{query}")).await;
        assert_eq!(status, 200, "{list}");
        let ids: Vec<String> = list["items"].as_array().unwrap().iter().map(|event| text(event, "id")).collect();
        (ids.join(" "), list["nextPageToken"].as_str().map(str::to_owned))
    };
    assert_eq!(ids("singleEvents=true&orderBy=startTime").await.0, "event1 event2 event3");
    assert_eq!(ids("timeMin=2026-12-02T00:00:00Z&timeMax=2026-12-03T00:00:00Z").await.0, "event2");
    assert_eq!(ids("timeMin=2026-12-01T11:00:00Z&timeMax=2026-12-03T10:00:00Z").await.0, "event2", "ends do not count");
    assert_eq!(ids("privateExtendedProperty=appointment%3Devent3").await.0, "event3");
    assert_eq!(ids("q=check").await.0, "event3 event1 event2");
    let (first, next) = ids("maxResults=2").await;
    assert_eq!(first, "event3 event1");
    assert_eq!(ids(&format!("maxResults=2&pageToken={}", next.expect("more"))).await, ("event2".into(), None));
    for wrong in ["orderBy=startTime", "timeMin=today", "maxResults=0", "syncToken=1"] {
        assert_eq!(reason(calendar.get(&format!("{ALL}?{wrong}")).await), (400, "invalid".into()), "{wrong}");
    }
}

#[tokio::test]
async fn free_and_busy_is_told_for_each_calendar_by_itself() {
    let calendar = Calendar::open().await;
    let oauth = calendar.login.oauth();
    calendar.insert(&hour("appointment1")).await;
    oauth.add_event(ANNA, "2026-12-01T18:30:00Z", "2026-12-01T19:30:00Z", "Lunch").unwrap();
    oauth.add_event(ANNA, "2026-12-02T01:30:00Z", "2026-12-02T03:00:00Z", "Late").unwrap();
    oauth.add_event(ANNA, "2026-12-02T02:00:00Z", "2026-12-02T03:00:00Z", "After").unwrap();
    let mut free = hour("holiday");
    free["transparency"] = json!("transparent");
    calendar.insert(&free).await;
    let (status, answer) = calendar.free_busy(&day(&["primary", "missing@example.com"])).await;
    let expected = json!({
        "kind": "calendar#freeBusy",
        "timeMin": "2026-12-01T17:00:00.000Z",
        "timeMax": "2026-12-02T02:00:00.000Z",
        "calendars": {
            "primary": { "busy": [
                { "start": "2026-12-01T18:00:00Z", "end": "2026-12-01T19:30:00Z" },
                { "start": "2026-12-02T01:30:00Z", "end": "2026-12-02T02:00:00Z" },
            ] },
            "missing@example.com": { "errors": [{ "domain": "global", "reason": "notFound" }], "busy": [] },
        },
    });
    assert_eq!((status, answer), (200, expected));
    assert!(oauth.add_event(ANNA, "today", "tomorrow", "Never").is_err());
    let empty = json!({ "timeMin": "2026-12-01T09:00:00Z", "timeMax": "2026-12-01T09:00:00Z", "items": [] });
    assert_eq!(reason(calendar.free_busy(&empty).await), (400, "timeRangeEmpty".into()));
    assert_eq!(reason(calendar.free_busy(&json!({ "items": [] })).await), (400, "required".into()));
}

#[tokio::test]
async fn each_door_needs_its_own_consent() {
    let login = Login::at(Face::Google).await;
    let may = async |unticked: &str| {
        let next = login.oauth().allow_without(&login.usual_url(), ANNA, &[unticked]).expect("a question");
        let (_, tokens) = login.token(&login.exchanging(&code_in(&next))).await;
        let token = text(&tokens, "access_token");
        let list = answer(login.http.get(login.url(ALL)).bearer_auth(&token)).await.0;
        let asked = login.http.post(login.url("/calendar/v3/freeBusy")).bearer_auth(&token);
        (list, answer(asked.json(&day(&["primary"]))).await.0)
    };
    assert_eq!(may(EVENTS).await, (403, 200));
    assert_eq!(may(FREE_BUSY).await, (200, 403));
    assert_eq!(answer(login.http.get(login.url(ALL))).await.0, 401);
}

#[tokio::test]
async fn an_insert_whose_answer_was_lost_is_told_apart_from_one_that_never_arrived() {
    let calendar = Calendar::open().await;
    let faults = calendar.login.oauth().faults();
    let send =
        || calendar.login.http.post(calendar.login.url(ALL)).bearer_auth(&calendar.token).json(&hour("appointment1"));
    faults.add(Fault::lost_request().matching("POST /calendar/v3").next(1));
    assert!(send().send().await.is_err());
    assert!(calendar.login.oauth().events(ANNA).is_empty());
    faults.add(Fault::lost_answer().matching("POST /calendar/v3").next(1));
    assert!(send().send().await.is_err());
    assert_eq!(reason(answer(send()).await), (409, "duplicate".into()));
    faults.add(Fault::error(503).matching("freeBusy").next(1));
    let (status, body) = calendar.free_busy(&day(&["primary"])).await;
    assert_eq!((status, &body["error"]["code"]), (503, &json!(503)));
}
