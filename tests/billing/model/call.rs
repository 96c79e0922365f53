//! A call in the model: what is held for it, and all that was said of it.

use crate::billing::books::{RATE, SLACK, charge};

/// Times are microseconds since the proof began.
pub const SECOND: i64 = 1_000_000;

/// What a source said of a call's end. The derived order is the specification's: source, end time, length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    pub rank: u8,
    pub ended: Option<i64>,
    pub seconds: Option<i64>,
}

pub struct Call {
    pub name: usize,
    pub admitted: i64,
    pub cap: i64,
    pub reserved: i64,
    pub paid_from: i64,
    pub hold_ends: i64,
    pub expires: i64,
    pub started: Option<i64>,
    pub words: Vec<Word>,
    pub expired: bool,
    pub settled: bool,
    pub written_off: bool,
    pub told_to_end: Option<&'static str>,
    pub warned: Option<i64>,
}

impl Call {
    /// Let in, or heard of, at `now`; nothing is held yet.
    pub fn new(name: usize, now: i64, cap: i64) -> Self {
        Self {
            name,
            admitted: now,
            cap,
            reserved: 0,
            paid_from: now,
            hold_ends: now,
            expires: now + 3_600 * SECOND,
            started: None,
            words: Vec::new(),
            expired: false,
            settled: false,
            written_off: false,
            told_to_end: None,
            warned: None,
        }
    }

    /// By the greatest word that has a length, its own or that between start and end; the call's cap ends with any word.
    pub fn length(&self) -> Option<i64> {
        let lengths = self.words.iter().filter_map(|word| match (word.seconds, word.ended, self.started) {
            (Some(_), ..) => Some(*word),
            (None, Some(ended), Some(started)) => {
                Some(Word { seconds: Some((ended - started).div_euclid(SECOND).max(0)), ..*word })
            }
            _ => None,
        });
        lengths.max().and_then(|word| word.seconds)
    }

    pub fn is_over(&self) -> bool {
        self.written_off || !self.words.is_empty()
    }

    pub fn is_held(&self) -> bool {
        !self.settled && !self.expired
    }

    pub fn committed(&self) -> i64 {
        if self.settled { self.length().map_or(0, charge) } else { 0 }
    }

    pub fn status(&self) -> &'static str {
        match (self.settled, self.committed(), self.expired) {
            (true, 1.., _) => "committed",
            (true, ..) => "released",
            (false, _, true) => "expired",
            (false, _, false) => "active",
        }
    }

    pub fn max_seconds(&self) -> i64 {
        ((self.cap - SLACK) * 60 / RATE).max(0)
    }

    pub fn hold(&mut self, pence: i64) {
        self.reserved = pence;
        self.hold_ends = self.paid_from + (pence as f64 * 60.0 / RATE as f64 * SECOND as f64).round() as i64;
    }

    pub fn end(&mut self, why: &'static str) {
        if !self.is_over() && self.told_to_end.is_none() {
            self.told_to_end = Some(why);
        }
    }
}
