use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    payload::Json,
    types::{MaybeUndefined, ToJSON},
};

use super::{
    types::{CheckoutSession, Wallet},
    whole::Whole,
};
use crate::{
    api::{
        Reply, SignedIn, Tag,
        follow::{A_MOMENT, Followed, Promise},
    },
    args,
    error::Result,
    server::App,
};

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TopUp {
    /// From 2,500 to 500,000.
    amount_pence: Whole,
    /// Where Stripe's page leads back to: `/dashboard/wallet` or `/dashboard/onboarding` of the front end. It comes with
    /// `?topup=success&session_id=…` or `?topup=cancelled`.
    return_url: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct AutoRecharge {
    enabled: bool,
    /// Charge when less than this is available; at most the amount. Absent stays as it is.
    threshold_pence: Option<Whole>,
    /// How much at a time, from 2,500 to 500,000. Absent stays as it is.
    amount_pence: Option<Whole>,
}

/// What to change. Absent leaves a limit as it is, null lifts it where there need be none.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct WalletLimits {
    /// What calls may cost in a month of Europe/London.
    monthly_cap_pence: MaybeUndefined<Whole>,
    /// Tell the organisation, once, when the balance falls below this.
    low_balance_alert_pence: MaybeUndefined<Whole>,
    /// From 1 to 1,000.
    max_concurrent_calls: MaybeUndefined<Whole>,
}

pub struct WalletApi;

#[OpenApi(prefix_path = "/api/billing/wallet", tag = "Tag::Billing")]
impl WalletApi {
    /// The wallet
    ///
    /// What is in it, what is held for calls, how many minutes that makes, and how long it lasts at the pace of the last 14
    /// days.
    #[oai(path = "/", method = "get", operation_id = "wallet_summary")]
    async fn wallet_summary(&self, caller: SignedIn) -> Result<Reply<Wallet>> {
        caller.read("wallet_summary", args! {}).await
    }

    /// Top the wallet up
    ///
    /// 200 with the address of Stripe's page, where the person pays. 202 when Stripe takes longer: follow the operation, and
    /// ask again with the same `Idempotency-Key` for the page once it is done. The money is in the wallet when Stripe says
    /// it was paid, a moment after the person comes back.
    #[oai(path = "/topup", method = "post", operation_id = "start_topup")]
    async fn start_topup(
        &self,
        caller: SignedIn,
        wish: Json<TopUp>,
        Data(app): Data<&App>,
    ) -> Result<Followed<CheckoutSession>> {
        let args = args! { p_amount_pence: wish.0.amount_pence, p_return_url: wish.0.return_url };
        let promise = Promise::of(caller.0.write("start_topup", args).await?)?;
        promise.read(&caller, app, A_MOMENT, "topup_session").await
    }

    /// Charge the saved card by itself, or stop doing so
    ///
    /// The card is saved by the first top-up. One charge is under way at a time.
    #[oai(path = "/auto-recharge", method = "put", operation_id = "set_auto_recharge")]
    async fn set_auto_recharge(&self, caller: SignedIn, wish: Json<AutoRecharge>) -> Result<Reply<Wallet>> {
        let args = args! {
            p_enabled: wish.0.enabled, p_threshold_pence: wish.0.threshold_pence, p_amount_pence: wish.0.amount_pence,
        };
        caller.write("set_auto_recharge", args).await
    }

    /// Set the organisation's own limits
    ///
    /// They decide which calls are let in from now on; calls under way go on.
    #[oai(path = "/limits", method = "put", operation_id = "set_wallet_limits")]
    async fn set_wallet_limits(&self, caller: SignedIn, limits: Json<WalletLimits>) -> Result<Reply<Wallet>> {
        caller.write("set_wallet_limits", args! { p_changes: limits.0.to_json() }).await
    }
}
