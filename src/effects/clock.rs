//! When a worker looks, how far back it looks, and how long it sleeps.

use std::time::{Duration, Instant};

use super::Effect;

/// Sleeping ends here at the latest: the net under wakes and notifications.
const POLL: Duration = Duration::from_secs(1);
/// How often a claim looks at everything, whatever was seen before.
const FULL_RANGE: Duration = Duration::from_secs(5);
/// A transaction may commit this long after the moment its effects were due without waiting for the full range.
const LATE_COMMIT: Duration = Duration::from_secs(1);
/// Pauses while something is due and cannot be had: its key or its row is held by another.
const HELD_PAUSES: [Duration; 5] = [
    Duration::from_millis(2),
    Duration::from_millis(5),
    Duration::from_millis(20),
    Duration::from_millis(50),
    Duration::from_millis(200),
];

const CLASSES: [i32; 4] = [10, 50, 100, 200];

/// Remembers, for each priority class, up to which moment everything due was seen to be taken.
pub struct Clock {
    seen: [Option<Instant>; 4],
    full_range_at: Instant,
    empty_claims: usize,
}

impl Clock {
    pub fn new(now: Instant) -> Self {
        Self { seen: [None; 4], full_range_at: now, empty_claims: 0 }
    }

    /// How many seconds back the next claim starts, class by class; nothing means everything.
    pub fn look_back(&mut self, now: Instant) -> [Option<f64>; 4] {
        if now >= self.full_range_at {
            self.full_range_at = now + FULL_RANGE;
            return [None; 4];
        }
        self.seen.map(|seen| seen.map(|seen| (now.saturating_duration_since(seen) + LATE_COMMIT).as_secs_f64()))
    }

    /// Learns from a claim of at most `asked` effects that was sent at `sent`.
    pub fn claimed(&mut self, sent: Instant, asked: usize, effects: &[Effect]) {
        self.empty_claims = if effects.is_empty() { self.empty_claims + 1 } else { 0 };
        if effects.len() < asked {
            self.seen = [Some(sent); 4];
            return;
        }
        // A full batch ends inside the last class it reached: the classes before are empty, those after unseen.
        let Some(last) = effects.iter().map(|effect| effect.priority).max() else { return };
        let reached = effects.iter().filter(|effect| effect.priority == last).map(|effect| effect.late_seconds);
        let late = Duration::try_from_secs_f64(reached.fold(f64::INFINITY, f64::min)).unwrap_or_default();
        for (class, seen) in CLASSES.iter().zip(&mut self.seen) {
            if *class < last {
                *seen = Some(sent);
            } else if *class == last {
                *seen = sent.checked_sub(late);
            }
        }
    }

    /// How long to sleep when the next effect is due in so many seconds.
    pub fn pause(&self, due_in_seconds: Option<f64>) -> Duration {
        match due_in_seconds {
            Some(seconds) if seconds > 0.0 => {
                Duration::from_secs_f64(seconds.min(POLL.as_secs_f64())).max(Duration::from_millis(1))
            }
            Some(_) => HELD_PAUSES[self.empty_claims.min(HELD_PAUSES.len() - 1)],
            None => POLL,
        }
    }
}

/// How many effects to hold for `concurrency` at work: few when they take long, so that other workers get their share,
/// more when they are over in a moment, so that nobody waits for the database.
pub struct Ahead {
    concurrency: usize,
    mean_seconds: f64,
}

impl Ahead {
    const SPAN_SECONDS: f64 = 0.02;
    const MOST: f64 = 24.0;

    pub fn new(concurrency: usize) -> Self {
        Self { concurrency, mean_seconds: Self::SPAN_SECONDS }
    }

    pub fn took(&mut self, duration: Duration) {
        self.mean_seconds += (duration.as_secs_f64() - self.mean_seconds) / 64.0;
    }

    pub fn hold(&self) -> usize {
        let rounds = (Self::SPAN_SECONDS / self.mean_seconds.max(1e-6)).clamp(1.0, Self::MOST);
        (self.concurrency as f64 * rounds) as usize
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn effect(priority: i32, late_seconds: f64) -> Effect {
        serde_json::from_value(json!({
            "id": uuid::Uuid::nil(), "org_id": null, "kind": "platform.ping", "payload": {}, "attempts": 1,
            "lease_token": uuid::Uuid::nil(), "lease_seconds": 30.0, "timeout_seconds": 5.0,
            "late_seconds": late_seconds, "alone": false, "priority": priority,
        }))
        .expect("an effect")
    }

    #[test]
    fn an_emptied_queue_is_looked_at_from_the_last_claim_on() {
        let now = Instant::now();
        let mut clock = Clock::new(now);
        assert_eq!(clock.look_back(now), [None; 4], "the first claim looks at everything");
        clock.claimed(now, 10, &[effect(100, 3.0)]);
        let later = now + Duration::from_secs(2);
        assert_eq!(clock.look_back(later), [Some(3.0); 4], "two seconds since, one for late commits");
    }

    #[test]
    fn a_full_batch_says_nothing_of_the_classes_behind_it() {
        let now = Instant::now() + Duration::from_secs(60);
        let mut clock = Clock::new(now);
        clock.look_back(now);
        clock.claimed(now, 2, &[effect(50, 9.0), effect(100, 4.0)]);
        assert_eq!(clock.look_back(now), [Some(1.0), Some(1.0), Some(5.0), None]);
    }

    #[test]
    fn everything_is_looked_at_again_after_a_while() {
        let now = Instant::now();
        let mut clock = Clock::new(now);
        clock.look_back(now);
        clock.claimed(now, 10, &[]);
        assert_eq!(clock.look_back(now + FULL_RANGE), [None; 4]);
    }

    #[test]
    fn sleep_ends_when_the_next_effect_is_due() {
        let clock = Clock::new(Instant::now());
        assert_eq!(clock.pause(Some(0.25)), Duration::from_millis(250));
        assert_eq!(clock.pause(Some(3600.0)), POLL);
        assert_eq!(clock.pause(None), POLL);
        assert_eq!(clock.pause(Some(-1.0)), HELD_PAUSES[0]);
    }

    #[test]
    fn quick_effects_are_held_ahead_and_slow_ones_are_not() {
        let mut ahead = Ahead::new(16);
        assert_eq!(ahead.hold(), 16);
        (0..1000).for_each(|_| ahead.took(Duration::from_micros(50)));
        assert!(ahead.hold() > 200);
        (0..1000).for_each(|_| ahead.took(Duration::from_secs(1)));
        assert_eq!(ahead.hold(), 16);
    }
}
