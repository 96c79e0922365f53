//! Every step of every saga, every exchange it makes, everything that can become of it.
//!
//! The steps are read from `private.saga_steps`, the exchanges from rehearsals: a new step, or another request of an old one,
//! is in the grid by itself. Each cell is an organisation of its own; they all have their misfortunes on one server at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::{StreamExt, stream};

use super::{
    detour::{Exchange, Mishap, Trap},
    stage::{Clinic, Stage},
};

/// How many cells are begun beside each other.
const BESIDE: usize = 6;

/// What an organisation does, with which saga.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Act {
    BuyInbound,
    BuyAnyOutbound,
    ReleaseInbound,
    ReleaseOutbound,
    Connect,
    Disconnect,
}

impl Act {
    const ALL: [Self; 6] = [
        Self::BuyInbound,
        Self::BuyAnyOutbound,
        Self::ReleaseInbound,
        Self::ReleaseOutbound,
        Self::Connect,
        Self::Disconnect,
    ];

    fn saga(self) -> &'static str {
        match self {
            Self::BuyInbound | Self::BuyAnyOutbound => "provision_number",
            Self::ReleaseInbound | Self::ReleaseOutbound => "release_number",
            Self::Connect => "connect_twilio",
            Self::Disconnect => "disconnect_twilio",
        }
    }

    /// What has to be done before.
    fn after(self) -> Option<Self> {
        match self {
            Self::ReleaseInbound => Some(Self::BuyInbound),
            Self::ReleaseOutbound => Some(Self::BuyAnyOutbound),
            Self::Disconnect => Some(Self::Connect),
            _ => None,
        }
    }

    async fn begin(self, stage: &Stage, clinic: &Clinic) {
        let begun = match self {
            Self::BuyInbound => stage.buy(clinic, "inbound").await,
            Self::BuyAnyOutbound => stage.buy_any(clinic, "outbound").await,
            Self::ReleaseInbound | Self::ReleaseOutbound => stage.release(clinic).await,
            Self::Connect => stage.connect(clinic).await,
            Self::Disconnect => stage.disconnect(clinic).await,
        };
        begun.unwrap_or_else(|refusal| panic!("{self:?} cannot begin: {refusal:?}"));
    }
}

/// What has to come of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    Undone,
    /// Whole, one way or the other: what was done unanswered may be found, or taken back.
    Either,
}

#[derive(Debug, Clone)]
struct Cell {
    act: Act,
    traps: Vec<Trap>,
    end: End,
    /// The provider stays away until an operator has heard of it.
    alarm: bool,
}

impl Cell {
    fn name(&self) -> String {
        let traps = self
            .traps
            .iter()
            .map(|trap| format!("{:?}{} at {}", trap.mishap, if trap.lasting { " for good" } else { "" }, trap.at));
        format!("{:?}, {}", self.act, traps.collect::<Vec<_>>().join(", "))
    }
}

/// Everything that can become of an exchange.
const MISHAPS: [(Mishap, bool); 9] = [
    (Mishap::Refused, true),
    (Mishap::Broken, false),
    (Mishap::Broken, true),
    (Mishap::NeverArrives, false),
    (Mishap::NeverArrives, true),
    (Mishap::Unanswered, false),
    (Mishap::Unanswered, true),
    (Mishap::AnswerLost, false),
    (Mishap::Dark, false),
];

fn trap(at: &Exchange, (mishap, lasting): (Mishap, bool)) -> Trap {
    Trap { at: at.clone(), mishap, lasting }
}

/// Whether a step cannot get past this.
fn stops(at: &Exchange, (mishap, lasting): (Mishap, bool)) -> Option<bool> {
    match mishap {
        // Another number is tried; and what was done unanswered is found by whoever looks first.
        Mishap::Refused if at.kind == "twilio.buy_number" && at.acts() => None,
        Mishap::Unanswered if lasting && at.acts() => None,
        Mishap::Refused | Mishap::Dark => Some(true),
        _ => Some(lasting),
    }
}

/// A cell where one thing goes wrong on the way forward.
fn forward(act: Act, only_forward: bool, at: &Exchange, mishap: (Mishap, bool)) -> Cell {
    let stops = stops(at, mishap);
    let end = match stops {
        _ if only_forward => End::Done,
        Some(true) => End::Undone,
        Some(false) => End::Done,
        None => End::Either,
    };
    Cell { act, traps: vec![trap(at, mishap)], end, alarm: only_forward && stops == Some(true) }
}

/// What the exchanges of each act are when these traps wait for it: those of its own saga, in order, each once.
async fn rehearse(stage: &Stage, plays: Vec<(Act, Vec<Trap>)>, from: usize) -> Vec<Vec<Exchange>> {
    let clinics = stage.clinics(plays.len(), from).await;
    for (clinic, (act, _)) in clinics.iter().zip(&plays) {
        if let Some(before) = act.after() {
            before.begin(stage, clinic).await;
        }
    }
    stage.rest().await;
    let before: Vec<usize> = clinics.iter().map(|clinic| stage.detour.passed(clinic.id()).len()).collect();
    for (clinic, (act, traps)) in clinics.iter().zip(&plays) {
        stage.detour.set(clinic.id(), traps.clone());
        act.begin(stage, clinic).await;
    }
    stage.rest().await;
    let mut heard = Vec::new();
    for (clinic, before) in clinics.iter().zip(before) {
        let mut once: Vec<Exchange> = Vec::new();
        for exchange in stage.detour.passed(clinic.id()).into_iter().skip(before) {
            if !once.contains(&exchange) {
                once.push(exchange);
            }
        }
        heard.push(once);
    }
    heard
}

/// The steps of each saga that ask a provider: kind forward, kind back, and whether there is a way back.
async fn steps(stage: &Stage) -> BTreeMap<String, Vec<(String, Option<String>, bool)>> {
    let sql = "select s.saga, s.effect_kind, s.undo_effect_kind, s.on_failure = 'undo' from private.saga_steps s \
               where s.effect_kind is not null order by s.saga, s.step";
    let mut sagas: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for row in stage.owner.query(sql, &[]).await.expect("the steps") {
        sagas.entry(row.get(0)).or_default().push((row.get(1), row.get(2), row.get(3)));
    }
    sagas
}

/// The grid: each exchange forward with each mishap, and each exchange back, after each way to turn round, with each mishap.
async fn cells(stage: &Stage, acts: &[Act]) -> Vec<Cell> {
    let sagas = steps(stage).await;
    let acted: BTreeSet<&str> = Act::ALL.iter().map(|act| act.saga()).collect();
    assert_eq!(acted, sagas.keys().map(String::as_str).collect(), "every saga is played");

    let mut cells = Vec::new();
    let mut turns = Vec::new();
    let heard = rehearse(stage, acts.iter().map(|act| (*act, Vec::new())).collect(), 0).await;
    for (act, exchanges) in acts.iter().copied().zip(heard) {
        let steps = &sagas[act.saga()];
        let kinds: BTreeSet<&str> = exchanges.iter().map(|exchange| exchange.kind.as_str()).collect();
        assert_eq!(kinds, steps.iter().map(|(kind, ..)| kind.as_str()).collect(), "{act:?} takes every step");
        let only_forward = steps.iter().all(|(_, _, back)| !back);
        for at in &exchanges {
            cells.extend(MISHAPS.map(|mishap| forward(act, only_forward, at, mishap)));
        }
        // Each step refused, and each in doubt, at the last thing it asks.
        for (kind, ..) in steps.iter().filter(|(_, _, back)| *back) {
            let last = exchanges.iter().rfind(|exchange| exchange.kind == *kind).expect("it asks something");
            turns.extend([Mishap::Refused, Mishap::Dark].map(|mishap| (act, vec![trap(last, (mishap, true))])));
        }
    }
    let heard = rehearse(stage, turns.clone(), Act::ALL.len()).await;
    for ((act, base), exchanges) in turns.into_iter().zip(heard) {
        let back: BTreeSet<&String> = sagas[act.saga()].iter().filter_map(|(_, back, _)| back.as_ref()).collect();
        for at in exchanges.iter().filter(|exchange| back.contains(&exchange.kind)) {
            cells.extend(MISHAPS.map(|mishap| {
                let traps = [base.clone(), vec![trap(at, mishap)]].concat();
                let end = if stops(&base[0].at, (base[0].mishap, true)).is_none() { End::Either } else { End::Undone };
                Cell { act, traps, end, alarm: end == End::Undone && stops(at, mishap) == Some(true) }
            }));
        }
    }
    cells
}

/// Plays the cells beside each other. Answers what went otherwise than it has to, and the cells whose misfortune never came,
/// because a neighbour was quicker and had the number that was searched for.
async fn play(stage: &Stage, cells: &[Cell], from: usize) -> (Vec<String>, Vec<Cell>) {
    let clinics = stage.clinics(cells.len(), from).await;
    let both: Vec<(&Clinic, &Cell)> = clinics.iter().zip(cells).collect();
    stream::iter(both.iter().filter(|(_, cell)| cell.act.after().is_some()))
        .for_each_concurrent(BESIDE, |(clinic, cell)| async move {
            cell.act.after().expect("it has one").begin(stage, clinic).await;
        })
        .await;
    stage.rest().await;
    stream::iter(&both)
        .for_each_concurrent(BESIDE, |(clinic, cell)| async move {
            stage.detour.set(clinic.id(), cell.traps.clone());
            cell.act.begin(stage, clinic).await;
        })
        .await;
    let stuck = stage.rest().await;

    let (mut wrong, mut spared) = (Vec::new(), Vec::new());
    let mut disagreements: HashMap<_, Vec<String>> = HashMap::new();
    for (org_id, what) in stage.disagreements().await {
        disagreements.entry(org_id).or_default().push(what);
    }
    let ends = stage.last_ends().await;
    for (clinic, cell) in &both {
        for what in disagreements.remove(&clinic.id()).into_iter().flatten() {
            wrong.push(format!("{}: {what}", cell.name()));
        }
        if !stage.detour.has_sprung(clinic.id()) {
            spared.push((*cell).clone());
            continue;
        }
        let (ended, alerted) = &ends[&clinic.id()];
        let fits = match cell.end {
            End::Done => ended == "done",
            End::Undone => ended == "undone",
            End::Either => true,
        };
        if !fits {
            wrong.push(format!("{}: {ended}, and has to be {:?}", cell.name(), cell.end));
        }
        let heard = (stuck.contains(&clinic.id()), *alerted);
        if heard.0 != heard.1 || cell.alarm && !heard.0 {
            wrong.push(format!("{}: stuck and told of it: {heard:?}, with an alarm due: {}", cell.name(), cell.alarm));
        }
    }
    wrong.extend(disagreements.into_iter().map(|(org_id, what)| format!("{org_id}: {}", what.join("; "))));
    (wrong, spared)
}

/// Plays the whole grid of these acts, at least so many cells.
async fn whole_grid_of(acts: &[Act], least: usize) {
    let stage = Stage::open().await;
    let cells = cells(&stage, acts).await;
    let count = cells.len();
    let (mut wrong, mut spared) = play(&stage, &cells, 100).await;
    for round in 0..3 {
        if !spared.is_empty() {
            let more;
            (more, spared) = play(&stage, &spared, 100 + (round + 1) * count).await;
            wrong.extend(more);
        }
    }
    wrong.extend(spared.iter().map(|cell| format!("{}: never happened", cell.name())));
    println!("{count} cells of {acts:?}");
    stage.close().await;
    assert!(wrong.is_empty(), "{} of {count} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= least, "{count} cells are too few to be the whole grid");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbound_number_is_had_and_paid_once_or_neither_whatever_goes_wrong_where() {
    whole_grid_of(&[Act::BuyInbound], 250).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outbound_number_is_had_and_paid_once_or_neither_whatever_goes_wrong_where() {
    whole_grid_of(&[Act::BuyAnyOutbound], 250).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_given_back_is_gone_everywhere_whatever_goes_wrong_where() {
    whole_grid_of(&[Act::ReleaseInbound, Act::ReleaseOutbound], 90).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_account_is_connected_whole_or_not_at_all_whatever_goes_wrong_where() {
    whole_grid_of(&[Act::Connect], 150).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_account_is_disconnected_everywhere_whatever_goes_wrong_where() {
    whole_grid_of(&[Act::Disconnect], 40).await;
}
