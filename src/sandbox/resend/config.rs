use std::time::Duration;

/// How the Resend stand-in behaves when no fault is set.
#[derive(Debug, Clone)]
pub struct ResendConfig {
    /// 0: any free port.
    pub port: u16,
    /// The only key that is let in.
    pub api_key: String,
    /// Where events go. Absent: nowhere, until `Resend::send_webhooks_to`.
    pub webhook_url: Option<String>,
    pub webhook_secret: String,
    /// Stretches or shrinks the real pauses between webhook attempts (5 s, 5 min, 30 min, …).
    pub webhook_time_scale: f64,
    /// Between accepting an email and each following event.
    pub delivery_delay: Duration,
    /// The real default is 2; absent: no limit.
    pub requests_per_second: Option<u32>,
    /// Domains that may stand in `from`. Absent: any.
    pub verified_domains: Option<Vec<String>>,
}

impl Default for ResendConfig {
    fn default() -> Self {
        Self {
            port: 0,
            api_key: "re_sandbox_123456789".into(),
            webhook_url: None,
            webhook_secret: "whsec_c2FuZGJveC1zZWNyZXQtb2Ytdm94YW5uZQ==".into(),
            webhook_time_scale: 1.0,
            delivery_delay: Duration::ZERO,
            requests_per_second: None,
            verified_domains: None,
        }
    }
}
