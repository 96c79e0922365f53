//! Verifying a number by a call to it: two doors over one set of functions.

use poem::web::Data;
use poem_openapi::{Object, OpenApi, param::Path, payload::Json};
use secrecy::ExposeSecret;
use serde_json::Value;
use uuid::Uuid;

use super::types::{CallerIdConfirmation, CallerIdInitiation, TelephonyDone, VerifiedNumbers};
use crate::{
    api::{
        Reply, SignedIn, Tag,
        follow::{Followed, Promise},
    },
    args,
    db::Answer,
    effects::Waited,
    error::{Error, Result},
    server::App,
    vault::{Aad, Sealed},
};

#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct Initiation {
    /// In international form, such as `+447700900123`.
    phone_number: String,
}

#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct Confirmation {
    verification_id: Uuid,
    /// The code that the initiation answered.
    verification_code: String,
}

#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct NamedInitiation {
    /// In international form, such as `+447700900123`.
    phone_number: String,
    /// At most 64 characters.
    friendly_name: Option<String>,
}

#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct Number {
    /// In international form, such as `+447700900123`.
    phone_number: String,
}

pub struct VerificationApi;

#[OpenApi(prefix_path = "/api/telephony", tag = "Tag::Telephony")]
impl VerificationApi {
    /// Have a number called for verification
    ///
    /// Twilio's list is asked first: a number on it is verified at once, and nobody is called. Otherwise the phone rings, and
    /// the person types the code of this answer on its keypad. A call that is still being ordered is followed, not repeated.
    /// 202 when Twilio takes longer than 20 seconds: ask again with the same `Idempotency-Key` for the code.
    #[oai(path = "/verify-caller-id/initiate", method = "post", operation_id = "initiate_caller_id")]
    async fn initiate_caller_id(
        &self,
        caller: SignedIn,
        wish: Json<Initiation>,
        Data(app): Data<&App>,
    ) -> Result<Followed<CallerIdInitiation>> {
        let promise = caller.0.write("initiate_caller_id", args! { p_phone_number: wish.0.phone_number }).await?;
        initiated(&caller, app, promise, "caller_id_initiated").await
    }

    /// Confirm a number with the code that was shown
    ///
    /// The code is compared with what is kept of it, three times; then Twilio's list must have the number. 409
    /// `not_yet_confirmed` while the person has not typed it on the phone: ask again. 202 when Twilio takes longer than 20
    /// seconds.
    #[oai(path = "/verify-caller-id/confirm", method = "post", operation_id = "confirm_caller_id_code")]
    async fn confirm_caller_id_code(
        &self,
        caller: SignedIn,
        said: Json<Confirmation>,
        Data(app): Data<&App>,
    ) -> Result<Followed<CallerIdConfirmation>> {
        let Confirmation { verification_id, verification_code } = said.0;
        let args = args! { p_verification_id: verification_id, p_verification_code: verification_code };
        let promise = Promise::of(caller.0.write("confirm_caller_id_code", args).await?)?;
        promise.read(&caller, app, app.config.patience(), "caller_id_code_confirmed").await
    }

    /// The organisation's numbers that were verified
    ///
    /// And those that are being verified, or were not; the newest first.
    #[oai(path = "/verified-numbers", method = "get", operation_id = "list_verified_numbers")]
    async fn list_verified_numbers(&self, caller: SignedIn) -> Result<Reply<VerifiedNumbers>> {
        caller.read("list_verified_numbers", args! {}).await
    }

    /// Remove a verified number
    ///
    /// With what forwards through it: the answer says what to dial for that.
    #[oai(path = "/verified-numbers/:id", method = "delete", operation_id = "delete_verified_number")]
    async fn delete_verified_number(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<TelephonyDone>> {
        caller.write("delete_verified_number", args! { p_id: id.0 }).await
    }
}

pub struct VerifiedCallerIdApi;

#[OpenApi(prefix_path = "/api/verified-caller-id", tag = "Tag::Telephony")]
impl VerifiedCallerIdApi {
    /// Have a number called for verification, under a name
    ///
    /// As `POST /api/telephony/verify-caller-id/initiate`.
    #[oai(path = "/verify", method = "post", operation_id = "verify_caller_id")]
    async fn verify_caller_id(
        &self,
        caller: SignedIn,
        wish: Json<NamedInitiation>,
        Data(app): Data<&App>,
    ) -> Result<Followed<CallerIdInitiation>> {
        let args = args! { p_phone_number: wish.0.phone_number, p_friendly_name: wish.0.friendly_name };
        let promise = caller.0.write("verify_caller_id", args).await?;
        initiated(&caller, app, promise, "caller_id_called").await
    }

    /// Confirm a number
    ///
    /// Twilio's list must have it by now: 409 `not_yet_confirmed` while it has not. 202 when Twilio takes longer than 20
    /// seconds.
    #[oai(path = "/confirm", method = "post", operation_id = "confirm_caller_id")]
    async fn confirm_caller_id(
        &self,
        caller: SignedIn,
        which: Json<Number>,
        Data(app): Data<&App>,
    ) -> Result<Followed<CallerIdConfirmation>> {
        let args = args! { p_phone_number: which.0.phone_number };
        let promise = Promise::of(caller.0.write("confirm_caller_id", args).await?)?;
        promise.read(&caller, app, app.config.patience(), "caller_id_confirmed").await
    }

    /// The numbers the organisation may show when it calls
    ///
    /// And those that are being verified, or were not; the newest first.
    #[oai(path = "/", method = "get", operation_id = "list_verified_caller_ids")]
    async fn list_verified_caller_ids(&self, caller: SignedIn) -> Result<Reply<VerifiedNumbers>> {
        caller.read("list_verified_caller_ids", args! {}).await
    }

    /// Remove a verified number, by its number
    ///
    /// With what forwards through it: the answer says what to dial for that.
    #[oai(path = "/", method = "delete", operation_id = "delete_verified_caller_id")]
    async fn delete_verified_caller_id(&self, caller: SignedIn, which: Json<Number>) -> Result<Reply<TelephonyDone>> {
        caller.write("delete_verified_caller_id", args! { p_phone_number: which.0.phone_number }).await
    }
}

async fn initiated(
    caller: &SignedIn,
    app: &App,
    promise: Answer,
    answers: &str,
) -> Result<Followed<CallerIdInitiation>> {
    let promise = Promise::of(promise)?;
    let Waited::Finished(outcome) = promise.ended(app, app.config.patience()).await else {
        return Ok(promise.under_way());
    };
    let mut answer = caller.0.read(answers, args! { p_operation_id: promise.id }).await?;
    if let Some(result) = outcome.result.as_ref().filter(|result| result["sealed_code"].is_string()) {
        show_code(&mut answer, caller, app, result)?;
    }
    Ok(Followed::Ended(Reply::of(answer)?))
}

/// Opens the code for the screen of whoever asked. The database has it sealed and hashed alone.
fn show_code(answer: &mut Answer, caller: &SignedIn, app: &App, result: &Value) -> Result<()> {
    let missing = || Error::code("vault_unavailable").because(anyhow::anyhow!("VAULT_KEYS is missing"));
    let vault = app.config.vault.as_ref().ok_or_else(missing)?;
    let sealed = Sealed {
        sealed: result["sealed_code"].as_str().unwrap_or_default().to_owned(),
        key_version: result["key_version"].as_i64().and_then(|version| version.try_into().ok()).unwrap_or_default(),
    };
    let org_id = caller.0.org_id().unwrap_or_default();
    let aad = Aad { org_id, provider: "twilio", kind: "caller_id_code" };
    let code = vault.open(&aad, &sealed).map_err(|shut| Error::code("vault_unavailable").because(shut))?;
    let mut body: Value = answer.parse()?;
    body["validationCode"] = code.expose_secret().into();
    answer.body = body.to_string();
    Ok(())
}
