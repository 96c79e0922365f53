use poem_openapi::{OpenApi, param::Query};
use uuid::Uuid;

use super::types::AuditLogPage;
use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

pub struct AuditLogsApi;

#[OpenApi(prefix_path = "/api", tag = "Tag::Audit")]
impl AuditLogsApi {
    /// Who changed what
    ///
    /// Newest first, a page at a time.
    #[oai(path = "/audit-logs", method = "get", operation_id = "list_audit_logs")]
    #[allow(clippy::too_many_arguments, reason = "one for each filter")]
    async fn list_audit_logs(
        &self,
        caller: SignedIn,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<i32>>,
        actor_id: Query<Option<Uuid>>,
        /// Such as `public.profiles`.
        table: Query<Option<String>>,
        /// `insert`, `update` or `delete`.
        action: Query<Option<String>>,
        /// RFC 3339, this moment included.
        from: Query<Option<String>>,
        /// RFC 3339, this moment not included.
        to: Query<Option<String>>,
    ) -> Result<Reply<AuditLogPage>> {
        let args = args! {
            p_cursor: cursor.0, p_limit: limit.0, p_actor_id: actor_id.0, p_table: table.0,
            p_action: action.0, p_from: from.0, p_to: to.0,
        };
        caller.read("list_audit_logs", args).await
    }
}
