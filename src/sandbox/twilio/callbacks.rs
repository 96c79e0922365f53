//! What Twilio posts back, signed with the token of the account it is about.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::sync::{mpsc, watch};
use url::form_urlencoded;

use super::{
    error::{Outcome, Refusal},
    params::Params,
    store::State,
};
use crate::sandbox::{faults::Misbehaviour, stand_in::Frame};

const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Where to, and in whose name.
#[derive(Debug, Clone)]
pub(super) struct Callback {
    url: String,
    get: bool,
    token: Arc<str>,
}

impl Callback {
    /// Where a number's own settings say.
    pub(super) fn to(url: &str, get: bool, token: &str) -> Self {
        Self { url: url.to_owned(), get, token: token.into() }
    }

    pub(super) fn read(state: &State, account: &str, params: &Params) -> Outcome<Option<Self>> {
        let get = match params.get("StatusCallbackMethod") {
            None | Some("POST") => false,
            Some("GET") => true,
            Some(other) => {
                return Err(Refusal::bad(21403, format!("StatusCallbackMethod is not a valid method: {other}")));
            }
        };
        let url = params.url("StatusCallback", 21402)?;
        Ok(url.map(|url| Self { url, get, token: state.token_of(account).into() }))
    }
}

/// Base64 of HMAC-SHA1 over the address and the sorted parameters, each pair once.
pub fn sign<N: AsRef<str>, V: AsRef<str>>(token: &str, url: &str, params: &[(N, V)]) -> String {
    let mut sorted: Vec<_> = params.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut signed = url.to_owned();
    for (name, value) in sorted {
        signed.push_str(name);
        signed.push_str(value);
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    STANDARD.encode(hmac::sign(&key, signed.as_bytes()))
}

type Letter = (Callback, Vec<(&'static str, String)>);

#[derive(Clone)]
pub(super) struct Messenger {
    queue: mpsc::UnboundedSender<Letter>,
    waiting: watch::Sender<usize>,
}

impl Messenger {
    pub(super) fn new(frame: &Frame) -> Self {
        let http = reqwest::Client::builder()
            .user_agent("TwilioProxy/1.1 (voxanne sandbox)")
            .timeout(ANSWER_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("an HTTP client without special settings");
        let (queue, mut letters) = mpsc::unbounded_channel::<Letter>();
        let messenger = Self { queue, waiting: watch::Sender::new(0) };
        let waiting = messenger.waiting.clone();
        let faults = frame.faults.clone();
        frame.spawn(async move {
            while let Some((callback, params)) = letters.recv().await {
                let fault = |wanted| faults.take(&callback.url, |what| *what == wanted).is_some();
                let copies = match () {
                    () if fault(Misbehaviour::SilentWebhook) => 0,
                    () if fault(Misbehaviour::DuplicateWebhook) => 2,
                    () => 1,
                };
                for _ in 0..copies {
                    // Once more when nobody was there, as the real one does.
                    if post(&http, &callback, &params).await.is_err_and(|error| error.is_connect()) {
                        let _ = post(&http, &callback, &params).await;
                    }
                }
                waiting.send_modify(|waiting| *waiting -= 1);
            }
        });
        messenger
    }

    pub(super) fn take(&self, letters: Vec<Letter>) {
        for letter in letters {
            self.waiting.send_modify(|waiting| *waiting += 1);
            // The worker ends with the stand-in, and nobody waits then.
            let _ = self.queue.send(letter);
        }
    }

    /// Returns when everything that was taken has been posted, in vain or not.
    pub(super) async fn delivered(&self) {
        let _ = self.waiting.subscribe().wait_for(|waiting| *waiting == 0).await;
    }
}

async fn post(http: &reqwest::Client, callback: &Callback, params: &[(&str, String)]) -> reqwest::Result<()> {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    let request = if callback.get {
        let glue = if callback.url.contains('?') { '&' } else { '?' };
        let url = format!("{}{glue}{form}", callback.url);
        let signature = sign::<&str, &str>(&callback.token, &url, &[]);
        http.get(url).header("x-twilio-signature", signature)
    } else {
        let signature = sign(&callback.token, &callback.url, params);
        http.post(&callback.url)
            .header("x-twilio-signature", signature)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
    };
    request.send().await.map(drop)
}
