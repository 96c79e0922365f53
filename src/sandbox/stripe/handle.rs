//! What a test, or a person at the desk, can make happen.

use serde_json::{Map, Value, json};

use super::{
    Books, Card, Payment, Stripe, Turn, books, checkout,
    courier::{self, Attempt},
    disputes,
    error::Outcome,
    objects, refunds,
    store::{Cause, State, owned},
};

/// Why it cannot happen, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Impossible(String);

type Done<T> = Result<T, Impossible>;

/// The person in front of Checkout.
impl Stripe {
    /// # Errors
    /// When the session is not open or does not offer cards.
    pub fn pay(&self, session: &str, card: Card) -> Done<Payment> {
        self.by_hand(|state| checkout::pay(state, session, Some(card)))
    }

    /// Pays by a bank debit: the session is complete now and the money comes later, or does not.
    ///
    /// # Errors
    /// When the session is not open or does not offer `bacs_debit`.
    pub fn pay_by_debit(&self, session: &str) -> Done<Payment> {
        self.by_hand(|state| checkout::pay(state, session, None))
    }

    /// # Errors
    /// When no debit is on its way.
    pub fn settle_debit(&self, session: &str, arrives: bool) -> Done<Payment> {
        self.by_hand(|state| checkout::settle_debit(state, session, arrives))
    }

    /// Answers the bank's question.
    ///
    /// # Errors
    /// When there is none.
    pub fn authenticate(&self, session: &str, approves: bool) -> Done<Payment> {
        self.by_hand(|state| checkout::authenticate(state, session, approves))
    }

    /// Goes back without paying. The session stays open, and Stripe tells nobody. Answers where it leads.
    ///
    /// # Errors
    /// When the session is not open.
    pub fn abandon(&self, session: &str) -> Done<Option<String>> {
        self.by_hand(|state| checkout::way_back(state, session))
    }

    /// Lets the session's time run out.
    ///
    /// # Errors
    /// When it is not open.
    pub fn expire(&self, session: &str) -> Done<Value> {
        self.by_hand(|state| checkout::expire(state, session))
    }
}

/// What was there before the stand-in was started.
impl Stripe {
    /// Takes up a customer, and a card that was saved, which pays: both are known elsewhere under these ids. Nobody is told.
    pub fn take_up(&self, org_id: &str, customer: &str, email: Option<&str>, payment_method: Option<&str>) {
        let mut state = self.lock();
        let mut taken = objects::customer();
        taken["id"] = json!(customer);
        taken["email"] = json!(email);
        taken["metadata"] = json!({ "org_id": org_id });
        if let Some(id) = payment_method {
            let mut method = objects::payment_method(Some(Card::Visa), &taken["email"]);
            method["id"] = json!(id);
            method["customer"] = json!(customer);
            state.methods.add(method);
            state.cards.insert(id.to_owned(), Card::Visa);
        }
        state.customers.add(taken);
    }
}

/// The banks, and the owner of the account at Stripe's dashboard.
impl Stripe {
    /// The bank treats a saved card differently from now on.
    ///
    /// # Errors
    /// When there is no such payment method.
    pub fn swap_card(&self, payment_method: &str, card: Card) -> Done<()> {
        self.by_hand(|state| {
            State::find(&state.methods, "PaymentMethod", "payment_method", payment_method)?;
            state.cards.insert(payment_method.to_owned(), card);
            Ok(())
        })
    }

    /// Gives money back from the dashboard: the whole rest without an amount.
    ///
    /// # Errors
    /// When there is not so much left, or the payment is disputed.
    pub fn refund(&self, payment_intent: &str, amount: Option<i64>) -> Done<Value> {
        self.by_hand(|state| {
            let charge = charge_of(state, payment_intent)?;
            refunds::give_back(state, &charge, amount, None, Map::new())
        })
    }

    /// The bank cannot hand a refund over: its amount comes back.
    ///
    /// # Errors
    /// When it failed before.
    pub fn fail_refund(&self, refund: &str) -> Done<Value> {
        self.by_hand(|state| refunds::fail(state, refund))
    }

    /// The payer's bank takes the money back: all that is left of the payment without an amount.
    ///
    /// # Errors
    /// When there is not so much left, or the payment was disputed before.
    pub fn dispute(&self, payment_intent: &str, amount: Option<i64>) -> Done<Value> {
        self.open_dispute(payment_intent, amount, false)
    }

    /// The payer's bank asks first, and takes nothing.
    ///
    /// # Errors
    /// As for a dispute.
    pub fn inquire(&self, payment_intent: &str, amount: Option<i64>) -> Done<Value> {
        self.open_dispute(payment_intent, amount, true)
    }

    fn open_dispute(&self, payment_intent: &str, amount: Option<i64>, inquiry: bool) -> Done<Value> {
        self.by_hand(|state| {
            let charge = charge_of(state, payment_intent)?;
            disputes::open(state, &charge, amount, inquiry)
        })
    }

    /// # Errors
    /// When that cannot happen to a dispute in its state.
    pub fn turn_dispute(&self, dispute: &str, turn: Turn) -> Done<Value> {
        self.by_hand(|state| disputes::turn(state, dispute, turn))
    }

    /// # Errors
    /// When it is not open.
    pub fn win_dispute(&self, dispute: &str) -> Done<Value> {
        self.turn_dispute(dispute, Turn::Win)
    }

    /// # Errors
    /// When it is not open.
    pub fn lose_dispute(&self, dispute: &str) -> Done<Value> {
        self.turn_dispute(dispute, Turn::Lose)
    }

    fn by_hand<T>(&self, work: impl FnOnce(&mut State) -> Outcome<T>) -> Done<T> {
        self.act(Cause::default(), work).map_err(|refusal| Impossible(refusal.message().to_owned()))
    }
}

/// Events and answers that go astray.
impl Stripe {
    /// The endpoint is often known only after the stand-in runs.
    pub fn send_webhooks_to(&self, url: impl Into<String>) {
        self.courier.aim_at(Some(url.into()));
    }

    /// Keeps events back until they are released. They go on being made.
    pub fn hold_events(&self) {
        self.courier.hold();
    }

    pub fn release_events(&self) {
        self.courier.release();
    }

    /// Returns when everything so far was handed over once, in vain or not, except what is held.
    pub async fn delivered(&self) {
        self.courier.delivered().await;
    }

    /// Every event so far, oldest first, delivered or not.
    pub fn events(&self) -> Vec<Value> {
        self.lock().events.oldest_first().cloned().collect()
    }

    pub fn events_of(&self, kind: &str) -> Vec<Value> {
        self.lock().events.oldest_first().filter(|event| event["type"] == kind).cloned().collect()
    }

    /// Sends an event of the past once more, as the dashboard's "Resend" does. Answers what the endpoint said; None when it
    /// said nothing or there is no such event.
    pub async fn redeliver(&self, event: &str) -> Option<u16> {
        let event = self.lock().events.get(event).cloned()?;
        self.courier.send_once(&event).await
    }

    /// Signs and sends whatever is given, which Stripe may never have said.
    pub async fn send_event(&self, event: &Value) -> Option<u16> {
        self.courier.send_once(event).await
    }

    /// Posts these bytes with this signature, or with none.
    pub async fn post(&self, body: &str, signature: Option<&str>) -> Option<u16> {
        self.courier.post(body.to_owned(), signature.map(str::to_owned)).await?.0
    }

    /// The header that makes these bytes Stripe's, as of this time.
    pub fn sign(&self, timestamp: i64, body: &str) -> String {
        courier::sign(self.webhook_secret(), timestamp, body)
    }

    pub fn attempts(&self) -> Vec<Attempt> {
        self.courier.attempts()
    }

    /// The next request that changes something is answered with 500, and the answer is kept with its idempotency key. With
    /// `acted` it has been done nevertheless.
    pub fn break_next(&self, acted: bool) {
        self.breaks.lock().expect("breaks").push_back(acted);
    }
}

/// What Stripe knows.
impl Stripe {
    pub fn books(&self) -> Books {
        books::of(&self.lock())
    }

    /// Any object, by its id.
    pub fn object(&self, id: &str) -> Option<Value> {
        let state = self.lock();
        let shelf = match id.split_once('_')?.0 {
            "cus" => &state.customers,
            "cs" => &state.sessions,
            "pi" => &state.intents,
            "ch" => &state.charges,
            "re" => &state.refunds,
            "du" => &state.disputes,
            "pm" => &state.methods,
            "txn" => &state.transactions,
            "evt" => &state.events,
            _ => return None,
        };
        shelf.get(id).cloned()
    }

    /// Sessions, oldest first.
    pub fn sessions(&self) -> Vec<Value> {
        self.lock().sessions.oldest_first().cloned().collect()
    }

    /// Payment intents, oldest first.
    pub fn payment_intents(&self) -> Vec<Value> {
        self.lock().intents.oldest_first().cloned().collect()
    }

    /// Forgets everything except what is on its way.
    pub fn clear(&self) {
        *self.lock() = State::default();
    }
}

fn charge_of(state: &State, payment_intent: &str) -> Outcome<String> {
    let intent = State::find(&state.intents, "payment_intent", "payment_intent", payment_intent)?;
    Ok(owned(intent, "latest_charge").unwrap_or_default())
}
