//! Stripe's objects as they are when they are made: every field the pinned version shows.

use serde_json::{Map, Value, json};

use super::{
    card::Card,
    store::{new_id, now},
};

/// One object of two halves, because `json!` takes only so much at a time.
pub(super) fn joined(first: Value, second: Value) -> Value {
    let halves = [first, second].into_iter();
    Value::Object(halves.filter_map(|half| half.as_object().cloned()).flatten().collect())
}

pub(super) fn customer() -> Value {
    json!({
        "id": new_id("cus_", 14),
        "object": "customer",
        "address": null,
        "balance": 0,
        "created": now(),
        "currency": null,
        "customer_account": null,
        "default_source": null,
        "delinquent": false,
        "description": null,
        "discount": null,
        "email": null,
        "invoice_prefix": new_id("", 8).to_uppercase(),
        "invoice_settings": {
            "custom_fields": null, "default_payment_method": null, "footer": null, "rendering_options": null,
        },
        "livemode": false,
        "metadata": {},
        "name": null,
        "next_invoice_sequence": 1,
        "phone": null,
        "preferred_locales": [],
        "shipping": null,
        "tax_exempt": "none",
        "test_clock": null,
    })
}

pub(super) fn address() -> Value {
    json!({ "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null })
}

pub(super) fn billing_details(email: &Value) -> Value {
    json!({ "address": address(), "email": email, "name": null, "phone": null, "tax_id": null })
}

/// What a customer paid with; without a card it is a bank account that is debited later.
pub(super) fn payment_method(card: Option<Card>, email: &Value) -> Value {
    let mut method = json!({
        "id": new_id("pm_1", 23),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": billing_details(email),
        "created": now(),
        "customer": null,
        "customer_account": null,
        "livemode": false,
        "metadata": {},
        "type": "card",
    });
    match card {
        Some(card) => {
            method["card"] = json!({
                "brand": card.brand(),
                "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass" },
                "country": "GB",
                "display_brand": card.brand(),
                "exp_month": 12,
                "exp_year": 2034,
                "fingerprint": format!("sandbox{:0>9}", card.last4()),
                "funding": "credit",
                "generated_from": null,
                "last4": card.last4(),
                "networks": { "available": [card.brand()], "preferred": null },
                "regulated_status": "unregulated",
                "three_d_secure_usage": { "supported": true },
                "wallet": null,
            });
        }
        None => {
            method["type"] = json!("bacs_debit");
            method["bacs_debit"] = json!({ "fingerprint": "sandbox00bacs", "last4": "2345", "sort_code": "108800" });
        }
    }
    method
}

/// An intention to pay that nobody has acted on.
pub(super) fn payment_intent(amount: i64, currency: &str) -> Value {
    let id = new_id("pi_3", 23);
    let first = json!({
        "id": id,
        "object": "payment_intent",
        "allowed_payment_method_types": null,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": { "tip": {} },
        "amount_received": 0,
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": { "allow_redirects": "always", "enabled": true },
        "canceled_at": null,
        "cancellation_reason": null,
        "capture_method": "automatic_async",
        "client_secret": new_id(&format!("{id}_secret_"), 25),
        "confirmation_method": "automatic",
        "created": now(),
        "currency": currency,
        "customer": null,
        "customer_account": null,
        "description": null,
        "excluded_payment_method_types": null,
    });
    let second = json!({
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": false,
        "managed_payments": null,
        "metadata": {},
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": null,
        "payment_method_configuration_details": null,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_record": null,
        "processing": null,
        "receipt_email": null,
        "review": null,
        "setup_future_usage": null,
        "shipping": null,
        "source": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": "requires_payment_method",
        "transfer_data": null,
        "transfer_group": null,
    });
    joined(first, second)
}

fn payment_method_details(method: &Value, authenticated: bool) -> Value {
    let kind = method["type"].as_str().unwrap_or("card");
    if kind != "card" {
        let mut details = Map::from_iter([("type".to_owned(), json!(kind))]);
        details.insert(kind.to_owned(), method[kind].clone());
        return Value::Object(details);
    }
    let card = &method["card"];
    let three_d_secure = authenticated.then(|| {
        json!({
            "authentication_flow": "challenge", "electronic_commerce_indicator": "05", "exemption_indicator": null,
            "result": "authenticated", "result_reason": null, "transaction_id": null, "version": "2.2.0",
        })
    });
    json!({
        "card": {
            "amount_authorized": null,
            "authorization_code": null,
            "brand": card["brand"],
            "checks": card["checks"],
            "country": card["country"],
            "electronic_commerce_indicator": null,
            "exp_month": card["exp_month"],
            "exp_year": card["exp_year"],
            "fingerprint": card["fingerprint"],
            "funding": card["funding"],
            "installments": null,
            "last4": card["last4"],
            "mandate": null,
            "network": card["brand"],
            "network_transaction_id": null,
            "regulated_status": "unregulated",
            "three_d_secure": three_d_secure,
            "transaction_link_id": null,
            "wallet": null,
        },
        "type": "card",
    })
}

/// One attempt to take the money of an intent; it is not decided yet.
pub(super) fn charge(intent: &Value, method: &Value, authenticated: bool) -> Value {
    let id = new_id("ch_3", 23);
    let first = json!({
        "id": id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": null,
        "application_fee": null,
        "application_fee_amount": null,
        "balance_transaction": null,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "VOXANNE",
        "captured": false,
        "created": now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": false,
        "failure_balance_transaction": null,
        "failure_code": null,
        "failure_message": null,
    });
    let second = json!({
        "fraud_details": {},
        "livemode": false,
        "metadata": intent["metadata"],
        "on_behalf_of": null,
        "outcome": null,
        "paid": false,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": payment_method_details(method, authenticated),
        "receipt_email": intent["receipt_email"],
        "receipt_number": null,
        "receipt_url": null,
        "refunded": false,
        "review": null,
        "shipping": null,
        "source": null,
        "source_transfer": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": "pending",
        "transfer_data": null,
        "transfer_group": null,
    });
    joined(first, second)
}

pub(super) fn outcome(decline_code: Option<&str>) -> Value {
    match decline_code {
        None => json!({
            "advice_code": null, "network_advice_code": null, "network_decline_code": null,
            "network_status": "approved_by_network", "reason": null, "risk_level": "normal", "risk_score": 20,
            "seller_message": "Payment complete.", "type": "authorized",
        }),
        Some(reason) => json!({
            "advice_code": "try_again_later", "network_advice_code": null, "network_decline_code": "05",
            "network_status": "declined_by_network", "reason": reason, "risk_level": "normal", "risk_score": 20,
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        }),
    }
}

pub(super) fn refund(charge: &Value, amount: i64, reason: Option<String>, metadata: Map<String, Value>) -> Value {
    let kind = charge["payment_method_details"]["type"].as_str().unwrap_or("card");
    let mut destination = Map::from_iter([("type".to_owned(), json!(kind))]);
    if kind == "card" {
        let card =
            json!({ "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund" });
        destination.insert("card".into(), card);
    }
    json!({
        "id": new_id("re_3", 23),
        "object": "refund",
        "amount": amount,
        "balance_transaction": null,
        "charge": charge["id"],
        "created": now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": null,
        "destination_details": destination,
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": "succeeded",
        "transfer_reversal": null,
    })
}

const EVIDENCE: [&str; 27] = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
];

pub(super) fn dispute(charge: &Value, amount: i64, inquiry: bool) -> Value {
    let mut evidence: Map<String, Value> = EVIDENCE.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    evidence.insert("enhanced_evidence".into(), json!({}));
    let brand = charge["payment_method_details"]["card"]["brand"].as_str().unwrap_or("visa");
    json!({
        "id": new_id("du_1", 23),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": evidence,
        "evidence_details": {
            "due_by": now() + 7 * 86_400, "enhanced_eligibility": {}, "has_evidence": false, "past_due": false,
            "submission_count": 0, "submission_method": "not_submitted",
        },
        "intended_submission_method": null,
        "is_charge_refundable": inquiry,
        "livemode": false,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": brand, "case_type": if inquiry { "inquiry" } else { "chargeback" }, "network": brand,
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": "fraudulent",
        "status": if inquiry { "warning_needs_response" } else { "needs_response" },
    })
}

pub(super) fn balance_transaction(kind: &str, source: &str, currency: &str, amount: i64, fee: i64) -> Value {
    let fees = match fee {
        0 => json!([]),
        fee => json!([{
            "amount": fee, "application": null, "currency": currency, "description": "Stripe fees", "type": "stripe_fee",
        }]),
    };
    json!({
        "id": new_id("txn_1", 23),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now() + 7 * 86_400,
        "balance_type": "payments",
        "created": now(),
        "currency": currency,
        "description": null,
        "exchange_rate": null,
        "fee": fee,
        "fee_details": fees,
        "net": amount - fee,
        "reporting_category": kind,
        "source": source,
        "status": "pending",
        "type": kind,
    })
}
