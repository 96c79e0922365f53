//! The way to Twilio and to Vapi, with traps on it.
//!
//! Each effect is given addresses of its own, so a trap is meant for one organisation, one kind of effect and one exchange
//! of it, and a hundred organisations can have their misfortunes beside each other on one server. What passes is noted: the
//! exchanges that a step makes are learned, not listed.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use regex::Regex;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use url::Url;
use uuid::Uuid;
use voxanne::{
    config::Config,
    effects::{Effect, Executor, Verdict, executors},
    sandbox::Sandbox,
    vault::Keyring,
};

/// A request of an effect to a provider: ids and countries are left out of the path, and `turn` counts the ones that look the same
/// within an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Exchange {
    pub kind: String,
    pub method: String,
    pub path: String,
    pub turn: usize,
}

impl Exchange {
    /// Whether something is different afterwards.
    pub fn acts(&self) -> bool {
        self.method != "GET"
    }
}

impl std::fmt::Display for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} {} ({})", self.kind, self.method, self.path, self.turn)
    }
}

/// What can become of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The provider says no, as it would.
    Refused,
    /// 503, without having done anything.
    Broken,
    /// Nothing is done, and nothing answers until the time is up.
    NeverArrives,
    /// It is done, and nothing answers until the time is up.
    Unanswered,
    /// It is done, and the connection breaks.
    AnswerLost,
    /// The same, and from then on the step's provider is not to be reached at all.
    Dark,
}

/// A mishap, where it waits, and whether it waits again after it has happened.
#[derive(Debug, Clone)]
pub struct Trap {
    pub at: Exchange,
    pub mishap: Mishap,
    pub lasting: bool,
}

#[derive(Default)]
struct State {
    traps: HashMap<Uuid, Vec<Trap>>,
    /// The kinds of an organisation's effects whose provider is dark.
    dark: HashMap<Uuid, String>,
    passed: HashMap<Uuid, Vec<Exchange>>,
    /// Where traps of an organisation are that have not caught anything yet.
    waiting: HashMap<Uuid, Vec<Exchange>>,
    turns: HashMap<(Uuid, i32, String), usize>,
    silences: HashMap<(Uuid, i32), Arc<Notify>>,
}

#[derive(Clone)]
pub struct Detour {
    address: String,
    providers: [String; 2],
    http: reqwest::Client,
    ids: Regex,
    state: Arc<Mutex<State>>,
}

/// A request as it arrived.
struct Asked {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

struct Answered {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Detour {
    pub async fn open(sandbox: &Sandbox) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let detour = Self {
            address: format!("http://{}", listener.local_addr().expect("its address")),
            providers: [sandbox.twilio_url(), sandbox.vapi_url()],
            http: reqwest::Client::new(),
            ids: Regex::new(r"(AC|PN|CA)[0-9a-f]{32}|\b[A-Z]{2}\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                .expect("a pattern"),
            state: Arc::default(),
        };
        let serving = detour.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.serve(BufReader::new(stream)).await });
            }
        });
        detour
    }

    pub fn set(&self, org_id: Uuid, traps: Vec<Trap>) {
        let mut state = self.lock();
        state.waiting.insert(org_id, traps.iter().map(|trap| trap.at.clone()).collect());
        state.traps.insert(org_id, traps);
    }

    /// Whether every trap of an organisation has caught something.
    pub fn has_sprung(&self, org_id: Uuid) -> bool {
        self.lock().waiting.get(&org_id).is_none_or(Vec::is_empty)
    }

    /// The providers are themselves again.
    pub fn lift(&self, org_id: Uuid) {
        let mut state = self.lock();
        state.traps.remove(&org_id);
        state.dark.remove(&org_id);
    }

    /// What an organisation's effects asked for so far, in order.
    pub fn passed(&self, org_id: Uuid) -> Vec<Exchange> {
        self.lock().passed.get(&org_id).cloned().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic holds it")
    }

    /// Told when an exchange of this attempt is not answered before its time is up.
    fn silence(&self, effect: Uuid, attempt: i32) -> Arc<Notify> {
        self.lock().silences.entry((effect, attempt)).or_default().clone()
    }

    async fn serve(&self, mut stream: BufReader<TcpStream>) {
        while let Ok(Some(asked)) = read(&mut stream).await {
            let Some(answer) = self.pass(asked, &mut stream).await else { return };
            if write(&mut stream, answer).await.is_err() {
                return;
            }
        }
    }

    /// Nothing: the connection breaks.
    async fn pass(&self, asked: Asked, stream: &mut BufReader<TcpStream>) -> Option<Answered> {
        let mut parts = asked.target.trim_start_matches('/').splitn(6, '/');
        let mut part = || parts.next().expect("an address of ours");
        let org_id: Uuid = part().parse().expect("an organisation");
        let effect: Uuid = part().parse().expect("an effect");
        let attempt: i32 = part().parse().expect("an attempt");
        let (kind, provider, rest) = (part().to_owned(), part() == "vapi", part().to_owned());

        match self.meets(org_id, effect, attempt, &kind, &asked.method, &rest) {
            None => Some(self.forward(provider, &rest, &asked).await),
            Some(Mishap::Refused) => Some(refusal(provider, &asked.method, &rest)),
            Some(Mishap::Broken) => Some(Answered::json(503, &json!({ "code": 20503, "message": "Unavailable" }))),
            Some(Mishap::AnswerLost | Mishap::Dark) => {
                self.forward(provider, &rest, &asked).await;
                None
            }
            Some(mishap) => {
                if mishap == Mishap::Unanswered {
                    self.forward(provider, &rest, &asked).await;
                }
                self.silence(effect, attempt).notify_one();
                // Until the caller hangs up.
                let _ = stream.read_u8().await;
                None
            }
        }
    }

    /// Notes the exchange, and the mishap that waits for it.
    fn meets(&self, org_id: Uuid, effect: Uuid, attempt: i32, kind: &str, method: &str, rest: &str) -> Option<Mishap> {
        let path = self.ids.replace_all(rest.split('?').next().unwrap_or_default(), "*").into_owned();
        let mut state = self.lock();
        let turn = state.turns.entry((effect, attempt, format!("{method} {path}"))).or_default();
        *turn += 1;
        let exchange = Exchange { kind: kind.to_owned(), method: method.to_owned(), path, turn: *turn };
        state.passed.entry(org_id).or_default().push(exchange.clone());
        if state.dark.get(&org_id).is_some_and(|dark| dark == kind) {
            return Some(Mishap::Broken);
        }
        let traps = state.traps.get_mut(&org_id)?;
        let place = traps.iter().position(|trap| trap.at == exchange)?;
        let mishap = traps[place].mishap;
        if !traps[place].lasting {
            traps.remove(place);
        }
        if let Some(waiting) = state.waiting.get_mut(&org_id) {
            waiting.retain(|at| *at != exchange);
        }
        if mishap == Mishap::Dark {
            state.dark.insert(org_id, kind.to_owned());
        }
        Some(mishap)
    }

    async fn forward(&self, provider: bool, rest: &str, asked: &Asked) -> Answered {
        let url = format!("{}/{rest}", self.providers[usize::from(provider)]);
        let method = asked.method.parse().expect("a method");
        let mut request = self.http.request(method, url).body(asked.body.clone());
        for (name, value) in asked.headers.iter().filter(|(name, _)| name == "authorization" || name == "content-type")
        {
            request = request.header(name, value);
        }
        let answer = request.send().await.expect("the stand-in answers");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let headers = ["content-type", "retry-after"]
            .into_iter()
            .filter_map(|name| Some((name, headers.get(name)?.to_str().ok()?.to_owned())))
            .collect();
        Answered { status, headers, body: answer.bytes().await.expect("a whole answer").into() }
    }
}

/// A no in the provider's own shape: of what is read, that the keys are wrong; of the rest, that it cannot be.
fn refusal(vapi: bool, method: &str, rest: &str) -> Answered {
    let status = if method == "GET" { 401 } else { 400 };
    if vapi {
        return Answered::json(status, &json!({ "message": "Refused.", "error": "Refused", "statusCode": status }));
    }
    let code = match (method, rest) {
        ("GET", _) => 20003,
        ("POST", rest) if rest.contains("IncomingPhoneNumbers") => 21422,
        _ => 20001,
    };
    Answered::json(status, &json!({ "code": code, "message": "Refused.", "more_info": "", "status": status }))
}

impl Answered {
    fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: vec![("content-type", "application/json".to_owned())], body: body.to_string().into() }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Asked>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or_default()];
    stream.read_exact(&mut body).await?;
    Ok(Some(Asked { method, target, headers, body }))
}

async fn write(stream: &mut BufReader<TcpStream>, answer: Answered) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} Said\r\n", answer.status);
    for (name, value) in answer.headers {
        head += &format!("{name}: {value}\r\n");
    }
    if answer.status != 204 {
        head += &format!("content-length: {}\r\n", answer.body.len());
    }
    let whole = [head.as_bytes(), b"\r\n", &answer.body].concat();
    stream.write_all(&whole).await
}

/// The product's own executors, sent by way of the detour.
pub struct ByDetour {
    pub detour: Detour,
    pub config: Config,
    pub keyring: Keyring,
    pub http: reqwest::Client,
}

impl Executor for ByDetour {
    async fn run(&self, effect: &Effect) -> Verdict {
        let org_id = effect.org_id.expect("an organisation's effect");
        let way = |provider: &str| -> Url {
            let Detour { address, .. } = &self.detour;
            let way = format!("{address}/{org_id}/{}/{}/{}/{provider}", effect.id, effect.attempts, effect.kind);
            way.parse().expect("an address")
        };
        let mut config = self.config.clone();
        config.twilio.base_url = way("twilio");
        config.vapi.base_url = way("vapi");
        let silence = self.detour.silence(effect.id, effect.attempts);
        let registry = executors::registry(&config, &self.http, &self.keyring);
        // The same as the time-out in the registry, without its time.
        tokio::select! {
            verdict = registry.run(effect) => verdict,
            () = silence.notified() => Verdict::retry("no answer before the time was up"),
        }
    }
}
