//! The consent page, the page with every account, and the levers under `/_sandbox`.

use poem::{
    EndpointExt, IntoResponse, Request, Response, Route,
    endpoint::BoxEndpoint,
    get, handler,
    http::header,
    post,
    web::{Data, Json},
};
use serde_json::json;
use url::form_urlencoded;

use super::{OAuth, authorize::Wrong, pages};
use crate::{
    error::{Error, Result},
    sandbox::page::{page, see_other},
};

pub(super) fn routes(oauth: OAuth) -> BoxEndpoint<'static, Response> {
    Route::new()
        .at("/", get(show_desk))
        .at(oauth.face().authorize_path(), get(show_question).post(answer_question))
        .at("/_sandbox/consents", get(show_consents))
        .at("/_sandbox/accounts/:email/events", get(show_events))
        .at("/_sandbox/accounts/:email/revoke", post(revoke))
        .at("/_sandbox/codes/age", post(age_codes))
        .at("/_sandbox/tokens/age", post(age_tokens))
        .data(oauth)
        .map_to_response()
        .boxed()
}

fn refused(oauth: &OAuth, wrong: Wrong) -> Response {
    match wrong {
        Wrong::Said { status, error, what } => {
            page(pages::refused(oauth.face(), status, error, &what)).with_status(status).into_response()
        }
        Wrong::Sent(next) => see_other(&next),
    }
}

#[handler]
fn show_question(request: &Request, Data(oauth): Data<&OAuth>) -> Response {
    match oauth.read(request.uri().query().unwrap_or_default()) {
        Ok(ask) => page(pages::consent(oauth, &ask, "")),
        Err(wrong) => refused(oauth, wrong),
    }
}

#[handler]
async fn answer_question(request: &Request, body: Vec<u8>, Data(oauth): Data<&OAuth>) -> Response {
    let ask = match oauth.read(request.uri().query().unwrap_or_default()) {
        Ok(ask) => ask,
        Err(wrong) => return refused(oauth, wrong),
    };
    let form: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    if field("act") != "allow" {
        return see_other(&ask.denied(oauth.face()));
    }
    let email = field("email").to_lowercase();
    let is_address = email.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'));
    if !is_address || email.contains(char::is_whitespace) {
        return page(pages::consent(oauth, &ask, "Enter an email address, such as reception@clinic.test."));
    }
    let ticked = |name: &str| form.iter().any(|(key, value)| key == "scope" && value == name);
    see_other(&ask.allowed(oauth.face(), &mut oauth.lock(), &email, |scope| !ticked(scope.name)))
}

#[handler]
fn show_desk(Data(oauth): Data<&OAuth>) -> Response {
    page(pages::desk(oauth))
}

#[handler]
fn show_consents(Data(oauth): Data<&OAuth>) -> Response {
    Json(oauth.consents()).into_response()
}

fn email_of(request: &Request) -> Result<String> {
    request.path_params::<String>().map_err(|_| Error::code("not_found"))
}

#[handler]
fn show_events(request: &Request, Data(oauth): Data<&OAuth>) -> Result<Response> {
    Ok(Json(oauth.events(&email_of(request)?)).into_response())
}

#[handler]
fn revoke(request: &Request, Data(oauth): Data<&OAuth>) -> Result<Response> {
    if !oauth.revoke(&email_of(request)?) {
        return Err(Error::code("not_found"));
    }
    if request.header(header::ACCEPT).is_some_and(|accepted| accepted.contains("text/html")) {
        return Ok(see_other("/"));
    }
    Ok(Json(oauth.consents()).into_response())
}

#[handler]
fn age_codes(Data(oauth): Data<&OAuth>) -> Response {
    oauth.age_codes();
    Json(json!({})).into_response()
}

#[handler]
fn age_tokens(Data(oauth): Data<&OAuth>) -> Response {
    oauth.age_access_tokens();
    Json(json!({})).into_response()
}
