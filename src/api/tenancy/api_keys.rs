use poem_openapi::{Object, OpenApi, param::Path, payload::Json};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use super::types::{ApiKey, CreatedApiKey};
use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewApiKey {
    name: String,
    /// Such as `members:read`; what each function needs is in its description.
    scopes: Vec<String>,
    /// Absent: it does not expire.
    expires_at: Option<OffsetDateTime>,
}

pub struct ApiKeysApi;

#[OpenApi(prefix_path = "/api/api-keys", tag = "Tag::ApiKeys")]
impl ApiKeysApi {
    /// The organisation's API keys
    #[oai(path = "/", method = "get", operation_id = "list_api_keys")]
    async fn list_api_keys(&self, caller: SignedIn) -> Result<Reply<Vec<ApiKey>>> {
        caller.read("list_api_keys", args! {}).await
    }

    /// Make an API key
    ///
    /// The key is in this answer and nowhere else.
    #[oai(path = "/", method = "post", operation_id = "create_api_key")]
    async fn create_api_key(&self, caller: SignedIn, key: Json<NewApiKey>) -> Result<Reply<CreatedApiKey, 201>> {
        let NewApiKey { name, scopes, expires_at } = key.0;
        let expires_at = expires_at.and_then(|at| at.format(&Rfc3339).ok()).map(Value::String);
        caller.write("create_api_key", args! { p_name: name, p_scopes: scopes, p_expires_at: expires_at }).await
    }

    /// Revoke an API key
    ///
    /// It is dead at once.
    #[oai(path = "/:id", method = "delete", operation_id = "revoke_api_key")]
    async fn revoke_api_key(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<ApiKey>> {
        caller.write("revoke_api_key", args! { p_api_key_id: id.0 }).await
    }
}
