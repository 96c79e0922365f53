//! Calls: who answers and calls, and what a dashboard lists, counts and plays of it.

mod actions;
mod agent_types;
mod agents;
mod analytics;
mod dashboard;
mod recordings;

use poem_openapi::OpenApi;

pub use self::recordings::shared_recording;

pub fn apis() -> impl OpenApi {
    (
        agents::AgentsApi,
        dashboard::DashboardApi,
        recordings::RecordingsApi,
        actions::CallActionsApi,
        actions::ContactCallsApi,
        analytics::AnalyticsApi,
    )
}
