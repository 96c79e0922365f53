//! Calls: who answers and calls, and what a dashboard lists, counts and plays of it.

mod agent_types;
mod agents;
mod dashboard;

use poem_openapi::OpenApi;

pub fn apis() -> impl OpenApi {
    (agents::AgentsApi, dashboard::DashboardApi)
}
