//! Telephones: numbers we manage, an organisation's own account, numbers that were verified, and phones that forward.

mod caller_ids;
mod forwarding;
mod integrations;
mod numbers;
mod types;

use poem_openapi::OpenApi;

pub fn apis() -> impl OpenApi {
    (
        numbers::ManagedNumbersApi,
        numbers::AgentNumbersApi,
        integrations::IntegrationsApi,
        caller_ids::VerificationApi,
        caller_ids::VerifiedCallerIdApi,
        forwarding::ForwardingApi,
    )
}
