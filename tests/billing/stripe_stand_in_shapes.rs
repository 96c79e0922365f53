//! What the Stripe stand-in says against Stripe's official shapes, where those are at hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use voxanne::sandbox::stripe::{Card, Turn, VERSION, sign};

use super::stripe_stand_in_support::{Till, checkout, off_session};

fn provided(file: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/providers").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {file} is not there, so nothing is compared with it");
        return None;
    };
    Some(serde_json::from_str(&text).expect("JSON"))
}

struct Shapes {
    schemas: Value,
    known: BTreeMap<String, Validator>,
}

impl Shapes {
    fn at_hand() -> Option<Self> {
        let document = provided(&format!("stripe.openapi.{}.derived.json", VERSION.split('.').next().unwrap()))?;
        let versions = &document["components"]["schemas"]["WebhookEndpointCreateParams.ApiVersion"];
        assert!(versions.to_string().contains(VERSION), "the version is one of Stripe's");
        Some(Self { schemas: document["components"]["schemas"].clone(), known: BTreeMap::new() })
    }

    fn problems(&mut self, schema: &str, value: &Value) -> Vec<String> {
        let validator = self.known.entry(schema.to_owned()).or_insert_with(|| {
            assert!(self.schemas.get(schema).is_some(), "{schema} is not in the document");
            let whole =
                json!({ "$ref": format!("#/components/schemas/{schema}"), "components": { "schemas": self.schemas } });
            jsonschema::options().with_draft(Draft::Draft202012).build(&whole).expect("a schema that can be used")
        });
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect()
    }

    /// As the schema says, and without a field it does not know.
    #[track_caller]
    fn assert_fits(&mut self, schema: &str, value: &Value) {
        let problems = self.problems(schema, value);
        assert!(problems.is_empty(), "{value} is no {schema}: {problems:?}");
        let known = self.schemas[schema]["properties"].as_object().expect("properties");
        // The document was cut to cards and Link.
        let stranger = value
            .as_object()
            .expect("an object")
            .keys()
            .find(|name| !known.contains_key(*name) && *name != "bacs_debit");
        assert_eq!(stranger, None, "{schema} has no such field");
    }

    fn of_object(object: &Value) -> Option<&'static str> {
        Some(match object["object"].as_str()? {
            "customer" => "Customer",
            "checkout.session" => "Session",
            "payment_intent" => "PaymentIntent",
            "payment_method" => "PaymentMethod",
            "charge" => "Charge",
            "refund" => "Refund",
            "dispute" => "Dispute",
            _ => return None,
        })
    }
}

/// Everything that can happen, once.
async fn eventful() -> Till {
    let till = Till::open().await;
    let customer = till.customer().await;
    let stripe = till.stripe().clone();
    let first = till.paid(&customer, 5_000, Card::Visa).await;
    let method = till.field(&first, "payment_method");
    let refund = stripe.refund(&first, Some(1_000)).unwrap();
    stripe.fail_refund(refund["id"].as_str().unwrap()).unwrap();
    let dispute = stripe.dispute(&first, None).unwrap();
    stripe.win_dispute(dispute["id"].as_str().unwrap()).unwrap();
    let second = till.paid(&customer, 2_500, Card::AuthenticateAlways).await;
    let inquiry = stripe.inquire(&second, None).unwrap();
    stripe.turn_dispute(inquiry["id"].as_str().unwrap(), Turn::Escalate).unwrap();
    let given_up = till.session(&customer, 2_500).await;
    stripe.pay(&given_up, Card::Declined).unwrap();
    stripe.expire(&given_up).unwrap();
    for arrives in [true, false] {
        let form = format!("{}&allowed_payment_method_types[0]=bacs_debit", checkout(&customer, 2_500));
        let session = till.post("/v1/checkout/sessions", &form).await.id();
        stripe.pay_by_debit(&session).unwrap();
        stripe.settle_debit(&session, arrives).unwrap();
    }
    till.post(&format!("/v1/customers/{customer}"), "name=Anna").await.id();
    till.post("/v1/payment_intents", &off_session(&customer, &method, 3_000)).await.id();
    till.post(&format!("/v1/payment_methods/{method}/detach"), "").await.id();
    till
}

#[tokio::test]
async fn everything_the_stand_in_tells_has_the_official_shape() {
    let Some(mut shapes) = Shapes::at_hand() else { return };
    let till = eventful().await;
    let mut envelopes = BTreeSet::new();
    for event in till.stripe().events() {
        let object = &event["data"]["object"];
        let schema = Shapes::of_object(object).expect("a kind of object");
        shapes.assert_fits(schema, object);
        let kind = event["type"].as_str().unwrap();
        let words = kind.split(['.', '_']).map(|word| word[..1].to_uppercase() + &word[1..]);
        let envelope = words.collect::<String>() + "Event";
        let envelope = if shapes.schemas.get(&envelope).is_some() {
            envelopes.insert(kind.to_owned());
            envelope
        } else {
            "RefundUpdatedEvent".to_owned()
        };
        let known = shapes.problems(&envelope, &event);
        let wrong: Vec<_> = known.iter().filter(|_| envelopes.contains(kind)).collect();
        assert!(wrong.is_empty(), "{kind}: {wrong:?}");
    }
    let expected = [
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.refunded",
        "checkout.session.async_payment_failed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.completed",
        "checkout.session.expired",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.succeeded",
        "payment_method.detached",
        "refund.created",
        "refund.failed",
        "refund.updated",
    ];
    assert!(envelopes.iter().eq(expected), "{envelopes:?}");
}

#[tokio::test]
async fn answers_lists_and_errors_have_the_official_shape() {
    let Some(mut shapes) = Shapes::at_hand() else { return };
    let till = eventful().await;
    for path in ["customers", "checkout/sessions", "payment_intents", "charges", "refunds", "disputes"] {
        let list = till.get(&format!("/v1/{path}?limit=100")).await.body;
        assert_eq!((&list["object"], &list["has_more"]), (&"list".into(), &false.into()));
        for object in list["data"].as_array().unwrap() {
            let id = object["id"].as_str().unwrap();
            assert_eq!(till.get(&format!("/v1/{path}/{id}")).await.body, *object);
            shapes.assert_fits(Shapes::of_object(object).unwrap(), object);
        }
    }
    let session = till.stripe().sessions()[0]["id"].as_str().unwrap().to_owned();
    let with_items = till.get(&format!("/v1/checkout/sessions/{session}?expand[]=line_items")).await.body;
    shapes.assert_fits("Session", &with_items);
    assert_eq!(with_items["line_items"]["data"][0]["amount_total"], 5_000);

    let customer = till.customer().await;
    let method = till.field(&till.paid(&customer, 2_500, Card::DeclinesLater).await, "payment_method");
    let declined = till.post("/v1/payment_intents", &off_session(&customer, &method, 3_000)).await;
    shapes.assert_fits("error", &declined.body);
    for wrong in [till.get("/v1/nothing").await, till.post("/v1/refunds", "").await] {
        shapes.assert_fits("error", &wrong.body);
    }
}

#[test]
fn the_signature_vectors_are_ours_too() {
    let Some(vectors) = provided("signatures.json") else { return };
    let vectors = vectors["stripe"]["vectors"].as_array().expect("vectors");
    assert!(!vectors.is_empty());
    for vector in vectors {
        let text = |name: &str| vector[name].as_str().expect("text");
        let header = sign(text("secret"), vector["timestamp"].as_i64().expect("a time"), text("payload"));
        assert_eq!(header, text("header"));
    }
}

#[test]
fn a_shape_that_is_wrong_is_noticed() {
    let Some(mut shapes) = Shapes::at_hand() else { return };
    assert!(!shapes.problems("Refund", &json!({ "id": "re_1", "amount": "ten" })).is_empty());
    assert!(!shapes.problems("PaymentIntent", &json!({ "object": "charge" })).is_empty());
}
