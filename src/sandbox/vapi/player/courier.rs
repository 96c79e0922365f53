//! What the player tells and asks the server, and what becomes of it on the way.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::time::Instant;

use super::{
    Player,
    live::{Answered, Sent},
    message,
    mischief::Fate,
    post::Target,
};
use crate::sandbox::{faults::Misbehaviour, vapi::Vapi};

/// On its way, or held back.
pub(super) struct Letter {
    /// In the list of what was sent.
    place: usize,
    target: Target,
    body: Arc<str>,
    copies: usize,
}

impl Player {
    /// Something happened. Nobody waits for what the server thinks of it, but the next message goes out after this one.
    ///
    /// Boxed, like the other things that many steps are made of: the compiler would look into each of them at each place.
    pub(super) fn tell<'a>(&'a mut self, kind: &'a str, fields: Value) -> BoxFuture<'a, ()> {
        self.tell_now(kind, fields).boxed()
    }

    async fn tell_now(&mut self, kind: &str, fields: Value) {
        let assistant = self.vapi.with_live(&self.id, |live| live.heard.assistant.clone());
        if !message::is_wanted(&assistant, kind) {
            return;
        }
        let Some(target) = self.target(None) else { return };
        let label = label(kind, &fields);
        let fate = self.fate(&label, false);
        let letter = self.write(&label, kind, fields, &fate, target);
        if fate.is_lost {
            return self.vapi.with_live(&self.id, |live| live.sent[letter.place].is_lost = true);
        }
        if fate.is_late {
            return self.late.push(letter);
        }
        if fate.is_held && self.held.is_none() {
            self.held = Some(letter);
            return;
        }
        self.send(letter).await;
        if let Some(held) = self.held.take() {
            self.send(held).await;
        }
    }

    /// What was held back or is late goes out now.
    pub(super) async fn flush(&mut self) {
        let left: Vec<Letter> = self.held.take().into_iter().chain(std::mem::take(&mut self.late)).collect();
        for letter in left {
            self.send(letter).await;
        }
    }

    /// Something the call waits for. Answers the first copy's answer.
    pub(super) fn ask<'a>(&'a mut self, kind: &'a str, fields: Value, target: Target) -> BoxFuture<'a, Answered> {
        self.ask_now(kind, fields, target).boxed()
    }

    async fn ask_now(&mut self, kind: &str, fields: Value, target: Target) -> Answered {
        let label = label(kind, &fields);
        let fate = self.fate(&label, true);
        let letter = self.write(&label, kind, fields, &fate, target);
        if letter.copies < 2 {
            return insist(&self.vapi, &self.id, &letter).await;
        }
        let (first, _) = tokio::join!(insist(&self.vapi, &self.id, &letter), insist(&self.vapi, &self.id, &letter));
        first
    }

    fn fate(&mut self, label: &str, asks: bool) -> Fate {
        let mut fate = self.dice.throw(label, asks);
        let fault = |wanted| self.vapi.faults().take(label, |what| *what == wanted).is_some();
        if fault(Misbehaviour::DuplicateWebhook) {
            fate.copies = 2;
        }
        fate.is_lost |= !asks && fault(Misbehaviour::SilentWebhook);
        fate.is_held |= !asks && fault(Misbehaviour::ReorderWebhooks);
        fate
    }

    /// Puts it on record, sent or not.
    fn write(&self, label: &str, kind: &str, fields: Value, fate: &Fate, target: Target) -> Letter {
        let mut state = self.vapi.lock();
        let (body, at) = message::compose(&state, &self.id, &self.script, kind, fields, fate);
        let text: Arc<str> = body.to_string().into();
        let live = state.lives.get_mut(&self.id).expect("a call that is played is known");
        live.sent.push(Sent {
            kind: label.to_owned(),
            at,
            url: target.url.clone(),
            body: if self.script.is_terse { Value::Null } else { body },
            answers: Vec::new(),
            is_lost: false,
        });
        Letter { place: live.sent.len() - 1, target, body: text, copies: fate.copies }
    }

    async fn send(&self, letter: Letter) {
        let mut letter = letter;
        for _ in 0..std::mem::replace(&mut letter.copies, 1) {
            let answer = letter.target.post(&self.vapi.player_http, &letter.body).await;
            let pause = letter.target.pause(0, &answer);
            record(&self.vapi, &self.id, letter.place, answer);
            if let Some(pause) = pause {
                self.send_again(&letter, pause);
            }
        }
    }

    /// Beside the call.
    fn send_again(&self, letter: &Letter, first_pause: f64) {
        let (vapi, id) = (self.vapi.clone(), self.id.clone());
        let letter =
            Letter { place: letter.place, target: letter.target.clone(), body: letter.body.clone(), copies: 1 };
        vapi.with_live(&id, |live| live.busy.send_modify(|busy| *busy += 1));
        self.vapi.frame.clone().spawn(async move {
            let mut pause = Some(first_pause);
            let mut retry = 0;
            while let Some(seconds) = pause {
                tokio::time::sleep(vapi.with_live(&id, |live| live.clock.pause(seconds))).await;
                let answer = letter.target.post(&vapi.player_http, &letter.body).await;
                retry += 1;
                pause = letter.target.pause(retry, &answer);
                record(&vapi, &id, letter.place, answer);
            }
            vapi.with_live(&id, |live| live.busy.send_modify(|busy| *busy -= 1));
        });
    }

    /// Where this goes: a tool's own server first, then the assistant's, then the number's.
    pub(super) fn target(&self, tool: Option<&Value>) -> Option<Target> {
        let state = self.vapi.lock();
        let live = &state.lives[&self.id];
        let call = state.call(&self.id)?;
        let number = state.numbers.iter().find(|number| number["id"] == call["phoneNumberId"]);
        let number = number.map_or(&call["phoneNumber"]["server"], |number| &number["server"]);
        let servers = [tool.map_or(&Value::Null, |tool| &tool["server"]), &live.heard.assistant["server"], number];
        let found = servers.into_iter().find_map(Target::of).or_else(|| {
            // A script may name the only one.
            self.script.server_url.as_ref().and_then(|url| Target::of(&serde_json::json!({ "url": url })))
        });
        Some(found?.at(self.script.server_url.as_deref()).signed(self.script.signing.as_ref()))
    }
}

fn label(kind: &str, fields: &Value) -> String {
    match fields["status"].as_str() {
        Some(status) => format!("{kind} {status}"),
        None => kind.to_owned(),
    }
}

fn record(vapi: &Vapi, id: &str, place: usize, answer: Answered) {
    vapi.with_live(id, |live| live.sent[place].answers.push(answer));
}

/// Until it is taken, the server's plan is through or its time is up.
async fn insist(vapi: &Vapi, id: &str, letter: &Letter) -> Answered {
    let until = Instant::now() + letter.target.limit;
    let mut retry = 0;
    loop {
        let answer = letter.target.post(&vapi.player_http, &letter.body).await;
        let pause = letter.target.pause(retry, &answer);
        record(vapi, id, letter.place, answer.clone());
        let Some(pause) = pause.map(|seconds| vapi.with_live(id, |live| live.clock.pause(seconds))) else {
            return answer;
        };
        if Instant::now() + pause + Duration::from_millis(1) >= until {
            return answer;
        }
        tokio::time::sleep(pause).await;
        retry += 1;
    }
}
