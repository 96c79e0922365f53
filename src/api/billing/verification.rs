use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::types::{CheckoutVerification, StripeEvent, WebhookHealth};
use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

pub struct VerificationApi;

#[OpenApi(prefix_path = "/api/webhook-verification", tag = "Tag::Billing")]
impl VerificationApi {
    /// Whether Stripe's events arrive
    ///
    /// How many there were, the last one, and which payments have a credit and no event, or an event and no credit.
    #[oai(path = "/health", method = "get", operation_id = "webhook_verification_health")]
    async fn webhook_verification_health(&self, caller: SignedIn) -> Result<Reply<WebhookHealth>> {
        caller.read("webhook_verification_health", args! {}).await
    }

    /// Whether a checkout's money is in the wallet
    ///
    /// For the page that Stripe leads back to. The money comes with Stripe's event, which may be a moment later.
    #[oai(path = "/session/:session_id", method = "get", operation_id = "webhook_verification_session")]
    async fn webhook_verification_session(
        &self,
        caller: SignedIn,
        session_id: Path<String>,
    ) -> Result<Reply<CheckoutVerification>> {
        caller.read("webhook_verification_session", args! { p_session_id: session_id.0 }).await
    }

    /// Stripe's newest events
    ///
    /// The organisation's own, and what was made of each.
    #[oai(path = "/recent", method = "get", operation_id = "webhook_verification_recent")]
    async fn webhook_verification_recent(
        &self,
        caller: SignedIn,
        /// 20 when absent.
        limit: Query<Option<i32>>,
    ) -> Result<Reply<Vec<StripeEvent>>> {
        caller.read("webhook_verification_recent", args! { p_limit: limit.0 }).await
    }
}
