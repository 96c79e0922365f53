//! The pages, and the levers under `/_sandbox` for those without a test.

use poem::{
    EndpointExt, IntoResponse, Request, Response, Route,
    endpoint::BoxEndpoint,
    get, handler,
    http::{StatusCode, header},
    post,
    web::{Data, Form, Json},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Card, Impossible, Payment, Stripe, Turn, checkout, pages};
use crate::{
    error::{Error, Result},
    sandbox::page::{page, see_other, unusable},
};

pub(super) fn routes(stripe: Stripe) -> BoxEndpoint<'static, Response> {
    Route::new()
        .at("/", get(show_desk))
        .at("/c/pay/:session", get(show_checkout).post(answer_checkout))
        .at("/_sandbox/books", get(show_books))
        .at("/_sandbox/attempts", get(show_attempts))
        .at("/_sandbox/events", get(show_events).post(send_event))
        .at("/_sandbox/events/hold", post(hold))
        .at("/_sandbox/events/release", post(release))
        .at("/_sandbox/events/:id/redeliver", post(redeliver))
        .at("/_sandbox/break", post(break_next))
        .at("/_sandbox/:what/:id/:action", post(pull))
        .data(stripe)
        .map_to_response()
        .boxed()
}

fn impossible(why: &Impossible) -> Error {
    if why.to_string().starts_with("No such") { Error::code("not_found") } else { unusable(why) }
}

#[handler]
fn show_desk(Data(stripe): Data<&Stripe>) -> Response {
    page(pages::desk(stripe))
}

fn session_of(request: &Request) -> &str {
    request.raw_path_param("session").unwrap_or_default()
}

#[handler]
fn show_checkout(request: &Request, Data(stripe): Data<&Stripe>) -> Result<Response> {
    let html = pages::checkout(&stripe.lock(), session_of(request));
    html.map(page).ok_or_else(|| Error::code("not_found"))
}

#[derive(Debug, Deserialize)]
struct Answer {
    act: String,
    card: Option<String>,
}

#[handler]
fn answer_checkout(request: &Request, Data(stripe): Data<&Stripe>, Form(answer): Form<Answer>) -> Result<Response> {
    let session = session_of(request);
    let again = format!("/c/pay/{session}");
    let ended = match answer.act.as_str() {
        "pay" => match answer.card.as_deref() {
            Some("bacs_debit") => stripe.pay_by_debit(session),
            card => stripe.pay(session, card.and_then(Card::named).ok_or_else(|| unusable("Choose a card."))?),
        },
        "approve" => stripe.authenticate(session, true),
        "fail" => stripe.authenticate(session, false),
        "abandon" => {
            let back = stripe.abandon(session).map_err(|why| impossible(&why))?;
            return Ok(see_other(back.as_deref().unwrap_or(&again)));
        }
        _ => return Err(unusable("There is no such button.")),
    };
    match ended {
        Ok(Payment::Paid | Payment::Processing) => {
            let session = stripe.object(session).ok_or_else(|| Error::code("not_found"))?;
            Ok(see_other(&checkout::way_on(&session)))
        }
        // Declined, the bank's question, or too late: the page says it.
        Ok(_) | Err(_) => Ok(see_other(&again)),
    }
}

#[handler]
fn show_books(Data(stripe): Data<&Stripe>) -> Response {
    Json(stripe.books()).into_response()
}

#[handler]
fn show_attempts(Data(stripe): Data<&Stripe>) -> Response {
    Json(stripe.attempts()).into_response()
}

#[handler]
fn show_events(Data(stripe): Data<&Stripe>) -> Response {
    Json(stripe.events()).into_response()
}

/// Signs and posts whatever it is given.
#[handler]
async fn send_event(Data(stripe): Data<&Stripe>, Json(event): Json<Value>) -> Response {
    Json(json!({ "status": stripe.send_event(&event).await })).into_response()
}

#[handler]
fn hold(Data(stripe): Data<&Stripe>) -> StatusCode {
    stripe.hold_events();
    StatusCode::NO_CONTENT
}

#[handler]
fn release(Data(stripe): Data<&Stripe>) -> StatusCode {
    stripe.release_events();
    StatusCode::NO_CONTENT
}

#[handler]
async fn redeliver(request: &Request, Data(stripe): Data<&Stripe>) -> Result<Response> {
    let id = request.raw_path_param("id").unwrap_or_default();
    stripe.object(id).filter(|object| object["object"] == "event").ok_or_else(|| Error::code("not_found"))?;
    Ok(Json(json!({ "status": stripe.redeliver(id).await })).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct Lever {
    amount: Option<i64>,
    card: Option<Card>,
    #[serde(default)]
    acted: bool,
}

fn lever(request: &Request) -> Result<Lever> {
    request.params().map_err(|error| unusable(&error))
}

#[handler]
fn break_next(request: &Request, Data(stripe): Data<&Stripe>) -> Result<StatusCode> {
    stripe.break_next(lever(request)?.acted);
    Ok(StatusCode::NO_CONTENT)
}

#[handler]
fn pull(request: &Request, Data(stripe): Data<&Stripe>) -> Result<Response> {
    let part = |name| request.raw_path_param(name).unwrap_or_default();
    let (what, id, action) = (part("what"), part("id"), part("action"));
    let lever = lever(request)?;
    let card = || lever.card.ok_or_else(|| unusable("card=visa, mastercard, declined, … is missing."));
    let done = match (what, action) {
        ("checkout", "pay") => stripe.pay(id, card()?).map(|_| id.to_owned()),
        ("checkout", "pay_by_debit") => stripe.pay_by_debit(id).map(|_| id.to_owned()),
        ("checkout", "debit_arrives") => stripe.settle_debit(id, true).map(|_| id.to_owned()),
        ("checkout", "debit_fails") => stripe.settle_debit(id, false).map(|_| id.to_owned()),
        ("checkout", "approve") => stripe.authenticate(id, true).map(|_| id.to_owned()),
        ("checkout", "fail") => stripe.authenticate(id, false).map(|_| id.to_owned()),
        ("checkout", "abandon") => stripe.abandon(id).map(|_| id.to_owned()),
        ("checkout", "expire") => stripe.expire(id).map(|_| id.to_owned()),
        ("payments", "refund") => stripe.refund(id, lever.amount).map(|refund| id_of(&refund)),
        ("payments", "dispute") => stripe.dispute(id, lever.amount).map(|dispute| id_of(&dispute)),
        ("payments", "inquire") => stripe.inquire(id, lever.amount).map(|dispute| id_of(&dispute)),
        ("refunds", "fail") => stripe.fail_refund(id).map(|_| id.to_owned()),
        ("disputes", "win") => stripe.turn_dispute(id, Turn::Win).map(|_| id.to_owned()),
        ("disputes", "lose") => stripe.turn_dispute(id, Turn::Lose).map(|_| id.to_owned()),
        ("disputes", "escalate") => stripe.turn_dispute(id, Turn::Escalate).map(|_| id.to_owned()),
        ("disputes", "close") => stripe.turn_dispute(id, Turn::Close).map(|_| id.to_owned()),
        ("cards", "swap") => stripe.swap_card(id, card()?).map(|()| id.to_owned()),
        _ => return Err(Error::code("not_found")),
    };
    let id = done.map_err(|why| impossible(&why))?;
    if request.header(header::ACCEPT).is_some_and(|accepted| accepted.contains("text/html")) {
        return Ok(see_other("/"));
    }
    Ok(Json(stripe.object(&id)).into_response())
}

fn id_of(object: &Value) -> String {
    object["id"].as_str().unwrap_or_default().to_owned()
}
