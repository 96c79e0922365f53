//! How a clinic does, in figures that are kept beside its calls.

use poem_openapi::{Object, OpenApi, param::Query};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

/// How the organisation does.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct DashboardPulse {
    /// `today`, `7d` or `30d`.
    period: String,
    /// Midnight in the clinic's zone.
    from: OffsetDateTime,
    /// The end of this quarter of an hour.
    to: OffsetDateTime,
    total_calls: i64,
    appointments_booked: i64,
    /// From 0 to 1; null where no call has one.
    avg_sentiment: Option<f64>,
    avg_duration_seconds: Option<i32>,
    /// Booked inbound calls by inbound calls, from 0 to 100.
    success_rate: f64,
    pipeline_value_pence: i64,
}

/// Something that happened.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct ActivityItem {
    /// `call`, `booking`, `hot_lead`, `message` or `topup`.
    kind: String,
    id: Uuid,
    at: OffsetDateTime,
    /// For a person.
    text: String,
    /// The page of the dashboard that shows it.
    path: String,
}

/// A day or an hour.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CallSeriesPoint {
    /// Its beginning, in the clinic's zone.
    at: OffsetDateTime,
    calls: i64,
    appointments_booked: i64,
    avg_sentiment: Option<f64>,
    avg_duration_seconds: Option<i32>,
    pipeline_value_pence: i64,
}

/// From calls to bookings; each is a part of the one before.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CallFunnel {
    /// `today`, `7d` or `30d`.
    period: String,
    from: OffsetDateTime,
    to: OffsetDateTime,
    calls: i64,
    /// They were answered.
    connected: i64,
    /// They lasted for half a minute, or the agent did something for the caller.
    engaged: i64,
    booked: i64,
}

pub struct AnalyticsApi;

#[OpenApi(prefix_path = "/api/analytics", tag = "Tag::Calls")]
impl AnalyticsApi {
    /// How the organisation does
    ///
    /// In whole days of the clinic's zone, today among them.
    #[oai(path = "/dashboard-pulse", method = "get", operation_id = "dashboard_pulse")]
    async fn dashboard_pulse(
        &self,
        caller: SignedIn,
        /// `today`, `7d` or `30d`; `today` when absent.
        period: Query<Option<String>>,
    ) -> Result<Reply<DashboardPulse>> {
        caller.read("dashboard_pulse", args! { p_period: period.0 }).await
    }

    /// What happened last
    ///
    /// The last ten calls, bookings, hot leads, messages and top-ups together, newest first, as far as the caller may read
    /// them.
    #[oai(path = "/recent-activity", method = "get", operation_id = "recent_activity")]
    async fn recent_activity(&self, caller: SignedIn) -> Result<Reply<Vec<ActivityItem>>> {
        caller.read("recent_activity", args! {}).await
    }

    /// Calls by the day or by the hour
    ///
    /// Of the clinic's zone, the oldest first, those without a call as well.
    #[oai(path = "/series", method = "get", operation_id = "call_series")]
    async fn call_series(
        &self,
        caller: SignedIn,
        /// `today`, `7d` or `30d`; `7d` when absent.
        period: Query<Option<String>>,
        /// `day` or `hour`; `day` when absent.
        interval: Query<Option<String>>,
    ) -> Result<Reply<Vec<CallSeriesPoint>>> {
        caller.read("call_series", args! { p_period: period.0, p_interval: interval.0 }).await
    }

    /// From calls to bookings
    #[oai(path = "/funnel", method = "get", operation_id = "call_funnel")]
    async fn call_funnel(
        &self,
        caller: SignedIn,
        /// `today`, `7d` or `30d`; `30d` when absent.
        period: Query<Option<String>>,
    ) -> Result<Reply<CallFunnel>> {
        caller.read("call_funnel", args! { p_period: period.0 }).await
    }
}
