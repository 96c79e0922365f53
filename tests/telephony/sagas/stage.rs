//! Clinics, the providers, and a worker whose way to them can be trapped.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;
use voxanne::{
    args,
    auth::Principal,
    effects::{Registry, executors},
    error::Error,
    sandbox::twilio::{BUNDLE, Credentials},
    server::http_client,
    vault::{Aad, Keyring},
};

use super::{
    agree::agree,
    detour::{ByDetour, Detour},
};
use crate::{
    platform::effects_support::TestWorker,
    support::{
        Session, TestServer,
        people::{email, token},
    },
};

/// What every clinic has paid in.
pub const PAID_IN: i64 = 5_000;

/// Pauses are short, tries are few, and a provider takes as much as it is asked.
pub const HASTE: &str = "
    update private.effect_kinds set backoff_base_seconds = 0.02, backoff_cap_seconds = 0.1, max_attempts = 3
    where kind like 'twilio.%' or kind like 'vapi.%';
    delete from private.provider_limits where provider in ('twilio', 'vapi');";

pub struct Stage {
    pub server: TestServer,
    pub owner: Client,
    pub detour: Detour,
    worker: TestWorker,
}

/// An organisation with money, somebody who answers and somebody who calls; and a Twilio account of its own.
#[derive(Clone)]
pub struct Clinic {
    pub session: Session,
    pub principal: Principal,
    /// A number that nobody else wants.
    pub phone: String,
    /// Where it looks for a number when it wants no certain one.
    pub area: (&'static str, &'static str),
    pub own: Credentials,
    pub own_phone: String,
}

/// Where numbers are searched for, so many clinics at once in each that there are enough for all.
const AREAS: [(&str, &str); 13] = [
    ("US", "212"),
    ("GB", "113"),
    ("US", "415"),
    ("GB", "161"),
    ("US", "213"),
    ("GB", "121"),
    ("US", "312"),
    ("GB", "131"),
    ("US", "305"),
    ("GB", "141"),
    ("US", "808"),
    ("GB", "29"),
    ("GB", "20"),
];

impl Clinic {
    pub fn id(&self) -> Uuid {
        self.session.org_id
    }
}

impl Stage {
    pub async fn open() -> Self {
        let server = TestServer::without_workers(&[]).await;
        let owner = server.db.owner().await;
        prepare(&owner).await;
        let detour = Detour::open(&server.sandbox).await;
        let registry = trapped(&server, &owner, &detour).await;
        let worker = TestWorker::start(&server.db, 64, registry).await;
        Self { server, owner, detour, worker }
    }

    /// So many clinics. `from` is how many there were before, so that none wants a number of theirs.
    pub async fn clinics(&self, count: usize, from: usize) -> Vec<Clinic> {
        let mut clinics = Vec::new();
        for (place, session) in sign_up(&self.owner, count).await.into_iter().enumerate() {
            let place = from + place;
            let own = self.server.sandbox.twilio.open_account(&format!("own:{}", session.org_id));
            let own_phone = format!("+4420400{place:05}");
            self.server.sandbox.twilio.give_number(&own.sid, &own_phone).expect("a number of its own");
            let principal = self.server.app.auth.verify(&session.token).await.expect("a good token");
            let area = AREAS[place % AREAS.len()];
            clinics.push(Clinic { session, principal, phone: stocked(place), area, own, own_phone });
        }
        clinics
    }

    /// A call as the API makes it, which wakes the worker.
    pub async fn call(&self, clinic: &Clinic, function: &str, args: voxanne::db::Args) -> Result<Value, Error> {
        self.worker.db.as_user(&clinic.principal).write(function, args).await?.parse()
    }

    pub async fn buy(&self, clinic: &Clinic, direction: &str) -> Result<Value, Error> {
        let wish = args! { p_country: "GB", p_direction: direction, p_phone_number: &clinic.phone };
        self.call(clinic, "public.provision_number", wish).await
    }

    /// Any number of the clinic's area.
    pub async fn buy_any(&self, clinic: &Clinic, direction: &str) -> Result<Value, Error> {
        let (country, area) = clinic.area;
        let wish = args! { p_country: country, p_direction: direction, p_area_code: area };
        self.call(clinic, "public.provision_number", wish).await
    }

    /// Whatever number it has by now.
    pub async fn release(&self, clinic: &Clinic) -> Result<Value, Error> {
        let sql =
            "select n.phone_number from public.managed_phone_numbers n where n.org_id = $1 and n.status = 'active'";
        let row = self.owner.query_one(sql, &[&clinic.id()]).await.expect("a number");
        let phone: String = row.get(0);
        self.call(clinic, "public.release_number", args! { p_phone_number: phone }).await
    }

    pub async fn connect(&self, clinic: &Clinic) -> Result<Value, Error> {
        let keys = json!({ "account_sid": clinic.own.sid, "auth_token": clinic.own.token }).to_string();
        let aad = Aad { org_id: clinic.id(), provider: "twilio", kind: "default" };
        let sealed = self.server.app.config.vault.as_ref().expect("keys").seal(&aad, keys.as_bytes());
        let wish = args! {
            p_account_sid: &clinic.own.sid, p_phone_number: &clinic.own_phone,
            p_sealed: sealed.sealed, p_key_version: sealed.key_version,
        };
        self.call(clinic, "public.connect_twilio", wish).await
    }

    pub async fn disconnect(&self, clinic: &Clinic) -> Result<Value, Error> {
        self.call(clinic, "public.disconnect_twilio", args! {}).await
    }

    /// Until nothing is left to do. Whoever is stuck finds the providers well, and need not wait for the pause to end.
    /// Answers who was. Fails when nothing happens any more before that.
    pub async fn rest(&self) -> HashSet<Uuid> {
        let mut stuck = HashSet::new();
        let (mut seen, mut moved) = (String::new(), Instant::now());
        loop {
            let pauses = "select e.id, e.org_id from private.effects e join private.sagas s on s.effect_id = e.id \
                          where s.failures > 0 and e.state = 'ready' and e.run_at > now() + interval '1 minute'";
            let pauses = self.owner.query(pauses, &[]).await.expect("the queue");
            let ids: Vec<Uuid> = pauses.iter().map(|pause| pause.get(0)).collect();
            for pause in &pauses {
                self.detour.lift(pause.get(1));
                stuck.insert(pause.get(1));
            }
            if !ids.is_empty() {
                let over = "update private.effects set run_at = now() where id = any ($1)";
                self.owner.execute(over, &[&ids]).await.expect("the pauses are over");
                self.worker.db.as_service().write("private.enqueue_ping", args! {}).await.expect("the worker wakes");
            }
            let standing = standing(&self.owner).await;
            if standing.is_empty() {
                return stuck;
            }
            if standing != seen {
                (seen, moved) = (standing, Instant::now());
            }
            assert!(moved.elapsed() < Duration::from_secs(20), "nothing happens any more: {seen}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// How each clinic's sagas ended, in the order they began.
    pub async fn ends(&self, clinic: &Clinic) -> Vec<String> {
        let sql = "select s.state from private.sagas s where s.org_id = $1 order by s.created_at";
        let rows = self.owner.query(sql, &[&clinic.id()]).await.expect("its sagas");
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// How the last saga of each organisation ended, and whether an operator was told that one was stuck.
    pub async fn last_ends(&self) -> HashMap<Uuid, (String, bool)> {
        let sql = "select distinct on (s.org_id) s.org_id, s.state, \
                       exists (select from private.alerts a where a.org_id = s.org_id and a.kind = 'saga_stuck') \
                       and exists (select from private.effects e where e.org_id = s.org_id and e.kind = 'slack.message') \
                   from private.sagas s order by s.org_id, s.created_at desc";
        let rows = self.owner.query(sql, &[]).await.expect("the sagas");
        rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect()
    }

    /// What the books disagree about.
    pub async fn disagreements(&self) -> Vec<(Uuid, String)> {
        agree(&self.owner, &self.server.sandbox, PAID_IN).await
    }

    pub async fn assert_agreed(&self) {
        let found: Vec<String> =
            self.disagreements().await.into_iter().map(|(org, what)| format!("{org}: {what}")).collect();
        assert!(found.is_empty(), "{} disagreements:\n{}", found.len(), found.join("\n"));
    }

    pub async fn close(self) {
        self.worker.stop().await;
    }
}

/// What is unfinished, and what sagas still have to ask of Twilio or Vapi; nothing when all is at rest.
pub async fn standing(owner: &Client) -> String {
    let sql = "select concat( \
                   (select string_agg(concat_ws(' ', s.saga, s.state, s.step, s.effect_id), ', ') \
                    from private.sagas s where s.finished_at is null), \
                   (select string_agg(concat_ws(' ', e.kind, e.state, e.attempts), ', ') \
                    from private.effects e where exists ( \
                        select from private.saga_steps s where e.kind in (s.effect_kind, s.undo_effect_kind))))";
    owner.query_one(sql, &[]).await.expect("the queue").get(0)
}

/// Short pauses, and the papers that Britain asks for.
pub async fn prepare(owner: &Client) {
    owner.batch_execute(HASTE).await.expect("short pauses");
    let papers = "update private.telephony_countries set bundle_sid = $1 where needs_bundle";
    owner.execute(papers, &[&BUNDLE]).await.expect("papers");
}

/// Every kind of effect that a saga waits for, by way of the detour.
async fn trapped(server: &TestServer, owner: &Client, detour: &Detour) -> Registry {
    let (config, http) = (server.app.config.clone(), http_client().expect("a client"));
    let keyring = Keyring::new(&config, server.app.db.clone());
    let known: HashSet<String> = executors::registry(&config, &http, &keyring).kinds().into_iter().collect();
    let sql = "select distinct k.kind from private.saga_steps s \
               cross join lateral unnest(array[s.effect_kind, s.undo_effect_kind]) as k (kind) where k.kind is not null";
    let mut registry = Registry::new();
    for row in owner.query(sql, &[]).await.expect("the kinds of sagas") {
        let kind: String = row.get(0);
        assert!(known.contains(&kind), "{kind} is carried out by nobody");
        let executor =
            ByDetour { detour: detour.clone(), config: config.clone(), keyring: keyring.clone(), http: http.clone() };
        registry = registry.with(&kind, executor);
    }
    registry
}

/// A number of the stand-in's stock.
fn stocked(place: usize) -> String {
    let (stem, digits) = [("+442079460", 3), ("+44113496", 4), ("+44161496", 4), ("+44121496", 4), ("+44131496", 4)]
        [(99 - place / 100) % 5];
    // From the end: who searches begins at the beginning.
    format!("{stem}{:0digits$}", 99 - place % 100)
}

/// Organisations with money and agents, and their first admins.
pub async fn sign_up(owner: &Client, count: usize) -> Vec<Session> {
    let emails: Vec<String> = (0..count).map(|_| email("clinic")).collect();
    let people = "
        insert into auth.users (
            id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
        select gen_random_uuid(), 'authenticated', 'authenticated', e, now(), '{}', '{}', now(), now() from unnest($1::text[]) e";
    owner.execute(people, &[&emails]).await.expect("people sign up");
    let sql = "select id, email::text, (raw_app_meta_data ->> 'org_id')::uuid from auth.users where email = any ($1)";
    let mut sessions = Vec::new();
    for row in owner.query(sql, &[&emails]).await.expect("they have organisations") {
        let (user_id, email, org_id) = (row.get(0), row.get(1), row.get(2));
        let mut session = Session { token: String::new(), user_id, org_id, email };
        session.token = token(&session.claims(), std::time::Duration::from_secs(3600));
        sessions.push(session);
    }
    let orgs: Vec<Uuid> = sessions.iter().map(|session| session.org_id).collect();
    let money = "select private.add_credits(o, $2, 'topup', 'stripe:pi_' || o) from unnest($1::uuid[]) o";
    owner.query(money, &[&orgs, &PAID_IN]).await.expect("money");
    let agents = "insert into public.agents (org_id, name, direction) \
                  select o, d, d from unnest($1::uuid[]) o, unnest(array['inbound', 'outbound']) d";
    owner.execute(agents, &[&orgs]).await.expect("agents");
    sessions
}
