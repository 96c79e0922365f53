//! One test binary. nextest gives every test a process of its own.

mod support;

mod contract {
    mod bad_tokens;
    mod supabase_js;
    mod openapi;
}

mod crash {}

mod platform {
    mod events;
    mod idempotency;
    mod webhooks;
    mod call_path;
    mod effects;
    mod effects_order;
    mod effects_sagas;
    mod effects_support;
    mod embedded;
    mod http;
    mod pooler;
    mod sandbox_executors;
    mod sandbox_inbox;
    mod sandbox_resend;
    mod sandbox_shapes;
    mod sandbox_sign_up;
    mod sandbox_slack;
    mod sandbox_support;
    mod sandbox_webhooks;
}

mod tenancy {}
