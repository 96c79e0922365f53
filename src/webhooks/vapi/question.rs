//! What Vapi asks while somebody is on the line: answered in time, whatever the state of the database.
//!
//! Of the 7.5 seconds that Vapi waits five are ours, the first two of them for keeping the question. A connection that is
//! lost is replaced while there is time. Who is not answered by then hears a sentence instead of silence, and what was
//! decided and not heard is taken back: no call is let in that was told it is not. `docs/decisions/0017-…` says why.

use std::time::{Duration, Instant};

use poem::Response;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{
    Message,
    envelope::Envelope,
    line::{Line, Trouble},
};
use crate::{effects::crash, error::Result, server::App};

/// In all, from the last byte of the question.
const PATIENCE: Duration = Duration::from_secs(5);

/// Until the question is safe.
const STORING: Duration = Duration::from_secs(2);

/// What the way from the database to Vapi takes at most: the database is to be done by then.
const MARGIN: Duration = Duration::from_millis(250);

/// Between two tries to reach a database that is away.
const PAUSE: Duration = Duration::from_millis(100);

/// How often it is tried to take an answer back, twice as long after each: a hundred seconds in all.
const TAKING_BACK: u32 = 10;

/// What is said in place of an answer. Nothing can be looked up when it is needed: the database may be away.
const CALL_US_AGAIN: &str = "I am sorry, we cannot take your call at the moment. Please call again in a few minutes.";
const NOT_NOW: &str = "I am sorry, I could not do that just now.";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    AssistantRequest,
    ToolCalls,
    TransferDestination,
}

/// How a question ended, for the figures.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    Answered,
    /// The sentence was said in place of an answer.
    Late,
    Failed,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Late => "late",
            Self::Failed => "failed",
        }
    }
}

impl Question {
    pub fn of(envelope: &Envelope) -> Option<Self> {
        match envelope.label() {
            "assistant-request" => Some(Self::AssistantRequest),
            "tool-calls" => Some(Self::ToolCalls),
            "transfer-destination-request" => Some(Self::TransferDestination),
            _ => None,
        }
    }

    /// What is said when there is no answer.
    fn sorry(self, envelope: &Envelope) -> Value {
        match self {
            Self::AssistantRequest => json!({ "error": CALL_US_AGAIN }),
            Self::TransferDestination => json!({ "error": NOT_NOW }),
            Self::ToolCalls => {
                let results = envelope.tool_calls.iter().map(|call| match &call.name {
                    Some(name) => json!({ "toolCallId": call.id, "name": name, "result": NOT_NOW }),
                    None => json!({ "toolCallId": call.id, "result": NOT_NOW }),
                });
                json!({ "results": results.collect::<Vec<_>>() })
            }
        }
    }

    /// # Errors
    /// Only when it is no message at all.
    pub async fn answer(self, message: Message, app: &App) -> Result<Response> {
        let asked_at = Instant::now();
        let kind = message.envelope.label();
        let sorry = self.sorry(&message.envelope);
        let (teller, mut listener) = oneshot::channel();
        let inquiry = Inquiry { message, app: app.clone(), asked_at, sorry: sorry.to_string(), kept: None };
        // In a task of its own: what is begun is ended, and taken back when our time was over before.
        tokio::spawn(inquiry.carry_out(teller));

        let heard = match tokio::time::timeout(PATIENCE, &mut listener).await {
            Ok(heard) => heard.ok(),
            Err(_) => {
                // From here on nobody can tell us anything; what was told in this moment still counts.
                listener.close();
                listener.try_recv().ok()
            }
        };
        let (outcome, answer) = match heard {
            Some(Ok(answer)) => (Outcome::Answered, answer.unwrap_or_else(|| json!({}))),
            Some(Err(Trouble::Refused(error))) if is_no_json(&error) => return Err(error.into()),
            Some(Err(trouble)) => {
                tracing::error!(kind, reason = %trouble, "somebody on the line was told that we are sorry");
                (Outcome::Failed, sorry)
            }
            None => {
                tracing::error!(kind, "somebody on the line was told that we are sorry: it took too long");
                (Outcome::Late, sorry)
            }
        };
        metrics::counter!("voxanne_call_questions_total", "type" => kind, "outcome" => outcome.name()).increment(1);
        metrics::histogram!("voxanne_call_question_seconds", "type" => kind).record(asked_at.elapsed());
        Ok(super::reply(&answer))
    }
}

/// The message cannot be read: Vapi sends nothing of the kind.
fn is_no_json(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| code.code() == "PT400")
}

/// A question on its way.
struct Inquiry {
    message: Message,
    app: App,
    asked_at: Instant,
    sorry: String,
    kept: Option<Stored>,
}

/// A question that is safe.
struct Stored {
    /// None when nothing of it lasts.
    id: Option<String>,
    fresh: bool,
}

type Told = Result<Option<Value>, Trouble>;

impl Inquiry {
    async fn carry_out(mut self, teller: oneshot::Sender<Told>) {
        let told = self.find_answer().await;
        let decided = told.is_ok();
        let heard = teller.send(told).is_ok();
        // Of two that are the same the first decides for both.
        let id = self.kept.take().filter(|kept| kept.fresh).and_then(|kept| kept.id);
        if let Some(id) = id.filter(|_| !(decided && heard)) {
            self.take_back(&id).await;
        }
    }

    async fn find_answer(&mut self) -> Told {
        loop {
            match self.attempt().await {
                Err(trouble) if trouble.passes() && self.left(PATIENCE) > PAUSE + MARGIN => {
                    tokio::time::sleep(PAUSE).await;
                }
                told => return told,
            }
        }
    }

    async fn attempt(&mut self) -> Told {
        let kind = self.message.envelope.label();
        let by = if self.kept.is_some() { PATIENCE } else { STORING };
        let opening = Line::open(self.app.db.call_pool());
        let mut line = tokio::time::timeout(self.left(by), opening).await.map_err(|_| Trouble::Silent)??;
        if self.kept.is_none() {
            crash::point_of("webhook_received", kind);
            let kept = line.keep(&self.message, self.left(STORING)).await?;
            self.kept = Some(Stored { id: kept.id, fresh: kept.fresh });
            crash::point_of("webhook_stored", kind);
        }
        let Some(id) = self.kept.as_ref().and_then(|kept| kept.id.as_ref()) else { return Ok(None) };
        let answer = line.answer(&self.app.db, id, self.left(PATIENCE).saturating_sub(MARGIN)).await?;
        crash::point_of("webhook_processed", kind);
        Ok(answer)
    }

    fn left(&self, of: Duration) -> Duration {
        of.saturating_sub(self.asked_at.elapsed())
    }

    /// As long as the database is away, and no longer than it matters: what is held is given back in the end by itself.
    async fn take_back(&self, id: &String) {
        for attempt in 0..TAKING_BACK {
            let taken = match Line::open(self.app.db.call_pool()).await {
                Ok(mut line) => line.take_back(&self.app.db, id, &self.sorry, PATIENCE).await,
                Err(trouble) => Err(trouble),
            };
            match taken {
                Ok(released) => {
                    tracing::warn!(webhook = id, released, "an answer that nobody heard is taken back");
                    return;
                }
                Err(trouble) => {
                    tracing::warn!(webhook = id, reason = %trouble, "an answer that nobody heard is not taken back yet");
                    tokio::time::sleep(PAUSE * 2_u32.pow(attempt)).await;
                }
            }
        }
        tracing::error!(webhook = id, "an answer that nobody heard could not be taken back; its hold will run out");
    }
}
