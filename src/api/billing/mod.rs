//! The prepaid wallet: what is in it, what went in and out, statements, and whether Stripe's word was heard.

mod refusals;
mod statements;
mod transactions;
pub mod types;
mod verification;
mod wallet;
pub mod whole;

use poem_openapi::OpenApi;

pub fn apis() -> impl OpenApi {
    (
        wallet::WalletApi,
        transactions::TransactionsApi,
        statements::StatementsApi,
        refusals::RefusalsApi,
        verification::VerificationApi,
    )
}
