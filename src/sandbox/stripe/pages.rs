//! What a person sees: Checkout, the bank's question, and the desk with every payment.

use serde_json::Value;

use super::{
    Card, Stripe, checkout as sessions,
    store::{State, int, owned, text},
};
use crate::sandbox::page::{escaped, filled};

const CHECKOUT: &str = include_str!("checkout.html");
const BANK: &str = include_str!("bank.html");
const DESK: &str = include_str!("desk.html");

fn money(amount: i64, currency: &str) -> String {
    let sign = match currency {
        "gbp" => "£",
        "eur" => "€",
        _ => "$",
    };
    let minus = if amount < 0 { "−" } else { "" };
    let amount = amount.abs();
    format!("{minus}{sign}{}.{:02}", amount / 100, amount % 100)
}

/// The page of a session, or the bank's question when one is open.
pub(super) fn checkout(state: &State, id: &str) -> Option<String> {
    let session = state.sessions.get(id)?;
    let amount = money(int(session, "amount_total"), text(session, "currency"));
    if session["status"] != "open" {
        let said = match text(session, "status") {
            "complete" => "This payment is complete.",
            _ => "This page has expired. Ask for a new link.",
        };
        let values = [("title", "Checkout"), ("amount", amount.as_str()), ("items", ""), ("form", said)];
        return Some(filled(CHECKOUT, &values));
    }
    let intent = session["payment_intent"].as_str().and_then(|intent| state.intents.get(intent));
    if intent.is_some_and(|intent| intent["status"] == "requires_action") {
        return Some(filled(BANK, &[("amount", &amount), ("session", &escaped(id))]));
    }
    let refused = intent.map(|intent| text(&intent["last_payment_error"], "message")).unwrap_or_default();
    let refused = match refused {
        "" => String::new(),
        message => format!("<p class=\"refused\" role=\"alert\">{}</p>", escaped(message)),
    };
    let items: String = state.line_items[id]["data"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| {
            let price = money(int(item, "amount_total"), text(item, "currency"));
            format!("<li><span>{}</span><span>{price}</span></li>", escaped(text(item, "description")))
        })
        .collect();
    let back = match session["cancel_url"].as_str() {
        Some(_) => "<button class=\"back\" name=\"act\" value=\"abandon\" form=\"pay\">← Back</button>",
        None => "",
    };
    let form = form(session, &sessions::email_of(state, id), &amount, &refused);
    Some(filled(CHECKOUT, &[("title", "Pay"), ("amount", &amount), ("items", &items), ("form", &form), ("back", back)]))
}

fn form(session: &Value, email: &Value, amount: &str, refused: &str) -> String {
    let types = session["payment_method_types"].as_array().cloned().unwrap_or_default();
    let offers = |kind: &str| types.iter().any(|one| one == kind);
    let mut choices = String::new();
    for card in Card::ALL.into_iter().filter(|_| offers("card")) {
        let checked = if card == Card::Visa { " checked" } else { "" };
        choices.push_str(&format!(
            "<label><input type=\"radio\" name=\"card\" value=\"{}\"{checked}><span class=\"brand {}\">{}</span>\
             <span class=\"number\">{}</span><span class=\"says\">{}</span></label>",
            card.name(),
            card.brand(),
            if card.brand() == "visa" { "VISA" } else { "MC" },
            card.number(),
            card.says(),
        ));
    }
    if offers("bacs_debit") {
        choices.push_str(
            "<label><input type=\"radio\" name=\"card\" value=\"bacs_debit\"><span class=\"brand\">BACS</span><span \
             class=\"number\">10-88-00 ···· 2345</span><span class=\"says\">Bank debit: the money comes later</span></label>",
        );
    }
    let email = escaped(email.as_str().unwrap_or_default());
    let email = format!("<p class=\"email\"><span>Email</span>{email}</p>");
    format!(
        "<form id=\"pay\" method=\"post\">{refused}{email}<fieldset><legend>Test card</legend>{choices}</fieldset><button \
         class=\"pay\" name=\"act\" value=\"pay\">Pay {amount}</button></form>"
    )
}

/// Every payment, with what can happen to it, and the books.
pub(super) fn desk(stripe: &Stripe) -> String {
    let books = stripe.books();
    let state = stripe.lock();
    let mut rows = String::new();
    for intent in state.intents.oldest_first().rev().take(100) {
        rows.push_str(&row(&state, intent));
    }
    for session in state.sessions.oldest_first().rev().filter(|session| session["status"] == "open").take(20) {
        let url = escaped(text(session, "url"));
        let amount = money(int(session, "amount_total"), text(session, "currency"));
        rows.push_str(&format!(
            "<tr><td><code>{}…</code></td><td>{amount}</td><td><span class=\"pill\">open</span></td><td></td><td><a \
             href=\"{url}\">Checkout page</a></td></tr>",
            escaped(&text(session, "id")[..24]),
        ));
    }
    if rows.is_empty() {
        rows.push_str(
            "<tr><td colspan=\"5\">No payment yet. Top up a wallet: its Checkout page is served here.</td></tr>",
        );
    }
    let total = books.total;
    let sums = [
        ("paid", money(total.paid, "gbp")),
        ("refunded", money(total.refunded, "gbp")),
        ("withdrawn", money(total.withdrawn, "gbp")),
        ("reinstated", money(total.reinstated, "gbp")),
        ("net", money(total.net(), "gbp")),
    ];
    let mut values: Vec<(&str, &str)> = sums.iter().map(|(name, sum)| (*name, sum.as_str())).collect();
    values.push(("rows", &rows));
    filled(DESK, &values)
}

fn row(state: &State, intent: &Value) -> String {
    let id = text(intent, "id");
    let currency = text(intent, "currency");
    let mut acts = String::new();
    let mut notes = String::new();
    let mut act = |path: String, label: &str| {
        acts.push_str(&format!("<form method=\"post\" action=\"/_sandbox/{path}\"><button>{label}</button></form>"));
    };
    if intent["status"] == "processing" {
        let session = state.sessions.oldest_first().find(|session| session["payment_intent"] == id);
        if let Some(session) = session.and_then(|session| owned(session, "id")) {
            act(format!("checkout/{session}/debit_arrives"), "Debit arrives");
            act(format!("checkout/{session}/debit_fails"), "Debit fails");
        }
    }
    let charge = intent["latest_charge"].as_str().and_then(|charge| state.charges.get(charge));
    if let Some(charge) = charge.filter(|charge| charge["status"] == "succeeded") {
        let dispute = state.disputes.oldest_first().find(|dispute| dispute["charge"] == charge["id"]);
        if charge["refunded"] == false && dispute.is_none() {
            act(format!("payments/{id}/refund"), "Refund the rest");
            act(format!("payments/{id}/dispute"), "Dispute");
            act(format!("payments/{id}/inquire"), "Inquiry");
        }
        for refund in state.refunds.oldest_first().filter(|refund| refund["charge"] == charge["id"]) {
            let amount = money(int(refund, "amount"), currency);
            notes.push_str(&format!("<p>refund {amount} {}</p>", text(refund, "status")));
            if refund["status"] == "succeeded" {
                act(format!("refunds/{}/fail", text(refund, "id")), "Fail the refund");
            }
        }
        if let Some(dispute) = dispute {
            let (id, status) = (text(dispute, "id"), text(dispute, "status"));
            notes.push_str(&format!("<p>dispute {} {status}</p>", money(int(dispute, "amount"), currency)));
            match status {
                "needs_response" => {
                    act(format!("disputes/{id}/win"), "Win");
                    act(format!("disputes/{id}/lose"), "Lose");
                }
                "warning_needs_response" => {
                    act(format!("disputes/{id}/escalate"), "Escalate");
                    act(format!("disputes/{id}/close"), "Close");
                }
                _ => {}
            }
        }
    }
    let status = text(intent, "status");
    let tone = match status {
        "succeeded" => "good",
        "requires_payment_method" | "canceled" => "bad",
        _ => "",
    };
    format!(
        "<tr><td><code>{}</code></td><td>{}</td><td><span class=\"pill {tone}\">{status}</span></td><td>{notes}</td><td \
         class=\"acts\">{acts}</td></tr>",
        escaped(id),
        money(int(intent, "amount"), currency),
    )
}
