//! `voxanne reference sagas`: the pictures of the sagas, drawn from the rows that drive them.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Deserialize;

const INTRODUCTION: &str = "\
# Sagas of telephony

What ends whole or not at all, step by step. Printed by `voxanne reference sagas` from `private.saga_steps`, the rows that drive
it; why it is so: [decision 14](decisions/0014-sagas-are-data.md).

How to read the pictures: downwards is the way when all goes well, dotted is what a failure leads to. Each step is on record
before it is taken. A step that failed is taken back as well, since what it did may be unknown: every way back looks first
whether there is anything to take back. A way back that fails is tried again after five minutes, later after up to six hours, for
ever, and an operator hears of it each time.
";

/// A row of `private.saga_steps`.
#[derive(Debug, Deserialize)]
struct Step {
    saga: String,
    step: u32,
    effect_kind: Option<String>,
    apply: Option<String>,
    undo_effect_kind: Option<String>,
    undo_apply: Option<String>,
    on_failure: String,
    about: String,
    undo_about: Option<String>,
}

/// A row of `private.effect_kinds`.
#[derive(Deserialize)]
struct Kind {
    kind: String,
    max_attempts: u32,
}

/// One saga, and how often each effect is tried.
struct Saga<'a> {
    steps: &'a [Step],
    tries: &'a BTreeMap<String, u32>,
}

/// The page `docs/telephony-sagas.md`.
pub fn sagas() -> anyhow::Result<String> {
    let steps: Vec<Step> = rows(include_bytes!("../../../sql/reference/private.saga_steps.csv"))?;
    let kinds: Vec<Kind> = rows(include_bytes!("../../../sql/reference/private.effect_kinds.csv"))?;
    let tries = kinds.into_iter().map(|kind| (kind.kind, kind.max_attempts)).collect();

    let mut page = String::from(INTRODUCTION);
    for steps in steps.chunk_by(|one, next| one.saga == next.saga) {
        let saga = Saga { steps, tries: &tries };
        write!(page, "\n## {}\n\n```mermaid\n{}```\n\n{}", steps[0].saga, saga.picture()?, saga.table()?)?;
    }
    Ok(page)
}

fn rows<T: for<'de> Deserialize<'de>>(csv: &[u8]) -> csv::Result<Vec<T>> {
    csv::Reader::from_reader(csv).deserialize().collect()
}

impl Saga<'_> {
    fn picture(&self) -> Result<String, std::fmt::Error> {
        let mut lines = String::from("flowchart TD\n    begun([begun])\n");
        for step in self.steps {
            writeln!(lines, "    s{}[\"{}\"]", step.step, step.label())?;
        }
        lines.push_str("    done([done])\n");
        let way: Vec<String> = self.steps.iter().map(|step| format!("s{}", step.step)).collect();
        writeln!(lines, "    begun --> {} --> done", way.join(" --> "))?;
        if self.goes_back() {
            lines.push_str(&self.way_back()?);
        }
        for step in self.steps {
            lines.push_str(&self.failure(step));
        }
        Ok(lines)
    }

    /// The steps back, the last one first.
    fn way_back(&self) -> Result<String, std::fmt::Error> {
        let mut lines = String::new();
        let back = || self.steps.iter().rev().filter(|step| step.undo_about.is_some());
        for step in back() {
            writeln!(lines, "    u{}[\"{}\"]", step.step, step.undo_label())?;
        }
        lines.push_str("    undone([undone])\n");
        let way: Vec<String> = back().map(|step| format!("u{}", step.step)).collect();
        writeln!(lines, "    {} --> undone", way.join(" --> "))?;
        for step in back().filter(|step| step.undo_effect_kind.is_some()) {
            writeln!(lines, "    u{0} -. fails: tried for ever .-> u{0}", step.step)?;
        }
        Ok(lines)
    }

    /// Where a step leads that fails.
    fn failure(&self, step: &Step) -> String {
        let number = step.step;
        match (step.is_tried_for_ever(), self.is_entry(step), self.back_from(step)) {
            (_, true, _) => format!("    s{number} -. refused .-> nothing([nothing was begun])\n"),
            (true, ..) if step.effect_kind.is_some() => {
                format!("    s{number} -. fails: tried for ever .-> s{number}\n")
            }
            (true, ..) => String::new(),
            (.., Some(back)) => format!("    s{number} -. fails .-> u{back}\n"),
            (.., None) => format!("    s{number} -. fails .-> undone\n"),
        }
    }

    fn table(&self) -> Result<String, std::fmt::Error> {
        let mut table =
            String::from("| step | what it does | by | if it fails | taken back | by |\n|---|---|---|---|---|---|\n");
        for step in self.steps {
            let undo_about = step.undo_about.as_deref().unwrap_or("nothing to take back");
            let undo_about = if step.is_tried_for_ever() { "never" } else { undo_about };
            writeln!(
                table,
                "| {} | {} | {} | {} | {undo_about} | {} |",
                step.step,
                step.about,
                by(&step.effect_kind, &step.apply),
                self.on_failure(step),
                by(&step.undo_effect_kind, &step.undo_apply)
            )?;
        }
        Ok(table)
    }

    fn on_failure(&self, step: &Step) -> String {
        let tries = step.effect_kind.as_ref().and_then(|kind| self.tries.get(kind)).copied().unwrap_or_default();
        let back = match self.back_from(step) {
            Some(number) if number == step.step => "back, this step included".to_owned(),
            Some(number) => format!("back, from step {number} on"),
            None => "it ends there".to_owned(),
        };
        match (step.is_tried_for_ever(), step.effect_kind.is_some()) {
            _ if self.is_entry(step) => "refused at once, nothing was begun".to_owned(),
            (true, true) => {
                format!("after a no, or {tries} tries: an operator hears of it, and it is tried again, for ever")
            }
            (true, false) => "it is one transaction with what comes before it".to_owned(),
            (false, true) => format!("after a no, or {tries} tries: {back}"),
            (false, false) => back,
        }
    }

    /// The step whose way back is taken first when this one fails.
    fn back_from(&self, step: &Step) -> Option<u32> {
        (self.steps.iter().rev())
            .find(|other| other.step <= step.step && other.undo_about.is_some())
            .map(|other| other.step)
    }

    fn goes_back(&self) -> bool {
        self.steps.iter().any(|step| step.undo_about.is_some())
    }

    /// Local steps before the first effect are part of the request itself.
    fn is_entry(&self, step: &Step) -> bool {
        self.steps.iter().take_while(|other| other.effect_kind.is_none()).any(|other| other.step == step.step)
    }
}

impl Step {
    fn is_tried_for_ever(&self) -> bool {
        self.on_failure == "again"
    }

    fn label(&self) -> String {
        label(&format!("{} · {}", self.step, self.about), self.effect_kind.as_ref())
    }

    fn undo_label(&self) -> String {
        label(self.undo_about.as_deref().unwrap_or_default(), self.undo_effect_kind.as_ref())
    }
}

/// What happens, and the effect that does it. A quotation mark would end the text of a node.
fn label(about: &str, kind: Option<&String>) -> String {
    let about = about.replace('"', "#quot;");
    match kind {
        Some(kind) => format!("{about}<br/><i>{kind}</i>"),
        None => about,
    }
}

/// The effect, and what the database does once it is done; or that alone.
fn by(kind: &Option<String>, function: &Option<String>) -> String {
    let names = [kind.clone(), function.as_ref().map(|name| format!("private.{name}"))];
    names.into_iter().flatten().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", then ")
}
