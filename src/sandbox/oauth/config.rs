/// How a stand-in for a login with consent behaves when no fault is set.
#[derive(Debug, Clone)]
pub struct OAuthConfig {
    /// 0: any free port.
    pub port: u16,
    /// The only client there is: ours.
    pub client_id: String,
    pub client_secret: String,
    /// Where people may be sent back to, to the letter. Further ones: `OAuth::register`.
    pub redirect_uris: Vec<String>,
}

impl OAuthConfig {
    pub fn google() -> Self {
        Self {
            port: 0,
            client_id: "410000000000-sandbox.apps.googleusercontent.com".into(),
            client_secret: "GOCSPX-sandboxsandboxsandbox0000".into(),
            redirect_uris: Vec::new(),
        }
    }

    pub fn outlook() -> Self {
        Self {
            port: 0,
            client_id: "5a0d6f1c-0b0e-4a52-9c44-5eed00000001".into(),
            client_secret: "sbx8Q~sandbox.sandbox_sandbox-0000000000".into(),
            redirect_uris: Vec::new(),
        }
    }
}
