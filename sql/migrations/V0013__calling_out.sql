-- What calling out and writing to somebody answer.

create type public.placed_call as (
    "callId" uuid,
    "vapiCallId" text,
    phone text,
    status text
);
comment on type public.placed_call is 'A call we placed: initiated, once the provider has it.';

create type public.sent_followup as (
    success boolean,
    "messageId" uuid,
    phone text
);
comment on type public.sent_followup is 'A text message that is on its way to whoever called.';

create type public.shared_recording as (
    success boolean,
    email text
);
comment on type public.shared_recording is 'Where a link to a recording was sent.';

alter table private.email_settings
    add column api_url text not null default 'http://localhost:3001' check (api_url ~ '^https?://[^/]+(/.*[^/])?$');
comment on column private.email_settings.api_url is 'Where links to this server itself lead, such as those to a recording.';

create index messages_effect_idx on public.messages (org_id, effect_id) where effect_id is not null;
