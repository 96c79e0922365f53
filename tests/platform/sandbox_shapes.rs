//! The stand-ins and our clients against the providers' official shapes, where those are at hand.

use std::path::PathBuf;

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use voxanne::effects::Executor;

use super::{
    sandbox_executors::{alert, email, resend, slack},
    sandbox_support::{Receiver, get, letter, post, sandbox},
};

struct Document {
    schemas: Value,
    webhooks: Value,
}

/// None when the official documents are not beside the project, which is said aloud.
fn official(file: &str) -> Option<Document> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/providers").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {file} is not there, so nothing is compared with it");
        return None;
    };
    let document: Value = serde_json::from_str(&text).expect("an OpenAPI document");
    Some(Document { schemas: document["components"]["schemas"].clone(), webhooks: document["webhooks"].clone() })
}

impl Document {
    fn validator(&self, schema: &str) -> Validator {
        assert!(self.schemas.get(schema).is_some(), "{schema} is not in the document");
        let whole =
            json!({ "$ref": format!("#/components/schemas/{schema}"), "components": { "schemas": self.schemas } });
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&whole)
            .expect("a schema that can be used")
    }

    #[track_caller]
    fn assert_fits(&self, schema: &str, value: &Value) {
        let problems: Vec<_> = self
            .validator(schema)
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path))
            .collect();
        assert!(problems.is_empty(), "{value} is no {schema}: {problems:?}");
    }

    /// The schema of a webhook, by the event's type.
    fn webhook_schema(&self, kind: &str) -> String {
        let reference = &self.webhooks[kind]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        reference.as_str().and_then(|path| path.rsplit('/').next()).expect("a schema for the event").to_owned()
    }
}

#[tokio::test]
async fn the_resend_stand_in_answers_in_the_official_shapes() {
    let Some(document) = official("resend.openapi.trimmed.json") else { return };
    let sandbox = sandbox().await;
    let mut full = letter("anna@clinic.test");
    full["cc"] = json!("ben@clinic.test");
    full["reply_to"] = json!(["desk@clinic.test"]);
    let (_, taken) = post(&sandbox, "/emails", None, &full).await;
    document.assert_fits("SendEmailResponse", &taken);
    let (_, read) = get(&sandbox, &format!("/emails/{}", taken["id"].as_str().unwrap())).await;
    document.assert_fits("Email", &read);
    let bare = json!({ "from": "a@voxanne.test", "to": "c@clinic.test", "subject": "Hi", "text": "Hi" });
    let (_, batch) = post(&sandbox, "/emails/batch", None, &json!([bare])).await;
    document.assert_fits("CreateBatchEmailsResponse", &batch);
    let (_, list) = get(&sandbox, "/emails").await;
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    document.assert_fits("ListEmailsResponse", &list);
}

#[tokio::test]
async fn the_resend_stand_ins_webhooks_have_the_official_shapes() {
    let Some(document) = official("resend.openapi.trimmed.json") else { return };
    let sandbox = sandbox().await;
    let receiver = Receiver::start(&[]).await;
    sandbox.resend.send_webhooks_to(&receiver.url);
    let mut expected = 0;
    for (to, events) in
        [("anna@clinic.test", 2), ("bounced@resend.dev", 2), ("complained@resend.dev", 3), ("suppressed@resend.dev", 1)]
    {
        let mut body = letter(to);
        body["tags"] = json!([{ "name": "template", "value": "welcome" }]);
        body["headers"] = json!({ "X-Entity-Ref-ID": "1" });
        post(&sandbox, "/emails", None, &body).await;
        expected += events;
    }
    let received = receiver.at_least(expected).await;
    for one in &received {
        document.assert_fits(&document.webhook_schema(&one.kind()), &one.json());
    }
    let kinds: std::collections::BTreeSet<_> = receiver.kinds().into_iter().collect();
    let all = ["email.bounced", "email.complained", "email.delivered", "email.sent", "email.suppressed"];
    assert!(kinds.iter().eq(all), "{kinds:?}");
}

#[tokio::test]
async fn our_clients_ask_in_the_official_shapes() {
    let sandbox = sandbox().await;
    resend(&sandbox).run(&email()).await;
    slack(&sandbox).run(&alert()).await;
    if let Some(document) = official("resend.openapi.trimmed.json") {
        let asked = sandbox.resend.log().all().remove(0);
        document.assert_fits("SendEmailRequest", &asked.json());
        assert!(asked.header("idempotency-key").is_some_and(|key| key.len() <= 256));
    }
    if let Some(document) = official("slack.incoming-webhook.openapi.json") {
        document.assert_fits("IncomingWebhookPayload", &sandbox.slack.log().all()[0].json());
    }
}

#[test]
fn a_shape_that_is_wrong_is_noticed() {
    let Some(document) = official("resend.openapi.trimmed.json") else { return };
    let wrong = json!({ "type": "email.sent", "created_at": "yesterday", "data": { "email_id": 7 } });
    assert!(document.validator("EmailSentEvent").iter_errors(&wrong).count() >= 2);
    assert!(!document.validator("Email").is_valid(&json!({ "last_event": "lost in the post" })));
}
