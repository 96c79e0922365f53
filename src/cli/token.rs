//! `voxanne token`: credentials signed with `JWT_SECRET`.

use std::{process::ExitCode, time::Duration};

use anyhow::Context;
use clap::{Args as Arguments, Subcommand};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::{args, auth::Tokens, config, db::Db};

#[derive(Arguments)]
pub struct Args {
    #[command(subcommand)]
    whose: Whose,
    /// Seconds the token is good for: ten years for a key, an hour for a user.
    #[arg(long, global = true)]
    lifetime: Option<u64>,
    #[arg(long, env = "JWT_SECRET", hide_env_values = true, global = true)]
    secret: Option<SecretString>,
}

#[derive(Subcommand)]
enum Whose {
    /// The public key a browser gives to supabase-js.
    Anon,
    /// The key of a server that may do everything: keep it secret.
    ServiceRole,
    /// An access token of somebody who has an account; asks the database who they are.
    User { email: String },
}

pub(super) const TEN_YEARS: u64 = 10 * 365 * 86_400;

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    println!("{}", make(args).await?);
    Ok(ExitCode::SUCCESS)
}

async fn make(args: Args) -> anyhow::Result<String> {
    let secret = args.secret.filter(|secret| !secret.expose_secret().is_empty());
    let secret = secret.context("JWT_SECRET is not set: there is nothing to sign with")?;
    let (claims, usual) = match args.whose {
        Whose::Anon => (key("anon"), TEN_YEARS),
        Whose::ServiceRole => (key("service_role"), TEN_YEARS),
        Whose::User { email } => (user(&email).await?, 3600),
    };
    let settings = config::Tokens { secret: Some(secret), jwks_url: None, audience: String::new(), issuer: None };
    let lifetime = Duration::from_secs(args.lifetime.unwrap_or(usual));
    Tokens::new(&settings, None).sign(claims, lifetime).context("The token could not be signed")
}

pub(super) fn key(role: &str) -> Map<String, Value> {
    Map::from_iter([("iss".to_owned(), json!("voxanne")), ("role".to_owned(), json!(role))])
}

async fn user(email: &str) -> anyhow::Result<Map<String, Value>> {
    let config = config::Config::from_env()?;
    let db = Db::connect(&config.database, config.org_in_flight).await.context("The database could not be reached")?;
    let answer = db.as_service().read("private.operator_token_claims", args! { p_email: email }).await;
    let mut claims: Map<String, Value> = answer?.parse()?;
    claims.insert("aud".to_owned(), json!(config.tokens.audience));
    if let Some(issuer) = config.tokens.issuer {
        claims.insert("iss".to_owned(), json!(issuer));
    }
    Ok(claims)
}
