/// How the Stripe stand-in behaves when no fault is set.
#[derive(Debug, Clone)]
pub struct StripeConfig {
    /// 0: any free port.
    pub port: u16,
    /// The only key that is let in.
    pub secret_key: String,
    /// Where events go. Absent: nowhere, until `Stripe::send_webhooks_to`.
    pub webhook_url: Option<String>,
    pub webhook_secret: String,
    /// Stretches or shrinks the pauses between webhook attempts (1 min, 5 min, 30 min, …).
    pub webhook_time_scale: f64,
}

impl Default for StripeConfig {
    fn default() -> Self {
        Self {
            port: 0,
            secret_key: "sk_test_sandbox0123456789".into(),
            webhook_url: None,
            webhook_secret: "whsec_sandbox0secret0of0voxanne".into(),
            webhook_time_scale: 1.0,
        }
    }
}
