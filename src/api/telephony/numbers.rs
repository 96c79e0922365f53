//! Numbers that we manage: what is to be had, buying, giving back.

use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    api::{
        Reply, SignedIn, Tag,
        follow::{Followed, Promise},
    },
    args,
    error::Result,
    server::App,
};

/// A number that could be bought.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct AvailableNumber {
    phone_number: Option<String>,
    /// As people there write it.
    friendly_name: Option<String>,
    locality: Option<String>,
    region: Option<String>,
    country_code: Option<String>,
    voice: Option<bool>,
    sms: Option<bool>,
}

/// Numbers of a country, what one costs, and what the country's regulator asks for.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CountryOffer {
    /// Such as `GB`.
    country_code: String,
    country: String,
    price_pence: i64,
    /// The price is asked for every month, not once.
    monthly: bool,
    requirements: String,
    /// The papers are there: a number can be bought. Without them nothing is charged and nothing is sold.
    requirements_met: bool,
    numbers: Vec<AvailableNumber>,
}

/// A number of the organisation's, bought from its wallet.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct ManagedNumber {
    id: Uuid,
    /// Null until Twilio has sold one.
    phone_number: Option<String>,
    country_code: String,
    /// `inbound`, which rings, or `outbound`, which agents call with.
    routing_direction: String,
    /// `provisioning`, `active`, `releasing`, `released` or `failed`.
    status: String,
    price_pence: i64,
    twilio_sid: Option<String>,
    vapi_phone_id: Option<String>,
    created_at: OffsetDateTime,
    released_at: Option<OffsetDateTime>,
}

/// A number an agent may be given.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct AgentPhoneNumber {
    phone_number: String,
    /// `inbound`, `outbound`, or `default`, which is both.
    direction: String,
    /// Give it to the agent.
    vapi_phone_id: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NumberWish {
    /// A certain number, in international form; without it, the first that is to be had.
    phone_number: Option<String>,
    /// Such as `GB`.
    country: String,
    /// Digits: the first number of this area.
    area_code: Option<String>,
    /// `inbound`, which rings, or `outbound`, which agents call with. One in each.
    direction: String,
}

pub struct ManagedNumbersApi;

#[OpenApi(prefix_path = "/api/managed-telephony", tag = "Tag::Telephony")]
impl ManagedNumbersApi {
    /// Numbers that are to be had
    ///
    /// Up to 20, with the price, and what the country asks for: both are known before money moves. 202 when Twilio takes
    /// longer than 20 seconds: the operation's result has the numbers.
    ///
    /// Asking changes nothing for whoever asks, so it is a GET; it is put on record all the same, with the country, and the
    /// search itself is an effect like everything that is asked of a provider.
    #[oai(path = "/available", method = "get", operation_id = "search_numbers")]
    async fn search_numbers(
        &self,
        caller: SignedIn,
        /// Such as `GB`.
        country: Query<String>,
        /// Digits.
        area_code: Query<Option<String>>,
        /// Digits, and `*` for any one; two to sixteen of them.
        contains: Query<Option<String>>,
        Data(app): Data<&App>,
    ) -> Result<Followed<CountryOffer>> {
        let args = args! { p_country: country.0, p_area_code: area_code.0, p_contains: contains.0 };
        let promise = Promise::of(caller.0.write("search_numbers", args).await?)?;
        promise.read(&caller, app, app.config.patience(), "available_numbers").await
    }

    /// Buy a number
    ///
    /// The price leaves the wallet first, and comes back when the number cannot be had. One number in each direction. 202 when
    /// it takes longer than 20 seconds: follow the operation, and ask again with the same `Idempotency-Key` for the number
    /// once it is done.
    #[oai(path = "/provision", method = "post", operation_id = "provision_number")]
    async fn provision_number(
        &self,
        caller: SignedIn,
        wish: Json<NumberWish>,
        Data(app): Data<&App>,
    ) -> Result<Followed<ManagedNumber, 201>> {
        let NumberWish { phone_number, country, area_code, direction } = wish.0;
        let args = args! {
            p_country: country, p_direction: direction, p_phone_number: phone_number, p_area_code: area_code,
        };
        let promise = Promise::of(caller.0.write("provision_number", args).await?)?;
        promise.read(&caller, app, app.config.patience(), "provisioned_number").await
    }

    /// The organisation's numbers
    ///
    /// Those it has, had, or is getting; the newest first.
    #[oai(path = "/numbers", method = "get", operation_id = "list_managed_numbers")]
    async fn list_managed_numbers(&self, caller: SignedIn) -> Result<Reply<Vec<ManagedNumber>>> {
        caller.read("list_managed_numbers", args! {}).await
    }

    /// Give a number back
    ///
    /// It is unlinked at once and for good. 200 when Vapi and Twilio have let go of it too, 202 while they have not.
    #[oai(path = "/numbers/:phone", method = "delete", operation_id = "release_number")]
    async fn release_number(
        &self,
        caller: SignedIn,
        /// In international form.
        phone: Path<String>,
        Data(app): Data<&App>,
    ) -> Result<Followed<ManagedNumber>> {
        let promise = Promise::of(caller.0.write("release_number", args! { p_phone_number: phone.0 }).await?)?;
        promise.read(&caller, app, app.config.patience(), "released_number").await
    }
}

pub struct AgentNumbersApi;

#[OpenApi(prefix_path = "/api/agents", tag = "Tag::Telephony")]
impl AgentNumbersApi {
    /// Numbers an agent may be given
    ///
    /// The organisation's own and those we manage, once they work.
    #[oai(path = "/phone-numbers", method = "get", operation_id = "list_agent_phone_numbers")]
    async fn list_agent_phone_numbers(&self, caller: SignedIn) -> Result<Reply<Vec<AgentPhoneNumber>>> {
        caller.read("list_agent_phone_numbers", args! {}).await
    }
}
