//! Where Vapi finds us, and how we prove to be asked by Vapi.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::Vapi;

/// How long Vapi waits for us, in seconds. What it asks while somebody holds the line has limits of its own.
const WAITS: u32 = 20;

impl Vapi {
    /// For assistants and tools. What we could not take is sent again, after 1, 2, 4, 8 and 16 seconds; what we refused for
    /// good is not.
    pub(super) fn server(&self) -> Value {
        let mut server = json!({
            "url": self.webhook.as_str(),
            "timeoutSeconds": WAITS,
            "backoffPlan": {
                "type": "exponential", "maxRetries": 5, "baseDelaySeconds": 1,
                "excludedStatusCodes": [400, 401, 403, 404, 413, 422],
            },
        });
        if let Some(secret) = &self.webhook_secret {
            server["headers"] = json!({ "x-vapi-secret": secret.expose_secret() });
        }
        server
    }
}
