use poem_openapi::OpenApi;

use super::types::Me;
use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

pub struct MeApi;

#[OpenApi(prefix_path = "/api", tag = "Tag::Tenancy")]
impl MeApi {
    /// Who is signed in
    ///
    /// The person, the organisation, the role in it, the wallet for those who may see it, and the flags that are on.
    #[oai(path = "/me", method = "get", operation_id = "me")]
    async fn me(&self, caller: SignedIn) -> Result<Reply<Me>> {
        caller.read("me", args! {}).await
    }
}
