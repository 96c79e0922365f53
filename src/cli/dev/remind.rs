//! The database outlives a restart and the stand-ins do not: they are told whom they knew.

use std::collections::HashMap;

use anyhow::Result;
use secrecy::ExposeSecret;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::{
    config::Config,
    sandbox::{Sandbox, Twilio},
    vault::{Aad, Sealed},
};

/// Without this nobody who paid before could pay again.
pub async fn stripe(database: &Client, sandbox: &Sandbox) -> Result<()> {
    let known = "select o.id::text, o.stripe_customer_id, o.email, w.stripe_payment_method_id \
                 from public.organizations o join public.credit_wallets w on w.org_id = o.id \
                 where o.stripe_customer_id is not null";
    for row in database.query(known, &[]).await? {
        sandbox.stripe.take_up(row.get(0), row.get(1), row.get(2), row.get(3));
    }
    Ok(())
}

/// Without this no number of before could be given back, and no telephone checked. An account whose secret does not open
/// is left out: its organisation learns it as with any account that is gone.
pub async fn twilio(database: &Client, config: &Config, sandbox: &Sandbox) -> Result<()> {
    let twilio = &sandbox.twilio;
    let mut accounts = HashMap::new();
    // A subaccount first: who connected an account since then uses that one.
    let sealed = "select s.org_id, 'subaccount', translate(encode(s.encrypted_token, 'base64'), E'\\n', ''), s.key_version, \
                  null::text from private.twilio_subaccounts s \
                  union all select c.org_id, c.type, translate(encode(c.encrypted_config, 'base64'), E'\\n', ''), \
                  c.key_version, c.phone_number from private.org_credentials c \
                  where c.provider = 'twilio' and c.encrypted_config is not null";
    for row in database.query(sealed, &[]).await? {
        if let Some((org_id, sid)) = account(&row, config, twilio) {
            accounts.insert(org_id, sid);
        }
    }
    let numbers = "select n.subaccount_sid, n.twilio_sid, n.phone_number, 'voxanne:' || n.id from public.managed_phone_numbers n \
                   where n.status in ('active', 'releasing') and n.subaccount_sid is not null and n.twilio_sid is not null \
                   and n.phone_number is not null";
    for row in database.query(numbers, &[]).await? {
        twilio.take_up_number(row.get(0), row.get(1), row.get(2), row.get(3));
    }
    let caller_ids = "select v.org_id, v.twilio_caller_id_sid, v.phone_number from public.verified_caller_ids v \
                      where v.status = 'verified' and v.twilio_caller_id_sid is not null";
    for row in database.query(caller_ids, &[]).await? {
        if let Some(account) = accounts.get(&row.get::<_, Uuid>(0)) {
            twilio.take_up_caller_id(account, row.get(1), row.get(2));
        }
    }
    Ok(())
}

fn account(row: &Row, config: &Config, twilio: &Twilio) -> Option<(Uuid, String)> {
    let (org_id, kind): (Uuid, &str) = (row.get(0), row.get(1));
    let sealed = Sealed { sealed: row.get(2), key_version: row.get(3) };
    let plain = config.vault.as_ref()?.open(&Aad { org_id, provider: "twilio", kind }, &sealed).ok()?;
    let keys: serde_json::Value = serde_json::from_str(plain.expose_secret()).ok()?;
    let (sid, token) = keys["account_sid"].as_str().zip(keys["auth_token"].as_str())?;
    if kind == "subaccount" {
        twilio.take_up_account(sid, token, &format!("voxanne:{org_id}"));
    } else {
        twilio.take_up_stranger(sid, token, "A customer's own");
        if let Some(number) = row.get::<_, Option<&str>>(4) {
            // Somebody may have it: then it is there.
            let _ = twilio.give_number(sid, number);
        }
    }
    Some((org_id, sid.to_owned()))
}
