//! Logs, figures, traces. Never a secret, a transcript or a body.

use std::{io::IsTerminal, sync::OnceLock};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::{Level, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, filter_fn},
    layer::{Filter, SubscriberExt},
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use crate::{config::Config, db::Db};

#[cfg(any(feature = "otel", feature = "sentry"))]
mod courier;
#[cfg(feature = "otel")]
mod otel;
#[cfg(feature = "sentry")]
mod reports;

type Layers = Vec<Box<dyn Layer<Registry> + Send + Sync>>;

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Seconds: from a warm read to the longest request.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Keeps what must live as long as the process.
pub struct Guard {
    #[cfg(feature = "sentry")]
    _sentry: Option<sentry::ClientInitGuard>,
    #[cfg(feature = "otel")]
    _otel: Option<otel::Guard>,
}

/// Sets up logs and, when built in and configured, traces and error reports. Once a process.
pub fn init(config: &Config) -> anyhow::Result<Guard> {
    let filter = filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")));
    let lines: Box<dyn Layer<Registry> + Send + Sync> = if config.log_pretty {
        Box::new(
            tracing_subscriber::fmt::layer()
                .compact()
                .with_target(false)
                .with_ansi(std::io::stderr().is_terminal())
                .with_writer(std::io::stderr)
                .with_filter(filter),
        )
    } else {
        Box::new(
            tracing_subscriber::fmt::layer()
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false)
                .with_filter(filter),
        )
    };
    let layers: Layers = vec![lines];
    #[cfg(feature = "otel")]
    let (layers, otel) = otel::add(layers, config)?;
    #[cfg(feature = "sentry")]
    let (layers, sentry) = reports::add(layers, config)?;
    tracing_subscriber::registry().with(layers).try_init()?;
    Ok(Guard {
        #[cfg(feature = "sentry")]
        _sentry: sentry,
        #[cfg(feature = "otel")]
        _otel: otel,
    })
}

/// What is asked for, without what the database's driver tells beyond `info`: it prints every parameter, and so passwords
/// and tokens.
pub fn filter<S: Subscriber + for<'a> LookupSpan<'a>>(wanted: EnvFilter) -> impl Filter<S> + Send + Sync + 'static {
    wanted.and(filter_fn(|line| *line.level() <= Level::INFO || !line.target().starts_with("tokio_postgres")))
}

/// Counts from now on. Once a process, however many servers are in it.
pub fn install_metrics() {
    METRICS.get_or_init(|| {
        PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
            .expect("there are buckets")
            .install_recorder()
            .expect("nobody else counts in this process")
    });
}

/// The figures in Prometheus's text form.
pub fn metrics() -> String {
    METRICS.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// The pools' figures, taken when somebody looks.
pub fn note_pools(db: &Db) {
    for (name, pool) in [("users", db.user_pool()), ("workers", db.worker_pool()), ("calls", db.call_pool())] {
        let status = pool.status();
        metrics::gauge!("voxanne_pool_connections", "pool" => name).set(status.size as f64);
        metrics::gauge!("voxanne_pool_available", "pool" => name).set(status.available as f64);
        metrics::gauge!("voxanne_pool_waiting", "pool" => name).set(status.waiting as f64);
    }
}
