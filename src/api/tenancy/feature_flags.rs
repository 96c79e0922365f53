use poem_openapi::{Object, OpenApi};

use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

/// A switch of the product, as it stands for this organisation.
#[derive(Object)]
struct FeatureFlag {
    name: String,
    description: Option<String>,
    enabled: bool,
}

pub struct FeatureFlagsApi;

#[OpenApi(prefix_path = "/api", tag = "Tag::Tenancy")]
impl FeatureFlagsApi {
    /// The feature flags, as they stand for the organisation
    #[oai(path = "/feature-flags", method = "get", operation_id = "list_feature_flags")]
    async fn list_feature_flags(&self, caller: SignedIn) -> Result<Reply<Vec<FeatureFlag>>> {
        caller.read("list_feature_flags", args! {}).await
    }
}
