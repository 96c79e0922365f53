//! Twilio's API.

mod calls;

pub use self::calls::TwilioEndCall;
