//! Telephones of an organisation for an endpoint to work on.

use tokio_postgres::Client;
use uuid::Uuid;

use super::operations::Operation;
use crate::support::TestServer;

/// Names of ids in bodies.
const IDS: [&str; 3] = ["verificationId", "verifiedCallerId", "forwardingConfigId"];

/// The code of the documented confirmation.
const CODE: &str = "482913";

/// Where a body or a query wants an id of a telephone's.
pub fn wants_a_phone(operation: &Operation) -> bool {
    operation.function == "get_forwarding_config" || id_in_body(operation).is_some()
}

pub fn id_in_body(operation: &Operation) -> Option<&'static str> {
    let body = operation.body.as_ref()?;
    IDS.into_iter().find(|name| !body[*name].is_null())
}

/// A verification or a forwarding of the organisation, whichever the path is about.
pub async fn phone_target(server: &TestServer, org_id: Uuid, path: &str) -> Uuid {
    let superuser = server.db.superuser().await;
    own_account(&superuser, org_id).await;
    let phone = format!("+4477{:08}", rand::random_range(0..100_000_000));
    let id = match path {
        "/api/telephony/verify-caller-id/confirm" => pending(&superuser, org_id, &phone).await,
        _ => verified(&superuser, org_id, &phone).await,
    };
    if !path.starts_with("/api/telephony/forwarding-config/") {
        return id;
    }
    let config = "insert into public.hybrid_forwarding_configs (
                      org_id, verified_caller_id, sim_phone_number, forwarding_type, carrier, twilio_forwarding_number,
                      generated_activation_code, generated_deactivation_code)
                  values ($1, $2, $3, 'total_ai', 'ee',
                          (select m.phone_number from public.phone_number_mapping m where m.org_id = $1 limit 1),
                          '**21*+442071230009#', '##21#')
                  returning id";
    superuser.query_one(config, &[&org_id, &id, &phone]).await.expect("a forwarding").get(0)
}

/// What functions need that take a number, not an id: it is the documented one.
pub async fn phone_ready(server: &TestServer, org_id: Uuid, function: &str) {
    let begins = matches!(function, "initiate_caller_id" | "verify_caller_id");
    if !begins && !matches!(function, "confirm_caller_id" | "delete_verified_caller_id") {
        return;
    }
    let superuser = server.db.superuser().await;
    own_account(&superuser, org_id).await;
    let phone = "+447700900123";
    superuser.execute("delete from private.caller_id_initiations", &[]).await.expect("an hour passes");
    let gone = "delete from public.verified_caller_ids where org_id = $1 and phone_number = $2";
    superuser.execute(gone, &[&org_id, &phone]).await.expect("nothing is left of it");
    if !begins {
        pending(&superuser, org_id, phone).await;
    }
}

async fn own_account(superuser: &Client, org_id: Uuid) {
    for statement in [
        "update public.organizations set telephony_mode = 'byoc' where id = $1::uuid",
        "insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version, account_sid, is_active)
         values ($1::uuid, 'twilio', 'default', decode(repeat('ab', 40), 'hex'), 1, 'AC' || md5(($1::uuid)::text), true)
         on conflict do nothing",
        "insert into public.phone_number_mapping (phone_number, org_id)
         select '+4420' || translate(substr(md5(($1::uuid)::text), 1, 8), 'abcdef', '012345'), $1::uuid
         on conflict do nothing",
    ] {
        superuser.execute(statement, &[&org_id]).await.expect(statement);
    }
}

async fn pending(superuser: &Client, org_id: Uuid, phone: &str) -> Uuid {
    let row = "insert into public.verified_caller_ids (org_id, phone_number, verification_code_expires_at)
               values ($1, $2, now() + interval '10 minutes') returning id";
    let id = superuser.query_one(row, &[&org_id, &phone]).await.expect("a verification").get(0);
    let code = "insert into private.caller_id_codes (org_id, verified_caller_id, verification_code_hash)
                values ($1, $2, extensions.crypt($3, extensions.gen_salt('bf', 4)))";
    superuser.execute(code, &[&org_id, &id, &CODE]).await.expect("its code");
    id
}

async fn verified(superuser: &Client, org_id: Uuid, phone: &str) -> Uuid {
    let row = "insert into public.verified_caller_ids
                   (org_id, phone_number, status, verified_at, twilio_caller_id_sid, twilio_call_sid)
               values ($1, $2::text, 'verified', now(), 'PN' || md5($2::text), 'CA' || md5($2::text)) returning id";
    superuser.query_one(row, &[&org_id, &phone]).await.expect("a number").get(0)
}
