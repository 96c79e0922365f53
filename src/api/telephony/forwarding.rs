//! Keeping one's own number: what to dial so that it forwards, and whether it does.

use std::time::Instant;

use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};
use serde_json::Value;
use uuid::Uuid;

use super::types::{ForwardingAnswer, ForwardingCheck, TelephonyDone};
use crate::{
    api::{
        Reply, SignedIn, Tag,
        billing::whole::Whole,
        follow::{Followed, Promise},
    },
    args,
    effects::Waited,
    error::Result,
    server::App,
};

#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct ForwardingWish {
    verified_caller_id: Uuid,
    /// `total_ai`: every call; `safety_net`: what nobody answers.
    forwarding_type: String,
    /// `tmobile`, `sprint`, `att`, `verizon`, `ee`, `o2`, `vodafone`, `three`, `other_gsm`, `other_cdma`, `international`, or
    /// another of `carrier_forwarding_rules`.
    carrier: String,
    /// How long the phone rings first, 25 when absent; which times a carrier knows stands in `carrier_forwarding_rules`.
    ring_time_seconds: Option<Whole>,
}

#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct ForwardingSetup {
    forwarding_config_id: Uuid,
}

pub struct ForwardingApi;

#[OpenApi(prefix_path = "/api/telephony/forwarding-config", tag = "Tag::Telephony")]
impl ForwardingApi {
    /// Set up a phone that forwards to Voxanne
    ///
    /// The answer says what to dial on it, step by step. A repeated request replaces the configuration.
    #[oai(path = "/", method = "post", operation_id = "save_forwarding_config")]
    async fn save_forwarding_config(
        &self,
        caller: SignedIn,
        wish: Json<ForwardingWish>,
    ) -> Result<Reply<ForwardingAnswer, 201>> {
        let args = args! {
            p_verified_caller_id: wish.0.verified_caller_id, p_forwarding_type: wish.0.forwarding_type,
            p_carrier: wish.0.carrier, p_ring_time_seconds: wish.0.ring_time_seconds,
        };
        caller.write("save_forwarding_config", args).await
    }

    /// How a verified number forwards
    #[oai(path = "/", method = "get", operation_id = "get_forwarding_config")]
    async fn get_forwarding_config(
        &self,
        caller: SignedIn,
        #[oai(name = "verifiedCallerId")] verified_caller_id: Query<Uuid>,
    ) -> Result<Reply<ForwardingAnswer>> {
        caller.read("get_forwarding_config", args! { p_verified_caller_id: verified_caller_id.0 }).await
    }

    /// Say that the code was dialled
    #[oai(path = "/confirm", method = "post", operation_id = "confirm_forwarding_config")]
    async fn confirm_forwarding_config(
        &self,
        caller: SignedIn,
        which: Json<ForwardingSetup>,
    ) -> Result<Reply<ForwardingAnswer>> {
        let args = args! { p_forwarding_config_id: which.0.forwarding_config_id };
        caller.write("confirm_forwarding_config", args).await
    }

    /// End a forwarding
    ///
    /// The message has the code to dial on the phone, which goes on forwarding until then.
    #[oai(path = "/:id", method = "delete", operation_id = "delete_forwarding_config")]
    async fn delete_forwarding_config(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<TelephonyDone>> {
        caller.write("delete_forwarding_config", args! { p_id: id.0 }).await
    }

    /// Check whether a forwarding works
    ///
    /// Calls the phone and sees whether the call comes back to Voxanne. A check under way is followed, not repeated. 202 when
    /// it takes longer than 20 seconds: ask again with the same `Idempotency-Key` to go on following it, for without one a
    /// check that ended meanwhile is made anew; what it saw stands in the forwarding, too.
    #[oai(path = "/:id/check", method = "post", operation_id = "check_forwarding")]
    async fn check_forwarding(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        Data(app): Data<&App>,
    ) -> Result<Followed<ForwardingCheck>> {
        let mut promise = Promise::of(caller.0.write("check_forwarding", args! { p_id: id.0 }).await?)?;
        let until = Instant::now() + app.config.patience();
        // The call and each look for it are effects of their own; the forwarding says which one is next.
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if promise.ended(app, left).await == Waited::Pending {
                return Ok(promise.under_way());
            }
            let mut answer = caller.0.read("forwarding_checked", args! { p_id: id.0 }).await?;
            let Value::Object(mut check) = answer.parse()? else { return Ok(Followed::Ended(Reply::of(answer)?)) };
            match check.remove("operation").filter(|operation| !operation.is_null()) {
                Some(next) => {
                    answer.body = next.to_string();
                    promise = Promise::of(answer)?;
                }
                None => return Ok(Followed::Ended(Reply::of(answer)?)),
            }
        }
    }
}
