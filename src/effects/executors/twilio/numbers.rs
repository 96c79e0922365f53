//! `twilio.buy_number`, `twilio.release_number` and `twilio.list_numbers`.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;

use super::{
    Desk, Form, PAGE, SMS_WEBHOOK, Trouble, Twilio,
    answer::{Problem, Refusals, refused},
    moment,
    search::{NOTHING_IN_AREA, Search},
    text,
};
use crate::{
    effects::{
        Effect, Executor, Verdict,
        executors::{name::Name, payload, within},
    },
    vault::Account,
};

const NOT_AVAILABLE: i64 = 21422;

const REFUSALS: Refusals = &[
    (NOT_AVAILABLE, "number_unavailable"),
    (NOTHING_IN_AREA, "number_unavailable"),
    (21421, "number_invalid"),
    (21615, "country_requirements_unmet"),
    (21631, "country_requirements_unmet"),
    (21649, "country_requirements_unmet"),
];

/// Buys for an account one number after the other: Twilio sells an account what it has already, under the new name and as
/// if it had been bought, so of two purchases at once both might get the same.
pub struct TwilioBuyNumber {
    twilio: Twilio,
    /// Where text messages to a number of ours go.
    messages: Url,
    turns: [Mutex<()>; 64],
}

/// One that is not there is released.
pub struct TwilioReleaseNumber(pub Twilio);

/// What an account has, to be compared with what we think it has; a suspended one does not say.
pub struct TwilioListNumbers(pub Twilio);

#[derive(Deserialize)]
struct Listing {
    account: Account,
}

#[derive(Deserialize)]
struct Buy {
    account: Account,
    name: Name,
    /// The one that was chosen; otherwise any that fits.
    phone_number: Option<String>,
    bundle_sid: Option<String>,
    address_sid: Option<String>,
    #[serde(flatten)]
    search: Search,
}

#[derive(Deserialize)]
struct Release {
    account: Account,
    twilio_sid: Option<String>,
    name: Name,
}

impl Executor for TwilioBuyNumber {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Buy = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        self.buy(&wanted).await.map_or_else(|trouble| trouble.verdict(REFUSALS), Verdict::Done)
    }
}

impl TwilioBuyNumber {
    pub fn new(twilio: Twilio, backend_url: &Url) -> Self {
        let messages = within(backend_url, &SMS_WEBHOOK);
        Self { twilio, messages, turns: std::array::from_fn(|_| Mutex::default()) }
    }

    /// An account's turn, which others may share.
    fn turn(&self, sid: &str) -> &Mutex<()> {
        let mut hasher = DefaultHasher::new();
        sid.hash(&mut hasher);
        &self.turns[hasher.finish() as usize % self.turns.len()]
    }

    async fn buy(&self, wanted: &Buy) -> Result<Value, Trouble> {
        let desk = self.twilio.desk(&wanted.account).await?;
        let _turn = self.turn(&desk.sid).lock().await;
        if let Some(bought) = desk.bought_before(&wanted.name).await? {
            return Ok(bought);
        }
        if let Some(chosen) = &wanted.phone_number {
            return desk.buy(wanted, chosen, &self.messages).await;
        }
        for number in desk.for_sale(&wanted.search).await? {
            match desk.buy(wanted, &text(&number, "phone_number")?, &self.messages).await {
                // Somebody else was quicker.
                Err(Trouble::No(problem)) if problem.is(NOT_AVAILABLE) => {}
                bought => return bought,
            }
        }
        Ok(refused("number_unavailable", "No number of this kind is for sale."))
    }
}

impl Executor for TwilioReleaseNumber {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Release = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.release(&wanted).await {
            Ok(released) => Verdict::Done(json!({ "released": released })),
            Err(trouble) => trouble.verdict(&[]),
        }
    }
}

impl TwilioReleaseNumber {
    /// Looks for its name as well: a purchase that was thought to have failed, and was made again, is paid for, too.
    async fn release(&self, wanted: &Release) -> Result<bool, Trouble> {
        let desk = self.0.desk(&wanted.account).await?;
        let mut sids: Vec<String> = wanted.twilio_sid.iter().cloned().collect();
        for number in desk.named(&wanted.name).await? {
            sids.push(text(&number, "sid")?);
        }
        sids.sort();
        sids.dedup();
        let mut released = false;
        for sid in sids {
            released |= desk.give_back(&sid).await?;
        }
        Ok(released)
    }
}

impl Executor for TwilioListNumbers {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Listing = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.list(&wanted).await {
            Ok(numbers) => Verdict::Done(json!({ "numbers": numbers })),
            Err(trouble) => trouble.verdict_on_account(),
        }
    }
}

impl TwilioListNumbers {
    async fn list(&self, wanted: &Listing) -> Result<Vec<Value>, Trouble> {
        let desk = self.0.desk(&wanted.account).await?;
        let listed = |number: &Value| -> Result<Value, Trouble> {
            let (sid, phone_number) = (text(number, "sid")?, text(number, "phone_number")?);
            Ok(json!({ "twilio_sid": sid, "phone_number": phone_number, "name": number["friendly_name"] }))
        };
        desk.numbers(vec![]).await?.iter().map(listed).collect()
    }
}

impl Desk<'_> {
    async fn buy(&self, wanted: &Buy, phone_number: &str, messages: &Url) -> Result<Value, Trouble> {
        match self.number(phone_number).await? {
            Some(number) if number["friendly_name"] == wanted.name.as_str() => return bought(&number),
            Some(_) => return Err(Trouble::No(Problem::of(NOT_AVAILABLE, "The account has this number already."))),
            None => {}
        }
        let mut form: Form = vec![
            ("PhoneNumber", phone_number.to_owned()),
            ("FriendlyName", wanted.name.as_str().to_owned()),
            ("SmsUrl", messages.to_string()),
        ];
        let papers = [("BundleSid", &wanted.bundle_sid), ("AddressSid", &wanted.address_sid)];
        form.extend(papers.into_iter().filter_map(|(name, sid)| Some((name, sid.clone()?))));
        match self.post(self.url(&["IncomingPhoneNumbers"]), &form).await {
            Ok(number) => bought(&number),
            // Perhaps we were quicker: what an earlier attempt asked for was done after this one looked.
            Err(Trouble::No(problem)) if problem.is(NOT_AVAILABLE) => {
                self.bought_before(&wanted.name).await?.ok_or(Trouble::No(problem))
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// The first that was bought under the name. Should there be more, nobody else knows of them: they are given back.
    async fn bought_before(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        let mut named = self.named(name).await?.into_iter();
        let Some(first) = named.next() else { return Ok(None) };
        for extra in named {
            self.give_back(&text(&extra, "sid")?).await?;
        }
        bought(&first).map(Some)
    }

    pub(super) async fn number(&self, phone_number: &str) -> Result<Option<Value>, Trouble> {
        let query: Form = vec![("PhoneNumber", phone_number.to_owned()), ("PageSize", PAGE.to_owned())];
        let this = |number: Value| (number["phone_number"] == phone_number).then_some(number);
        self.walk(self.url(&["IncomingPhoneNumbers"]), "incoming_phone_numbers", &query, this).await
    }

    /// The account's numbers of a name, oldest first.
    async fn named(&self, name: &Name) -> Result<Vec<Value>, Trouble> {
        let mut named = self.numbers(vec![("FriendlyName", name.as_str().to_owned())]).await?;
        named.retain(|number| number["friendly_name"] == name.as_str());
        named.reverse();
        named.sort_by_key(|number| moment(number, "date_created"));
        Ok(named)
    }

    /// The account's numbers that fit, newest first.
    async fn numbers(&self, mut query: Form) -> Result<Vec<Value>, Trouble> {
        query.push(("PageSize", PAGE.to_owned()));
        let mut numbers = Vec::new();
        let all = |number: Value| -> Option<()> {
            numbers.push(number);
            None
        };
        self.walk(self.url(&["IncomingPhoneNumbers"]), "incoming_phone_numbers", &query, all).await?;
        Ok(numbers)
    }

    async fn give_back(&self, sid: &str) -> Result<bool, Trouble> {
        self.delete(self.url(&["IncomingPhoneNumbers", sid])).await
    }
}

fn bought(number: &Value) -> Result<Value, Trouble> {
    Ok(json!({ "phone_number": text(number, "phone_number")?, "twilio_sid": text(number, "sid")? }))
}
