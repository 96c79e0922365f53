//! Opening a transaction in somebody's name.
//!
//! `SET LOCAL` with a quoted literal, not `set_config`: one message with BEGIN, and what a distributed Postgres
//! carries to its workers.

use crate::auth::{Principal, Role};

/// The first message of every call: begin, role and claims.
pub fn begin(principal: &Principal, read_only: bool) -> String {
    let mode = if read_only { " read only" } else { "" };
    let role = match principal.role {
        Role::Anon => "anon",
        Role::Authenticated => "authenticated",
        Role::ServiceRole => "service_role",
    };
    let claims = quote_literal(principal.claims());
    format!("begin{mode}; set local role {role}; set local \"request.jwt.claims\" = {claims}")
}

/// A string as SQL may hold it. The form with backslashes doubled is right whatever `standard_conforming_strings` says.
pub fn quote_literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if text.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_string_escapes_its_literal() {
        assert_eq!(quote_literal("plain"), "'plain'");
        assert_eq!(quote_literal("O'Hara"), "'O''Hara'");
        assert_eq!(quote_literal(r"\'; drop table x; --"), r"E'\\''; drop table x; --'");
    }
}
