//! What a person sees of a simulation: a table that lives in a terminal, plain lines elsewhere, and at the end the books.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Result;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::simulate::{Plan, Report, Simulation};

/// More organisations than this are not shown one by one while it runs.
const ROWS: usize = 16;
/// Without a terminal a line is written this often, by the virtual clock.
const LINE_EVERY: Duration = Duration::from_secs(60);
const HEADER: &str =
    "organisation      server  balance      held    capped  live  let in  refused  renewed  told to end";

pub struct Screen {
    live: Option<Live>,
    calls: usize,
    next_line: Duration,
}

struct Live {
    header: ProgressBar,
    rows: Vec<ProgressBar>,
    bar: ProgressBar,
    _all: MultiProgress,
}

struct Wallet {
    id: Uuid,
    balance: i64,
    held: i64,
    capped: i64,
    live: i64,
    refused: i64,
    renewed: i64,
    told_to_end: i64,
}

impl Screen {
    pub fn new(plan: &Plan, calls: u64) -> Self {
        let live = std::io::stdout().is_terminal().then(|| Live::new(plan.organizations.len().min(ROWS), calls));
        Self { live, calls: calls as usize, next_line: Duration::ZERO }
    }

    pub fn is_watched(&self) -> bool {
        self.live.is_some()
    }

    pub fn calls(&self) -> usize {
        self.calls
    }

    pub async fn show(&mut self, plan: &Plan, simulation: &Simulation<'_>, owner: &Client) -> Result<()> {
        let now = simulation.now();
        if self.live.is_none() && now < self.next_line && simulation.calls_over() < self.calls {
            return Ok(());
        }
        let wallets = wallets(plan, owner).await?;
        let Some(live) = &self.live else {
            self.next_line = now + LINE_EVERY;
            let sum = |field: fn(&Wallet) -> i64| wallets.iter().map(field).sum::<i64>();
            println!(
                "{}  {} of {} calls over, {} live, {} refused; balances {}, held {}, capped {}",
                clock(now),
                simulation.calls_over(),
                self.calls,
                sum(|w| w.live),
                sum(|w| w.refused),
                pounds(sum(|w| w.balance)),
                pounds(sum(|w| w.held)),
                pounds(sum(|w| w.capped)),
            );
            return Ok(());
        };
        for (n, (organization, row)) in plan.organizations.iter().zip(&live.rows).enumerate() {
            let Some(wallet) = wallets.iter().find(|wallet| wallet.id == organization.id) else { continue };
            let server = if organization.dead_until(now).is_some() { "DEAD" } else { "up" };
            row.set_message(format!(
                "{:16.16}  {server:6} {:>8}  {:>8}  {:>8}  {:>4}  {:>6}  {:>7}  {:>7}  {:>11}",
                organization.name,
                pounds(wallet.balance),
                pounds(wallet.held),
                pounds(wallet.capped),
                wallet.live,
                simulation.tally(n).admitted,
                wallet.refused,
                wallet.renewed,
                wallet.told_to_end,
            ));
        }
        live.bar.set_position(simulation.calls_over() as u64);
        live.bar.set_message(clock(now));
        Ok(())
    }

    /// The table as it ended, and the reconciliation.
    pub fn close(&self, plan: &Plan, report: &Report, now: Duration) {
        if let Some(live) = &self.live {
            live.bar.finish_and_clear();
            live.rows.iter().chain([&live.header]).for_each(ProgressBar::finish_and_clear);
        }
        println!("\n{} on the virtual clock. In pounds:\n", clock(now));
        println!(
            "organisation       balance   charged  overdrawn  let in  refused  nobody there  renewed  told to end"
        );
        for books in &report.organizations {
            println!(
                "{:16.16}  {:>8}  {:>8}  {:>9}  {:>6}  {:>7}  {:>12}  {:>7}  {:>11}",
                books.name,
                pounds(books.balance_pence),
                pounds(books.charged_pence),
                pounds(books.overdraft_pence),
                books.tally.admitted,
                books.refused.values().sum::<usize>(),
                books.tally.unanswered,
                books.renewals,
                books.ended_for.values().sum::<usize>(),
            );
        }

        println!("\nReconciliation:");
        let unsettled: usize = report.organizations.iter().map(|books| books.unsettled).sum();
        let beyond = report.beyond_the_rules(plan);
        if unsettled > 0 {
            println!("  {unsettled} calls are not settled yet: nobody has been told how they ended.");
        }
        report.drift.iter().chain(&beyond).for_each(|line| println!("  {line}"));
        if report.drift.is_empty() && beyond.is_empty() {
            println!("  every ledger adds up, every call is charged its length, nobody is overdrawn beyond the rules.");
        }
    }
}

impl Live {
    fn new(rows: usize, calls: u64) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stdout());
        let line = |message: &'static str| {
            let bar = all.add(ProgressBar::new_spinner().with_style(style("{msg}")));
            bar.set_message(message);
            bar
        };
        let header = line(HEADER);
        let rows = (0..rows).map(|_| line("…")).collect();
        let bar = all.add(ProgressBar::new(calls).with_style(style("{bar:50} {pos}/{len} calls over   {msg}")));
        Self { header, rows, bar, _all: all }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template reads")
}

async fn wallets(plan: &Plan, owner: &Client) -> Result<Vec<Wallet>> {
    let ids: Vec<Uuid> = plan.organizations.iter().map(|organization| organization.id).collect();
    let rows = owner
        .query(
            "select w.org_id, w.balance_pence, w.held_pence, w.capped_pence, r.live,
                    (select count(*) from public.call_refusals f where f.org_id = w.org_id), r.renewed, r.told_to_end
             from public.credit_wallets w
             cross join lateral (
                 select count(*) filter (where r.cap_released_at is null) as live,
                        coalesce(sum(r.renewals), 0) as renewed, count(r.end_requested_at) as told_to_end
                 from public.credit_reservations r where r.org_id = w.org_id) as r
             where w.org_id = any ($1)",
            &[&ids],
        )
        .await?;
    let wallet = |row: &tokio_postgres::Row| Wallet {
        id: row.get(0),
        balance: row.get(1),
        held: row.get(2),
        capped: row.get(3),
        live: row.get(4),
        refused: row.get(5),
        renewed: row.get(6),
        told_to_end: row.get(7),
    };
    Ok(rows.iter().map(wallet).collect())
}

fn pounds(pence: i64) -> String {
    format!("{}{}.{:02}", if pence < 0 { "-" } else { "" }, pence.abs() / 100, pence.abs() % 100)
}

fn clock(now: Duration) -> String {
    let seconds = now.as_secs();
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
