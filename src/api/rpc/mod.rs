//! The Supabase door: `/rest/v1/rpc/:fn` as PostgREST answers it, so that a real `supabase-js` works.
//!
//! Only functions of `public`, never `private`; tables are Supabase's. Learned from PostgREST's documentation and from
//! what `postgrest-js` sends.

mod cursor;
mod failure;
mod query;
mod request;
mod resolve;
mod sql;

use poem::{
    Endpoint, FromRequest, Request, Response, Route,
    endpoint::make,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    web::Data,
};
use serde_json::{Map, Value};

use self::{
    failure::{Failure, Result},
    query::Query,
    request::{Accept, Media, Payload, Preferences, Sent, unique_names},
    resolve::{Asked, Chosen},
    sql::Shape,
};
use crate::{
    auth::{self, Principal, Role},
    db::{Answer, Catalogue, Function},
    server::App,
};

pub fn routes() -> Route {
    Route::new()
        .at("/rpc/:function", answering(call))
        .at("/", answering(nothing_here))
        .at("/*table", answering(nothing_here))
}

/// A handler whose refusals are PostgREST's.
fn answering<F, Fut>(handler: F) -> impl Endpoint<Output = Response>
where
    F: Fn(Request) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Response>> + Send + 'static,
{
    make(move |request| {
        let handler = handler.clone();
        async move { Ok::<_, poem::Error>(handler(request).await.unwrap_or_else(Failure::answer)) }
    })
}

async fn nothing_here(request: Request) -> Result<Response> {
    let named: String = request.raw_path_param("table").unwrap_or_default().chars().take(100).collect();
    Err(Failure::new(
        StatusCode::NOT_FOUND,
        "PGRST205",
        format!("Could not find the table 'public.{named}' in the schema cache"),
    )
    .details("This server answers functions only, under /rpc.")
    .hint("Tables are served by Supabase."))
}

async fn call(mut request: Request) -> Result<Response> {
    let app = Data::<&App>::from_request_without_body(&request)
        .await
        .expect("the app is attached to every request")
        .0
        .clone();
    let name: String = request.raw_path_param("function").unwrap_or_default().to_owned();
    let method = request.method().clone();
    let reads = match method {
        Method::GET | Method::HEAD => true,
        Method::POST => false,
        other => {
            let refused = format!("Cannot use the {other} method on RPC");
            return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, "PGRST101", refused));
        }
    };
    let principal = caller(&app, &request).await?;
    request::check_schema(&request)?;
    let accept = request::accept(request.headers())?;
    let preferences = Preferences::from_headers(request.headers())?;
    let query = Query::parse(request.uri().query().unwrap_or_default(), reads)?;
    let body = request.take_body().into_bytes().await.map_err(|_| Failure::body("The request body broke off."))?;
    let sent = if reads { None } else { Some(Sent::read(request.headers(), &body)?) };

    let arguments = sent.as_ref().map_or_else(|| unique_names(&query.arguments), Sent::names);
    let asked = Asked {
        name: &name,
        arguments: &arguments,
        whole_types: sent.as_ref().map_or(&[], |sent| sent.whole_types),
        only_whole: sent.as_ref().is_some_and(|sent| matches!(sent.payload, Payload::Whole)),
        single_object: preferences.single_object && sent.is_some(),
    };
    let role = role_name(principal.role);
    let chosen = find(&app, &asked, role).await?;
    if preferences.max_affected.is_some() && !chosen.function.returns_set {
        let refused = "Function must return SETOF or TABLE when max-affected preference is used with handling=strict";
        return Err(Failure::new(StatusCode::BAD_REQUEST, "PGRST128", refused));
    }

    let (statement, values) = sql::statement(&sql::Call {
        function: &chosen.function,
        arguments: (!chosen.whole).then_some(arguments.as_slice()),
        query: &query,
        accept,
        count: preferences.count,
        max_affected: preferences.max_affected,
    })?;
    let argument = match sent {
        Some(sent) if chosen.whole => sent.whole,
        Some(Sent { payload: Payload::Named(named), .. }) => serde_json::to_string(&named).expect("JSON is JSON"),
        Some(Sent { payload: Payload::Form(pairs), .. }) => from_texts(&chosen.function, &pairs)?,
        Some(_) => "{}".to_owned(),
        None => from_texts(&chosen.function, &query.arguments)?,
    };
    // A name from outside may look like a placeholder, so as many parameters as a statement can have are always sent.
    let parameters = vec![argument, values.to_string(), String::new(), String::new()];
    let read_only = reads || !chosen.function.volatile;
    let may_execute = chosen.function.executable_by.iter().any(|allowed| allowed == role);
    let answer = app
        .db
        .as_user(&principal)
        .run_unnamed(statement, parameters, read_only)
        .await
        .map_err(|error| Failure::server(&error))?
        .map_err(|error| Failure::postgres(error, principal.role, may_execute, &name))?;
    respond(&answer, &chosen.function, &query, &preferences, accept, method == Method::HEAD)
}

/// Who calls: a user's token, a key in `Authorization`, else a key in `apikey`, else nobody in particular.
async fn caller(app: &App, request: &Request) -> Result<Principal> {
    let api_key = || request.headers().get("apikey").and_then(|key| key.to_str().ok()).map(str::trim);
    let credential = auth::bearer(request).or_else(api_key).filter(|credential| !credential.is_empty());
    match credential {
        Some(credential) => app.auth.verify(credential).await.map_err(|error| Failure::credential(&error)),
        None if request.headers().contains_key(header::AUTHORIZATION) => {
            Err(Failure::new(StatusCode::UNAUTHORIZED, "PGRST301", "Authorization takes \"Bearer\" and a token."))
        }
        None => Ok(Principal::anon()),
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Anon => "anon",
        Role::Authenticated => "authenticated",
        Role::ServiceRole => "service_role",
    }
}

/// The function meant; the catalogue is read again before the answer is no.
async fn find(app: &App, asked: &Asked<'_>, role: &str) -> Result<Chosen> {
    if let Some(chosen) = resolve::choose(&app.db.catalogue(), asked)? {
        return Ok(chosen);
    }
    app.db.refresh_catalogue().await.map_err(|error| Failure::server(&error))?;
    let catalogue: std::sync::Arc<Catalogue> = app.db.catalogue();
    resolve::choose(&catalogue, asked)?.ok_or_else(|| resolve::not_found(&catalogue, asked, role))
}

/// Arguments that came as text: a JSON type is sent as the JSON it is, a repeated variadic one as a list, the rest as
/// strings, which Postgres reads in the argument's own type.
fn from_texts(function: &Function, pairs: &[(String, String)]) -> Result<String> {
    let mut arguments = Map::new();
    for argument in &function.arguments {
        let mut values = pairs.iter().filter(|(name, _)| *name == argument.name).map(|(_, value)| value.as_str());
        let value = if argument.variadic {
            let all: Vec<&str> = values.collect();
            match all.as_slice() {
                [] => continue,
                [one] if one.starts_with('{') => Value::from(*one),
                several => Value::from(several.to_vec()),
            }
        } else {
            let Some(text) = values.next_back() else { continue };
            if matches!(argument.sql_type.as_str(), "json" | "jsonb") {
                serde_json::from_str(text).map_err(|_| {
                    let why = format!("invalid input syntax for type {}", argument.sql_type);
                    Failure::new(StatusCode::BAD_REQUEST, "22P02", why)
                })?
            } else {
                Value::from(text)
            }
        };
        arguments.insert(argument.name.clone(), value);
    }
    Ok(Value::Object(arguments).to_string())
}

fn respond(
    answer: &Answer,
    function: &Function,
    query: &Query,
    preferences: &Preferences,
    accept: Accept,
    head: bool,
) -> Result<Response> {
    let (counts, body) = answer.body.split_once('\n').unwrap_or(("0 *", "null"));
    let (rows, total) = counts.split_once(' ').unwrap_or(("0", "*"));
    let rows: u64 = rows.parse().unwrap_or_default();
    let total_rows: Option<u64> = total.parse().ok();
    let chosen = answer.status.and_then(|status| StatusCode::from_u16(status).ok());

    if Shape::of(function) == Shape::Void {
        let mut response = Response::builder().status(chosen.unwrap_or(StatusCode::NO_CONTENT)).finish();
        add_headers(&mut response, answer);
        return Ok(response);
    }
    if let Some(total) = total_rows.filter(|total| query.offset > 0 && query.offset >= *total) {
        let asked = query.offset;
        return Err(Failure::range(format!("An offset of {asked} was requested, but there are only {total} rows.")));
    }
    let partial = total_rows.is_some_and(|total| rows < total);
    let usual = match (partial, preferences.minimal) {
        (true, _) => StatusCode::PARTIAL_CONTENT,
        (false, true) => StatusCode::NO_CONTENT,
        (false, false) => StatusCode::OK,
    };
    let content_type = match accept.media {
        Media::Json => "application/json; charset=utf-8",
        Media::Single => "application/vnd.pgrst.object+json; charset=utf-8",
        Media::Csv => "text/csv; charset=utf-8",
    };
    let range = match rows {
        0 => format!("*/{total}"),
        _ => format!("{}-{}/{total}", query.offset, query.offset + rows - 1),
    };
    let body = if head || preferences.minimal { String::new() } else { body.to_owned() };
    let mut response = Response::builder()
        .status(chosen.unwrap_or(usual))
        .content_type(content_type)
        .header(header::CONTENT_RANGE, range)
        .body(body);
    add_headers(&mut response, answer);
    Ok(response)
}

/// What the function said through `response.headers`.
fn add_headers(response: &mut Response, answer: &Answer) {
    for (name, value) in answer.header_list() {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
}
