//! What is not about one domain: live events, operations, the operator's endpoints.

pub mod admin;
pub mod email_testing;
pub mod events;
pub mod operations;

use poem_openapi::OpenApi;

pub fn apis() -> impl OpenApi {
    (events::EventsApi, admin::AdminApi, operations::OperationsApi)
}
