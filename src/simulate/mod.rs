//! Calls on a clock of their own: a plan of calls, money and mishaps, played against a real database through the real
//! functions, every one of which takes its time as a parameter.
//!
//! There is no waiting: the next thing to happen is the least of the next effect's due time, the plan's and the provider's
//! next event, and the next sweep. The same plan does the same, call for call; a run that was killed is run again from its
//! beginning over the same database and ends as if it had never died.

mod books;
mod plan;
mod provider;
mod random;
mod server;
mod world;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    time::Duration,
};

use anyhow::{Result, bail};
use time::OffsetDateTime;
use tokio_postgres::Client;
use uuid::Uuid;

pub use self::{
    books::{OrganizationBooks, Report},
    plan::{Act, Arrival, Call, Death, Faults, Organization, Plan, Window},
    provider::MAX_LATENESS,
    random::{Recipe, uuid_of},
};
use self::{
    provider::{Phone, Provider},
    server::{Answer, Order, Server},
};
use crate::effects::{Effect, Verdict};

/// Virtual time zero, a Monday morning no real effect is due before.
pub fn epoch() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_894_006_800).expect("a date of this era")
}

/// How often the sweep is due, as `sql/reference/private.schedules.csv` has it.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// From an effect's claim to its answer.
const EFFECT_TAKES: Duration = Duration::from_millis(100);

/// What happens at a moment, in the order it was put down.
#[derive(Debug)]
enum Event {
    Act(usize, usize),
    Arrives(Phone),
    Answered(Phone),
    Ends(Phone),
    Told(Phone, Word),
    Carried(Box<Effect>),
}

/// What the provider tells of a call by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Line,
    Started,
    Ended,
    Report,
}

struct Entry {
    at: Duration,
    place: u64,
    event: Event,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.place).cmp(&(other.at, other.place))
    }
}

/// What the plan's own decisions came to, as far as no table tells it.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub admitted: usize,
    /// Calls that came while the server was dead: nobody picked up.
    pub unanswered: usize,
    pub warnings: usize,
    pub polls: usize,
    /// Acts the database refused, with the reason.
    pub refused_acts: Vec<String>,
}

/// A simulation under way.
pub struct Simulation<'a> {
    plan: &'a Plan,
    owner: &'a Client,
    server: Server<'a>,
    provider: Provider<'a>,
    events: BinaryHeap<Reverse<Entry>>,
    places: u64,
    now: Duration,
    next_sweep: Duration,
    /// What the database said last, until it is told something.
    next_due: Option<Option<Duration>>,
    organizations: HashMap<Uuid, usize>,
    tallies: Vec<Tally>,
}

impl<'a> Simulation<'a> {
    /// Makes the plan's organisations, unless they are there, and takes back what a killed run had claimed.
    ///
    /// `owner` makes and measures; `worker` acts, as service_role. The database must hold nothing but this plan: effects are
    /// claimed by the virtual clock, whoever's they are.
    pub async fn new(plan: &'a Plan, owner: &'a Client, worker: &'a Client) -> Result<Self> {
        world::prepare(plan, owner).await?;
        let server = Server::new(worker).await?;
        server.take_back_leases().await?;
        let mut simulation = Self {
            plan,
            owner,
            server,
            provider: Provider::new(plan, world::past(plan, owner).await?),
            events: BinaryHeap::new(),
            places: 0,
            now: Duration::ZERO,
            next_sweep: SWEEP_EVERY,
            next_due: None,
            organizations: plan.organizations.iter().enumerate().map(|(n, o)| (o.id, n)).collect(),
            tallies: vec![Tally::default(); plan.organizations.len()],
        };
        for (o, organization) in plan.organizations.iter().enumerate() {
            for (n, (at, _)) in organization.acts.iter().enumerate() {
                simulation.put(*at, Event::Act(o, n));
            }
            for (n, call) in organization.calls.iter().enumerate() {
                simulation.put(call.arrives, Event::Arrives(Phone { organization: o, call: n }));
            }
        }
        Ok(simulation)
    }

    /// To the end: until nothing is left to happen, or the plan's last moment.
    pub async fn run(mut self) -> Result<Report> {
        while self.step().await? {}
        self.report().await
    }

    pub fn now(&self) -> Duration {
        self.now
    }

    /// How many calls are over, or were never let in.
    pub fn calls_over(&self) -> usize {
        self.provider.over()
    }

    pub fn tally(&self, organization: usize) -> &Tally {
        &self.tallies[organization]
    }

    /// What the books say when it is over.
    pub async fn report(&self) -> Result<Report> {
        books::close(self.plan, self.owner, &self.provider, &self.tallies).await
    }

    /// Goes to the next moment at which anything happens and does all of it; false when there is none.
    pub async fn step(&mut self) -> Result<bool> {
        let event = self.events.peek().map(|Reverse(entry)| entry.at);
        let Some(next) = [event, self.due().await?].into_iter().flatten().min() else {
            if world::is_quiet(self.owner).await? {
                return Ok(false);
            }
            return self.sweep().await;
        };
        if next >= self.next_sweep {
            return self.sweep().await;
        }
        if next > self.plan.until {
            return Ok(false);
        }
        self.now = next.max(self.now);
        self.play().await?;
        if self.due().await?.is_some_and(|due| due <= self.now) {
            self.next_due = None;
            for effect in self.server.claim(self.now).await? {
                self.put(self.now + EFFECT_TAKES, Event::Carried(Box::new(effect)));
            }
        }
        Ok(true)
    }

    /// When the next effect is due; asked anew after the database was told anything.
    async fn due(&mut self) -> Result<Option<Duration>> {
        if self.next_due.is_none() {
            self.next_due = Some(self.server.next_due(self.now).await?);
        }
        Ok(self.next_due.flatten())
    }

    async fn sweep(&mut self) -> Result<bool> {
        if self.next_sweep > self.plan.until {
            return Ok(false);
        }
        self.now = self.next_sweep;
        self.next_sweep += SWEEP_EVERY;
        self.server.sweep(self.now).await?;
        self.next_due = None;
        Ok(true)
    }

    /// Everything that happens now, in its order; what it causes at the same moment comes in the next round.
    async fn play(&mut self) -> Result<()> {
        let mut orders = Vec::new();
        while self.events.peek().is_some_and(|Reverse(entry)| entry.at <= self.now) {
            let Some(Reverse(entry)) = self.events.pop() else { break };
            orders.extend(self.happen(entry.event)?);
        }
        if orders.is_empty() {
            return Ok(());
        }
        self.next_due = None;
        let answers = self.server.carry_out(&orders, self.now).await?;
        for (order, answer) in orders.iter().zip(answers) {
            self.learn(order, answer)?;
        }
        Ok(())
    }

    /// What the server is asked when this happens, if it lives.
    fn happen(&mut self, event: Event) -> Result<Option<Order<'a>>> {
        let plan = self.plan;
        Ok(match event {
            Event::Act(o, n) => {
                let organization = &plan.organizations[o];
                match organization.dead_until(self.now) {
                    // Stripe, a person, a colleague: all of them try again.
                    Some(death) => {
                        self.put(death.until, Event::Act(o, n));
                        None
                    }
                    None => Some(Order::Act(o, organization.id, &organization.acts[n].1)),
                }
            }
            Event::Arrives(phone) if plan.organizations[phone.organization].dead_until(self.now).is_some() => {
                self.tallies[phone.organization].unanswered += 1;
                self.provider.turned_away(phone);
                None
            }
            Event::Arrives(phone) => {
                Some(Order::Reserve(phone, plan.organizations[phone.organization].id, phone.in_plan(plan)))
            }
            Event::Answered(phone) => {
                if let Some(ends) = self.provider.answer(phone, self.now) {
                    self.put(ends, Event::Ends(phone));
                    self.tell(phone, Word::Started);
                }
                None
            }
            Event::Ends(phone) => {
                if self.provider.end(phone, self.now) {
                    self.tell(phone, Word::Ended);
                    self.tell(phone, Word::Report);
                }
                None
            }
            Event::Told(phone, word) => self.hear(phone, word),
            Event::Carried(effect) => self.carried(*effect)?,
        })
    }

    /// Sends word of a call as often, and after as long, as the plan says.
    fn tell(&mut self, phone: Phone, word: Word) {
        let call = phone.in_plan(self.plan);
        let arrival = match word {
            Word::Line => &call.line,
            Word::Started => &call.start,
            Word::Ended => &call.end,
            Word::Report => &call.report,
        };
        for after in &arrival.0 {
            self.put(self.now + *after, Event::Told(phone, word));
        }
    }

    fn hear(&mut self, phone: Phone, word: Word) -> Option<Order<'a>> {
        if let Some(death) = self.plan.organizations[phone.organization].dead_until(self.now) {
            if death.messages_wait {
                self.put(death.until, Event::Told(phone, word));
            }
            return None;
        }
        let call = phone.in_plan(self.plan);
        let state = self.provider.state(phone);
        Some(match word {
            Word::Line => Order::Line(call),
            Word::Started => Order::Start(call, state.started?),
            Word::Ended => {
                Order::End { call, ended: state.ended?, seconds: state.never_answered().then_some(0), source: "status" }
            }
            Word::Report => Order::End { call, ended: state.ended?, seconds: Some(state.seconds()), source: "report" },
        })
    }

    /// An effect's answer is there, or its worker has died meanwhile and it is carried out anew when there is one again.
    fn carried(&mut self, effect: Effect) -> Result<Option<Order<'a>>> {
        let Some(&o) = effect.org_id.as_ref().and_then(|id| self.organizations.get(id)) else {
            bail!("an effect of kind {} is not of this simulation", effect.kind);
        };
        if let Some(death) = self.plan.organizations[o].dead_until(self.now) {
            self.put(death.until + EFFECT_TAKES, Event::Carried(Box::new(effect)));
            return Ok(None);
        }
        match effect.kind.as_str() {
            "vapi.say" => self.tallies[o].warnings += 1,
            "vapi.poll_call" => self.tallies[o].polls += 1,
            _ => {}
        }
        let (verdict, hung_up) = self.provider.carry_out(o, &effect, self.now)?;
        if let Some((phone, at)) = hung_up {
            self.put(at, Event::Ends(phone));
        }
        self.server.between("carried_out");
        Ok(Some(match verdict {
            Verdict::Done(result) => Order::Finish(effect, result),
            Verdict::Retry { error, .. } => Order::Fail(effect, error, "retry"),
            Verdict::Refused { error } => Order::Fail(effect, error, "refused"),
        }))
    }

    fn learn(&mut self, order: &Order<'a>, answer: Answer) -> Result<()> {
        match (order, answer) {
            (Order::Reserve(phone, ..), Answer::Admission { allowed, max_seconds }) => {
                // One that a killed run let in and saw end is let in no more, yet the provider had it.
                let Some(max_seconds) = allowed.then_some(max_seconds).or(self.provider.past_length(*phone)) else {
                    self.provider.turned_away(*phone);
                    return Ok(());
                };
                self.tallies[phone.organization].admitted += 1;
                let call = phone.in_plan(self.plan);
                let (event, hangs_up_at) = self.provider.ring(*phone, self.now, max_seconds);
                self.tell(*phone, Word::Line);
                self.put(self.now + call.rings, if event { Event::Answered(*phone) } else { Event::Ends(*phone) });
                if let Some(at) = hangs_up_at {
                    self.put(at, Event::Ends(*phone));
                }
            }
            (Order::Act(o, ..), Answer::Refused(reason)) => self.tallies[*o].refused_acts.push(reason),
            (_, Answer::Refused(reason)) => bail!("{order:?} was refused: {reason}"),
            _ => {}
        }
        Ok(())
    }

    fn put(&mut self, at: Duration, event: Event) {
        self.places += 1;
        self.events.push(Reverse(Entry { at, place: self.places, event }));
    }
}
