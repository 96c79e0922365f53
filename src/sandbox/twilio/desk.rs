//! The page, and the levers under `/_sandbox` for those without a test.

use std::{collections::BTreeMap, time::Duration};

use poem::{
    Body, EndpointExt, IntoResponse, Request, Response, Route,
    endpoint::BoxEndpoint,
    get, handler, post,
    web::{Data, Json},
};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Phone, Texts, Twilio, pages};
use crate::{
    error::{Error, Result},
    sandbox::page::{done, page, unusable},
};

pub(super) fn routes(twilio: Twilio) -> BoxEndpoint<'static, Response> {
    Route::new()
        .at("/", get(show_desk))
        .at("/_sandbox/books", get(show_books))
        .at("/_sandbox/validations", get(show_validations))
        .at("/_sandbox/validations/:phone/:action", post(answer_validation))
        .at("/_sandbox/phones", get(show_phones).post(set_phone))
        .at("/_sandbox/accounts", post(open_account))
        .at("/_sandbox/accounts/:sid/:action", post(with_account))
        .at("/_sandbox/calls", post(dial))
        .at("/_sandbox/calls/:sid/hang_up", post(hang_up))
        .at("/_sandbox/messages", post(write))
        .at("/_sandbox/texts", post(set_texts))
        .at("/_sandbox/clock/advance", post(advance))
        .data(twilio)
        .map_to_response()
        .boxed()
}

struct Words(BTreeMap<String, String>);

impl Words {
    /// Of the query, and of the page's form.
    async fn read(request: &Request, body: Body) -> Result<Self> {
        let body = body.into_bytes_limit(64 * 1024).await.map_err(|error| unusable(&error))?;
        let query = request.uri().query().unwrap_or_default().as_bytes();
        Ok(Self(
            [query, &body]
                .into_iter()
                .flat_map(form_urlencoded::parse)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        ))
    }

    fn text(&self, name: &str) -> Result<&str> {
        let found = self.0.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        found.ok_or_else(|| unusable(&format!("{name} is missing.")))
    }

    fn seconds(&self, name: &str) -> Result<u32> {
        self.text(name)?.parse().map_err(|_| unusable(&format!("{name} takes whole seconds.")))
    }
}

fn part<'a>(request: &'a Request, name: &str) -> &'a str {
    request.raw_path_param(name).unwrap_or_default()
}

#[handler]
fn show_desk(Data(twilio): Data<&Twilio>) -> Response {
    page(pages::desk(twilio))
}

#[handler]
fn show_books(Data(twilio): Data<&Twilio>) -> Response {
    Json(twilio.books()).into_response()
}

#[handler]
fn show_validations(Data(twilio): Data<&Twilio>) -> Response {
    Json(twilio.pending_validations()).into_response()
}

/// `type?code=123456`, `press?key=1` or `ring_out`, at a phone or on a call.
#[handler]
async fn answer_validation(request: &Request, body: Body, Data(twilio): Data<&Twilio>) -> Result<Response> {
    let words = Words::read(request, body).await?;
    let phone = part(request, "phone").replace("%2B", "+");
    let verified = match part(request, "action") {
        "type" => twilio.type_code(&phone, words.text("code")?),
        "press" => twilio.press(&phone, words.text("key")?.chars().next().unwrap_or_default()),
        "ring_out" => twilio.let_ring_out(&phone).map(|()| false),
        _ => return Err(Error::code("not_found")),
    };
    let verified = verified.map_err(|why| unusable(&why))?;
    Ok(done(request, json!({ "verified": verified })))
}

#[handler]
fn show_phones(Data(twilio): Data<&Twilio>) -> Response {
    Json(&twilio.lock().phones).into_response()
}

/// `number=+44…&does=forwards_unanswered&to=+44…&after=20`
#[handler]
async fn set_phone(request: &Request, body: Body, Data(twilio): Data<&Twilio>) -> Result<Response> {
    let words = Words::read(request, body).await?;
    let phone = match words.text("does")? {
        "answers" => Phone::Answers { after: words.seconds("after").unwrap_or(2) },
        "rings_out" => Phone::RingsOut,
        "busy" => Phone::Busy,
        "forwards_always" => Phone::ForwardsAlways { to: words.text("to")?.to_owned() },
        "forwards_unanswered" => {
            Phone::ForwardsUnanswered { to: words.text("to")?.to_owned(), after: words.seconds("after")? }
        }
        "unreachable" => Phone::Unreachable,
        "blocked" => Phone::Blocked,
        "country_not_permitted" => Phone::CountryNotPermitted,
        other => return Err(unusable(&format!("No phone does that: {other}."))),
    };
    let set = twilio.set_phone(words.text("number")?, phone.clone());
    set.map_err(|why| unusable(&why))?;
    Ok(done(request, phone))
}

/// An account of somebody else, with a number when one is given: what is needed to connect one's own Twilio.
#[handler]
async fn open_account(request: &Request, body: Body, Data(twilio): Data<&Twilio>) -> Result<Response> {
    let words = Words::read(request, body).await?;
    let opened = twilio.open_account(words.text("name")?);
    if let Ok(number) = words.text("number") {
        twilio.give_number(&opened.sid, number).map_err(|why| unusable(&why))?;
    }
    Ok(done(request, opened))
}

#[handler]
async fn with_account(request: &Request, body: Body, Data(twilio): Data<&Twilio>) -> Result<Response> {
    let words = Words::read(request, body).await?;
    let sid = part(request, "sid");
    let answer = match part(request, "action") {
        "suspend" => twilio.suspend(sid).map(|()| Value::Null),
        "reactivate" => twilio.reactivate(sid).map(|()| Value::Null),
        "change_token" => twilio.change_token(sid).map(|changed| json!(changed)),
        "give" => twilio.give_number(sid, words.text("number")?).map(|number| json!({ "sid": number })),
        _ => return Err(Error::code("not_found")),
    };
    Ok(done(request, answer.map_err(|why| unusable(&why))?))
}

#[handler]
async fn dial(request: &Request, body: Body, Data(twilio): Data<&Twilio>) -> Result<Response> {
    let words = Words::read(request, body).await?;
    let sid = twilio.dial(words.text("from")?, words.text("to")?).map_err(|why| unusable(&why))?;
    let leg = twilio.leg_of(&sid);
    Ok(done(request, json!({ "sid": sid, "leg": leg })))
}

/// Somebody outside sends a message to a number in service.
#[handler]
async fn write(request: &Request, body: Body, Data(twilio): Data<&Twilio>) -> Result<Response> {
    let words = Words::read(request, body).await?;
    let sid = twilio.text(words.text("from")?, words.text("to")?, words.text("body")?);
    Ok(done(request, json!({ "sid": sid.map_err(|why| unusable(&why))? })))
}

/// `number=+44…&texts="landline"`, or `{"undelivered":30003}`: what becomes of messages to it.
#[handler]
async fn set_texts(request: &Request, body: Body, Data(twilio): Data<&Twilio>) -> Result<Response> {
    let words = Words::read(request, body).await?;
    let texts: Texts = serde_json::from_str(words.text("texts")?).map_err(|error| unusable(&error))?;
    twilio.set_texts(words.text("number")?, texts);
    Ok(done(request, texts))
}

#[handler]
fn hang_up(request: &Request, Data(twilio): Data<&Twilio>) -> Result<Response> {
    twilio.hang_up(part(request, "sid")).map_err(|why| unusable(&why))?;
    Ok(done(request, Value::Null))
}

#[handler]
async fn advance(request: &Request, body: Body, Data(twilio): Data<&Twilio>) -> Result<Response> {
    let seconds = Words::read(request, body).await?.seconds("seconds")?;
    twilio.advance(Duration::from_secs(seconds.into()));
    Ok(done(request, json!({ "now": twilio.now().to_string() })))
}
