//! The calls that were under way before a restart, as far as the database knows them.

use anyhow::Result;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::sandbox::{Sandbox, vapi::NewCall};

/// Without this a call of before could neither be asked after nor ended.
pub async fn under_way(database: &Client, sandbox: &Sandbox) -> Result<()> {
    let known = "select c.vapi_call_id, c.call_direction, c.phone_number, c.provider_call_sid, c.status, \
                 case c.call_direction when 'inbound' then c.to_number else c.from_number end \
                 from public.calls c where c.status in ('pending', 'in_progress') and c.vapi_call_id is not null";
    for row in database.query(known, &[]).await? {
        let id: &str = row.get(0);
        let Ok(uuid) = Uuid::parse_str(id) else { continue };
        let number = row.get::<_, Option<&str>>(5).and_then(|number| sandbox.vapi.phone_number(number));
        let number = number.and_then(|number| number["id"].as_str().map(str::to_owned));
        sandbox.vapi.begin_call(NewCall {
            id: Some(uuid),
            outbound: row.get::<_, &str>(1) == "outbound",
            phone_number_id: number,
            customer: row.get(2),
            twilio_call_sid: row.get(3),
        });
        if row.get::<_, &str>(4) == "in_progress" {
            sandbox.vapi.answer_call(id)?;
        }
    }
    Ok(())
}
