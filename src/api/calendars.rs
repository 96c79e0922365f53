//! Connecting a calendar by consent, and disconnecting it.

use std::time::Duration;

use poem::{
    Request, Response, handler,
    http::{StatusCode, header},
    web::{Data, Path, Query},
};
use poem_openapi::{Object, OpenApi, param};
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    effects::{Outcome, Waited},
    error::{Error, Result},
    oauth::{CODE, Provider, State, Verifier, consent_url, redirect_uri},
    server::App,
    vault::{Aad, Sealed, Vault},
};

/// How long a person who agreed looks at a white page before the dashboard takes over.
const PATIENCE: Duration = Duration::from_secs(8);

/// Codes of the providers are far shorter.
const LONGEST_CODE: usize = 4096;

/// Where to agree.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape")]
struct Consent {
    /// Send the person there: it is the provider's own page.
    url: String,
    /// Until then they may come back from it.
    expires_at: OffsetDateTime,
}

/// Something that can be connected, and how it stands.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
pub struct IntegrationState {
    provider: String,
    /// `connecting`, `connected`, `disconnected` or `error`.
    status: String,
    /// As whom.
    account_label: Option<String>,
    phone_number: Option<String>,
    connected_at: Option<OffsetDateTime>,
    healthy: bool,
    last_checked_at: Option<OffsetDateTime>,
    last_error: Option<String>,
}

/// What `start_oauth` put on record.
#[derive(Deserialize)]
struct Begun {
    flow_id: Uuid,
    org_id: Uuid,
    user_id: Uuid,
    scopes: String,
    expires_at: Value,
}

/// What the provider sends people back with.
#[derive(Deserialize)]
struct CameBack {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

pub struct CalendarsApi;

#[OpenApi(prefix_path = "/api/integrations", tag = "Tag::Integrations")]
impl CalendarsApi {
    /// Begin connecting a calendar
    ///
    /// Answers the provider's consent page: send the person there. They come back to `/dashboard/integrations` of the front
    /// end with `?provider=…&status=`: `connected`, `denied`, `failed` with a `code` of ours, or `pending` when the provider
    /// takes longer: then `GET /api/integrations` says what came of it. Works once, for ten minutes.
    #[oai(path = "/:provider/authorize", method = "get", operation_id = "start_oauth")]
    async fn start_oauth(
        &self,
        caller: SignedIn,
        provider: param::Path<Provider>,
        Data(app): Data<&App>,
    ) -> Result<Reply<Consent>> {
        let provider = provider.0;
        let settings = provider.settings(&app.config);
        if settings.client_id.is_none() {
            let missing = format!("{}_CLIENT_ID is missing", provider.name().to_uppercase());
            return Err(Error::code("oauth_not_configured").because(anyhow::anyhow!(missing)));
        }
        let vault = vault(app)?;
        let verifier = Verifier::random();
        // Whoever has no organisation hears so from the function, and nothing is kept.
        let org_id = caller.0.org_id().unwrap_or_default();
        let Sealed { sealed, key_version } = verifier.sealed(vault, org_id, provider);
        let args = args! { p_provider: provider.name(), p_sealed_verifier: sealed, p_key_version: key_version };
        let mut answer = caller.0.write("start_oauth", args).await?;

        let begun: Begun = answer.parse()?;
        let state = State { org_id: begun.org_id, flow_id: begun.flow_id, user_id: begun.user_id };
        let (back, state) = (redirect_uri(&app.config.backend_url, provider), state.sealed(vault, provider));
        let url = consent_url(settings, provider, &back, &begun.scopes, &verifier, &state);
        answer.body = json!({ "url": url.as_str(), "expires_at": begun.expires_at }).to_string();
        Reply::of(answer)
    }

    /// Disconnect a calendar
    ///
    /// What we kept of it is gone at once; the provider is asked to forget us too, where it can be.
    #[oai(path = "/:provider", method = "delete", operation_id = "disconnect_oauth")]
    async fn disconnect_oauth(
        &self,
        caller: SignedIn,
        provider: param::Path<Provider>,
    ) -> Result<Reply<IntegrationState>> {
        caller.write("disconnect_oauth", args! { p_provider: provider.0.name() }).await
    }
}

fn vault(app: &App) -> Result<&Vault> {
    let missing = || Error::code("oauth_not_configured").because(anyhow::anyhow!("VAULT_KEYS is missing"));
    app.config.vault.as_ref().ok_or_else(missing)
}

/// `GET /api/integrations/:provider/callback`: a person comes back from the consent page. There is no bearer: the state says
/// who they are, and nothing else does.
///
/// Who cannot be a person that we sent away gets JSON like everywhere: 404 for a provider there is none of, 400 for a state
/// that is forged or missing, or a code that is. Behind a good state a person is led to the dashboard, whatever happened, by
/// a 303. Where a consent is refused before the provider is asked (expired, used, suspended), a caller that does not take
/// HTML gets the refusal as JSON with its own status instead.
#[handler]
pub async fn come_back(
    request: &Request,
    Path(provider): Path<String>,
    Query(said): Query<CameBack>,
    Data(app): Data<&App>,
) -> Result<Response> {
    let provider = Provider::from_name(&provider).ok_or_else(|| Error::code("integration_not_found"))?;
    let vault = vault(app)?;
    let state = said.state.as_deref().unwrap_or_default();
    let state =
        State::open(state, vault, provider).map_err(|forged| Error::code("oauth_state_invalid").because(forged))?;
    match said.error.as_deref() {
        Some("access_denied" | "consent_required") => return dashboard(app, provider, "denied", None),
        Some(_) => return dashboard(app, provider, "failed", Some("oauth_failed")),
        None => {}
    }
    let code = said.code.filter(|code| !code.is_empty() && code.len() <= LONGEST_CODE).ok_or_else(|| {
        Error::code("invalid_request").because(anyhow::anyhow!("neither a code nor an error came back"))
    })?;

    match take(app, vault, provider, state, &code).await {
        Ok(effect) => match app.awaiter.wait(effect, PATIENCE).await {
            Waited::Finished(outcome) => match refusal(&outcome) {
                None => dashboard(app, provider, "connected", None),
                Some(code) => dashboard(app, provider, "failed", Some(&code)),
            },
            Waited::Pending => dashboard(app, provider, "pending", None),
        },
        Err(error) if error.status.is_client_error() && takes_html(request) => {
            dashboard(app, provider, "failed", Some(&error.code))
        }
        Err(error) => Err(error),
    }
}

/// Puts the code on record, sealed, and answers the effect that exchanges it.
async fn take(app: &App, vault: &Vault, provider: Provider, state: State, code: &str) -> Result<Uuid> {
    let State { org_id, flow_id, user_id } = state;
    let aad = Aad { org_id, provider: provider.name(), kind: CODE };
    let Sealed { sealed, key_version } = vault.seal(&aad, code.as_bytes());
    let args = args! {
        p_org_id: org_id, p_flow_id: flow_id, p_user_id: user_id, p_provider: provider.name(),
        p_sealed_code: sealed, p_key_version: key_version,
    };
    app.db.as_service().write("private.take_oauth_code", args).await?.parse()
}

/// Why nothing was connected; none when something was.
fn refusal(outcome: &Outcome) -> Option<String> {
    match outcome.outcome.as_str() {
        "done" => outcome.result.as_ref()?.get("refused")?.as_str().map(str::to_owned),
        _ => Some("oauth_failed".to_owned()),
    }
}

/// A browser that was sent here asks for a page; whoever calls an API does not.
fn takes_html(request: &Request) -> bool {
    request.header(header::ACCEPT).is_some_and(|accepted| accepted.contains("text/html"))
}

/// Back to where the person began. The address they came by holds a code: nobody keeps it, nobody is told of it.
fn dashboard(app: &App, provider: Provider, status: &str, code: Option<&str>) -> Result<Response> {
    let front = app.config.frontend_url.as_str().trim_end_matches('/');
    let mut url = Url::parse(&format!("{front}/dashboard/integrations")).map_err(Error::internal)?;
    url.query_pairs_mut()
        .append_pair("provider", provider.name())
        .append_pair("status", status)
        .extend_pairs(code.map(|code| ("code", code)));
    Ok(Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, url.as_str())
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .finish())
}
