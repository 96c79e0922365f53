//! Plans by chance: the same seed, the same plan, down to every id.

use std::time::Duration;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Act, Arrival, Call, Death, MAX_LATENESS, Organization, Plan};

/// What a plan by chance is made of.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub seed: u64,
    pub organizations: usize,
    /// In all, dealt out in turn.
    pub calls: usize,
    /// Of the one server everybody depends on.
    pub deaths: usize,
    /// In all, dealt out in turn.
    pub topups: usize,
}

/// An id that follows from the seed and a name.
pub fn uuid_of(seed: u64, name: &str) -> Uuid {
    let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(name).finalize();
    uuid::Builder::from_random_bytes(digest[..16].try_into().expect("a digest is longer")).into_uuid()
}

/// SplitMix64: small, and the same on every machine and in every release.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.throw() % (high - low + 1)
    }

    fn millis(&mut self, low: u64, high: u64) -> Duration {
        Duration::from_millis(self.between(low, high))
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.throw().is_multiple_of(n)
    }

    /// Usually once and soon; now and then late, twice, or never.
    fn arrival(&mut self, may_be_lost: bool) -> Arrival {
        let soon = self.millis(50, 3_000);
        match self.between(0, 19) {
            0 if may_be_lost => Arrival::lost(),
            1 | 2 => Arrival(vec![soon, self.millis(50, 90_000)]),
            3 if may_be_lost => Arrival(vec![self.millis(3_000, 240_000)]),
            _ => Arrival(vec![soon]),
        }
    }
}

impl Recipe {
    pub fn plan(&self) -> Plan {
        let mut dice = Dice(self.seed);
        let each = self.calls.div_ceil(self.organizations.max(1)).max(1);
        // A call every two minutes and organisation, so that several are under way at once.
        let span = Duration::from_secs(120) * u32::try_from(each).unwrap_or(u32::MAX).max(5);
        let mut organizations: Vec<Organization> = (0..self.organizations)
            .map(|n| {
                let id = uuid_of(self.seed, &format!("organization/{n}"));
                Organization::with_money(id, format!("Clinic {}", n + 1), dice.between(300, 4_000) as i64)
            })
            .collect();

        for n in 0..self.calls {
            let arrives = dice.millis(1_000, span.as_millis() as u64);
            let id = uuid_of(self.seed, &format!("call/{n}"));
            organizations[n % self.organizations].calls.push(call(&mut dice, id, arrives));
        }
        for n in 0..self.topups {
            let at = dice.millis(30_000, span.as_millis() as u64);
            let credit = Act::Credit {
                amount_pence: dice.between(25, 60) as i64 * 100,
                kind: "topup",
                key: format!("simulate:{}:{n}", self.seed),
            };
            organizations[n % self.organizations].acts.push((at, credit));
        }
        for n in 0..self.deaths {
            let part = span.as_millis() as u64 / self.deaths as u64;
            let from = Duration::from_millis(part * n as u64) + dice.millis(0, part / 2);
            let death = Death { from, until: from + dice.millis(part / 20, part / 2), messages_wait: dice.one_in(2) };
            organizations.iter_mut().for_each(|organization| organization.deaths.push(death.clone()));
        }
        Plan { organizations, until: span + Duration::from_secs(6 * 3600) }
    }
}

fn call(dice: &mut Dice, id: Uuid, arrives: Duration) -> Call {
    Call {
        rings: dice.millis(500, 20_000),
        wants: (!dice.one_in(8)).then(|| dice.millis(2_000, 780_000)),
        max_seconds: if dice.one_in(4) { 1_200 } else { 600 },
        lateness: dice.millis(0, MAX_LATENESS.as_millis() as u64),
        line: dice.arrival(false),
        start: dice.arrival(true),
        end: dice.arrival(true),
        report: dice.arrival(true),
        ..Call::new(id, arrives, Duration::ZERO)
    }
}
