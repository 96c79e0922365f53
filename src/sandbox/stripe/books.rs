//! What Stripe's own books say, worked out from its balance transactions alone.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::store::{State, int, owned, text};

/// Money of one customer or one payment, in the smallest unit and without Stripe's fees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub paid: i64,
    /// Given back and not returned by the bank.
    pub refunded: i64,
    pub withdrawn: i64,
    pub reinstated: i64,
}

impl Totals {
    /// What we have of it.
    pub fn net(&self) -> i64 {
        self.paid - self.refunded - self.withdrawn + self.reinstated
    }

    fn add(&mut self, kind: &str, amount: i64) {
        match kind {
            "charge" => self.paid += amount,
            "refund" | "refund_failure" => self.refunded -= amount,
            _ if amount < 0 => self.withdrawn -= amount,
            _ => self.reinstated += amount,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PaymentBook {
    pub payment_intent: String,
    pub customer: Option<String>,
    pub currency: String,
    pub metadata: Value,
    pub totals: Totals,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Books {
    /// By customer; payments without one are under `""`.
    pub customers: BTreeMap<String, Totals>,
    pub payments: BTreeMap<String, PaymentBook>,
    pub total: Totals,
}

impl Books {
    pub fn customer(&self, id: &str) -> Totals {
        self.customers.get(id).copied().unwrap_or_default()
    }

    pub fn payment(&self, intent: &str) -> Totals {
        self.payments.get(intent).map(|book| book.totals).unwrap_or_default()
    }
}

pub(super) fn of(state: &State) -> Books {
    let mut books = Books::default();
    for transaction in state.transactions.oldest_first() {
        let (kind, source) = (text(transaction, "type"), text(transaction, "source"));
        let about = match kind {
            "charge" => state.charges.named(source),
            "refund" | "refund_failure" => state.refunds.named(source),
            _ => state.disputes.named(source),
        };
        let intent = state.intents.named(text(about, "payment_intent"));
        let customer = owned(intent, "customer");
        let amount = int(transaction, "amount");
        books.total.add(kind, amount);
        books.customers.entry(customer.clone().unwrap_or_default()).or_default().add(kind, amount);
        let id = text(intent, "id").to_owned();
        let book = books.payments.entry(id.clone()).or_insert_with(|| PaymentBook {
            payment_intent: id,
            customer,
            currency: text(intent, "currency").to_owned(),
            metadata: intent["metadata"].clone(),
            totals: Totals::default(),
        });
        book.totals.add(kind, amount);
    }
    books
}
