//! The shapes of the billing functions' answers. Fields are columns; what Postgres may answer with null is an Option.

use poem_openapi::Object;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long the wallet lasts at the pace of the last 14 days.
#[derive(Object)]
pub struct WalletForecast {
    /// Over how many days the pace was taken: 14, or as many as there are.
    pub days_counted: i32,
    /// What calls and purchases cost in these days.
    pub spent_pence: i64,
    /// Rounded up; null when nothing was spent.
    pub pence_per_day: Option<i64>,
    pub days_left: Option<i32>,
    pub runs_out_at: Option<OffsetDateTime>,
}

/// The wallet, for managers and admins.
#[derive(Object)]
pub struct Wallet {
    pub balance_pence: i64,
    /// Held for calls under way.
    pub held_pence: i64,
    pub available_pence: i64,
    pub debt_limit_pence: i64,
    /// Below it the organisation is told, once.
    pub low_balance_alert_pence: Option<i64>,
    pub auto_recharge_enabled: bool,
    /// `active` or `suspended`.
    pub status: String,
    pub updated_at: OffsetDateTime,
    /// Whole minutes that what is available buys.
    pub minutes_left: i32,
    pub rate_pence_per_minute: i32,
    /// The most that calls under way could cost in all.
    pub capped_pence: i64,
    pub calls_under_way: i32,
    pub max_concurrent_calls: i32,
    /// What calls may cost in a month; null for no limit.
    pub monthly_cap_pence: Option<i64>,
    /// What calls cost in this month of Europe/London.
    pub spent_this_month_pence: i64,
    /// The saved card is charged when less than this is available.
    pub auto_recharge_threshold_pence: Option<i64>,
    pub auto_recharge_amount_pence: Option<i64>,
    /// After a declined card: not before then.
    pub auto_recharge_blocked_until: Option<OffsetDateTime>,
    pub has_saved_card: bool,
    pub forecast: WalletForecast,
}

/// A row of the ledger.
#[derive(Object)]
pub struct WalletTransaction {
    pub id: Uuid,
    /// Counts the organisation's rows from 1 without a gap.
    pub seq: i64,
    /// How money moved: `topup`, `deduction`, `refund`, `bonus` or `adjustment`.
    #[oai(rename = "type")]
    pub kind_of_movement: String,
    /// What for: `topup`, `call`, `purchase`, `refund`, `bonus` or `adjustment`.
    pub kind: String,
    /// Positive in, negative out.
    pub amount_pence: i64,
    pub balance_before_pence: i64,
    pub balance_after_pence: i64,
    pub description: String,
    pub call_id: Option<Uuid>,
    pub vapi_call_id: Option<String>,
    pub stripe_payment_intent_id: Option<String>,
    pub stripe_object_id: Option<String>,
    /// SHA-256 over the row before and this one, in hex.
    pub entry_hash: String,
    pub created_at: OffsetDateTime,
}

#[derive(Object)]
pub struct WalletTransactionPage {
    pub items: Vec<WalletTransaction>,
    /// Give it as `cursor` for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// What a kind of entries adds up to in the ledger: what was spent is negative.
#[derive(Object)]
pub struct WalletStatementTotal {
    /// `topup`, `call`, `purchase`, `refund`, `bonus` or `adjustment`.
    pub kind: String,
    pub entries: i64,
    pub gross_pence: i64,
}

/// What was used of one kind at one rate of tax, as positive amounts. Net and tax make up gross.
#[derive(Object)]
pub struct WalletStatementVat {
    /// `call` or `purchase`.
    pub kind: String,
    pub percent: f64,
    pub gross_pence: i64,
    pub net_pence: i64,
    /// The tax our price contains, to the nearest penny of the sum.
    pub vat_pence: i64,
}

/// A month of the wallet: opening, and the lines, make closing.
#[derive(Object)]
pub struct WalletStatement {
    /// Such as `2026-11`.
    pub month: String,
    /// Midnight in Europe/London.
    pub starts_at: OffsetDateTime,
    pub ends_at: OffsetDateTime,
    /// The month is over: nothing will be added.
    pub is_final: bool,
    pub organization_name: String,
    pub currency: String,
    pub opening_pence: i64,
    /// Oldest first; null where they were not asked for.
    pub lines: Option<Vec<WalletTransaction>>,
    pub closing_pence: i64,
    /// One for each kind, in this order.
    pub totals: Vec<WalletStatementTotal>,
    pub vat: Vec<WalletStatementVat>,
    pub used_gross_pence: i64,
    pub used_net_pence: i64,
    pub used_vat_pence: i64,
}

/// A call that was not let in, and the money as it stood.
#[derive(Object)]
pub struct CallRefusal {
    pub id: Uuid,
    pub call_id: Uuid,
    /// Such as `insufficient_balance` or `too_many_calls`.
    pub reason: String,
    /// The same as a sentence.
    pub told: Option<String>,
    pub balance_pence: i64,
    pub held_pence: i64,
    pub capped_pence: i64,
    pub created_at: OffsetDateTime,
}

#[derive(Object)]
pub struct CallRefusalPage {
    pub items: Vec<CallRefusal>,
    /// Give it as `cursor` for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// The page a top-up is paid on.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
pub struct CheckoutSession {
    /// Send the person there.
    url: Option<String>,
    /// Ask `GET /api/webhook-verification/session/:session_id` with it.
    session_id: Option<String>,
}

/// Whether a checkout's money is in the wallet.
#[derive(Object)]
pub struct CheckoutVerification {
    pub session_id: String,
    /// `new`, `open`, `credited` or `failed`.
    pub status: String,
    pub credited: bool,
    /// What was paid, once that is known; until then what was asked for.
    pub amount_pence: i64,
    /// The ledger's row.
    pub transaction_id: Option<Uuid>,
    pub credited_at: Option<OffsetDateTime>,
}

/// One of Stripe's events and what was made of it.
#[derive(Object)]
pub struct StripeEvent {
    pub event_id: String,
    /// Such as `checkout.session.completed`.
    pub event_type: String,
    /// `processed`, `failed`, or `duplicate`, which moved no money.
    pub status: String,
    pub error_message: Option<String>,
    pub received_at: OffsetDateTime,
    pub processed_at: Option<OffsetDateTime>,
}

/// A payment of which only one half is there.
#[derive(Object)]
pub struct UnmatchedPayment {
    pub stripe_payment_intent_id: String,
    /// `credit_without_event` or `event_without_credit`.
    pub problem: String,
    pub amount_pence: Option<i64>,
    pub at: OffsetDateTime,
}

/// Stripe's events of the last 90 days, and whether they and the ledger's credits match.
#[derive(Object)]
pub struct WebhookHealth {
    pub processed: i64,
    pub failed: i64,
    pub duplicate: i64,
    pub last_event_at: Option<OffsetDateTime>,
    pub last_event_type: Option<String>,
    pub credits: i64,
    pub credits_matched: i64,
    pub unmatched: Vec<UnmatchedPayment>,
}
