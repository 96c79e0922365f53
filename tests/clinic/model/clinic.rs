//! A clinic's diary as the specification has it: sets of minutes, looked at one by one.
//!
//! Times are minutes on the clinic's clock since a Monday. Nothing is kept that can be worked out.

use std::collections::BTreeSet;

pub const DAY: i64 = 1_440;
const HORIZON: i64 = 400 * DAY;
/// What the services take of a diary, and keep free behind it; without one, half an hour.
const SERVICES: [(i64, i64); 2] = [(30, 0), (50, 15)];

/// When patients are seen on a weekday, Monday being 0.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub weekday: i64,
    pub opens: i64,
    pub closes: i64,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub hours: Vec<Span>,
    pub active: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Closure {
    pub who: Option<usize>,
    pub first: i64,
    pub last: i64,
}

#[derive(Debug, Clone)]
pub struct Appointment {
    pub who: Option<usize>,
    pub start: i64,
    pub minutes: i64,
    pub buffer: i64,
    service: Option<usize>,
    call: Option<usize>,
    pub live: bool,
}

impl Appointment {
    fn end(&self) -> i64 {
        self.start + self.minutes + self.buffer
    }
}

/// What is to be fitted in, and which appointment gives way to it.
#[derive(Clone, Copy)]
pub struct Visit {
    asked: Option<usize>,
    minutes: i64,
    buffer: i64,
    replaces: Option<usize>,
}

/// What came of a wish, and which appointment it is about.
pub struct Answer {
    pub outcome: &'static str,
    pub about: Option<usize>,
    /// The wish as it was looked for in the diary, when other times are to be offered.
    pub refused: Option<(Visit, i64)>,
}

#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub start: i64,
    pub who: Option<usize>,
    pub service: Option<usize>,
    /// Who calls, and in which call; whoever calls in none is nobody in particular.
    pub call: Option<usize>,
    pub another: bool,
}

pub struct Clinic {
    pub now: i64,
    pub hours: Vec<Span>,
    pub people: Vec<Person>,
    pub closures: Vec<Closure>,
    /// In the order they were made.
    pub appointments: Vec<Appointment>,
}

impl Clinic {
    pub fn new(hours: Vec<Span>, people: Vec<Person>) -> Self {
        Self { now: 0, hours, people, closures: Vec::new(), appointments: Vec::new() }
    }

    /// Who could be asked at all. A clinic without people is one.
    fn resources(&self, asked: Option<usize>) -> Vec<Option<usize>> {
        match asked {
            None if self.people.is_empty() => vec![None],
            _ => (0..self.people.len())
                .filter(|who| self.people[*who].active && asked.is_none_or(|asked| asked == *who))
                .map(Some)
                .collect(),
        }
    }

    fn spans(&self, who: Option<usize>) -> Vec<Span> {
        let own = who.map(|who| &self.people[who].hours).filter(|hours| !hours.is_empty());
        let hours = own.unwrap_or(&self.hours);
        if hours.is_empty() {
            return (0..5).map(|weekday| Span { weekday, opens: 9 * 60, closes: 17 * 60 }).collect();
        }
        hours.clone()
    }

    fn sees(&self, who: Option<usize>, minute: i64) -> bool {
        let (day, clock) = (minute.div_euclid(DAY), minute.rem_euclid(DAY));
        let closed =
            self.closures.iter().any(|c| (c.who.is_none() || c.who == who) && (c.first..=c.last).contains(&day));
        !closed
            && self.spans(who).iter().any(|s| s.weekday == day.rem_euclid(7) && (s.opens..s.closes).contains(&clock))
    }

    fn is_busy(&self, who: Option<usize>, from: i64, to: i64, replaces: Option<usize>) -> bool {
        self.appointments.iter().enumerate().any(|(name, a)| {
            a.live && Some(name) != replaces && (a.who.is_none() || a.who == who) && a.start < to && from < a.end()
        })
    }

    fn load(&self, who: Option<usize>, day: i64, replaces: Option<usize>) -> i64 {
        self.appointments
            .iter()
            .enumerate()
            .filter(|(name, a)| {
                a.live && a.who.is_some() && a.who == who && Some(*name) != replaces && a.start.div_euclid(DAY) == day
            })
            .map(|(_, a)| a.minutes + a.buffer)
            .sum()
    }

    /// With whom a visit finds its place, or why it finds none.
    fn place(&self, visit: Visit, start: i64) -> Result<Option<usize>, &'static str> {
        if start <= self.now {
            return Err("past");
        } else if start > self.now + HORIZON {
            return Err("closed");
        }
        let mut there = self.resources(visit.asked);
        there.retain(|who| (start..start + visit.minutes).all(|minute| self.sees(*who, minute)));
        if there.is_empty() {
            return Err("closed");
        }
        let before = visit.replaces.and_then(|name| self.appointments[name].who);
        there
            .into_iter()
            .filter(|who| !self.is_busy(*who, start, start + visit.minutes + visit.buffer, visit.replaces))
            .min_by_key(|who| (*who != before, self.load(*who, start.div_euclid(DAY), visit.replaces), *who))
            .ok_or("taken")
    }

    pub fn visit(&self, asked: Option<usize>, service: Option<usize>) -> Visit {
        let (minutes, buffer) = service.map_or((30, 0), |service| SERVICES[service]);
        Visit { asked, minutes, buffer, replaces: None }
    }

    /// Every quarter from anybody's opening at which the visit finds a place, with whom.
    pub fn slots(&self, visit: Visit, from: i64, to: i64) -> Vec<(i64, Option<usize>)> {
        let mut quarters = BTreeSet::new();
        for day in from.div_euclid(DAY)..=to.div_euclid(DAY) {
            for span in self.resources(visit.asked).into_iter().flat_map(|who| self.spans(who)) {
                if span.weekday == day.rem_euclid(7) {
                    quarters.extend((span.opens..span.closes).step_by(15).map(|clock| day * DAY + clock));
                }
            }
        }
        quarters
            .into_iter()
            .filter(|start| (from..to).contains(start))
            .filter_map(|start| self.place(visit, start).ok().map(|who| (start, who)))
            .collect()
    }

    /// The three nearest to a time, in order. Nothing, when they are too far away for the model to look for them.
    pub fn nearest(&self, visit: Visit, start: i64) -> Option<Vec<(i64, Option<usize>)>> {
        let at = start.clamp(self.now, self.now + HORIZON);
        let mut slots = self.slots(visit, at - 14 * DAY, at + 14 * DAY);
        slots.sort_by_key(|(start, _)| ((start - at).abs(), *start));
        slots.truncate(3);
        slots.sort_unstable();
        (slots.len() == 3).then_some(slots)
    }

    fn repeated(&self, wish: &Wish) -> Option<usize> {
        wish.call?;
        self.appointments.iter().position(|a| a.live && a.call == wish.call && a.start == wish.start)
    }

    /// The last thing this call has booked, if the wish may be about it.
    fn thought_better_of(&self, wish: &Wish) -> Option<usize> {
        wish.call?;
        self.appointments.iter().rposition(|a| {
            a.live
                && a.call == wish.call
                && a.start > self.now
                && (a.service == wish.service || a.service.is_none() || wish.service.is_none())
        })
    }

    pub fn book(&mut self, wish: &Wish) -> Answer {
        if let Some(name) = self.repeated(wish) {
            return Answer { outcome: "already", about: Some(name), refused: None };
        }
        let mut visit = self.visit(wish.who, wish.service);
        if let Some(name) = self.thought_better_of(wish).filter(|_| !wish.another) {
            visit.replaces = Some(name);
            if wish.service.is_none() {
                (visit.minutes, visit.buffer) = (self.appointments[name].minutes, self.appointments[name].buffer);
            }
            let answer = self.put(name, visit, wish.start);
            if answer.outcome == "booked" {
                self.appointments[name].service = wish.service.or(self.appointments[name].service);
            }
            return answer;
        }
        match self.place(visit, wish.start) {
            Ok(who) => {
                self.appointments.push(Appointment {
                    who,
                    start: wish.start,
                    minutes: visit.minutes,
                    buffer: visit.buffer,
                    service: wish.service,
                    call: wish.call,
                    live: true,
                });
                Answer { outcome: "booked", about: Some(self.appointments.len() - 1), refused: None }
            }
            Err(outcome) => Answer { outcome, about: None, refused: Some((visit, wish.start)) },
        }
    }

    fn put(&mut self, name: usize, visit: Visit, start: i64) -> Answer {
        match self.place(visit, start) {
            Ok(who) => {
                let appointment = &mut self.appointments[name];
                (appointment.who, appointment.start) = (who, start);
                (appointment.minutes, appointment.buffer) = (visit.minutes, visit.buffer);
                Answer { outcome: "booked", about: Some(name), refused: None }
            }
            Err(outcome) => Answer { outcome, about: Some(name), refused: Some((visit, start)) },
        }
    }

    pub fn reschedule(&mut self, name: usize, start: i64) -> Answer {
        let appointment = &self.appointments[name];
        let asked = appointment.who.filter(|who| self.people[*who].active);
        let visit = Visit { asked, minutes: appointment.minutes, buffer: appointment.buffer, replaces: Some(name) };
        if !appointment.live {
            Answer { outcome: "over", about: None, refused: None }
        } else if appointment.start == start {
            Answer { outcome: "already", about: Some(name), refused: None }
        } else if appointment.start <= self.now {
            Answer { outcome: "over", about: None, refused: None }
        } else {
            self.put(name, visit, start)
        }
    }

    pub fn cancel(&mut self, name: usize) -> Answer {
        let was_live = std::mem::replace(&mut self.appointments[name].live, false);
        Answer { outcome: if was_live { "cancelled" } else { "already" }, about: Some(name), refused: None }
    }
}
