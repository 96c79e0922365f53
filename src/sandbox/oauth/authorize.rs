//! What a client asks a person for, and what the person says.

use std::collections::BTreeMap;

use poem::http::StatusCode;
use url::{Url, form_urlencoded};

use super::{
    face::{EMAIL, Face, OFFLINE, Scope},
    store::{CODE_LIVES, Code, Grant, State, letters},
};
use crate::sandbox::clock;

/// A request for consent that is in order.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) redirect_uri: String,
    pub(super) scopes: Vec<&'static str>,
    pub(super) login_hint: Option<String>,
    state: Option<String>,
    challenge: String,
    lasting: bool,
    with_granted: bool,
}

/// A request that nobody is asked about.
#[derive(Debug)]
pub(super) enum Wrong {
    /// Said to the person, since it is not known where the client is.
    Said { status: StatusCode, error: &'static str, what: String },
    /// Told to the client.
    Sent(String),
}

impl Wrong {
    fn said(error: &'static str, what: impl Into<String>) -> Self {
        let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self::Said { status, error, what: what.into() }
    }
}

struct Query(BTreeMap<String, String>);

impl Query {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

pub(super) fn read(face: Face, client_id: &str, known_uris: &[String], query: &str) -> Result<Ask, Wrong> {
    let mut given = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
        if given.insert(name.clone(), value).is_some() {
            return Err(Wrong::said("invalid_request", format!("{name} is there twice.")));
        }
    }
    let query = Query(given);
    if query.get("client_id") != Some(client_id) {
        return Err(Wrong::said("invalid_client", "The OAuth client was not found."));
    }
    let Some(redirect_uri) = query.get("redirect_uri").filter(|uri| known_uris.iter().any(|known| known == uri)) else {
        let uri = query.get("redirect_uri").unwrap_or("none");
        return Err(Wrong::said("redirect_uri_mismatch", format!("redirect_uri={uri} is not registered.")));
    };
    check(face, &query, redirect_uri).map_err(|(error, what)| match face {
        // Google says it to the person.
        Face::Google => Wrong::said(error, what),
        Face::Outlook => {
            let more = [("error", error), ("error_description", what.as_str())];
            Wrong::Sent(back(redirect_uri, query.get("state"), &more))
        }
    })
}

type Complaint = (&'static str, String);

fn check(face: Face, query: &Query, redirect_uri: &str) -> Result<Ask, Complaint> {
    let invalid = |what: &str| ("invalid_request", what.to_owned());
    match query.get("response_type") {
        Some("code") => {}
        Some(other) => return Err(("unsupported_response_type", format!("Invalid response_type: {other}"))),
        None => return Err(invalid("Required parameter is missing: response_type")),
    }
    let asked = query.get("scope").ok_or_else(|| invalid("Missing required parameter: scope"))?;
    let mut scopes = Vec::new();
    for name in asked.split_ascii_whitespace() {
        match face.scope(name) {
            Some(scope) if !scopes.contains(&scope.name) => scopes.push(scope.name),
            Some(_) => {}
            None => return Err(("invalid_scope", format!("Some requested scopes were invalid: {name}"))),
        }
    }
    // Of this client it is asked always. Google's and Microsoft's own rule is that a client may leave it out.
    let challenge = query.get("code_challenge").ok_or_else(|| invalid("Missing required parameter: code_challenge"))?;
    if query.get("code_challenge_method") != Some("S256") {
        return Err(invalid("code_challenge_method must be S256."));
    }
    let is_hash =
        challenge.len() == 43 && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !is_hash {
        return Err(invalid("code_challenge is no SHA-256 in base64url."));
    }
    let prompts: Vec<&str> = query.get("prompt").unwrap_or_default().split_ascii_whitespace().collect();
    let known = ["consent", "select_account", "login"];
    if let Some(other) = prompts.iter().find(|prompt| !known.contains(prompt)) {
        return Err(match *other {
            "none" => ("interaction_required", "Somebody must be asked.".to_owned()),
            other => invalid(&format!("Invalid prompt: {other}")),
        });
    }
    let offline = match query.get("access_type") {
        None | Some("online") => false,
        Some("offline") if face == Face::Google => true,
        Some(other) => return Err(invalid(&format!("Invalid access_type: {other}"))),
    };
    if !matches!(query.get("response_mode"), None | Some("query")) {
        return Err(invalid("The sandbox answers in the query alone."));
    }
    let lasting = match face {
        Face::Google => offline && prompts.contains(&"consent"),
        Face::Outlook => scopes.contains(&OFFLINE),
    };
    Ok(Ask {
        redirect_uri: redirect_uri.to_owned(),
        scopes,
        login_hint: query.get("login_hint").map(str::to_owned),
        state: query.get("state").map(str::to_owned),
        challenge: challenge.to_owned(),
        lasting,
        with_granted: face == Face::Google && query.get("include_granted_scopes") == Some("true"),
    })
}

/// Where the person goes next.
fn back(redirect_uri: &str, state: Option<&str>, more: &[(&str, &str)]) -> String {
    let Ok(mut url) = Url::parse(redirect_uri) else { return redirect_uri.to_owned() };
    url.query_pairs_mut().extend_pairs(more).extend_pairs(state.map(|state| ("state", state)));
    url.into()
}

impl Ask {
    /// The person says no.
    pub(super) fn denied(&self, face: Face) -> String {
        let mut more = vec![("error", "access_denied")];
        if face == Face::Outlook {
            more.push(("error_description", "AADSTS65004: User declined to consent to access the app."));
        }
        back(&self.redirect_uri, self.state.as_deref(), &more)
    }

    /// The person says yes to everything, except what can be refused and is.
    pub(super) fn allowed(
        &self,
        face: Face,
        state: &mut State,
        email: &str,
        refused: impl Fn(&Scope) -> bool,
    ) -> String {
        let mut scopes: Vec<&'static str> = Vec::new();
        for name in &self.scopes {
            let scope = face.scopes().iter().find(|scope| scope.name == *name);
            if !scope.is_some_and(|scope| scope.can_be_refused && refused(scope)) {
                scopes.push(name);
            }
        }
        if self.with_granted {
            let before: Vec<_> = state.grants_of(email).flat_map(|grant| grant.scopes.clone()).collect();
            scopes.extend(before);
        }
        // Who may see the address is told who it is.
        if face == Face::Google && scopes.contains(&EMAIL) {
            scopes.push("openid");
        }
        scopes.sort_unstable();
        scopes.dedup();
        let grant = Grant { email: email.to_owned(), scopes, at: clock::now(), over: false };
        let scope = grant.scopes.join(" ");
        state.grants.push(grant);
        let code = Code {
            text: face.code(),
            grant: state.grants.len() - 1,
            redirect_uri: self.redirect_uri.clone(),
            challenge: self.challenge.clone(),
            expires_at: clock::now() + CODE_LIVES,
            used: false,
            lasting: self.lasting,
        };
        let session = letters(40);
        let more = match face {
            Face::Google => {
                vec![("code", code.text.as_str()), ("scope", &scope), ("authuser", "0"), ("prompt", "consent")]
            }
            Face::Outlook => vec![("code", code.text.as_str()), ("session_state", &session)],
        };
        let url = back(&self.redirect_uri, self.state.as_deref(), &more);
        state.codes.push(code);
        url
    }
}
