use poem_openapi::{Object, OpenApi, payload::Json};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

/// Whose data. Both absent: the whole organisation's.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ExportWish {
    /// Such as `member`.
    subject: Option<String>,
    id: Option<Uuid>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ErasureWish {
    /// Such as `member`.
    subject: String,
    id: Uuid,
}

/// What an erasure changed in one table.
#[derive(Object)]
struct Erased {
    table_name: String,
    rows_changed: i64,
}

pub struct PrivacyApi;

#[OpenApi(prefix_path = "/api/privacy", tag = "Tag::Privacy")]
impl PrivacyApi {
    /// Export what is held about a person, or by the organisation
    #[oai(path = "/export", method = "post", operation_id = "export_data")]
    async fn export_data(&self, caller: SignedIn, wish: Json<ExportWish>) -> Result<Reply<Value>> {
        caller.write("export_data", args! { p_subject: wish.0.subject, p_id: wish.0.id }).await
    }

    /// Erase a person
    ///
    /// Names, addresses, numbers and what was said are erased wherever they stand; money and counts are kept.
    #[oai(path = "/erase", method = "post", operation_id = "erase_personal_data")]
    async fn erase_personal_data(&self, caller: SignedIn, wish: Json<ErasureWish>) -> Result<Reply<Vec<Erased>>> {
        caller.write("erase_personal_data", args! { p_subject: wish.0.subject, p_id: wish.0.id }).await
    }
}
