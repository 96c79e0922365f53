//! Times the way the providers write them.

use time::OffsetDateTime;

pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// `2023-10-06T23:47:56.678Z`, as in webhooks.
pub(crate) fn iso(at: OffsetDateTime) -> String {
    format!("{}T{}.{:03}Z", date(at), clock(at), at.millisecond())
}

/// `2023-04-03 22:13:42.674981+00`, as in Resend's answers.
pub(crate) fn postgres(at: OffsetDateTime) -> String {
    format!("{} {}.{:06}+00", date(at), clock(at), at.microsecond())
}

fn date(at: OffsetDateTime) -> String {
    format!("{:04}-{:02}-{:02}", at.year(), u8::from(at.month()), at.day())
}

fn clock(at: OffsetDateTime) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}
