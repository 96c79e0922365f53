//! The cards a person can choose on the Checkout page. Which one was saved decides how later charges go.

use serde::{Deserialize, Serialize};

/// Cards by what they do. The numbers are Stripe's own test numbers where it has one that does this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Card {
    /// Always pays.
    Visa,
    /// Always pays, and is another card.
    Mastercard,
    /// Never pays.
    Declined,
    /// Never pays, for want of money.
    InsufficientFunds,
    /// Pays while its holder is there and declines afterwards. The real 0341 declines the first payment too, so that it
    /// could not be saved in Checkout at all.
    DeclinesLater,
    /// Its bank asks its holder every time, so it cannot be charged in their absence.
    AuthenticateAlways,
    /// Its bank asks its holder the first time only.
    AuthenticateOnce,
}

/// What the bank says of one charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Pays,
    Authenticate,
    Declines(Decline),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decline {
    pub(super) code: &'static str,
    pub(super) decline_code: Option<&'static str>,
    pub(super) message: &'static str,
}

pub(super) const GENERIC: Decline =
    Decline { code: "card_declined", decline_code: Some("generic_decline"), message: "Your card was declined." };

const NO_MONEY: Decline = Decline {
    code: "card_declined",
    decline_code: Some("insufficient_funds"),
    message: "Your card has insufficient funds.",
};

pub(super) const NEEDS_HOLDER: Decline = Decline {
    code: "authentication_required",
    decline_code: Some("authentication_required"),
    message: "Your card was declined. This transaction requires authentication.",
};

pub(super) const NOT_AUTHENTICATED: Decline = Decline {
    code: "payment_intent_authentication_failure",
    decline_code: None,
    message: "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
};

pub(super) const DEBIT_FAILED: Decline =
    Decline { code: "payment_intent_payment_attempt_failed", decline_code: None, message: "The payment failed." };

impl Card {
    pub const ALL: [Self; 7] = [
        Self::Visa,
        Self::Mastercard,
        Self::Declined,
        Self::InsufficientFunds,
        Self::DeclinesLater,
        Self::AuthenticateAlways,
        Self::AuthenticateOnce,
    ];

    pub(super) fn with_holder(self) -> Verdict {
        match self {
            Self::Visa | Self::Mastercard | Self::DeclinesLater => Verdict::Pays,
            Self::Declined => Verdict::Declines(GENERIC),
            Self::InsufficientFunds => Verdict::Declines(NO_MONEY),
            Self::AuthenticateAlways | Self::AuthenticateOnce => Verdict::Authenticate,
        }
    }

    pub(super) fn without_holder(self) -> Verdict {
        match self {
            Self::Visa | Self::Mastercard | Self::AuthenticateOnce => Verdict::Pays,
            Self::Declined | Self::DeclinesLater => Verdict::Declines(GENERIC),
            Self::InsufficientFunds => Verdict::Declines(NO_MONEY),
            Self::AuthenticateAlways => Verdict::Declines(NEEDS_HOLDER),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::Declined => "declined",
            Self::InsufficientFunds => "insufficient_funds",
            Self::DeclinesLater => "declines_later",
            Self::AuthenticateAlways => "authenticate_always",
            Self::AuthenticateOnce => "authenticate_once",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|card| card.name() == name)
    }

    pub(super) fn brand(self) -> &'static str {
        match self {
            Self::Mastercard => "mastercard",
            _ => "visa",
        }
    }

    pub(super) fn number(self) -> &'static str {
        match self {
            Self::Visa => "4242 4242 4242 4242",
            Self::Mastercard => "5555 5555 5555 4444",
            Self::Declined => "4000 0000 0000 0002",
            Self::InsufficientFunds => "4000 0000 0000 9995",
            Self::DeclinesLater => "4000 0000 0000 0341",
            Self::AuthenticateAlways => "4000 0027 6000 3184",
            Self::AuthenticateOnce => "4000 0025 0000 3155",
        }
    }

    pub(super) fn last4(self) -> &'static str {
        &self.number()[15..]
    }

    /// For the Checkout page.
    pub(super) fn says(self) -> &'static str {
        match self {
            Self::Visa | Self::Mastercard => "Pays, now and later",
            Self::Declined => "Card declined",
            Self::InsufficientFunds => "Declined: insufficient funds",
            Self::DeclinesLater => "Pays now, declines when charged later",
            Self::AuthenticateAlways => "Needs authentication every time",
            Self::AuthenticateOnce => "Needs authentication this once",
        }
    }
}
