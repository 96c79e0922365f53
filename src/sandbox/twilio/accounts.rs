//! Accounts and subaccounts.

use serde_json::Value;

use super::{
    error::{Outcome, Refusal},
    lists,
    params::Params,
    render,
    store::{AccountStatus, CallStatus, State, new_sid, new_token},
};

/// The account itself and its subaccounts.
pub(super) fn list(state: &State, caller: &str, path: &str, params: &Params) -> Outcome<Value> {
    params.known(&[&["FriendlyName", "Status"], &lists::PAGING[..]].concat())?;
    let status = params.get("Status").map(status).transpose()?;
    let found = state.accounts.iter().rev().filter(|account| {
        (account.sid == caller || account.owner == caller)
            && params.get("FriendlyName").is_none_or(|name| account.name == name)
            && status.is_none_or(|status| account.status == status)
    });
    lists::page(path, "accounts", found.map(render::account).collect(), params)
}

fn status(text: &str) -> Outcome<AccountStatus> {
    let found = AccountStatus::ALL.into_iter().find(|status| status.name() == text);
    found.ok_or_else(|| Refusal::bad(20001, format!("Invalid Status: {text}")))
}

pub(super) fn create(state: &mut State, caller: &str, params: &Params) -> Outcome<Value> {
    params.known(&["FriendlyName"])?;
    let name = params.friendly_name()?;
    // A subaccount has none of its own.
    if state.family(caller) != caller {
        return Err(Refusal::unauthorized());
    }
    let created = state.now();
    let name = name.unwrap_or_else(|| format!("SubAccount Created at {created}"));
    let account = state.add_account(&new_sid("AC"), &new_token(), caller, &name);
    Ok(render::account(account))
}

pub(super) fn update(state: &mut State, caller: &str, sid: &str, params: &Params) -> Outcome<Value> {
    params.known(&["FriendlyName", "Status"])?;
    let name = params.friendly_name()?;
    let wanted = params.get("Status").map(status).transpose()?;
    if let Some(wanted) = wanted {
        // Only whoever pays for it, and a closed one stays closed.
        if sid == caller {
            return Err(Refusal::bad(20001, "Only a subaccount can be suspended or closed"));
        }
        let now = state.account(sid).map(|account| account.status);
        if now == Some(AccountStatus::Closed) && wanted != AccountStatus::Closed {
            return Err(Refusal::bad(20001, "A closed account cannot be opened again"));
        }
        set_status(state, sid, wanted);
    }
    let now = state.now();
    let account = state.accounts.iter_mut().find(|account| account.sid == sid).expect("the path was looked up");
    if let Some(name) = name {
        account.name = name;
    }
    account.updated = now;
    Ok(render::account(account))
}

/// Whatever a closed account had is given back: its numbers, its caller IDs, its calls.
pub(super) fn set_status(state: &mut State, sid: &str, status: AccountStatus) {
    if let Some(account) = state.accounts.iter_mut().find(|account| account.sid == sid) {
        account.status = status;
    }
    if status != AccountStatus::Closed {
        return;
    }
    let theirs: Vec<_> =
        state.numbers.iter().filter(|number| number.account == sid).map(|one| one.sid.clone()).collect();
    theirs.iter().for_each(|number| state.release(number));
    state.caller_ids.retain(|one| one.account != sid);
    let open = state.calls.iter().filter(|call| call.account.as_deref() == Some(sid) && !call.status.is_over());
    let open: Vec<_> = open.map(|call| call.sid.clone()).collect();
    open.iter().for_each(|call| state.end_call(call, CallStatus::Completed));
}
