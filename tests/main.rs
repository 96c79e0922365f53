//! One test binary. nextest gives every test a process of its own.

mod support;

mod billing {
    mod bad_input;
    mod bad_webhooks;
    pub mod books;
    mod call_ends;
    mod concurrency;
    mod confluence;
    mod deadlocks;
    mod effect_kinds;
    mod heads;
    mod ledger_docs;
    mod ledger_heads;
    mod ledger_support;
    mod live_calls;
    mod model;
    mod money;
    mod overdraft;
    pub mod payments_support;
    pub mod provider;
    mod recharge;
    mod reconcile;
    mod refunds;
    mod silent_calls;
    mod simulate;
    pub mod simulate_support;
    mod statements;
    mod stripe_client;
    mod stripe_executors;
    mod stripe_stand_in;
    mod stripe_stand_in_checkout;
    mod stripe_stand_in_events;
    mod stripe_stand_in_money;
    mod stripe_stand_in_shapes;
    mod stripe_stand_in_support;
    mod stripe_webhook_door;
    mod tampering;
    mod topup;
    mod wallet;
}

mod calls {
    mod agents;
    mod agents_support;
    mod agents_sync;
    mod analytics;
    mod any_order;
    mod captured;
    pub mod dashboard;
    mod kill_switch;
    mod line;
    pub mod line_support;
    mod line_trouble;
    mod messages;
    mod outbound;
    mod outbound_support;
    mod recordings;
    mod storm;
    mod tools;
}

mod clinic {
    mod booking;
    mod model;
}

mod contract {
    mod bad_tokens;
    mod door_query;
    mod openapi;
    mod readme;
    mod reference;
    mod schemathesis;
    mod sign_in;
    mod supabase_js;
    mod typescript_client;
}

mod crash {
    mod calls;
    mod consents;
    mod effects;
    mod numbers;
    mod payments;
    mod simulate;
}

mod platform {
    mod call_path;
    mod doctor;
    mod effects;
    mod effects_order;
    mod effects_sagas;
    pub mod effects_support;
    mod embedded;
    mod events;
    pub mod events_client;
    mod http;
    mod idempotency;
    mod migrate;
    mod operations;
    mod pooler;
    mod sandbox_executors;
    mod sandbox_inbox;
    mod sandbox_resend;
    mod sandbox_shapes;
    mod sandbox_sign_up;
    mod sandbox_slack;
    mod sandbox_support;
    mod sandbox_webhooks;
    mod telemetry;
    mod tls;
    mod upgrade;
    mod webhooks;
}

mod telephony {
    mod calendar_stand_in;
    mod caller_ids;
    mod consents;
    mod consents_refused;
    pub mod consents_support;
    mod executors_calls;
    mod executors_numbers;
    mod executors_refusals;
    mod executors_shapes;
    mod executors_support;
    mod executors_vapi;
    mod forwarding;
    mod integrations;
    mod numbers_api;
    mod oauth_stand_in;
    mod oauth_support;
    mod orphans;
    mod phones_support;
    mod player;
    mod player_faults;
    mod player_shapes;
    mod player_support;
    mod rotation;
    pub mod sagas;
    mod secrets;
    mod stand_in_shapes;
    mod twilio_stand_in;
    mod twilio_stand_in_calls;
    mod twilio_stand_in_faults;
    mod twilio_stand_in_messages;
    mod twilio_stand_in_refusals;
    mod twilio_stand_in_shapes;
    mod twilio_stand_in_support;
    mod vapi_stand_in;
    mod vapi_stand_in_assistants;
    mod vault;
    mod vault_support;
}

mod tenancy {
    mod api_keys;
    pub mod asks;
    mod audit;
    mod members;
    mod operations;
    mod patches;
    mod phone_targets;
    mod privacy;
    mod readiness;
    mod roles;
    pub mod secrets;
    mod standing;
}
