//! Traces: the spans of requests and effects go to a collector, as OTLP over HTTP.

use std::{future::Future, pin::Pin};

use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::Level;
use tracing_subscriber::{Layer, filter::filter_fn};

use super::{
    Layers,
    courier::{Courier, Letter},
};
use crate::config::Config;

/// Sends what is left when it is dropped.
pub struct Guard(SdkTracerProvider);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            eprintln!("the last traces were not sent: {error}");
        }
    }
}

/// Adds the layer when a collector is configured.
pub fn add(mut layers: Layers, config: &Config) -> anyhow::Result<(Layers, Option<Guard>)> {
    let Some(endpoint) = &config.otel_endpoint else { return Ok((layers, None)) };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Client(Courier::new()?))
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()?;
    let provider = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name("voxanne").build())
        .with_batch_exporter(exporter)
        .build();
    let ours = filter_fn(|span| span.is_span() && *span.level() <= Level::INFO && span.target().starts_with("voxanne"));
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("voxanne"));
    layers.push(Box::new(layer.with_filter(ours)));
    Ok((layers, Some(Guard(provider))))
}

#[derive(Debug)]
struct Client(Courier);

impl HttpClient for Client {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let (parts, body) = request.into_parts();
        let answer = self.0.send(Letter { url: parts.uri.to_string(), headers: parts.headers, body });
        Box::pin(async move {
            let (status, body) = answer.await??;
            Ok(Response::builder().status(status).body(body)?)
        })
    }
}
