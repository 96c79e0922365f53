//! Voxanne's backend: Postgres decides, this crate carries.

pub mod api;
pub mod auth;
pub mod cli;
pub mod config;
pub mod db;
pub mod effects;
pub mod error;
pub mod ledger_heads;
pub mod oauth;
pub mod sandbox;
pub mod server;
pub mod simulate;
pub mod telemetry;
pub mod vault;
pub mod webhooks;
