//! Telephones: numbers that were verified, and phones that forward.

mod caller_ids;
mod follow;
mod forwarding;
mod types;

use poem_openapi::OpenApi;

pub fn apis() -> impl OpenApi {
    (caller_ids::VerificationApi, caller_ids::VerifiedCallerIdApi, forwarding::ForwardingApi)
}
