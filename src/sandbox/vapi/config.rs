/// How the Vapi stand-in behaves when no fault is set.
#[derive(Debug, Clone)]
pub struct VapiConfig {
    /// 0: any free port.
    pub port: u16,
    /// The only private key that is let in.
    pub api_key: String,
    /// How long an address of a recording is good for.
    pub recording_link_seconds: i64,
}

impl Default for VapiConfig {
    fn default() -> Self {
        Self { port: 0, api_key: "7c1d5a52-3d7e-4f0e-9a5b-5a0d0b0c5eed".into(), recording_link_seconds: 900 }
    }
}
