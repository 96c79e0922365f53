//! Agents over HTTP, with Vapi's stand-in following.

use reqwest::Method;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;
use voxanne::sandbox::Fault;

use crate::{
    support::{Session, TestServer, eventually, eventually_some},
    tenancy::asks::{delete, get, id_of, patch, post, put, said},
};

const AGENTS: &str = "/api/agents";

struct Clinic {
    server: TestServer,
    admin: Session,
    owner: Client,
}

impl Clinic {
    async fn open() -> Self {
        let server = TestServer::start_with(&[("VAPI_WEBHOOK_SECRET", "shared-with-vapi")]).await;
        let admin = server.sign_up("Smile").await;
        let owner = server.db.superuser().await;
        let haste = "update private.effect_kinds set backoff_base_seconds = 0.02, backoff_cap_seconds = 0.05 \
                     where kind ~ '^vapi'";
        owner.batch_execute(haste).await.expect("haste");
        Self { server, admin, owner }
    }

    async fn make(&self, name: &str) -> Uuid {
        let made = post(&self.server, &self.admin, AGENTS, json!({ "name": name, "direction": "inbound" })).await;
        assert_eq!(made.status, 201, "{}", made.text);
        id_of(&made.good())
    }

    async fn agent(&self, id: Uuid) -> Value {
        get(&self.server, &self.admin, &format!("{AGENTS}/{id}")).await.good()
    }

    async fn change(&self, id: Uuid, change: Value) -> Value {
        patch(&self.server, &self.admin, &format!("{AGENTS}/{id}"), change).await.good()
    }

    /// The agent once Vapi has its newest version, and its tools as far as `status` says.
    async fn followed(&self, id: Uuid, status: &str) -> Value {
        eventually_some(&format!("an agent that is {status}"), async || {
            let agent = self.agent(id).await;
            (agent["synced_version"] == agent["version"] && agent["tools_status"] == status).then_some(agent)
        })
        .await
    }

    fn assistant(&self, agent: &Value) -> Value {
        let assistants = self.server.sandbox.vapi.assistants();
        let found = assistants.into_iter().find(|assistant| assistant["id"] == agent["vapi_assistant_id"]);
        found.unwrap_or_else(|| panic!("no assistant: {agent}"))
    }

    /// The names of the tools that an assistant has.
    fn linked(&self, agent: &Value) -> Vec<String> {
        let tools = self.server.sandbox.vapi.tools();
        let ids = self.assistant(agent)["model"]["toolIds"].clone();
        let name = |id: &Value| {
            let tool = tools.iter().find(|tool| tool["id"] == *id).unwrap_or_else(|| panic!("no tool {id}"));
            tool["function"]["name"].as_str().expect("a name").to_owned()
        };
        let mut names: Vec<String> = ids.as_array().expect("ids").iter().map(name).collect();
        names.sort();
        names
    }

    async fn definitions(&self) -> Vec<String> {
        let sql = "select array_agg(name order by name collate \"C\") from public.tool_definitions";
        self.owner.query_one(sql, &[]).await.expect("definitions").get(0)
    }
}

#[tokio::test]
async fn an_agent_is_there_at_once_and_vapi_follows() {
    let clinic = Clinic::open().await;
    let id = clinic.make("Front desk").await;
    let agent = clinic.followed(id, "linked").await;
    assert_eq!(clinic.linked(&agent), clinic.definitions().await);
    let assistant = clinic.assistant(&agent);
    assert_eq!(assistant["name"], format!("voxanne:{}", id.simple()));
    assert_eq!(assistant["server"]["headers"]["x-vapi-secret"], "shared-with-vapi");
    assert!(assistant["server"]["url"].as_str().is_some_and(|url| url.ends_with("/api/vapi/webhook")), "{assistant}");
    assert_eq!(assistant["metadata"]["agent_id"], json!(id));

    let changed = clinic.change(id, json!({ "first_message": "Good morning.", "max_call_seconds": 120 })).await;
    assert_eq!(
        (&changed["version"], &changed["tools_status"]),
        (&json!(2), &json!("pending")),
        "the answer waits for nobody"
    );
    let agent = clinic.followed(id, "linked").await;
    assert_eq!(clinic.assistant(&agent)["firstMessage"], "Good morning.");
    assert_eq!(clinic.assistant(&agent)["maxDurationSeconds"], 120);

    let versions = get(&clinic.server, &clinic.admin, &format!("{AGENTS}/{id}/versions")).await.good();
    assert_eq!((&versions[0]["version"], &versions[0]["settings"]["max_call_seconds"]), (&json!(1), &json!(600)));
    assert_eq!(versions[0]["saved_by"], json!(clinic.admin.user_id));
    let rollback = format!("{AGENTS}/{id}/rollback");
    let back = post(&clinic.server, &clinic.admin, &rollback, json!({ "version": 1 })).await.good();
    assert_eq!((&back["version"], &back["first_message"]), (&json!(3), &Value::Null));
    let agent = clinic.followed(id, "linked").await;
    assert_eq!(clinic.assistant(&agent)["maxDurationSeconds"], 600);
    assert!(clinic.assistant(&agent)["firstMessage"].is_null());
    assert_eq!(clinic.server.sandbox.vapi.assistants().len(), 1);

    let gone = delete(&clinic.server, &clinic.admin, &format!("{AGENTS}/{id}")).await.good();
    assert_eq!(gone["is_active"], false);
    eventually("the assistant goes, too", async || clinic.server.sandbox.vapi.assistants().is_empty()).await;
    get(&clinic.server, &clinic.admin, &format!("{AGENTS}/{id}")).await.is(404, "agent_not_found");
}

#[tokio::test]
async fn who_changes_what_somebody_else_changed_is_told() {
    let clinic = Clinic::open().await;
    let id = clinic.make("Front desk").await;
    let path = format!("{AGENTS}/{id}");
    let request = |tag: &str, name: &str| {
        let request = clinic.server.request(Method::PATCH, &path, Some(&clinic.admin)).header("if-match", tag);
        said(request.json(&json!({ "name": name })))
    };
    assert_eq!(request("\"1\"", "Mine").await.good()["version"], 2);
    request("\"1\"", "Yours").await.is(409, "agent_changed");
    request("1", "Yours").await.is(409, "agent_changed");
    assert_eq!(request("*", "Theirs").await.good()["version"], 3);
    assert_eq!(request("W/\"3\"", "Ours").await.good()["version"], 4);
    request("yesterday", "Yours").await.is(422, "invalid_value");
}

#[tokio::test]
async fn a_failed_link_fails_no_save_shows_and_is_made_up_for() {
    let clinic = Clinic::open().await;
    let vapi = &clinic.server.sandbox.vapi;
    vapi.faults().add(Fault::error(503).matching("/assistant"));
    let id = clinic.make("Front desk").await;
    let failed = eventually_some("it shows", async || {
        let agent = clinic.agent(id).await;
        (agent["tools_status"] == "failed").then_some(agent)
    })
    .await;
    assert!(failed["sync_error"].as_str().is_some_and(|error| error.starts_with("Vapi answered 503")), "{failed}");
    assert_eq!(clinic.change(id, json!({ "name": "Reception" })).await["version"], 2);
    vapi.faults().clear();
    // What the hour does.
    eventually("it is made up for", async || {
        clinic.owner.execute("select private.retry_agents()", &[]).await.expect("the hour");
        let agent = clinic.agent(id).await;
        agent["tools_status"] == "linked" && agent["sync_error"].is_null() && agent["synced_version"] == 2
    })
    .await;
    assert_eq!(vapi.assistants().len(), 1);
}

#[tokio::test]
async fn a_new_definition_is_registered_and_everybody_linked_to_it() {
    let clinic = Clinic::open().await;
    let ids = [clinic.make("Front desk").await, clinic.make("Back office").await];
    let other = clinic.server.sign_up("Grin").await;
    post(&clinic.server, &other, AGENTS, json!({ "name": "Desk", "direction": "inbound" })).await.good();
    for id in ids {
        clinic.followed(id, "linked").await;
    }
    let vapi = &clinic.server.sandbox.vapi;
    let before = vapi.tools();
    let definition = "update public.tool_definitions set description = 'Says good-bye.' where name = 'endCall'";
    clinic.owner.execute(definition, &[]).await.expect("a new release");
    clinic.owner.execute("select private.keep_tools()", &[]).await.expect("the minute");

    eventually("everybody has the new one", async || {
        let tools = vapi.tools();
        let Some(new) = tools.iter().find(|tool| tool["function"]["description"] == "Says good-bye.") else {
            return false;
        };
        let has_it = |assistant: &Value| {
            assistant["model"]["toolIds"]
                .as_array()
                .is_some_and(|ids| ids.len() == before.len() && ids.contains(&new["id"]))
        };
        let assistants = vapi.assistants();
        assistants.len() == 3 && assistants.iter().all(has_it)
    })
    .await;
    assert_eq!(vapi.tools().len(), before.len() + 1, "calls that began with the old one go on with it");
    let later =
        "update private.tool_registrations set updated_at = updated_at - interval '13 hours' where state = 'retired'";
    clinic.owner.execute(later, &[]).await.expect("thirteen hours");
    eventually("the old one goes when no call can be using it", async || {
        clinic.owner.execute("select private.drop_old_tools()", &[]).await.expect("the hour");
        vapi.tools().len() == before.len()
    })
    .await;
    for id in ids {
        let agent = clinic.followed(id, "linked").await;
        assert_eq!(clinic.linked(&agent), clinic.definitions().await);
    }
}

#[tokio::test]
async fn an_organisation_says_which_tools_its_agents_use() {
    let clinic = Clinic::open().await;
    let id = clinic.make("Front desk").await;
    clinic.followed(id, "linked").await;
    let tools = format!("{AGENTS}/tools");
    let all = get(&clinic.server, &clinic.admin, &tools).await.good();
    assert!(all.as_array().expect("tools").iter().all(|tool| tool["status"] == "linked"), "{all}");
    let (server, admin) = (&clinic.server, &clinic.admin);
    let set = |name: &str, wish: Value| {
        let path = format!("{tools}/{name}");
        async move { put(server, admin, &path, wish).await }
    };
    assert_eq!(set("transferCall", json!({ "enabled": false })).await.good()["status"], "unused");
    set("nothing", json!({ "enabled": false })).await.is(404, "tool_not_found");
    eventually("it is unlinked", async || {
        let agent = clinic.agent(id).await;
        agent["tools_status"] == "linked" && !clinic.linked(&agent).contains(&"transferCall".to_owned())
    })
    .await;
}

#[tokio::test]
async fn voices_and_settings_are_there_for_whoever_may() {
    let clinic = Clinic::open().await;
    let voices = get(&clinic.server, &clinic.admin, "/api/voices?provider=vapi").await.good();
    assert!(voices.as_array().is_some_and(|voices| voices.len() > 5), "{voices}");
    let (server, admin) = (&clinic.server, &clinic.admin);
    let listen = |voice: &str| {
        let wish = json!({ "provider": "vapi", "voice_id": voice });
        async move { post(server, admin, "/api/voice-preview", wish).await }
    };
    assert!(listen("Clara").await.good()["preview_url"].as_str().is_some_and(|url| url.starts_with("https://")));
    listen("Rohan").await.is(409, "voice_preview_unavailable");
    listen("Nobody").await.is(404, "voice_not_found");

    let settings = format!("{AGENTS}/call-settings");
    let usual = get(&clinic.server, &clinic.admin, &settings).await.good();
    assert_eq!((&usual["redact_identifiers"], &usual["redact_health"]), (&json!(true), &json!(false)));
    let changed = patch(&clinic.server, &clinic.admin, &settings, json!({ "redact_health": true })).await.good();
    assert_eq!((&changed["redact_identifiers"], &changed["redact_health"]), (&json!(true), &json!(true)));
    let nonsense = json!({ "calling_hours": { "mon": [["20:00", "08:00"]] } });
    patch(&clinic.server, &clinic.admin, &settings, nonsense).await.is(422, "invalid_value");
    let unknown = json!({ "name": "A", "direction": "inbound", "vapi_api_key": "theirs" });
    let refused = post(&clinic.server, &clinic.admin, AGENTS, unknown).await;
    assert_eq!(refused.status, 400, "nobody brings keys of their own: {}", refused.text);
}
