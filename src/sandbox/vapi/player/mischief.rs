//! What goes wrong with a call's messages on their way, the same way for the same seed.

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};

/// How probable each mishap is, from 0 to 1, for each message on its own. What asks something is never lost, late or out of its
/// order: the call waits for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mischief {
    pub seed: u64,
    /// Comes twice.
    pub duplicate: f64,
    /// Comes after the next one.
    pub reorder: f64,
    /// Never comes.
    pub loss: f64,
    /// Comes when all is over, after the report.
    pub late: f64,
    /// Comes without some of the fields that nobody promised.
    pub missing: f64,
    /// Only these types, such as `status-update` or `status-update ended`. Empty: all.
    pub only: Vec<String>,
    /// `call.status` stays what it was in the beginning, as in every capture.
    pub is_stale: bool,
}

impl Default for Mischief {
    fn default() -> Self {
        Self {
            seed: 0,
            duplicate: 0.0,
            reorder: 0.0,
            loss: 0.0,
            late: 0.0,
            missing: 0.0,
            only: Vec::new(),
            is_stale: true,
        }
    }
}

impl Mischief {
    /// Each mishap this often.
    pub fn all(seed: u64, probability: f64) -> Self {
        let p = probability;
        Self { seed, duplicate: p, reorder: p, loss: p, late: p, missing: p, ..Self::default() }
    }

    pub fn duplicates(seed: u64, probability: f64) -> Self {
        Self { seed, duplicate: probability, ..Self::default() }
    }

    pub fn only(mut self, kinds: &[&str]) -> Self {
        self.only = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        self
    }
}

/// What no capture has always.
const UNPROMISED: [&str; 14] = [
    "startedAt",
    "endedAt",
    "cost",
    "costs",
    "costBreakdown",
    "durationMs",
    "durationSeconds",
    "durationMinutes",
    "analysis",
    "phoneNumber",
    "customer",
    "assistant",
    "summary",
    "recordingUrl",
];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) is_lost: bool,
    pub(super) is_late: bool,
    pub(super) is_held: bool,
    pub(super) copies: usize,
    pub(super) without: Vec<&'static str>,
}

pub(super) struct Dice {
    mischief: Mischief,
    rng: StdRng,
}

impl Dice {
    pub(super) fn new(mischief: &Mischief) -> Self {
        Self { mischief: mischief.clone(), rng: StdRng::seed_from_u64(mischief.seed) }
    }

    /// Every message takes the same number of throws, so that what becomes of one does not depend on another.
    pub(super) fn throw(&mut self, kind: &str, asks: bool) -> Fate {
        let mut hit = |probability: f64| self.rng.random::<f64>() < probability;
        let m = &self.mischief;
        let (duplicate, reorder, loss, late, missing) =
            (hit(m.duplicate), hit(m.reorder), hit(m.loss), hit(m.late), hit(m.missing));
        let mask: u32 = self.rng.random();
        let concerned =
            m.only.is_empty() || m.only.iter().any(|only| kind == only || kind.split(' ').next() == Some(only));
        if !concerned {
            return Fate { copies: 1, ..Fate::default() };
        }
        let dropped = UNPROMISED.into_iter().enumerate().filter(|(at, _)| missing && mask >> at & 1 == 1);
        Fate {
            is_lost: loss && !asks,
            is_late: late && !asks,
            is_held: reorder && !asks,
            copies: if duplicate { 2 } else { 1 },
            without: dropped.map(|(_, field)| field).collect(),
        }
    }
}
