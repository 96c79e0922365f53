//! Who somebody is: Google's userinfo in its two dresses, and Microsoft's `/me`.

use poem::http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    error::{Outcome, Refusal},
    face::{EMAIL, Face, READ_USER},
    store::State,
};

/// Whose token it is, when it is good for one of these.
pub(super) fn caller(face: Face, state: &State, headers: &HeaderMap, scopes: &[&str]) -> Outcome<String> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let grant = given.strip_prefix("Bearer ").and_then(|token| state.by_access_token(token));
    let Some(grant) = grant else {
        let (reason, message) = match face {
            Face::Google => ("authError", "Invalid Credentials"),
            Face::Outlook => ("InvalidAuthenticationToken", "Access token is empty, has expired or is not valid."),
        };
        return Err(Refusal::api(StatusCode::UNAUTHORIZED, reason, message));
    };
    if !scopes.iter().any(|scope| grant.scopes.contains(scope)) {
        let (reason, message) = match face {
            Face::Google => ("insufficientPermissions", "Request had insufficient authentication scopes."),
            Face::Outlook => ("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
        };
        return Err(Refusal::api(StatusCode::FORBIDDEN, reason, message));
    }
    Ok(grant.email.clone())
}

/// The same for one address, always.
fn id_of(email: &str) -> String {
    let hash = Sha256::digest(email);
    hash.iter().take(10).map(|byte| format!("{:02}", byte % 100)).collect()
}

pub(super) fn google(state: &State, headers: &HeaderMap, openid: bool) -> Outcome<Value> {
    let email = caller(Face::Google, state, headers, &[EMAIL])?;
    let id = id_of(&email);
    let picture = "https://lh3.googleusercontent.com/a/default";
    Ok(match openid {
        true => json!({ "sub": id, "email": email, "email_verified": true, "picture": picture }),
        false => json!({ "id": id, "email": email, "verified_email": true, "picture": picture }),
    })
}

/// A private account has no mailbox of a company: there, only the login name is an address.
pub(super) fn microsoft(state: &State, headers: &HeaderMap) -> Outcome<Value> {
    let email = caller(Face::Outlook, state, headers, &[READ_USER])?;
    let private = ["outlook.com", "hotmail.com", "live.com"].iter().any(|domain| email.ends_with(domain));
    Ok(json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
        "businessPhones": [],
        "displayName": email.split('@').next(),
        "givenName": null,
        "id": id_of(&email),
        "jobTitle": null,
        "mail": if private { Value::Null } else { json!(email) },
        "mobilePhone": null,
        "officeLocation": null,
        "preferredLanguage": null,
        "surname": null,
        "userPrincipalName": email,
    }))
}
