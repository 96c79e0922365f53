//! The time of one call, to the millisecond.

use std::time::Instant;

use time::{Duration, OffsetDateTime};

use super::Pace;
use crate::sandbox::clock::now;

#[derive(Debug, Clone)]
pub(crate) struct Clock {
    speed: Option<f64>,
    began: OffsetDateTime,
    anchor: Instant,
    /// Let go by without waiting.
    skipped: Duration,
}

impl Clock {
    pub(super) fn new(pace: Pace, began: OffsetDateTime) -> Self {
        let speed = match pace {
            Pace::AtOnce => None,
            Pace::Times(speed) => Some(speed.max(0.001)),
            Pace::Real => Some(1.0),
        };
        Self { speed, began, anchor: Instant::now(), skipped: Duration::ZERO }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        let gone = self.speed.map_or(0.0, |speed| self.anchor.elapsed().as_secs_f64() * speed);
        cut(self.began + Duration::seconds_f64(gone) + self.skipped)
    }

    pub(super) fn skip(&mut self, time: Duration) {
        self.skipped += time;
    }

    /// How long one really waits for a moment of the call. None: not at all, one skips.
    pub(super) fn wait(&self, until: OffsetDateTime) -> Option<std::time::Duration> {
        let left = (until - self.now()).as_seconds_f64().max(0.0);
        self.speed.map(|speed| std::time::Duration::from_secs_f64(left / speed))
    }

    /// A pause of the sender's, which nobody has to sit out either.
    pub(super) fn pause(&self, seconds: f64) -> std::time::Duration {
        std::time::Duration::from_secs_f64(seconds / self.speed.unwrap_or(100.0))
    }

    pub(super) fn is_at_once(&self) -> bool {
        self.speed.is_none()
    }
}

/// As precise as what is written down, so that what one reads is what one counts with.
pub(super) fn cut(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_millisecond(at.millisecond()).expect("it was one")
}

/// When a call begins: so that it ends when it is over and not in the future, unless somebody said when.
pub(super) fn beginning(pace: Pace, begins_at: Option<OffsetDateTime>, length: f64) -> OffsetDateTime {
    let usual = match pace {
        Pace::AtOnce => now() - Duration::seconds_f64(length),
        Pace::Times(speed) => now() - Duration::seconds_f64(length * (1.0 - 1.0 / speed).max(0.0)),
        Pace::Real => now(),
    };
    cut(begins_at.unwrap_or(usual))
}
