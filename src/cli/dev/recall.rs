//! What Vapi and the logins had before a restart, as far as the database can tell and its secrets open.

use anyhow::Result;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::{
    config::Config,
    sandbox::{
        Sandbox,
        vapi::{TwilioKeys, TwilioSecret},
    },
    vault::{Aad, Sealed},
};

/// Without this a number of before could be given back, but neither linked anew nor seen on the page.
pub async fn vapi(database: &Client, config: &Config, sandbox: &Sandbox) -> Result<()> {
    let known = "select n.org_id, 'twilio', 'subaccount', translate(encode(s.encrypted_token, 'base64'), E'\\n', ''), \
                 s.key_version, n.vapi_phone_id, null::text, n.phone_number, n.id \
                 from public.managed_phone_numbers n join private.twilio_subaccounts s on s.org_id = n.org_id \
                 where n.status in ('active', 'releasing') \
                 union all select c.org_id, c.provider, c.type, translate(encode(c.encrypted_config, 'base64'), E'\\n', ''), \
                 c.key_version, c.vapi_phone_id, c.vapi_credential_id, c.phone_number, c.id from private.org_credentials c \
                 where c.provider = 'twilio' and c.encrypted_config is not null and c.vapi_phone_id is not null";
    let webhook = config.backend_url.join("/api/vapi/webhook")?;
    for row in database.query(known, &[]).await? {
        let Some(keys) = opened(&row, config) else { continue };
        let Some((sid, token)) = keys["account_sid"].as_str().zip(keys["auth_token"].as_str()) else { continue };
        let (number, credential): (&str, Option<&str>) = (row.get(5), row.get(6));
        let name = format!("voxanne:{}", row.get::<_, Uuid>(8).simple());
        let keys = TwilioKeys { account_sid: sid.to_owned(), secret: TwilioSecret::AuthToken(token.to_owned()) };
        sandbox.vapi.take_up_number(number, row.get(7), &keys, &name, Some(webhook.as_str()));
        if let Some(secret) = config.vapi.webhook_secret() {
            sandbox.vapi.take_up_secret(number, secret.expose_secret());
        }
        if let Some(id) = credential {
            sandbox.vapi.take_up_credential(id, sid, &name);
        }
    }
    // Assistants and tools are made anew by those who make them otherwise, too.
    database.batch_execute("select private.check_assistants(p_within => interval '0')").await?;
    Ok(())
}

/// Without this every calendar would be found broken after a restart, and its admins told so.
pub async fn logins(database: &Client, config: &Config, sandbox: &Sandbox) -> Result<()> {
    let known = "select c.org_id, c.provider, c.type, translate(encode(c.encrypted_config, 'base64'), E'\\n', ''), \
                 c.key_version, c.connected_email, p.scopes \
                 from private.org_credentials c join private.oauth_providers p on p.provider = c.provider \
                 where c.encrypted_config is not null and c.is_active and c.connected_email is not null";
    for row in database.query(known, &[]).await? {
        let login = match row.get(1) {
            "google" => &sandbox.google,
            "outlook" => &sandbox.outlook,
            _ => continue,
        };
        let keys = opened(&row, config).unwrap_or_default();
        if let Some(token) = keys["refresh_token"].as_str() {
            login.take_up(row.get(5), row.get(6), token);
        }
    }
    Ok(())
}

/// Of a row that begins with organisation, provider, type, sealed secret and key version.
fn opened(row: &Row, config: &Config) -> Option<Value> {
    let aad = Aad { org_id: row.get(0), provider: row.get(1), kind: row.get(2) };
    let plain = config.vault.as_ref()?.open(&aad, &Sealed { sealed: row.get(3), key_version: row.get(4) }).ok()?;
    serde_json::from_str(plain.expose_secret()).ok()
}
