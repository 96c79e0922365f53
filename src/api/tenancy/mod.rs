//! Who you are, your organisation, its people and keys, what happened in it, and what it holds about people.

mod api_keys;
mod audit_logs;
mod feature_flags;
mod invitations;
mod me;
mod members;
mod organization;
mod privacy;
mod types;

use poem_openapi::OpenApi;

pub fn apis() -> impl OpenApi {
    (
        me::MeApi,
        organization::OrganizationApi,
        members::MembersApi,
        invitations::InvitationsApi,
        api_keys::ApiKeysApi,
        feature_flags::FeatureFlagsApi,
        audit_logs::AuditLogsApi,
        privacy::PrivacyApi,
    )
}
