//! What an organisation has connected, and its own Twilio account.

use poem::web::Data;
use poem_openapi::{Object, OpenApi, payload::Json, types::Password};
use serde_json::json;
use uuid::Uuid;

use crate::{
    api::{
        Reply, SignedIn, Tag,
        calendars::IntegrationState,
        follow::{Followed, Promise},
        platform::operations::Operation,
    },
    args,
    error::{Error, Result},
    server::App,
    vault::{Aad, Sealed},
};

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TwilioAccount {
    /// `AC…`, from Twilio's console.
    account_sid: String,
    /// From Twilio's console. It is sealed before anything else happens to it.
    #[oai(validator(min_length = 1, max_length = 200))]
    auth_token: Password,
    /// A number of the account, in international form: it rings at Voxanne from then on.
    phone_number: String,
}

pub struct IntegrationsApi;

#[OpenApi(prefix_path = "/api/integrations", tag = "Tag::Integrations")]
impl IntegrationsApi {
    /// What is connected
    ///
    /// And what could be: as whom, with which number, since when, and whether it works. Numbers that we manage are an account
    /// of ours at Twilio.
    #[oai(path = "/", method = "get", operation_id = "list_integrations")]
    async fn list_integrations(&self, caller: SignedIn) -> Result<Reply<Vec<IntegrationState>>> {
        caller.read("list_integrations", args! {}).await
    }

    /// Connect the organisation's own Twilio account
    ///
    /// Twilio is asked whether the keys are right and the number is the account's; then its calls are ours to answer. 202 when
    /// that takes longer than 20 seconds: follow the operation. What fails in the middle is taken back.
    #[oai(path = "/twilio", method = "put", operation_id = "connect_twilio")]
    async fn connect_twilio(
        &self,
        caller: SignedIn,
        account: Json<TwilioAccount>,
        Data(app): Data<&App>,
    ) -> Result<Followed<IntegrationState>> {
        let TwilioAccount { account_sid, auth_token, phone_number } = account.0;
        // Whoever has no organisation hears so from the function, and nothing is kept.
        let org_id = caller.0.org_id().unwrap_or_default();
        let Sealed { sealed, key_version } = seal(app, org_id, &account_sid, &auth_token.0)?;
        let args = args! {
            p_account_sid: account_sid, p_phone_number: phone_number, p_sealed: sealed, p_key_version: key_version,
        };
        let promise = Promise::of(caller.0.write("connect_twilio", args).await?)?;
        promise.read(&caller, app, app.config.patience(), "connected_twilio").await
    }

    /// Disconnect the organisation's own Twilio account
    ///
    /// What we kept of it is gone at once. 200 when Vapi has let go of the number too, 202 while it has not.
    #[oai(path = "/twilio", method = "delete", operation_id = "disconnect_twilio")]
    async fn disconnect_twilio(&self, caller: SignedIn, Data(app): Data<&App>) -> Result<Followed<Operation>> {
        let promise = Promise::of(caller.0.write("disconnect_twilio", args! {}).await?)?;
        promise.itself(&caller, app, app.config.patience()).await
    }
}

/// The keys of an account, as they are kept.
fn seal(app: &App, org_id: Uuid, account_sid: &str, auth_token: &str) -> Result<Sealed> {
    let missing = || Error::code("vault_unavailable").because(anyhow::anyhow!("VAULT_KEYS is missing"));
    let vault = app.config.vault.as_ref().ok_or_else(missing)?;
    let keys = json!({ "account_sid": account_sid, "auth_token": auth_token });
    Ok(vault.seal(&Aad { org_id, provider: "twilio", kind: "default" }, keys.to_string().as_bytes()))
}
