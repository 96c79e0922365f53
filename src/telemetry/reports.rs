//! Error reports: what is logged as an error, and panics, go to Sentry. Neither bodies nor addresses of people are in them.

use std::{sync::Arc, time::Duration};

use poem::http::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use sentry::{ClientInitGuard, ClientOptions, Envelope, Transport, TransportFactory, types::Dsn};

use super::{
    Layers,
    courier::{Courier, Letter},
};
use crate::config::Config;

/// Adds the layer when there is somewhere to report to. The guard sends what is left when it is dropped.
pub fn add(mut layers: Layers, config: &Config) -> anyhow::Result<(Layers, Option<ClientInitGuard>)> {
    let Some(dsn) = &config.sentry_dsn else { return Ok((layers, None)) };
    let dsn: Dsn = dsn.expose_secret().parse().map_err(|_| anyhow::anyhow!("SENTRY_DSN is no DSN of Sentry's"))?;
    let transport = Arc::new(Reports { courier: Courier::new()?, dsn: dsn.clone() });
    let options = ClientOptions {
        dsn: Some(dsn),
        release: sentry::release_name!(),
        send_default_pii: false,
        transport: Some(Arc::new(transport) as Arc<dyn TransportFactory>),
        ..ClientOptions::default()
    };
    layers.push(Box::new(sentry::integrations::tracing::layer()));
    Ok((layers, Some(sentry::init(options))))
}

struct Reports {
    courier: Courier,
    dsn: Dsn,
}

impl Transport for Reports {
    fn send_envelope(&self, envelope: Envelope) {
        let mut body = Vec::new();
        let auth = self.dsn.to_auth(Some(concat!("voxanne/", env!("CARGO_PKG_VERSION")))).to_string();
        let Ok(auth) = HeaderValue::from_str(&auth) else { return };
        if envelope.to_writer(&mut body).is_ok() {
            let headers = HeaderMap::from_iter([("x-sentry-auth".parse().expect("a header's name"), auth)]);
            let url = self.dsn.envelope_api_url().to_string();
            drop(self.courier.send(Letter { url, headers, body: body.into() }));
        }
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.courier.flush(timeout)
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        self.courier.flush(timeout)
    }
}
