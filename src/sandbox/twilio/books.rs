//! What Twilio's own books say: who has what, and what it costs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    inventory::Kind,
    store::{AccountStatus, CallStatus, State},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberBook {
    pub sid: String,
    pub phone_number: String,
    pub friendly_name: String,
    pub kind: Kind,
    pub monthly_cents: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallerIdBook {
    pub sid: String,
    pub phone_number: String,
    pub friendly_name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallBook {
    pub sid: String,
    pub from: String,
    pub to: String,
    pub direction: &'static str,
    pub status: CallStatus,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountBook {
    pub sid: String,
    pub friendly_name: String,
    pub status: AccountStatus,
    /// Who pays for it: itself, unless it is a subaccount.
    pub owner: String,
    pub numbers: Vec<NumberBook>,
    pub caller_ids: Vec<CallerIdBook>,
    pub calls: Vec<CallBook>,
    /// How often it bought a number, and gave one back.
    pub bought: usize,
    pub released: usize,
    /// In cents of a US dollar.
    pub monthly_cents: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Books {
    /// By SID.
    pub accounts: BTreeMap<String, AccountBook>,
}

impl Books {
    pub fn account(&self, sid: &str) -> Option<&AccountBook> {
        self.accounts.get(sid)
    }

    /// The accounts that are called so, closed ones included.
    pub fn named(&self, friendly_name: &str) -> Vec<&AccountBook> {
        self.accounts.values().filter(|account| account.friendly_name == friendly_name).collect()
    }

    pub fn subaccounts(&self, owner: &str) -> Vec<&AccountBook> {
        self.accounts.values().filter(|account| account.owner == owner && account.sid != owner).collect()
    }

    /// Who has this number, and what is known of it.
    pub fn number(&self, phone_number: &str) -> Option<(&AccountBook, &NumberBook)> {
        self.accounts.values().find_map(|account| {
            Some((account, account.numbers.iter().find(|number| number.phone_number == phone_number)?))
        })
    }

    /// Every number in service, with the SID of its account.
    pub fn numbers(&self) -> Vec<(&str, &NumberBook)> {
        self.accounts
            .values()
            .flat_map(|account| account.numbers.iter().map(|number| (account.sid.as_str(), number)))
            .collect()
    }
}

pub(super) fn of(state: &State) -> Books {
    let book = |account: &super::store::Account| {
        let numbers: Vec<_> = state
            .numbers
            .iter()
            .filter(|number| number.account == account.sid)
            .map(|number| NumberBook {
                sid: number.sid.clone(),
                phone_number: number.phone_number.clone(),
                friendly_name: number.name.clone(),
                kind: number.kind,
                monthly_cents: number.cents,
            })
            .collect();
        let caller_ids = state.caller_ids.iter().filter(|one| one.account == account.sid).map(|one| CallerIdBook {
            sid: one.sid.clone(),
            phone_number: one.phone_number.clone(),
            friendly_name: one.name.clone(),
        });
        let calls =
            state.calls.iter().filter(|call| call.account.as_ref() == Some(&account.sid)).map(|call| CallBook {
                sid: call.sid.clone(),
                from: call.from.clone(),
                to: call.to.clone(),
                direction: call.direction(),
                status: call.status,
            });
        let (bought, released) = state.trades.get(&account.sid).copied().unwrap_or_default();
        AccountBook {
            sid: account.sid.clone(),
            friendly_name: account.name.clone(),
            status: account.status,
            owner: account.owner.clone(),
            monthly_cents: numbers.iter().map(|number| number.monthly_cents).sum(),
            numbers,
            caller_ids: caller_ids.collect(),
            calls: calls.collect(),
            bought,
            released,
        }
    };
    Books { accounts: state.accounts.iter().map(|account| (account.sid.clone(), book(account))).collect() }
}
