//! The shapes of the telephony functions' answers, spelt as the front end does. Fields are columns; what Postgres may answer
//! with null is an Option.

#![allow(dead_code, reason = "documents the shapes; Postgres writes the JSON")]

use poem_openapi::Object;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::api::platform::operations::Operation;

/// A verification that began.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub struct CallerIdInitiation {
    success: Option<bool>,
    /// Confirm with it.
    verification_id: Option<Uuid>,
    /// The call at Twilio; null when the number was on Twilio's list already.
    validation_id: Option<String>,
    /// What the person types on the phone that is being called; null when the number was on Twilio's list already.
    validation_code: Option<String>,
    message: Option<String>,
}

/// A number that Twilio has on its list.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub struct CallerIdConfirmation {
    success: Option<bool>,
    message: Option<String>,
    /// Its id on Twilio's list.
    caller_id_sid: Option<String>,
}

/// A number the organisation had verified, or began to.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub struct VerifiedNumber {
    id: Uuid,
    phone_number: String,
    friendly_name: Option<String>,
    /// `pending`, `verified`, `failed` or `expired`.
    status: String,
    verified_at: Option<OffsetDateTime>,
    has_forwarding_config: bool,
}

#[derive(Object)]
pub struct VerifiedNumbers {
    success: bool,
    numbers: Vec<VerifiedNumber>,
}

/// It is done.
#[derive(Object)]
pub struct TelephonyDone {
    success: bool,
    /// What a person should know of it, such as which code to dial.
    message: String,
}

/// A phone that forwards to Voxanne.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub struct ForwardingConfig {
    id: Uuid,
    verified_caller_id: Uuid,
    /// The phone.
    sim_phone_number: String,
    /// `total_ai` or `safety_net`.
    forwarding_type: String,
    carrier: String,
    /// 25 where the carrier or the type does not know it.
    ring_time_seconds: i32,
    generated_activation_code: String,
    generated_deactivation_code: String,
    /// What a person does, one step after the other.
    instructions: Vec<String>,
    /// `pending_setup`, `active` or `disabled`.
    status: String,
    user_confirmed_setup: bool,
    last_checked_at: Option<OffsetDateTime>,
    /// What the last check saw; null when there was none, or no call could be made.
    last_check_reached: Option<bool>,
}

#[derive(Object)]
pub struct ForwardingAnswer {
    success: bool,
    /// Null where the number does not forward.
    config: Option<ForwardingConfig>,
}

/// What a check of a forwarding saw.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub struct ForwardingCheck {
    success: bool,
    /// Whether the call came back to Voxanne.
    reached: Option<bool>,
    message: Option<String>,
    /// How the call stands at Twilio, such as `completed`.
    call_status: Option<String>,
    checked_at: Option<OffsetDateTime>,
    /// What to follow while the check goes on.
    operation: Option<Operation>,
}
