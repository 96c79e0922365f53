//! Calls: what a dashboard lists, counts and plays of them.

mod dashboard;

use poem_openapi::OpenApi;

pub fn apis() -> impl OpenApi {
    dashboard::DashboardApi
}
