//! The demo organisation: made by signing up like anybody else, then filled from `sql/demo`.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::ground::Ground;
use crate::cli::token::{TEN_YEARS, key};
use crate::db::migrate;
use crate::server::App;

pub const EMAIL: &str = "demo@voxanne.test";
pub const PASSWORD: &str = "demo-password";

#[derive(rust_embed::Embed)]
#[folder = "sql/demo/"]
struct Files;

pub struct Demo {
    /// The demo user's access token.
    pub token: String,
    /// What a browser gives to supabase-js.
    pub anon_key: String,
}

/// Signs the demo user up, or in when it is there. Nothing, where signing in is Supabase's.
pub async fn seed(app: &App, address: &str, ground: &Ground) -> Result<Option<Demo>> {
    if !ground.signs_in_locally() {
        return Ok(None);
    }
    let post = async |path: &str, body: Value| -> Result<(u16, Value)> {
        let answer = app.http.post(format!("{address}/auth/v1/{path}")).json(&body).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    };
    let credentials = json!({ "email": EMAIL, "password": PASSWORD });

    let (mut status, mut answer) = post("token?grant_type=password", credentials.clone()).await?;
    if status != 200 {
        let mut sign_up = credentials;
        sign_up["data"] = json!({ "full_name": "Dora Demo" });
        (status, answer) = post("signup", sign_up).await?;
        if status != 200 {
            bail!("the demo user could not sign up: {answer}");
        }
        fill(ground).await?;
    }
    let token = answer["access_token"].as_str().context("a session without a token")?;
    let anon_key = app.auth.tokens().sign(key("anon"), Duration::from_secs(TEN_YEARS))?;
    Ok(Some(Demo { token: token.to_owned(), anon_key }))
}

async fn fill(ground: &Ground) -> Result<()> {
    let owner = migrate::connect(ground.owner_url()).await?;
    let mut paths: Vec<_> = Files::iter().collect();
    paths.sort();
    for path in paths {
        let file = Files::get(&path).with_context(|| format!("sql/demo/{path} vanished"))?;
        let sql = std::str::from_utf8(&file.data)?;
        owner.batch_execute(sql).await.with_context(|| format!("sql/demo/{path} failed"))?;
    }
    Ok(())
}
