//! Twilio's API: one small client, and an executor a kind.
//!
//! Twilio knows no idempotency keys. So whatever makes something gives it a name and looks for that name before it makes
//! it, and whatever takes something away is content when it is gone.

mod account;
mod answer;
mod caller_ids;
mod calls;
mod messages;
mod numbers;
mod search;

use poem::http::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use url::Url;

use self::answer::{Trouble, judge};
pub use self::{
    account::{TwilioEnsureSubaccount, TwilioValidateAccount},
    caller_ids::{TwilioDeleteCallerId, TwilioFindCallerId, TwilioRequestCallerId},
    calls::{TwilioCheckCall, TwilioCheckResult, TwilioEndCall},
    messages::TwilioSendSms,
    numbers::{TwilioBuyNumber, TwilioListNumbers, TwilioReleaseNumber},
    search::TwilioSearchNumbers,
};
use super::{ANSWER_WITHIN, encoded, within};
use crate::{
    config,
    vault::{Account, Keyring},
};

const VERSION: &str = "2010-04-01";
/// The most Twilio puts on one page.
const PAGE: &str = "1000";
/// Where Twilio tells what comes of text messages, and which come.
const SMS_WEBHOOK: [&str; 4] = ["api", "webhooks", "twilio", "sms"];

/// What a form or a query holds.
type Form = Vec<(&'static str, String)>;

#[derive(Clone)]
pub struct Twilio {
    http: reqwest::Client,
    base_url: Url,
    keyring: Keyring,
}

/// One account's part of the API, entered with its own credentials.
struct Desk<'a> {
    twilio: &'a Twilio,
    sid: String,
    token: SecretString,
}

impl Twilio {
    pub fn new(config: &config::Twilio, http: reqwest::Client, keyring: Keyring) -> Self {
        Self { http, base_url: config.base_url.clone(), keyring }
    }

    async fn desk(&self, account: &Account) -> Result<Desk<'_>, Trouble> {
        let (sid, token) = self.keyring.twilio(account).await?;
        Ok(Desk { twilio: self, sid, token })
    }

    fn platform_desk(&self) -> Result<Desk<'_>, Trouble> {
        let (sid, token) = self.keyring.platform()?;
        Ok(Desk { twilio: self, sid, token })
    }
}

impl Desk<'_> {
    /// `/Accounts/{sid}/<path>.json`, and without a path the account itself.
    fn url(&self, path: &[&str]) -> Url {
        let last = format!("{}.json", path.last().unwrap_or(&self.sid.as_str()));
        let mut segments = vec![VERSION, "Accounts"];
        if let Some((_, before)) = path.split_last() {
            segments.push(&self.sid);
            segments.extend(before);
        }
        segments.push(&last);
        within(&self.twilio.base_url, &segments)
    }

    /// The accounts this one is the owner of, and itself.
    fn accounts(&self) -> Url {
        within(&self.twilio.base_url, &[VERSION, "Accounts.json"])
    }

    async fn get(&self, url: Url) -> Result<Value, Trouble> {
        self.send(self.twilio.http.get(url)).await
    }

    async fn post(&self, url: Url, form: &[(&str, String)]) -> Result<Value, Trouble> {
        let request = self.twilio.http.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(encoded(form))).await
    }

    /// Whether there was something to take away.
    async fn delete(&self, url: Url) -> Result<bool, Trouble> {
        match self.send(self.twilio.http.delete(url)).await {
            Ok(_) => Ok(true),
            Err(Trouble::No(problem)) if problem.is_not_found() => Ok(false),
            Err(trouble) => Err(trouble),
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, Trouble> {
        let token = self.token.expose_secret();
        match request.timeout(ANSWER_WITHIN).basic_auth(&self.sid, Some(token)).send().await {
            Ok(answer) => judge(answer, token).await,
            Err(error) => Err(Trouble::unanswered(error)),
        }
    }

    /// Walks a list, newest first, page after page until it ends or something is found.
    async fn walk<T>(
        &self,
        mut url: Url,
        list: &str,
        query: &[(&str, String)],
        mut found: impl FnMut(Value) -> Option<T>,
    ) -> Result<Option<T>, Trouble> {
        url.set_query(Some(&encoded(query)));
        loop {
            let mut page = self.get(url).await?;
            let Value::Array(items) = page[list].take() else {
                return Err(Trouble::later("Twilio answered a list that is none."));
            };
            if let Some(found) = items.into_iter().find_map(&mut found) {
                return Ok(Some(found));
            }
            match page["next_page_uri"].as_str() {
                Some(next) if !next.is_empty() => url = self.next(next)?,
                _ => return Ok(None),
            }
        }
    }

    /// The next page is at the same place as this one: credentials go nowhere else.
    fn next(&self, uri: &str) -> Result<Url, Trouble> {
        let base = self.twilio.base_url.as_str().trim_end_matches('/');
        let next = Url::parse(&format!("{base}{uri}")).ok().filter(|_| uri.starts_with('/'));
        next.ok_or_else(|| Trouble::later("Twilio's list goes on at an address that is none."))
    }
}

/// A text of Twilio's, or trouble: without it nothing can be done.
fn text(object: &Value, name: &str) -> Result<String, Trouble> {
    let text = object[name].as_str().map(str::to_owned);
    text.ok_or_else(|| Trouble::later(format!("Twilio answered without {name}.")))
}

/// "Tue, 31 Aug 2010 20:36:28 +0000".
fn moment(object: &Value, name: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(object[name].as_str()?, &Rfc2822).ok()
}
