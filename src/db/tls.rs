//! TLS to Postgres, as each URL's `sslmode` asks: `disable`, `prefer` (the default) or `require`.
//!
//! Unlike libpq, a certificate that is offered is always checked, name included: against the system's authorities, or the
//! one in `PGSSLROOTCERT`.

use std::{env, sync::LazyLock};

use anyhow::{Context, Result, anyhow};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio_postgres_rustls::MakeRustlsConnect;

static CONNECTOR: LazyLock<Result<MakeRustlsConnect>> = LazyLock::new(|| Ok(MakeRustlsConnect::new(settings()?)));

/// What every connection is made with.
pub fn connector() -> Result<MakeRustlsConnect> {
    CONNECTOR.as_ref().cloned().map_err(|error| anyhow!("{error:#}"))
}

fn settings() -> Result<ClientConfig> {
    let Some(file) = env::var_os("PGSSLROOTCERT").filter(|file| !file.is_empty()) else {
        return ClientConfig::with_platform_verifier()
            .context("the system's certificate authorities could not be read");
    };
    let unreadable = || format!("PGSSLROOTCERT is {}, which is no PEM file of certificates", file.display());
    let mut authorities = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(&file).with_context(unreadable)? {
        authorities.add(certificate.with_context(unreadable)?).with_context(unreadable)?;
    }
    Ok(ClientConfig::builder().with_root_certificates(authorities).with_no_client_auth())
}
