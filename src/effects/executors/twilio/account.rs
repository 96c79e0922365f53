//! `twilio.ensure_subaccount`, and `twilio.validate_account`, which is `twilio.check_account` from time to time.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Desk, Form, PAGE, Trouble, Twilio, answer::refused, moment, text};
use crate::{
    effects::{
        Effect, Executor, Verdict,
        executors::{name::Name, payload},
    },
    vault::{Aad, Account, Sealed},
};

pub struct TwilioEnsureSubaccount(pub Twilio);

/// Whether an account is the customer's, works, and has the number.
pub struct TwilioValidateAccount(pub Twilio);

#[derive(Deserialize)]
struct Subaccount {
    org_id: Uuid,
    subaccount_name: Name,
}

#[derive(Deserialize)]
struct Validate {
    account: Account,
    phone_number: String,
}

impl Executor for TwilioEnsureSubaccount {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Subaccount = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        self.ensure(&wanted).await.map_or_else(|trouble| trouble.verdict(&[]), Verdict::Done)
    }
}

impl TwilioEnsureSubaccount {
    async fn ensure(&self, wanted: &Subaccount) -> Result<Value, Trouble> {
        let desk = self.0.platform_desk()?;
        if desk.subaccount(&wanted.subaccount_name).await?.is_none() {
            desk.post(desk.accounts(), &[("FriendlyName", wanted.subaccount_name.as_str().to_owned())]).await?;
        }
        // Two numbers may be bought at once, and both have made one: then both take the older. The other costs nothing.
        let account = desk.subaccount(&wanted.subaccount_name).await?;
        let account = account.ok_or_else(|| Trouble::later("Twilio made a subaccount and does not list it."))?;
        if let Some(inactive) = inactive(&account) {
            return Ok(inactive);
        }
        let sid = text(&account, "sid")?;
        let keys = json!({ "account_sid": sid, "auth_token": text(&account, "auth_token")? });
        let keys = SecretString::from(keys.to_string());
        let aad = Aad { org_id: wanted.org_id, provider: "twilio", kind: "subaccount" };
        let Sealed { sealed, key_version } = self.0.keyring.seal(&aad, keys.expose_secret().as_bytes())?;
        Ok(json!({ "subaccount_sid": sid, "sealed": sealed, "key_version": key_version }))
    }
}

impl Desk<'_> {
    /// The oldest one of the name that is not closed. A suspended one is not replaced: it has numbers, and may work again.
    async fn subaccount(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        let query: Form = vec![("FriendlyName", name.as_str().to_owned()), ("PageSize", PAGE.to_owned())];
        let mut named = Vec::new();
        let all = |account: Value| -> Option<()> {
            if account["friendly_name"] == name.as_str() && account["status"] != "closed" && account["sid"] != self.sid
            {
                named.push(account);
            }
            None
        };
        self.walk(self.accounts(), "accounts", &query, all).await?;
        Ok(named.into_iter().rev().min_by_key(|account| moment(account, "date_created")))
    }
}

impl Executor for TwilioValidateAccount {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Validate = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.validate(&wanted).await {
            Ok(result) => Verdict::Done(result),
            Err(trouble) => trouble.verdict_on_account(),
        }
    }
}

impl TwilioValidateAccount {
    async fn validate(&self, wanted: &Validate) -> Result<Value, Trouble> {
        let desk = self.0.desk(&wanted.account).await?;
        let account = desk.get(desk.url(&[])).await?;
        if let Some(inactive) = inactive(&account) {
            return Ok(inactive);
        }
        match desk.number(&wanted.phone_number).await? {
            Some(number) => {
                Ok(json!({ "account_name": account["friendly_name"], "twilio_sid": text(&number, "sid")? }))
            }
            None => Ok(refused("number_not_in_account", "The account has no such number.")),
        }
    }
}

fn inactive(account: &Value) -> Option<Value> {
    let status = account["status"].as_str().unwrap_or("not active");
    (status != "active").then(|| refused("twilio_account_inactive", &format!("The account is {status}.")))
}
