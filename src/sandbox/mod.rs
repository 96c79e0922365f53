//! Stand-ins for the providers: real HTTP servers on loopback ports of their own, with state, faults and webhooks.
//!
//! The real clients talk to them by base URL, so nothing above the URL knows the difference. What a stand-in accepts
//! and its real counterpart would refuse is a bug of the stand-in.

mod clock;
pub mod faults;
pub mod inbox;
mod line;
pub mod log;
pub mod oauth;
mod page;
pub mod resend;
pub mod slack;
mod stand_in;
pub mod stripe;
pub mod svix;
pub mod twilio;
pub mod vapi;

use std::{io, net::SocketAddr, sync::Arc};

use self::stand_in::{Running, serve};
pub use self::{
    faults::{Fault, Faults},
    log::{RecordedRequest, RequestLog},
    oauth::{Face, OAuth, OAuthConfig},
    resend::{Resend, ResendConfig},
    slack::{Slack, SlackConfig},
    stripe::{Stripe, StripeConfig},
    twilio::{Twilio, TwilioConfig},
    vapi::{Vapi, VapiConfig},
};

#[derive(Debug, Clone)]
pub struct SandboxConfig {
    pub resend: ResendConfig,
    pub slack: SlackConfig,
    pub stripe: StripeConfig,
    pub twilio: TwilioConfig,
    pub vapi: VapiConfig,
    pub google: OAuthConfig,
    pub outlook: OAuthConfig,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            resend: ResendConfig::default(),
            slack: SlackConfig::default(),
            stripe: StripeConfig::default(),
            twilio: TwilioConfig::default(),
            vapi: VapiConfig::default(),
            google: OAuthConfig::google(),
            outlook: OAuthConfig::outlook(),
        }
    }
}

impl SandboxConfig {
    /// The ports that people know; without this they are any free ones.
    pub fn on_usual_ports(mut self) -> Self {
        self.resend.port = 4010;
        self.slack.port = 4011;
        self.stripe.port = 4012;
        self.twilio.port = 4013;
        self.vapi.port = 4014;
        self.google.port = 4015;
        self.outlook.port = 4016;
        self
    }

    /// Where the consents of a server at this address come back to.
    pub fn for_server_at(mut self, address: &str) -> Self {
        self.google.redirect_uris.push(format!("{address}/api/integrations/google/callback"));
        self.outlook.redirect_uris.push(format!("{address}/api/integrations/outlook/callback"));
        self
    }
}

/// The stand-ins, running. They stop when this is dropped, at the latest.
pub struct Sandbox {
    pub resend: Resend,
    pub slack: Slack,
    pub stripe: Stripe,
    pub twilio: Twilio,
    pub vapi: Vapi,
    pub google: OAuth,
    pub outlook: OAuth,
    resend_server: Running,
    slack_server: Running,
    stripe_server: Running,
    twilio_server: Running,
    vapi_server: Running,
    google_server: Running,
    outlook_server: Running,
}

impl Sandbox {
    pub async fn start(config: SandboxConfig) -> io::Result<Self> {
        let resend = Resend::new(&config.resend);
        let slack = Slack::new(&config.slack);
        let stripe = Stripe::new(&config.stripe);
        let twilio = Twilio::new(&config.twilio);
        let vapi = Vapi::new(&config.vapi);
        let google = OAuth::new(Face::Google, &config.google);
        let outlook = OAuth::new(Face::Outlook, &config.outlook);
        let resend_server = serve(resend.clone(), config.resend.port).await?;
        let slack_server = serve(slack.clone(), config.slack.port).await?;
        let stripe_server = serve(stripe.clone(), config.stripe.port).await?;
        let twilio_server = serve(twilio.clone(), config.twilio.port).await?;
        let vapi_server = serve(vapi.clone(), config.vapi.port).await?;
        let google_server = serve(google.clone(), config.google.port).await?;
        let outlook_server = serve(outlook.clone(), config.outlook.port).await?;
        stripe.served_at(&base_url(stripe_server.address));
        vapi.served_at(&base_url(vapi_server.address));
        vapi.asks(Arc::new(twilio.clone()));
        twilio.tells(vapi.when_cut_off());
        Ok(Self {
            resend,
            slack,
            stripe,
            twilio,
            vapi,
            google,
            outlook,
            resend_server,
            slack_server,
            stripe_server,
            twilio_server,
            vapi_server,
            google_server,
            outlook_server,
        })
    }

    pub fn resend_url(&self) -> String {
        base_url(self.resend_server.address)
    }

    pub fn slack_url(&self) -> String {
        base_url(self.slack_server.address)
    }

    /// Also the page with every payment.
    pub fn stripe_url(&self) -> String {
        base_url(self.stripe_server.address)
    }

    /// Also the page with every number it has.
    pub fn vapi_url(&self) -> String {
        base_url(self.vapi_server.address)
    }

    /// Also the page with every number and telephone.
    pub fn twilio_url(&self) -> String {
        base_url(self.twilio_server.address)
    }

    /// Also the page with every consent and calendar.
    pub fn google_url(&self) -> String {
        base_url(self.google_server.address)
    }

    pub fn outlook_url(&self) -> String {
        base_url(self.outlook_server.address)
    }

    pub fn slack_webhook_url(&self) -> String {
        format!("{}{}", self.slack_url(), self.slack.webhook_path())
    }

    /// The environment that makes the server talk to these stand-ins.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("RESEND_BASE_URL", self.resend_url()),
            ("RESEND_API_KEY", self.resend.api_key().to_owned()),
            ("RESEND_WEBHOOK_SECRET", self.resend.webhook_secret().to_owned()),
            ("SLACK_WEBHOOK_URL", self.slack_webhook_url()),
            ("STRIPE_BASE_URL", self.stripe_url()),
            ("STRIPE_SECRET_KEY", self.stripe.secret_key().to_owned()),
            ("STRIPE_WEBHOOK_SECRET", self.stripe.webhook_secret().to_owned()),
            ("TWILIO_BASE_URL", self.twilio_url()),
            ("TWILIO_ACCOUNT_SID", self.twilio.account_sid().to_owned()),
            ("TWILIO_AUTH_TOKEN", self.twilio.auth_token().to_owned()),
            ("VAPI_BASE_URL", self.vapi_url()),
            ("VAPI_API_KEY", self.vapi.api_key().to_owned()),
            ("GOOGLE_CLIENT_ID", self.google.client_id().to_owned()),
            ("GOOGLE_CLIENT_SECRET", self.google.client_secret().to_owned()),
            ("GOOGLE_AUTHORIZE_URL", format!("{}/o/oauth2/v2/auth", self.google_url())),
            ("GOOGLE_TOKEN_URL", self.google_url()),
            ("GOOGLE_API_URL", self.google_url()),
            ("OUTLOOK_CLIENT_ID", self.outlook.client_id().to_owned()),
            ("OUTLOOK_CLIENT_SECRET", self.outlook.client_secret().to_owned()),
            ("OUTLOOK_LOGIN_URL", format!("{}/common/oauth2/v2.0", self.outlook_url())),
            ("OUTLOOK_API_URL", self.outlook_url()),
        ]
    }

    /// Closes the ports and drops what was still to be sent.
    pub async fn stop(self) {
        self.resend_server.stop().await;
        self.slack_server.stop().await;
        self.stripe_server.stop().await;
        self.twilio_server.stop().await;
        self.vapi_server.stop().await;
        self.google_server.stop().await;
        self.outlook_server.stop().await;
    }
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}
