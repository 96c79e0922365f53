//! What an organisation must have for an endpoint to do what it is asked.

use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::TestServer;

/// The number that is given back.
pub const NUMBER: &str = "+442071230001";

/// Makes the organisation one for which the function, asked as the document shows, has something to do.
pub async fn make_ready(server: &TestServer, org_id: Uuid, function: &str) {
    let Some(state) = state_for(function) else { return };
    let superuser = server.db.superuser().await;
    with_nothing(&superuser, org_id).await;
    if !state.is_empty() {
        superuser.execute(state, &[&org_id]).await.unwrap_or_else(|error| panic!("{function}: {error:?}"));
    }
}

fn state_for(function: &str) -> Option<&'static str> {
    Some(match function {
        "connect_twilio" => "",
        "disconnect_twilio" => {
            "insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version, account_sid,
                                                  phone_number, vapi_phone_id, is_active)
             values ($1, 'twilio', 'default', decode(repeat('ab', 40), 'hex'), 1, 'AC' || md5('mine'), '+442071230002', 'p', true)"
        }
        "provision_number" => {
            "with papers as (
                 update private.telephony_countries set bundle_sid = 'BU' || md5('papers') where country_code = 'GB')
             select private.add_credits($1, 1000, 'topup', 'stripe:' || gen_random_uuid())"
        }
        "release_number" => {
            "insert into public.managed_phone_numbers (org_id, phone_number, country_code, routing_direction, twilio_sid,
                                                       subaccount_sid, vapi_phone_id, status, price_pence)
             values ($1, '+442071230001', 'GB', 'inbound', 'PN' || md5('its'), 'AC' || md5('theirs'), 'p', 'active', 1000)"
        }
        "disconnect_oauth" => {
            "insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version, connected_email, is_active)
             values ($1, 'google', 'default', decode(repeat('ab', 40), 'hex'), 1, 'desk@clinic.example', true)"
        }
        _ => return None,
    })
}

async fn with_nothing(superuser: &Client, org_id: Uuid) {
    for statement in [
        "delete from private.sagas where org_id = $1",
        "delete from private.org_credentials where org_id = $1 and provider in ('twilio', 'google')",
        "delete from public.phone_number_mapping where org_id = $1",
        "delete from public.managed_phone_numbers where org_id = $1",
        "update public.organizations set telephony_mode = 'none' where id = $1",
    ] {
        superuser.execute(statement, &[&org_id]).await.expect(statement);
    }
}
