//! Vapi's API.

mod calls;

pub use self::calls::{VapiControl, VapiEndCall, VapiPollCall, VapiSay};
