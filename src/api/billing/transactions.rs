use poem_openapi::{OpenApi, param::Query};

use super::types::WalletTransactionPage;
use crate::{
    api::{Format, SignedIn, Tabular, Tag},
    args,
    error::Result,
};

pub struct TransactionsApi;

#[OpenApi(prefix_path = "/api/billing/wallet", tag = "Tag::Billing")]
impl TransactionsApi {
    /// What went into the wallet and out of it
    ///
    /// As JSON newest first, a page at a time. With `Accept: text/csv` a file, oldest first, of up to 20,000 lines: `cursor`
    /// and `limit` mean nothing there, `from` and `to` make it shorter.
    #[oai(path = "/transactions", method = "get", operation_id = "list_wallet_transactions")]
    #[allow(clippy::too_many_arguments, reason = "one for each filter")]
    async fn list_wallet_transactions(
        &self,
        caller: SignedIn,
        format: Format,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<i32>>,
        /// `topup`, `deduction`, `refund`, `bonus` or `adjustment`.
        r#type: Query<Option<String>>,
        /// RFC 3339, this moment included.
        from: Query<Option<String>>,
        /// RFC 3339, this moment not included.
        to: Query<Option<String>>,
    ) -> Result<Tabular<WalletTransactionPage>> {
        let args = args! { p_type: r#type.0, p_from: from.0, p_to: to.0 };
        match format {
            Format::Json => {
                let args = args.with("p_cursor", cursor.0).with("p_limit", limit.0);
                Ok(Tabular::Json(caller.read("list_wallet_transactions", args).await?))
            }
            Format::Csv => {
                Tabular::csv(caller.0.read("wallet_transactions_csv", args).await?, "voxanne-transactions.csv")
            }
        }
    }
}
