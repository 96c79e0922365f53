//! Whether everybody who keeps books of an organisation's numbers says the same.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;
use voxanne::sandbox::{Sandbox, twilio::Books};

/// What the database says of each organisation.
const OURS: &str = "
    select o.id, jsonb_build_object(
        'balance', w.balance_pence,
        'drift', (select count(*) from private.reconcile_wallet(o.id) r where r.drift <> 0),
        'unfinished', (select count(*) from private.sagas s where s.org_id = o.id and s.finished_at is null),
        'waiting', (select count(*) from private.effects e where e.org_id = o.id and exists (
            select from private.saga_steps s where e.kind in (s.effect_kind, s.undo_effect_kind))),
        'numbers', (select coalesce(jsonb_agg(to_jsonb(n)), '[]') from public.managed_phone_numbers n where n.org_id = o.id),
        'credentials', (
            select coalesce(jsonb_agg(to_jsonb(c) - 'encrypted_config' || jsonb_build_object('sealed', c.encrypted_config is not null)), '[]')
            from private.org_credentials c where c.org_id = o.id and c.provider = 'twilio'),
        'rings', (
            select coalesce(jsonb_agg(m.phone_number || ' → ' || a.direction), '[]') from public.phone_number_mapping m
            left join public.agents a on a.org_id = m.org_id and a.id = m.agent_id where m.org_id = o.id),
        'calls', (
            select coalesce(jsonb_agg(a.direction || ': ' || a.vapi_phone_number_id), '[]') from public.agents a
            where a.org_id = o.id and a.vapi_phone_number_id is not null),
        'paid', (select count(*) from public.credit_transactions t where t.org_id = o.id and t.idempotency_key like 'managed_number:%'),
        'paid_back', (select count(*) from public.credit_transactions t where t.org_id = o.id and t.type = 'refund'),
        'subaccount', (select s.subaccount_sid from private.twilio_subaccounts s where s.org_id = o.id),
        'mode', o.telephony_mode)
    from public.organizations o join public.credit_wallets w on w.org_id = o.id";

/// What a number costs.
const PRICE: i64 = 1_000;

/// An organisation's books, and everybody else's.
struct View<'a> {
    org: Uuid,
    ours: Value,
    twilio: &'a Books,
    numbers: &'a [Value],
    credentials: &'a [Value],
    found: Vec<String>,
}

/// Everything that two of the books say differently. Each organisation paid in so much, and nothing else moved its money.
pub async fn agree(owner: &Client, sandbox: &Sandbox, paid_in: i64) -> Vec<(Uuid, String)> {
    let (twilio, numbers, credentials) =
        (sandbox.twilio.books(), sandbox.vapi.phone_numbers(), sandbox.vapi.credentials());
    let mut found = Vec::new();
    let mut accounts = HashSet::new();
    for row in owner.query(OURS, &[]).await.expect("the books") {
        let (twilio, numbers, credentials) = (&twilio, numbers.as_slice(), credentials.as_slice());
        let mut view = View { org: row.get(0), ours: row.get(1), twilio, numbers, credentials, found: Vec::new() };
        view.compare(paid_in);
        accounts.extend(view.accounts());
        found.extend(view.found.into_iter().map(|what| (view.org, what)));
    }
    for number in numbers.iter().filter(|number| !accounts.contains(text(number, "twilioAccountSid"))) {
        found.push((Uuid::nil(), format!("Vapi has a number of nobody's: {number}")));
    }
    let strays = twilio.numbers().into_iter().filter(|(account, _)| !accounts.contains(*account));
    found.extend(strays.map(|(account, number)| (Uuid::nil(), format!("{account} has a number: {number:?}"))));
    found
}

fn text<'a>(of: &'a Value, field: &str) -> &'a str {
    of[field].as_str().unwrap_or_default()
}

/// The name of a thing of ours, as short as Vapi has it.
fn short(id: &str) -> String {
    format!("voxanne:{}", id.replace('-', ""))
}

impl View<'_> {
    /// At Twilio: our subaccounts for it, and the account it brought.
    fn accounts(&self) -> Vec<String> {
        let [ours, own] = ["voxanne", "own"].map(|whose| self.twilio.named(&format!("{whose}:{}", self.org)));
        ours.into_iter().chain(own).map(|account| account.sid.clone()).collect()
    }

    fn rows(&self, of: &str, fits: impl Fn(&Value) -> bool) -> Vec<Value> {
        self.ours[of].as_array().into_iter().flatten().filter(|row| fits(row)).cloned().collect()
    }

    fn same<T: Ord + std::fmt::Debug>(
        &mut self,
        what: &str,
        expected: impl IntoIterator<Item = T>,
        found: impl IntoIterator<Item = T>,
    ) {
        let (expected, found): (Vec<T>, Vec<T>) = (expected.into_iter().collect(), found.into_iter().collect());
        let [wanted, had] = [&expected, &found].map(|all| all.iter().collect::<BTreeSet<_>>());
        if wanted != had || expected.len() != found.len() {
            let mode = &self.ours["mode"];
            self.found.push(format!("{what}: {found:?}, where {expected:?} should be (mode {mode})"));
        }
    }

    fn compare(&mut self, paid_in: i64) {
        let live = self.rows("numbers", |row| row["status"] == "active");
        let own = self.rows("credentials", |row| row["type"] == "default");
        for count in ["unfinished", "waiting", "drift"] {
            self.same(count, [0], [self.ours[count].as_i64().unwrap_or(-1)]);
        }
        self.money(paid_in);
        self.here(&live, &own);
        self.at_twilio(&live);
        self.at_vapi(&live, &own);
    }

    /// Paid once for what it has or gave back, and not for what could not be had.
    fn money(&mut self, paid_in: i64) {
        let had = self.rows("numbers", |row| matches!(text(row, "status"), "active" | "released"));
        let failed = self.rows("numbers", |row| row["status"] == "failed");
        let all = self.rows("numbers", |_| true);
        self.same("numbers on their way", [all.len()], [had.len() + failed.len()]);
        self.same("pence", [paid_in - PRICE * had.len() as i64], [self.ours["balance"].as_i64().unwrap_or(-1)]);
        self.same("payments", [all.len() as i64], [self.ours["paid"].as_i64().unwrap_or(-1)]);
        self.same("refunds", [failed.len() as i64], [self.ours["paid_back"].as_i64().unwrap_or(-1)]);
    }

    /// Credentials, mapping and agents follow from the numbers that live.
    fn here(&mut self, live: &[Value], own: &[Value]) {
        let credential = |row: &Value, kind: &str, account: &str| {
            let ids = [kind, text(row, "phone_number"), text(row, "vapi_phone_id"), text(row, account)];
            format!("{} active:{} sealed:{}", ids.join(" "), row["is_active"] != false, kind == "default")
        };
        let expected: Vec<String> = (live
            .iter()
            .map(|row| credential(row, text(row, "routing_direction"), "subaccount_sid")))
        .chain(own.iter().map(|row| credential(row, "default", "account_sid").replace("active:false", "active:true")))
        .collect();
        let found: Vec<String> = self
            .rows("credentials", |_| true)
            .iter()
            .map(|row| {
                let line = credential(row, text(row, "type"), "account_sid");
                if row["sealed"] == (row["type"] == "default") { line } else { format!("{line} (not so)") }
            })
            .collect();
        self.same("credentials", expected, found);

        let rings = live.iter().filter(|row| row["routing_direction"] == "inbound").chain(own);
        let rings: Vec<String> = rings.map(|row| format!("{} → inbound", text(row, "phone_number"))).collect();
        let found: Vec<String> =
            self.rows("rings", |_| true).iter().map(|row| row.as_str().unwrap_or("nobody").into()).collect();
        self.same("mapping", rings, found);
        let calls = live.iter().filter(|row| row["routing_direction"] == "outbound").chain(own);
        let calls: Vec<String> = calls.map(|row| format!("outbound: {}", text(row, "vapi_phone_id"))).collect();
        let found: Vec<String> =
            self.rows("calls", |_| true).iter().map(|row| row.as_str().unwrap_or_default().into()).collect();
        self.same("agents", calls, found);
        if !own.is_empty() && self.ours["mode"] != "byoc" || own.is_empty() && self.ours["mode"] == "byoc" {
            self.found.push(format!("mode {} with {} accounts of its own", self.ours["mode"], own.len()));
        }
    }

    fn at_twilio(&mut self, live: &[Value]) {
        let accounts = self.twilio.named(&format!("voxanne:{}", self.org));
        let line = |sid: &str, phone: &str, name: &str, account: &str| format!("{sid} {phone} {name} in {account}");
        let found: Vec<String> = accounts
            .iter()
            .flat_map(|account| {
                account.numbers.iter().map(|one| line(&one.sid, &one.phone_number, &one.friendly_name, &account.sid))
            })
            .collect();
        let expected: Vec<String> = live
            .iter()
            .map(|row| {
                let name = format!("voxanne:{}", text(row, "id"));
                line(text(row, "twilio_sid"), text(row, "phone_number"), &name, text(row, "subaccount_sid"))
            })
            .collect();
        let subaccounts: Vec<String> = accounts.iter().map(|account| account.sid.clone()).collect();
        self.same("Twilio's numbers", expected, found);
        match self.ours["subaccount"].as_str().map(str::to_owned) {
            Some(known) => self.same("Twilio's subaccounts", [known], subaccounts),
            None if subaccounts.len() > 1 => {
                self.found.push(format!("subaccounts that we do not know: {subaccounts:?}"))
            }
            None => {}
        }
    }

    fn at_vapi(&mut self, live: &[Value], own: &[Value]) {
        let accounts = self.accounts();
        let ours = |row: &&Value, account: &str| accounts.iter().any(|sid| row[account] == sid.as_str());
        let line = |id: &str, phone: &str, name: &str, asks: bool| format!("{id} {phone} {name} asks us: {asks}");
        let found: Vec<String> = (self.numbers.iter().filter(|row| ours(row, "twilioAccountSid")))
            .map(|row| {
                let asks = text(&row["server"], "url").ends_with("/api/vapi/webhook");
                line(text(row, "id"), text(row, "number"), text(row, "name"), asks)
            })
            .collect();
        let expected: Vec<String> = (live.iter().chain(own))
            .map(|row| {
                let asks = row["routing_direction"] != "outbound";
                line(text(row, "vapi_phone_id"), text(row, "phone_number"), &short(text(row, "id")), asks)
            })
            .collect();
        let keys: Vec<String> = (self.credentials.iter().filter(|row| ours(row, "accountSid")))
            .map(|row| format!("{} {}", text(row, "id"), text(row, "name")))
            .collect();
        let held: Vec<String> =
            own.iter().map(|row| format!("{} {}", text(row, "vapi_credential_id"), short(text(row, "id")))).collect();
        self.same("Vapi's numbers", expected, found);
        self.same("Vapi's credentials", held, keys);
    }
}
