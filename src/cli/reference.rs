//! `voxanne reference`: which functions there are, what errors they answer with, and what sagas do, as pages of `docs`.
//!
//! Printed from the grant matrix, the error registry and the functions' own headers, so that the pages cannot say
//! anything else than the code.

mod sagas;

use std::{collections::BTreeMap, fmt::Write as _, process::ExitCode};

use serde::Deserialize;

pub use self::sagas::sagas;
use crate::{
    api::openapi,
    db::migrate::{Kind, Manifest},
    error::REGISTRY,
};

#[derive(clap::Args)]
pub struct Args {
    page: Page,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Page {
    /// What clients and operators may call.
    Functions,
    /// Every refusal: code, status, sentence, and who answers with it.
    Errors,
    /// What sagas do, step by step, and what each failure leads to.
    Sagas,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let page = match args.page {
        Page::Functions => functions()?,
        Page::Errors => errors(),
        Page::Sagas => sagas()?,
    };
    print!("{page}");
    Ok(ExitCode::SUCCESS)
}

/// A row of `private.grant_matrix`.
#[derive(Deserialize)]
struct Granted {
    function: String,
    anon: String,
    authenticated: String,
    service_role: String,
    least_role: Option<String>,
    scope: Option<String>,
    endpoint: Option<String>,
}

/// Every function of schema public, by domain, with who may call it.
pub fn functions() -> anyhow::Result<String> {
    let manifest = Manifest::embedded()?;
    let matrix: Vec<Granted> =
        csv::Reader::from_reader(include_bytes!("../../sql/reference/private.grant_matrix.csv").as_slice())
            .deserialize()
            .collect::<Result<_, _>>()?;
    let matrix: BTreeMap<&str, &Granted> = matrix.iter().map(|row| (row.function.as_str(), row)).collect();

    let mut page = String::from(
        "# Functions\n\nWhat may be called, through the API, as an RPC or in `psql`. Printed by `voxanne reference functions`.\n",
    );
    let mut domain = "";
    for file in manifest.files().iter().filter(|file| file.kind == Kind::Function && !file.path.contains("/private/")) {
        let mut parts = file.path.split('/').skip(1);
        let (Some(folder), Some(name)) = (parts.next(), parts.next().and_then(|name| name.strip_suffix(".sql"))) else {
            continue;
        };
        let Some(granted) = matrix.get(format!("public.{name}").as_str()) else { continue };
        if folder != domain {
            domain = folder;
            write!(page, "\n## {domain}\n\n| function | what it does | who | endpoint |\n|---|---|---|---|\n")?;
        }
        let first: Vec<&str> = file.content.lines().map_while(|line| line.strip_prefix("-- ")).collect();
        let endpoint = granted.endpoint.as_deref().map(|endpoint| format!("`{endpoint}`")).unwrap_or_default();
        writeln!(page, "| `{name}` | {} | {} | {endpoint} |", first.join(" ").replace('|', "\\|"), who(granted))?;
    }
    Ok(page)
}

fn who(granted: &Granted) -> String {
    let role = granted.least_role.as_deref().unwrap_or("any signed-in person");
    let scope = granted.scope.as_ref().map(|scope| format!(", or an API key with `{scope}`")).unwrap_or_default();
    let may = |flag: &str| flag == "t";
    match (may(&granted.anon), may(&granted.authenticated), may(&granted.service_role)) {
        (true, ..) => "anyone".to_owned(),
        (_, true, true) => format!("{role}{scope}; service_role"),
        (_, true, false) => format!("{role}{scope}"),
        (_, false, _) => "service_role".to_owned(),
    }
}

/// Every code of the registry, by status.
pub fn errors() -> String {
    let mut answered_by: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let refusals: BTreeMap<_, _> = openapi::refusals().into_iter().collect();
    for (function, codes) in &refusals {
        for code in codes {
            answered_by.entry(code).or_default().push(format!("`{function}`"));
        }
    }
    let mut entries: Vec<_> = REGISTRY.values().collect();
    entries.sort_by_key(|entry| (entry.status, &entry.code));

    let mut page = String::from(
        "# Errors\n\nA refusal's `code` is stable. Where no function is named, the server answers with it, or nearly all do. Printed by \
         `voxanne reference errors`.\n\n| status | code | sentence | answered by |\n|---|---|---|---|\n",
    );
    for entry in entries {
        let by =
            answered_by.get(entry.code.as_str()).filter(|by| by.len() <= 12).map(|by| by.join(" ")).unwrap_or_default();
        writeln!(page, "| {} | `{}` | {} | {by} |", entry.status, entry.code, entry.sentence)
            .expect("writing to a string");
    }
    page
}
