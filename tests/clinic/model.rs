//! Random days of a clinic, held against a small model of the specification after every step.
//!
//! `PROOF_CASES` asks for more sequences than the tests run, `PROOF_SEED` for others. A failure is shrunk to the shortest
//! sequence that still shows it.

mod clinic;
mod steps;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::{Value, json};
use tokio_postgres::{Client, SimpleQueryMessage};
use uuid::Uuid;

use self::clinic::{Clinic, DAY, Wish};
use self::steps::{Opening, Step, days, diary, hiring, hours, known, picture, sql};
use crate::support::TestDb;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// One sequence in a transaction of its own, which is never committed.
async fn play(client: &Client, opening: &Opening, steps: &[Step]) -> Result<(), String> {
    client.batch_execute("begin").await.map_err(|e| format!("{e:?}"))?;
    let result = Proof::open(client, opening).await?.compare(steps).await;
    client.batch_execute("rollback").await.map_err(|e| format!("{e:?}"))?;
    result
}

struct Proof<'a> {
    client: &'a Client,
    org: Uuid,
    clinic: Clinic,
}

impl<'a> Proof<'a> {
    async fn open(client: &'a Client, opening: &Opening) -> Result<Self, String> {
        let org: Uuid = client.query_one("select proof.clinic()", &[]).await.map_err(|e| format!("{e:?}"))?.get(0);
        let clinic = Clinic::new(opening.hours.clone(), opening.people.clone());
        let people = opening.people.iter().enumerate().map(|(who, person)| hiring(org, who, person));
        let said: String = std::iter::once(hours(org, None, &opening.hours)).chain(people).collect();
        let proof = Self { client, org, clinic };
        proof.tell(&said).await?;
        Ok(proof)
    }

    async fn compare(mut self, steps: &[Step]) -> Result<(), String> {
        for (place, step) in steps.iter().enumerate() {
            // A minute passes: what was made later is younger.
            self.clinic.now += 1;
            self.take(step).await.map_err(|e| format!("step {place}, {step:?} at {}:\n  {e}", self.clinic.now))?;
            let (seen, expected) = (self.ask(&format!("proof.diary('{}')", self.org)).await?, diary(&self.clinic));
            if seen != expected {
                return Err(format!("step {place}, {step:?}: the diary is\n  {seen}\n  the model's:\n  {expected}"));
            }
            if self.ask("to_jsonb(proof.overlaps())").await? != json!(0) {
                return Err(format!("step {place}, {step:?}: somebody has two patients at once"));
            }
        }
        Ok(())
    }

    async fn take(&mut self, step: &Step) -> Result<(), String> {
        let (org, now) = (self.org, self.clinic.now);
        match step {
            Step::Wait { minutes } => {
                self.clinic.now += minutes;
                Ok(())
            }
            Step::Book(wish) => {
                let wish = Wish { who: known(&self.clinic, wish.who), ..*wish };
                self.book(&wish).await
            }
            Step::BookOffered { place, service } => {
                let offered = self.look(now, now + 3 * DAY, None, *service).await?;
                let Some(slot) = offered.as_array().and_then(|slots| slots.get(place % slots.len().max(1))).cloned()
                else {
                    return Ok(());
                };
                let start = slot[0].as_i64().ok_or("a slot begins at a minute")?;
                let wish = Wish { start, who: None, service: *service, call: None, another: false };
                self.book(&wish).await?;
                match self.clinic.appointments.last() {
                    Some(last) if json!([last.start, last.who]) == slot => Ok(()),
                    last => Err(format!("{slot} was offered, and {last:?} came of it")),
                }
            }
            Step::Reschedule { nth, start } => {
                let Some(name) = self.nth(*nth) else { return Ok(()) };
                let seen = self.ask(&format!("proof.move('{org}', '{name}', {start}, {now})")).await?;
                let answer = self.clinic.reschedule(name, *start);
                agree(&seen, &picture(&self.clinic, &answer))
            }
            Step::Cancel { nth } => {
                let Some(name) = self.nth(*nth) else { return Ok(()) };
                let seen = self.ask(&format!("proof.cancel('{org}', '{name}', {now})")).await?;
                let answer = self.clinic.cancel(name);
                agree(&seen, &picture(&self.clinic, &answer))
            }
            Step::Look { from, days, who, service } => {
                let (who, to) = (known(&self.clinic, *who), from + days * DAY);
                let seen = self.look(*from, to, who, *service).await?;
                let visit = self.clinic.visit(who, *service);
                agree(&seen, &json!(self.clinic.slots(visit, *from, to)))
            }
            Step::Close(closure) => {
                let closure = clinic::Closure { who: known(&self.clinic, closure.who), ..*closure };
                self.clinic.closures.push(closure);
                self.tell(&format!(
                    "insert into public.closures (org_id, practitioner_id, starts_on, ends_on) values \
                     ('{org}', proof.id({}), date '2026-06-01' + {}, date '2026-06-01' + {})",
                    sql(closure.who),
                    closure.first,
                    closure.last
                ))
                .await
            }
            Step::Hire(person) => {
                self.clinic.people.push(person.clone());
                self.tell(&hiring(org, self.clinic.people.len() - 1, person)).await
            }
            Step::Turn { who } => {
                let Some(person) = self.clinic.people.get_mut(*who) else { return Ok(()) };
                person.active = !person.active;
                self.tell(&format!(
                    "update public.practitioners set is_active = not is_active \
                     where org_id = '{org}' and id = proof.id({who})"
                ))
                .await
            }
        }
    }

    async fn book(&mut self, wish: &Wish) -> Result<(), String> {
        let seen = self
            .ask(&format!(
                "proof.book('{}', '{}', {}, {}, {}, {}, {}, {})",
                self.org,
                self.clinic.appointments.len(),
                wish.start,
                sql(wish.who),
                sql(wish.service),
                sql(wish.call),
                wish.another,
                self.clinic.now
            ))
            .await?;
        let answer = self.clinic.book(wish);
        agree(&seen, &picture(&self.clinic, &answer))
    }

    async fn look(&self, from: i64, to: i64, who: Option<usize>, service: Option<usize>) -> Result<Value, String> {
        let (who, service) = (sql(who), sql(service));
        self.ask(&format!("proof.look('{}', {from}, {to}, {who}, {service}, {})", self.org, self.clinic.now)).await
    }

    fn nth(&self, nth: usize) -> Option<usize> {
        nth.checked_rem(self.clinic.appointments.len())
    }

    async fn tell(&self, statements: &str) -> Result<(), String> {
        self.client.batch_execute(statements).await.map_err(|e| format!("{statements}: {e:?}"))
    }

    async fn ask(&self, expression: &str) -> Result<Value, String> {
        let messages = self
            .client
            .simple_query(&format!("select {expression}"))
            .await
            .map_err(|e| format!("{expression}: {e:?}"))?;
        messages
            .iter()
            .find_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.get(0).map(|text| serde_json::from_str(text).expect("JSON")),
                _ => None,
            })
            .ok_or_else(|| format!("{expression} answers nothing"))
    }
}

/// Whether everything the model says is what Postgres says; what the model leaves out is left open.
fn agree(seen: &Value, expected: &Value) -> Result<(), String> {
    let same = match expected {
        Value::Object(fields) => fields.iter().all(|(name, value)| seen[name] == *value),
        value => seen == value,
    };
    if same { Ok(()) } else { Err(format!("Postgres:  {seen}\n  the model: {expected}")) }
}

fn run(half: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (_db, client) = runtime.block_on(async {
        let db = TestDb::new().await;
        let owner = db.owner().await;
        owner.batch_execute(include_str!("diary.sql")).await.expect("the proofs' functions");
        (db, owner)
    });
    let config = Config {
        cases: u32::try_from(setting("PROOF_CASES", 120) / 2).expect("a number of cases"),
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let mut seed = [11; 32];
    seed[..8].copy_from_slice(&(setting("PROOF_SEED", 1) * 2 + half).to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let outcome = runner.run(&days(), |(opening, steps)| {
        runtime.block_on(play(&client, &opening, &steps)).map_err(TestCaseError::fail)
    });
    if let Err(TestError::Fail(why, (opening, steps))) = &outcome {
        let steps: Vec<String> = steps.iter().map(|step| format!("  {step:?}")).collect();
        panic!("{opening:?}\n{}\n{why}", steps.join("\n"));
    }
    outcome.expect("the sequences run");
}

#[test]
fn whatever_happens_in_a_clinic_its_diary_is_as_the_specification_says() {
    run(0);
}

#[test]
fn whatever_else_happens_in_a_clinic_its_diary_is_as_the_specification_says() {
    run(1);
}
