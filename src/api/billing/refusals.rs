use poem_openapi::{OpenApi, param::Query};

use super::types::CallRefusalPage;
use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

pub struct RefusalsApi;

#[OpenApi(prefix_path = "/api/billing/wallet", tag = "Tag::Billing")]
impl RefusalsApi {
    /// Which calls were not let in
    ///
    /// And why, for the clinic to read. Newest first, a page at a time.
    #[oai(path = "/refusals", method = "get", operation_id = "list_call_refusals")]
    async fn list_call_refusals(
        &self,
        caller: SignedIn,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<i32>>,
        /// Such as `insufficient_balance`.
        reason: Query<Option<String>>,
        /// RFC 3339, this moment included.
        from: Query<Option<String>>,
        /// RFC 3339, this moment not included.
        to: Query<Option<String>>,
    ) -> Result<Reply<CallRefusalPage>> {
        let args = args! {
            p_cursor: cursor.0, p_limit: limit.0, p_reason: reason.0, p_from: from.0, p_to: to.0,
        };
        caller.read("list_call_refusals", args).await
    }
}
