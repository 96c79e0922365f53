//! The token endpoint, and giving tokens back.

use std::collections::BTreeMap;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use poem::http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::{
    OAuth,
    error::{Outcome, Refusal},
    face::{Face, OFFLINE},
    store::{ACCESS_LIVES, State},
};
use crate::sandbox::clock;

/// A form in which no parameter is there twice.
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    pub(super) fn read(body: &[u8]) -> Outcome<Self> {
        let mut form = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body).into_owned() {
            if form.insert(name.clone(), value).is_some() {
                return Err(Refusal::request(format!("Parameter is there twice: {name}")));
            }
        }
        Ok(Self(form))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn required(&self, name: &str) -> Outcome<&str> {
        self.get(name).ok_or_else(|| Refusal::request(format!("Missing required parameter: {name}")))
    }
}

pub(super) fn give(oauth: &OAuth, headers: &HeaderMap, form: &Form) -> Outcome<Value> {
    let kind = form.required("grant_type")?;
    authorize(oauth, headers, form)?;
    let mut state = oauth.lock();
    match kind {
        "authorization_code" => exchange(oauth.face(), &mut state, form),
        "refresh_token" => refresh(oauth.face(), &mut state, form),
        other => Err(Refusal::token("unsupported_grant_type", &format!("Invalid grant_type: {other}"), 70003)),
    }
}

/// In the form or as Basic authentication.
fn authorize(oauth: &OAuth, headers: &HeaderMap, form: &Form) -> Outcome<()> {
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let basic = basic.and_then(|value| STANDARD.decode(value.strip_prefix("Basic ")?).ok());
    let basic = basic.map(|pair| String::from_utf8_lossy(&pair).into_owned()).unwrap_or_default();
    let (id, secret) = match basic.split_once(':') {
        Some(pair) => pair,
        None => (form.required("client_id")?, form.get("client_secret").unwrap_or_default()),
    };
    if id != oauth.client_id() {
        return Err(Refusal::client("The OAuth client was not found."));
    }
    if secret != oauth.client_secret() {
        return Err(Refusal::client("The provided client secret is invalid."));
    }
    Ok(())
}

/// Whoever shows a code uses it up, whether it is given anything or not. Shown again, it ends what came of it.
fn exchange(face: Face, state: &mut State, form: &Form) -> Outcome<Value> {
    let text = form.required("code")?;
    let redirect_uri = form.required("redirect_uri")?;
    let Some(place) = state.codes.iter().position(|code| code.text == text) else {
        return Err(Refusal::grant("Malformed auth code.", 9002313));
    };
    let code = state.codes[place].clone();
    if code.used {
        state.grants[code.grant].over = true;
        return Err(Refusal::grant("The authorization code was already redeemed.", 54005));
    }
    state.codes[place].used = true;
    if code.expires_at <= clock::now() {
        return Err(Refusal::grant("The authorization code has expired.", 70008));
    }
    if code.redirect_uri != redirect_uri {
        return Err(match face {
            Face::Google => Refusal::token("redirect_uri_mismatch", "Bad Request", 0),
            Face::Outlook => {
                Refusal::grant("The reply address does not match the one the code was asked with.", 500112)
            }
        });
    }
    let Some(verifier) = form.get("code_verifier") else {
        return Err(Refusal::grant("Missing code verifier.", 50148));
    };
    if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != code.challenge {
        return Err(Refusal::grant("Invalid code verifier.", 50148));
    }
    if state.grants[code.grant].over {
        return Err(Refusal::grant("Bad Request", 70000));
    }
    Ok(tokens(face, state, code.grant, code.lasting))
}

/// Google's token stays the same for ever; Microsoft hands out a new one each time, and the old one goes on working.
fn refresh(face: Face, state: &mut State, form: &Form) -> Outcome<Value> {
    let grant = state
        .by_refresh_token(form.required("refresh_token")?)
        .ok_or_else(|| Refusal::grant("Token has been expired or revoked.", 50173))?;
    for name in form.get("scope").unwrap_or_default().split_ascii_whitespace() {
        let known = face.scope(name).is_some_and(|scope| state.grants[grant].scopes.contains(&scope.name));
        if !known {
            return Err(Refusal::token("invalid_scope", &format!("Not agreed to: {name}"), 70011));
        }
    }
    Ok(tokens(face, state, grant, face == Face::Outlook))
}

fn tokens(face: Face, state: &mut State, grant: usize, lasting: bool) -> Value {
    let scopes: Vec<_> = state.grants[grant].scopes.iter().copied().filter(|scope| *scope != OFFLINE).collect();
    let mut answer = json!({
        "access_token": state.give_access_token(face, grant),
        "expires_in": ACCESS_LIVES.whole_seconds(),
        "scope": scopes.join(" "),
        "token_type": "Bearer",
    });
    if face == Face::Outlook {
        answer["ext_expires_in"] = json!(ACCESS_LIVES.whole_seconds());
    }
    if lasting {
        answer["refresh_token"] = json!(state.give_refresh_token(face, grant));
    }
    answer
}

/// Google's alone. One token stands for all the person agreed to, whenever that was.
pub(super) fn revoke(state: &mut State, token: Option<&str>) -> Outcome<Value> {
    let token = token.ok_or_else(|| Refusal::request("Missing required parameter: token"))?;
    let email = state.tokens.get(token).map(|token| state.grants[token.grant].email.clone());
    match email {
        Some(email) if state.by_refresh_token(token).is_some() || state.by_access_token(token).is_some() => {
            state.revoke(&email);
            Ok(json!({}))
        }
        _ => Err(Refusal::Token {
            status: StatusCode::BAD_REQUEST,
            error: "invalid_token",
            description: "Token expired or revoked".to_owned(),
            number: 0,
        }),
    }
}

pub(super) fn token_of(form: &Form) -> Option<&str> {
    form.get("token")
}
