//! `stripe.checkout`: a page on which somebody tops up their wallet.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Form, Stripe, answer::Trouble};
use crate::effects::{Effect, Executor, Verdict, executors::payload};

pub struct StripeCheckout(pub Stripe);

#[derive(Deserialize)]
struct Payload {
    org_id: Uuid,
    topup_id: Uuid,
    amount_pence: i64,
    currency: String,
    customer: Option<String>,
    email: Option<String>,
    organization_name: Option<String>,
    success_url: String,
    cancel_url: String,
}

impl Executor for StripeCheckout {
    /// Makes the customer first where there is none: a card can only be saved for one.
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Payload = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        self.open(&wanted).await.map_or_else(Trouble::verdict, Verdict::Done)
    }
}

impl StripeCheckout {
    async fn open(&self, wanted: &Payload) -> Result<Value, Trouble> {
        let customer = match &wanted.customer {
            Some(customer) => customer.clone(),
            None => self.make_customer(wanted).await?,
        };
        let key = format!("topup/{}", wanted.topup_id);
        let session = self.0.post("checkout/sessions", &session_form(wanted, &customer), &key).await?;
        let (Some(id), Some(url)) = (session["id"].as_str(), session["url"].as_str()) else {
            return Err(Trouble::later("Stripe opened a checkout and answered without its address."));
        };
        Ok(json!({ "customer": customer, "session_id": id, "url": url, "expires_at": session["expires_at"] }))
    }

    /// One for an organisation: the key is its id. Somebody else of it may have begun a top-up in the last day that came
    /// no further than its customer; then the email differs, Stripe refuses the key, and a second customer is made.
    async fn make_customer(&self, wanted: &Payload) -> Result<String, Trouble> {
        let mut form: Form = vec![("metadata[org_id]", wanted.org_id.to_string())];
        // Stripe takes an empty text for the wish to take something away.
        let known = [("email", &wanted.email), ("name", &wanted.organization_name)];
        form.extend(known.into_iter().filter_map(|(name, text)| Some((name, text.clone().filter(|t| !t.is_empty())?))));
        let key = format!("customer/{}", wanted.org_id);
        let made = match self.0.post("customers", &form, &key).await {
            Err(Trouble::Reused(_)) => self.0.post("customers", &form, &format!("{key}/{}", wanted.topup_id)).await?,
            made => made?,
        };
        let id = made["id"].as_str().map(str::to_owned);
        id.ok_or_else(|| Trouble::later("Stripe made a customer and answered without its id."))
    }
}

fn session_form<'a>(wanted: &Payload, customer: &str) -> Form<'a> {
    let (org_id, topup_id) = (wanted.org_id.to_string(), wanted.topup_id.to_string());
    vec![
        ("mode", "payment".to_owned()),
        ("customer", customer.to_owned()),
        ("client_reference_id", org_id.clone()),
        ("line_items[0][quantity]", "1".to_owned()),
        ("line_items[0][price_data][currency]", wanted.currency.clone()),
        ("line_items[0][price_data][unit_amount]", wanted.amount_pence.to_string()),
        ("line_items[0][price_data][product_data][name]", "Voxanne credit".to_owned()),
        ("payment_intent_data[setup_future_usage]", "off_session".to_owned()),
        ("payment_intent_data[metadata][org_id]", org_id.clone()),
        ("payment_intent_data[metadata][topup_id]", topup_id.clone()),
        ("metadata[org_id]", org_id),
        ("metadata[topup_id]", topup_id),
        ("success_url", wanted.success_url.clone()),
        ("cancel_url", wanted.cancel_url.clone()),
    ]
}
