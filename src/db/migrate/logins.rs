//! The passwords of the two login roles: taken from the servers' addresses, for a role that has none.

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use super::Report;
use super::retry::Attempts;

const LOGINS: [&str; 2] = ["voxanne_api", "voxanne_worker"];
const ITERATIONS: u32 = 4096;

/// The login roles that cannot log in yet: those still missing, and, where the owner may look, those without a password.
pub async fn without_password(client: &Client) -> Result<Vec<String>> {
    let may_look: bool =
        client.query_one("select pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'select')", &[]).await?.get(0);
    let (table, condition) =
        if may_look { ("pg_catalog.pg_authid", "a.rolpassword is not null") } else { ("pg_catalog.pg_roles", "true") };
    let sql = format!(
        "select l.name from pg_catalog.unnest($1::text[]) as l (name) \
         where not exists (select from {table} a where a.rolname = l.name and {condition})"
    );
    let rows = client.query(&sql, &[&LOGINS.as_slice()]).await?;
    Ok(rows.iter().map(|r| r.get(0)).collect())
}

/// A password that is there already is never changed: other servers log in with it.
pub async fn set_passwords(
    client: &Client,
    logins: &[String],
    urls: &[SecretString],
    report: &mut Report,
) -> Result<()> {
    let mut given = Vec::new();
    for address in urls {
        let Ok(url) = url::Url::parse(address.expose_secret()) else { continue };
        // Poolers want `role.project` as the user's name.
        let user = url.username().split('.').next().unwrap_or_default();
        let (Some(login), Some(password)) = (logins.iter().find(|l| *l == user), url.password()) else { continue };
        let verifier = scram_verifier(&percent_decoded(password), &rand::random::<[u8; 16]>());

        let mut attempts = Attempts::default();
        loop {
            let outcome = client.batch_execute(&format!("alter role {login} password '{verifier}'")).await;
            match outcome.map_err(anyhow::Error::new) {
                Ok(()) => break,
                Err(error) if attempts.again(&error).await => {}
                Err(error) => return Err(error),
            }
        }
        given.push(login);
        report.notes.push(format!("{login} now has the password of its address."));
    }
    for login in logins.iter().filter(|l| !given.contains(l)) {
        report.notes.push(format!(
            "{login} has no password, and no address given here has one for it: `alter role {login} password '…'`."
        ));
    }
    Ok(())
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let decoded = match (first, tail) {
            (b'%', [high, low, ..]) => {
                std::str::from_utf8(&[*high, *low]).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())
            }
            _ => None,
        };
        match decoded {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What Postgres stores for SCRAM-SHA-256 (RFC 5803): sent instead of the password, which so reaches no server log.
/// Passwords beyond ASCII would need SASLprep first.
fn scram_verifier(password: &str, salt: &[u8; 16]) -> String {
    let mut block = hmac(password.as_bytes(), &[salt.as_slice(), &[0, 0, 0, 1]].concat());
    let mut salted = block;
    for _ in 1..ITERATIONS {
        block = hmac(password.as_bytes(), &block);
        for (s, b) in salted.iter_mut().zip(block) {
            *s ^= b;
        }
    }
    let stored = Sha256::digest(hmac(&salted, b"Client Key"));
    let server = hmac(&salted, b"Server Key");
    format!(
        "SCRAM-SHA-256${ITERATIONS}:{}${}:{}",
        STANDARD.encode(salt),
        STANDARD.encode(stored),
        STANDARD.encode(server)
    )
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verifier_is_the_one_of_rfc_7677() {
        let salt: [u8; 16] = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap().try_into().unwrap();
        assert_eq!(
            scram_verifier("pencil", &salt),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:\
             wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
        );
    }

    #[test]
    fn percent_signs_in_passwords_are_decoded() {
        assert_eq!(percent_decoded("a%40b%"), "a@b%");
    }
}
