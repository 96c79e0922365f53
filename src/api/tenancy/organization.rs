use poem_openapi::{
    Object, OpenApi,
    payload::Json,
    types::{MaybeUndefined, ToJSON},
};
use serde_json::Value;

use super::types::{Organization, Retention};
use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

/// What to change. Absent leaves a field as it is, null clears it.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct OrganizationPatch {
    name: MaybeUndefined<String>,
    email: MaybeUndefined<String>,
    phone: MaybeUndefined<String>,
    website: MaybeUndefined<String>,
    timezone: MaybeUndefined<String>,
    settings: MaybeUndefined<Value>,
    clinic_name: MaybeUndefined<String>,
    specialty: MaybeUndefined<String>,
}

/// In days; null or absent keeps for ever.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct RetentionWish {
    retention_transcripts_days: Option<i32>,
    retention_recordings_days: Option<i32>,
}

pub struct OrganizationApi;

#[OpenApi(prefix_path = "/api", tag = "Tag::Tenancy")]
impl OrganizationApi {
    /// The organisation
    #[oai(path = "/organization", method = "get", operation_id = "get_organization")]
    async fn get_organization(&self, caller: SignedIn) -> Result<Reply<Organization>> {
        caller.read("get_organization", args! {}).await
    }

    /// Change the organisation
    #[oai(path = "/organization", method = "patch", operation_id = "update_organization")]
    async fn update_organization(
        &self,
        caller: SignedIn,
        patch: Json<OrganizationPatch>,
    ) -> Result<Reply<Organization>> {
        caller.write("update_organization", args! { p_patch: patch.0.to_json() }).await
    }

    /// Say how long transcripts and recordings are kept
    #[oai(path = "/organization/retention", method = "put", operation_id = "set_retention")]
    async fn set_retention(&self, caller: SignedIn, wish: Json<RetentionWish>) -> Result<Reply<Retention>> {
        let args = args! {
            p_transcripts_days: wish.0.retention_transcripts_days,
            p_recordings_days: wish.0.retention_recordings_days,
        };
        caller.write("set_retention", args).await
    }
}
