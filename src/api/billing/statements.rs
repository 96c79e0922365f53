use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::types::WalletStatement;
use crate::{
    api::{Format, SignedIn, Tabular, Tag},
    args,
    error::Result,
};

pub struct StatementsApi;

#[OpenApi(prefix_path = "/api/billing/wallet", tag = "Tag::Billing")]
impl StatementsApi {
    /// A month's statement
    ///
    /// Opening, every line, closing; what each kind adds up to; and of what was used, net and the tax our prices contain. A
    /// month is Europe/London's. With `Accept: text/csv` the same as a file.
    #[oai(path = "/statement/:month", method = "get", operation_id = "wallet_statement")]
    async fn wallet_statement(
        &self,
        caller: SignedIn,
        format: Format,
        /// Such as `2026-11`.
        month: Path<String>,
        /// `false` leaves the lines out, for a month of more than 20,000.
        lines: Query<Option<bool>>,
    ) -> Result<Tabular<WalletStatement>> {
        let args = args! { p_month: &month.0, p_lines: lines.0 };
        match format {
            Format::Json => Ok(Tabular::Json(caller.read("wallet_statement", args).await?)),
            Format::Csv => {
                let answer = caller.0.read("wallet_statement_csv", args).await?;
                Tabular::csv(answer, format!("voxanne-statement-{}.csv", month.0))
            }
        }
    }
}
