//! One executor a provider.

mod ledger;
mod name;
mod oauth;
mod resend;
mod slack;
pub mod stripe;
mod twilio;
mod vapi;

use std::time::Duration;

use poem::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::json;
use url::{Url, form_urlencoded};

pub use self::{
    ledger::LedgerExportHeads,
    resend::ResendEmail,
    slack::SlackMessage,
    stripe::{Stripe, StripeCharge, StripeCheckout, StripeRefunds},
};
use self::{
    oauth::{OAuthCheck, OAuthClients, OAuthExchange, OAuthRevoke},
    twilio::{
        Twilio, TwilioBuyNumber, TwilioCheckCall, TwilioCheckResult, TwilioDeleteCallerId, TwilioEndCall,
        TwilioEnsureSubaccount, TwilioFindCallerId, TwilioListNumbers, TwilioReleaseNumber, TwilioRequestCallerId,
        TwilioSearchNumbers, TwilioSendSms, TwilioValidateAccount,
    },
    vapi::{
        Vapi, VapiControl, VapiCreateCall, VapiCreateCredential, VapiDeleteCredential, VapiDropAssistant, VapiDropTool,
        VapiEndCall, VapiImportNumber, VapiLinkNumber, VapiPollCall, VapiRegisterTool, VapiReleaseNumber, VapiSay,
        VapiSyncAssistant, VapiTransfer,
    },
};
use super::{Effect, Executor, Registry, Verdict};
use crate::{config::Config, vault::Keyring};

/// Past this no provider here still has an answer; the effect's own time-out is the outer limit.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Enough to know what a provider means, too little to fill a log.
const LONGEST_ERROR: usize = 200;

/// Every executor this server has.
pub fn registry(config: &Config, http: &reqwest::Client, keyring: &Keyring) -> Registry {
    let stripe = Stripe::new(&config.stripe, http.clone());
    let clients = OAuthClients::new(config, keyring.clone(), http.clone());
    let registry = Registry::new()
        .with("billing.hold_deadline", Moment)
        .with("billing.reconcile", Moment)
        .with("billing.sweep", Moment)
        .with("calls.relink", Moment)
        .with("calls.check_counts", Moment)
        .with("calls.report_due", Moment)
        .with("ledger.export_heads", LedgerExportHeads::new(&config.ledger))
        .with("oauth.check", OAuthCheck(clients.clone()))
        .with("oauth.exchange", OAuthExchange(clients.clone()))
        .with("oauth.revoke", OAuthRevoke(clients))
        .with("resend.email", ResendEmail::new(&config.resend, http.clone()))
        .with("slack.message", SlackMessage::new(config.slack_webhook_url.clone(), http.clone()))
        .with("stripe.charge", StripeCharge(stripe.clone()))
        .with("stripe.checkout", StripeCheckout(stripe.clone()))
        .with("stripe.refunds", StripeRefunds(stripe));
    with_vapi(with_twilio(registry, config, http, keyring), config, http, keyring)
}

fn with_twilio(registry: Registry, config: &Config, http: &reqwest::Client, keyring: &Keyring) -> Registry {
    let twilio = Twilio::new(&config.twilio, http.clone(), keyring.clone());
    registry
        .with("twilio.buy_number", TwilioBuyNumber::new(twilio.clone(), &config.backend_url))
        .with("twilio.check_account", TwilioValidateAccount(twilio.clone()))
        .with("twilio.check_call", TwilioCheckCall(twilio.clone()))
        .with("twilio.check_result", TwilioCheckResult(twilio.clone()))
        .with("twilio.delete_caller_id", TwilioDeleteCallerId(twilio.clone()))
        .with("twilio.end_call", TwilioEndCall(twilio.clone()))
        .with("twilio.ensure_subaccount", TwilioEnsureSubaccount(twilio.clone()))
        .with("twilio.find_caller_id", TwilioFindCallerId(twilio.clone()))
        .with("twilio.list_numbers", TwilioListNumbers(twilio.clone()))
        .with("twilio.release_number", TwilioReleaseNumber(twilio.clone()))
        .with("twilio.request_caller_id", TwilioRequestCallerId(twilio.clone()))
        .with("twilio.search_numbers", TwilioSearchNumbers(twilio.clone()))
        .with("twilio.send_sms", TwilioSendSms::new(twilio.clone(), &config.backend_url))
        .with("twilio.validate_account", TwilioValidateAccount(twilio))
}

fn with_vapi(registry: Registry, config: &Config, http: &reqwest::Client, keyring: &Keyring) -> Registry {
    let control = VapiControl::new(&config.vapi, http.clone());
    let vapi = Vapi::new(config, http.clone(), keyring.clone());
    registry
        .with("vapi.create_call", VapiCreateCall(vapi.clone()))
        .with("vapi.create_credential", VapiCreateCredential(vapi.clone()))
        .with("vapi.delete_credential", VapiDeleteCredential(vapi.clone()))
        .with("vapi.drop_assistant", VapiDropAssistant(vapi.clone()))
        .with("vapi.drop_tool", VapiDropTool(vapi.clone()))
        .with("vapi.end_call", VapiEndCall(control.clone()))
        .with("vapi.import_number", VapiImportNumber(vapi.clone()))
        .with("vapi.link_number", VapiLinkNumber(vapi.clone()))
        .with("vapi.poll_call", VapiPollCall(vapi.clone()))
        .with("vapi.register_tool", VapiRegisterTool(vapi.clone()))
        .with("vapi.release_number", VapiReleaseNumber(vapi.clone()))
        .with("vapi.say", VapiSay(control.clone()))
        .with("vapi.sync_assistant", VapiSyncAssistant(vapi))
        .with("vapi.transfer", VapiTransfer(control))
}

/// Nothing happens outside: the effect is there for its moment, and its continuation is the point.
struct Moment;

impl Executor for Moment {
    async fn run(&self, _: &Effect) -> Verdict {
        Verdict::Done(json!({}))
    }
}

/// The payload as an executor reads it. One that is not so never will be.
fn payload<T: DeserializeOwned>(effect: &Effect) -> Result<T, Verdict> {
    T::deserialize(&effect.payload).map_err(|error| Verdict::refused(format!("The payload cannot be read: {error}.")))
}

/// Nothing came back: whether it happened is unknown. Addresses stay out of the text, since some are secrets.
fn unanswered(provider: &str, error: reqwest::Error) -> Verdict {
    let what = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "did not answer in time",
        (_, true) => "could not be reached",
        _ => "broke off its answer",
    };
    Verdict::retry(format!("{provider} {what}: {:#}", anyhow::Error::new(error.without_url())))
}

/// The statuses that mean "later" at every provider.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY)
}

/// How long the provider asks us to wait, when it says so in seconds.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// What is put into the path cannot lead out of it.
pub(crate) fn within(base_url: &Url, segments: &[&str]) -> Url {
    let mut url = base_url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// The body of a form, and a query.
fn encoded(form: &[(&str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_one_segment_of_the_path() {
        let base = |text: &str| Url::parse(text).expect("a URL");
        let at = |base: &Url, id| within(base, &["call", id]).to_string();
        assert_eq!(at(&base("https://api.vapi.ai"), "0a1b"), "https://api.vapi.ai/call/0a1b");
        assert_eq!(at(&base("https://x.example/vapi/"), "0a1b"), "https://x.example/vapi/call/0a1b");
        assert_eq!(at(&base("https://api.vapi.ai"), "../org?x=/y"), "https://api.vapi.ai/call/..%2Forg%3Fx=%2Fy");
    }

    #[test]
    fn a_form_is_encoded_whatever_it_holds() {
        let form = [
            ("metadata[org_id]", "a b&c=d".to_owned()),
            ("name", "Zahnärzte + Co".to_owned()),
            ("success_url", "https://x.example/?session_id={CHECKOUT_SESSION_ID}".to_owned()),
        ];
        assert_eq!(
            encoded(&form),
            "metadata%5Borg_id%5D=a+b%26c%3Dd&name=Zahn%C3%A4rzte+%2B+Co&\
             success_url=https%3A%2F%2Fx.example%2F%3Fsession_id%3D%7BCHECKOUT_SESSION_ID%7D"
        );
    }
}
