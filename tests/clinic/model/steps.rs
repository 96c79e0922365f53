//! What happens to a clinic in the proof, as data; and what of it is said to Postgres.

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::clinic::{Answer, Clinic, Closure, DAY, Person, Span, Wish};

#[derive(Debug, Clone)]
pub enum Step {
    Book(Wish),
    /// Of the slots that Postgres offers, one, as it was offered.
    BookOffered {
        place: usize,
        service: Option<usize>,
    },
    Reschedule {
        nth: usize,
        start: i64,
    },
    Cancel {
        nth: usize,
    },
    Look {
        from: i64,
        days: i64,
        who: Option<usize>,
        service: Option<usize>,
    },
    Close(Closure),
    Hire(Person),
    /// Somebody stops seeing patients, or begins again.
    Turn {
        who: usize,
    },
    Wait {
        minutes: i64,
    },
}

#[derive(Debug, Clone)]
pub struct Opening {
    pub hours: Vec<Span>,
    pub people: Vec<Person>,
}

fn span() -> impl Strategy<Value = Span> {
    let day = (0..4_i64, 32..60_i64, 2..30_i64, prop_oneof![4 => Just(0_i64), 1 => Just(5_i64)]).prop_map(
        |(weekday, quarter, length, off)| Span { weekday, opens: quarter * 15 + off, closes: (quarter + length) * 15 },
    );
    // Two that meet at midnight, and one that ends at it.
    let night = prop_oneof![
        Just(Span { weekday: 1, opens: 23 * 60, closes: DAY }),
        Just(Span { weekday: 2, opens: 0, closes: 90 }),
    ];
    prop_oneof![6 => day, 1 => night]
}

fn person() -> impl Strategy<Value = Person> {
    (prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(span(), 1..4)], prop::bool::weighted(0.9))
        .prop_map(|(hours, active)| Person { hours, active })
}

/// Often the same few times, so that people meet; sometimes nonsense.
fn start() -> impl Strategy<Value = i64> {
    prop_oneof![
        12 => (0..3_i64, 34..50_i64).prop_map(|(day, quarter)| day * DAY + quarter * 15),
        3 => (0..8_i64, 0..DAY).prop_map(|(day, clock)| day * DAY + clock),
        2 => (1..3_i64, 0..8_i64).prop_map(|(day, quarter)| day * DAY + quarter * 15 + 23 * 60),
        1 => prop_oneof![Just(-DAY), Just(400 * DAY + 10 * 60), Just(500 * DAY)],
    ]
}

fn who() -> impl Strategy<Value = Option<usize>> {
    prop::option::weighted(0.3, 0..4_usize)
}

fn service() -> impl Strategy<Value = Option<usize>> {
    prop::option::weighted(0.6, 0..2_usize)
}

fn wish() -> impl Strategy<Value = Wish> {
    (start(), who(), service(), prop::option::weighted(0.5, 0..2_usize), prop::bool::weighted(0.3))
        .prop_map(|(start, who, service, call, another)| Wish { start, who, service, call, another })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => wish().prop_map(Step::Book),
        4 => (0..60_usize, service()).prop_map(|(place, service)| Step::BookOffered { place, service }),
        4 => (0..30_usize, start()).prop_map(|(nth, start)| Step::Reschedule { nth, start }),
        3 => (0..30_usize).prop_map(|nth| Step::Cancel { nth }),
        3 => (-1..5_i64, 1..5_i64, who(), service())
            .prop_map(|(day, days, who, service)| Step::Look { from: day * DAY + 600, days, who, service }),
        1 => (who(), 0..6_i64, 0..3_i64)
            .prop_map(|(who, first, length)| Step::Close(Closure { who, first, last: first + length })),
        1 => person().prop_map(Step::Hire),
        1 => (0..4_usize).prop_map(|who| Step::Turn { who }),
        2 => (1..600_i64).prop_map(|minutes| Step::Wait { minutes }),
    ]
}

pub fn days() -> impl Strategy<Value = (Opening, Vec<Step>)> {
    let opening = (prop::collection::vec(span(), 0..6), prop::collection::vec(person(), 0..4))
        .prop_map(|(hours, people)| Opening { hours, people });
    (opening, prop::collection::vec(step(), 1..25))
}

/// A wish for somebody who is not there is nobody's.
pub fn known(clinic: &Clinic, who: Option<usize>) -> Option<usize> {
    who.filter(|who| *who < clinic.people.len())
}

pub fn sql(value: Option<usize>) -> String {
    value.map_or("null".to_owned(), |value| value.to_string())
}

/// The person's row, with their hours; without a person, the clinic's hours.
pub fn hours(org: Uuid, who: Option<usize>, spans: &[Span]) -> String {
    spans
        .iter()
        .map(|s| {
            format!(
                "insert into public.opening_hours (org_id, practitioner_id, weekday, opens, closes) values \
                 ('{org}', proof.id({}), {}, time '00:00' + interval '{} minutes', '{:02}:{:02}');",
                sql(who),
                s.weekday + 1,
                s.opens,
                s.closes / 60,
                s.closes % 60
            )
        })
        .collect()
}

pub fn hiring(org: Uuid, who: usize, person: &Person) -> String {
    format!(
        "insert into public.practitioners (org_id, id, name, is_active) values ('{org}', proof.id({who}), 'P{who}', {});{}",
        person.active,
        hours(org, Some(who), &person.hours)
    )
}

/// An answer as proof.shown() has it; what the model cannot say of the alternatives is left open.
pub fn picture(clinic: &Clinic, answer: &Answer) -> Value {
    let mut picture = json!({ "outcome": answer.outcome, "key": answer.about.map(|name| name.to_string()) });
    match answer.refused {
        None => picture["alternatives"] = json!([]),
        Some((visit, start)) => {
            if let Some(slots) = clinic.nearest(visit, start) {
                picture["alternatives"] = json!(slots);
            }
        }
    }
    picture
}

pub fn diary(clinic: &Clinic) -> Value {
    clinic
        .appointments
        .iter()
        .enumerate()
        .filter(|(_, a)| a.live)
        .map(|(name, a)| (name.to_string(), json!([a.start, a.minutes, a.buffer, a.who])))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
