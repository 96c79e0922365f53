/// How the Twilio stand-in behaves when no fault is set.
#[derive(Debug, Clone)]
pub struct TwilioConfig {
    /// 0: any free port.
    pub port: u16,
    /// The account that is there from the beginning, and whose subaccounts the others are.
    pub account_sid: String,
    pub auth_token: String,
}

impl Default for TwilioConfig {
    fn default() -> Self {
        Self {
            port: 0,
            account_sid: "AC5a0db0c0ffee5a0db0c0ffee5a0db0c0".into(),
            auth_token: "5a0db0c0ffee0a0d0c0ffee0fa57d00d".into(),
        }
    }
}
