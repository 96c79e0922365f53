-- The prepaid engine: the ledger, holds on calls, prices, and what Stripe told us.

alter table public.credit_wallets
    add column suspended_by text check (suspended_by in ('debt', 'operator')),
    add column spent_month date check (extract(day from spent_month) = 1),
    add column spent_pence bigint not null default 0,
    add column last_entry_at timestamptz,
    add column recharge_failures integer not null default 0 check (recharge_failures >= 0),
    add column payment_method_at timestamptz,
    add column low_balance_told_at timestamptz,
    add constraint credit_wallets_suspended_by_someone check ((status = 'suspended') = (suspended_by is not null)),
    add constraint credit_wallets_last_entry_has_a_time check ((entry_count = 0) = (last_entry_at is null)),
    set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
create index credit_wallets_suspended_idx on public.credit_wallets (suspended_by) where status = 'suspended';
comment on column public.credit_wallets.held_pence is 'Σ reserved of active holds: money that calls under way may use.';
comment on column public.credit_wallets.capped_pence is
    'Σ cap of calls not known to have ended: the most they could still cost if nobody could reach the provider.';
comment on column public.credit_wallets.suspended_by is
    'Why no call may start: a debt, which a top-up above zero lifts, or an operator, who alone lifts it.';
comment on column public.credit_wallets.spent_pence is
    'What calls cost in spent_month (Europe/London), kept beside the balance so that the monthly cap costs no sum over the ledger.';
comment on column public.credit_wallets.last_entry_at is 'Time of the newest ledger row; the ledger''s time never goes back.';

-- The ledger outlives what it speaks of, so it references the organisation alone: calls are erased, what they cost is not.
create table public.credit_transactions (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    seq bigint not null check (seq > 0),
    amount_pence bigint not null check (amount_pence <> 0),
    type text not null check (type in ('topup', 'deduction', 'refund', 'bonus', 'adjustment')),
    description text not null check (length(description) between 1 and 500),
    stripe_payment_intent_id text check (length(stripe_payment_intent_id) <= 255),
    stripe_object_id text check (length(stripe_object_id) <= 255),
    call_id uuid,
    vapi_call_id text check (length(vapi_call_id) <= 255),
    idempotency_key text not null check (length(idempotency_key) between 1 and 300),
    balance_before_pence bigint not null,
    balance_after_pence bigint not null,
    entry_hash bytea not null check (octet_length(entry_hash) = 32),
    created_at timestamptz not null default now(),
    primary key (org_id, id),
    constraint credit_transactions_idempotency_key unique (org_id, idempotency_key),
    check (balance_after_pence = balance_before_pence + amount_pence),
    check (type <> 'topup' or amount_pence > 0),
    check (type <> 'bonus' or amount_pence > 0),
    check (type <> 'deduction' or amount_pence < 0)
);
create unique index idx_credit_txn_org_id on public.credit_transactions (org_id, seq);
create index idx_credit_txn_created_at on public.credit_transactions (org_id, created_at, seq);
create index idx_credit_txn_type on public.credit_transactions (org_id, type, seq);
create unique index idx_credit_txn_stripe_pi on public.credit_transactions (org_id, stripe_payment_intent_id)
    where stripe_payment_intent_id is not null;
create unique index credit_transactions_one_charge_a_call on public.credit_transactions (org_id, call_id)
    where type = 'deduction' and call_id is not null;
create index credit_transactions_call_id_idx on public.credit_transactions (org_id, call_id) where call_id is not null;
comment on table public.credit_transactions is
    'The ledger: every penny in and out, written once, each row chained to the one before by its hash.';
comment on column public.credit_transactions.entry_hash is
    'SHA-256 over the previous row''s hash and this row''s money columns: private.entry_hash() says in which order.';
comment on column public.credit_transactions.stripe_object_id is
    'The charge or dispute behind a refund row; the payment intent itself stands only on the row that credited it.';

create table public.credit_reservations (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    call_id uuid not null,
    vapi_call_id text check (length(vapi_call_id) <= 255),
    rate_pence_per_minute integer not null check (rate_pence_per_minute > 0),
    reserved_pence bigint not null check (reserved_pence >= 0),
    committed_pence bigint not null default 0 check (committed_pence >= 0),
    cap_pence bigint not null check (cap_pence >= 0),
    max_duration_seconds integer not null check (max_duration_seconds >= 0),
    status text not null check (status in ('active', 'committed', 'released', 'expired')),
    started_at timestamptz,
    paid_from timestamptz not null,
    hold_ends_at timestamptz not null,
    expires_at timestamptz not null,
    renewals integer not null default 0,
    warned_for timestamptz,
    evidence_rank smallint check (evidence_rank between 1 and 4),
    evidence_ended_at timestamptz,
    evidence_seconds bigint check (evidence_seconds between 0 and 10000000),
    ended_rank smallint check (ended_rank between 1 and 4),
    ended_at timestamptz,
    cap_released_at timestamptz,
    written_off_because text check (length(written_off_because) between 1 and 500),
    end_requested_at timestamptz,
    end_reason text check (end_reason ~ '^[a-z_]+$'),
    end_due_at timestamptz,
    end_issued_at timestamptz,
    next_poll_at timestamptz,
    polls integer not null default 0,
    postings integer not null default 0,
    created_at timestamptz not null default now(),
    settled_at timestamptz,
    primary key (org_id, id),
    unique (org_id, call_id),
    check ((status in ('committed', 'released')) = (settled_at is not null)),
    check ((evidence_rank is null) = (evidence_seconds is null)),
    check ((cap_released_at is null) = (evidence_rank is null and ended_rank is null and written_off_because is null)),
    check ((end_requested_at is null) = (end_reason is null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
create index credit_reservations_open_idx on public.credit_reservations (org_id, created_at, id)
    where status = 'active' or cap_released_at is null;
create index credit_reservations_hold_ends_idx on public.credit_reservations (hold_ends_at) where status = 'active';
create index credit_reservations_polling_idx on public.credit_reservations (next_poll_at) where next_poll_at is not null;
create index credit_reservations_settled_at_idx on public.credit_reservations (settled_at) where settled_at is not null;
create index credit_reservations_ended_idx on public.credit_reservations (end_requested_at)
    where end_requested_at is not null;
comment on table public.credit_reservations is
    'What is held for a call, the most it may cost, and what is known of its end. One row a call, kept as the call''s bill.';
comment on column public.credit_reservations.cap_pence is
    'The most the call can cost, enforced by the provider alone; counts until the call is known to have ended or is written off.';
comment on column public.credit_reservations.paid_from is 'From when on the hold is used up: admission, then the call''s start.';
comment on column public.credit_reservations.warned_for is 'The hold''s end that the caller was warned of: once for each.';
comment on column public.credit_reservations.evidence_rank is
    'How sure the best word on the call''s length is: 4 the end-of-call report, 3 the provider asked, 2 its last status, 1 a release.';
comment on column public.credit_reservations.ended_at is
    'The best word that named an end and no length; with started_at it is as good as one that did (private.settled_seconds).';
comment on column public.credit_reservations.end_due_at is 'When the order to hang up should have left at the latest; end_issued_at is when it had.';
comment on column public.credit_reservations.postings is 'How many ledger rows the call has.';

create table public.call_refusals (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    call_id uuid not null,
    reason text not null,
    balance_pence bigint not null,
    held_pence bigint not null,
    capped_pence bigint not null,
    created_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, call_id)
);
create index call_refusals_created_at_idx on public.call_refusals (org_id, created_at, id);
create index call_refusals_lately_idx on public.call_refusals (created_at);
comment on table public.call_refusals is 'Calls that were not let in, and why, with the money as it stood.';

create table private.refusal_reasons (
    reason text primary key check (reason ~ '^[a-z_]+$'),
    spoken text not null,
    told text not null,
    edited_at timestamptz
);
comment on table private.refusal_reasons is
    'Why a call may be refused: the sentence its caller hears, and the one the clinic reads.';

create table public.billing_rates (
    effective_from timestamptz primary key,
    pence_per_minute integer not null check (pence_per_minute between 1 and 10000),
    cap_slack_pence integer not null check (cap_slack_pence >= 0),
    edited_at timestamptz
);
comment on table public.billing_rates is 'What a minute costs, and since when. A call keeps the rate it was admitted at.';
comment on column public.billing_rates.cap_slack_pence is
    'How much of a call''s cap is left for the provider''s lateness in ending it.';

create table public.asset_prices (
    asset_type text not null check (asset_type ~ '^[a-z_]+$'),
    effective_from timestamptz not null,
    price_pence bigint not null check (price_pence >= 0),
    edited_at timestamptz,
    primary key (asset_type, effective_from)
);
comment on table public.asset_prices is 'What can be bought from the wallet besides minutes, for how much, and since when.';

create table public.vat_rates (
    effective_from timestamptz primary key,
    percent numeric(5, 2) not null check (percent between 0 and 100),
    edited_at timestamptz
);
comment on table public.vat_rates is 'The rate at which value added tax is contained in our prices, for statements.';

create table public.wallet_topups (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    amount_pence bigint not null check (amount_pence between 2500 and 500000),
    origin text not null check (origin in ('checkout', 'recharge')),
    return_path text not null,
    status text not null default 'new' check (status in ('new', 'open', 'credited', 'failed')),
    stripe_session_id text check (length(stripe_session_id) <= 255),
    stripe_payment_intent_id text check (length(stripe_payment_intent_id) <= 255),
    url text,
    effect_id uuid,
    idempotency_key text not null check (length(idempotency_key) between 1 and 300),
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, idempotency_key),
    unique (org_id, stripe_session_id)
);
create index wallet_topups_created_at_idx on public.wallet_topups (org_id, created_at, id);
create index wallet_topups_payment_intent_idx on public.wallet_topups (org_id, stripe_payment_intent_id)
    where stripe_payment_intent_id is not null;
comment on table public.wallet_topups is 'Checkouts that were begun, by a person or because a saved card needs its owner.';

create table public.wallet_recharges (
    org_id uuid not null references public.organizations (id),
    id uuid not null default gen_random_uuid(),
    amount_pence bigint not null check (amount_pence between 2500 and 500000),
    stripe_payment_method_id text not null,
    status text not null default 'pending' check (status in ('pending', 'succeeded', 'declined', 'needs_owner', 'failed')),
    stripe_payment_intent_id text check (length(stripe_payment_intent_id) <= 255),
    reason text,
    effect_id uuid,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    primary key (org_id, id),
    check ((status = 'pending') = (finished_at is null))
);
create unique index wallet_recharges_one_in_flight on public.wallet_recharges (org_id) where status = 'pending';
create index wallet_recharges_created_at_idx on public.wallet_recharges (org_id, created_at, id);
comment on table public.wallet_recharges is 'Charges of the saved card, at most one in flight an organisation.';

create table public.processed_stripe_webhooks (
    id uuid primary key default gen_random_uuid(),
    event_id text not null unique,
    event_type text not null,
    org_id uuid references public.organizations (id),
    status text not null check (status in ('processed', 'failed', 'duplicate')),
    received_at timestamptz not null default now(),
    processed_at timestamptz,
    error_message text,
    event_data jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index processed_stripe_webhooks_org_id_idx on public.processed_stripe_webhooks (org_id, received_at, id);
create index processed_stripe_webhooks_received_at_idx on public.processed_stripe_webhooks (received_at);
comment on table public.processed_stripe_webhooks is
    'Stripe''s events and what was made of them, 90 days; the ledger''s own keys guard for ever. A duplicate moved no money.';

create table private.stripe_payments (
    org_id uuid not null references public.organizations (id),
    stripe_payment_intent_id text not null,
    charge_id text,
    amount_pence bigint check (amount_pence >= 0),
    refunded_seen_pence bigint not null default 0 check (refunded_seen_pence >= 0),
    refunded_pence bigint not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, stripe_payment_intent_id)
);
comment on table private.stripe_payments is
    'Each payment and what of it went back: the largest total Stripe named, and what the ledger posted of it, failed refunds taken off.';

create table private.stripe_failed_refunds (
    org_id uuid not null,
    refund_id text not null,
    stripe_payment_intent_id text not null,
    amount_pence bigint not null check (amount_pence > 0),
    created_at timestamptz not null default now(),
    primary key (org_id, refund_id),
    foreign key (org_id, stripe_payment_intent_id) references private.stripe_payments (org_id, stripe_payment_intent_id)
);
create index stripe_failed_refunds_payment_idx on private.stripe_failed_refunds (org_id, stripe_payment_intent_id);
comment on table private.stripe_failed_refunds is 'Refunds that came back, each posted back once.';

create table private.stripe_disputes (
    org_id uuid not null,
    dispute_id text not null,
    stripe_payment_intent_id text not null,
    amount_pence bigint not null check (amount_pence >= 0),
    status text not null,
    reason text,
    withdrawn_at timestamptz,
    reinstated_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, dispute_id),
    foreign key (org_id, stripe_payment_intent_id) references private.stripe_payments (org_id, stripe_payment_intent_id)
);
create index stripe_disputes_payment_idx on private.stripe_disputes (org_id, stripe_payment_intent_id);
comment on table private.stripe_disputes is 'Disputes of payments. Only funds withdrawn and reinstated move money.';

create table private.call_lines (
    org_id uuid not null references public.organizations (id),
    call_id uuid not null,
    vapi_call_id text check (length(vapi_call_id) <= 255),
    control_url text check (control_url ~ '^https?://' and length(control_url) <= 1000),
    call_sid text check (length(call_sid) <= 64),
    updated_at timestamptz not null default now(),
    primary key (org_id, call_id)
);
comment on table private.call_lines is
    'How a call under way is reached. The control URL needs no key to end the call, so no client reads it.';

create table private.ledger_checks (
    org_id uuid not null references public.organizations (id) on delete cascade,
    check_name text not null,
    drift bigint not null,
    detail text,
    checked_at timestamptz not null,
    primary key (org_id, check_name)
);
comment on table private.ledger_checks is 'What the last nightly reconciliation found not to be zero; empty when all is well.';

create table private.sweep_rescues (
    id bigint generated always as identity primary key,
    org_id uuid not null references public.organizations (id) on delete cascade,
    call_id uuid,
    what text not null check (what ~ '^[a-z_]+$'),
    created_at timestamptz not null default now()
);
create index sweep_rescues_created_at_idx on private.sweep_rescues (created_at);
create index sweep_rescues_org_id_idx on private.sweep_rescues (org_id);
comment on table private.sweep_rescues is 'What the deadlines missed and the sweep found, kept 30 days.';

create type private.call_admission as (
    call_id uuid,
    allowed boolean,
    reason text,
    spoken text,
    held_pence bigint,
    cap_pence bigint,
    rate_pence_per_minute integer,
    hold_ends_at timestamptz,
    max_duration_seconds integer
);
comment on type private.call_admission is
    'Whether a call may start: for how long at most, and until when it is paid; or why not, and what its caller is told.';

create type private.call_settlement as (
    call_id uuid,
    outcome text,
    status text,
    charged_pence bigint,
    posted_pence bigint,
    released_pence bigint,
    balance_pence bigint,
    limit_exceeded boolean
);
comment on type private.call_settlement is
    'What word of a call''s end did: settled, corrected, unchanged, or pending while its length is unknown.';

create type private.webhook_verdict as (
    org_id uuid,
    status text,
    problem text,
    try_again boolean
);
comment on type private.webhook_verdict is
    'What became of a Stripe event: processed, duplicate (it moved no money), or failed and why; whether trying again may help.';

create type public.wallet_forecast as (
    days_counted integer,
    spent_pence bigint,
    pence_per_day bigint,
    days_left integer,
    runs_out_at timestamptz
);
comment on type public.wallet_forecast is 'How long the wallet lasts at the pace of the last 14 days.';

alter type public.wallet_state add attribute minutes_left integer;
alter type public.wallet_state add attribute rate_pence_per_minute integer;
alter type public.wallet_state add attribute capped_pence bigint;
alter type public.wallet_state add attribute calls_under_way integer;
alter type public.wallet_state add attribute max_concurrent_calls integer;
alter type public.wallet_state add attribute monthly_cap_pence bigint;
alter type public.wallet_state add attribute spent_this_month_pence bigint;
alter type public.wallet_state add attribute auto_recharge_threshold_pence bigint;
alter type public.wallet_state add attribute auto_recharge_amount_pence bigint;
alter type public.wallet_state add attribute auto_recharge_blocked_until timestamptz;
alter type public.wallet_state add attribute has_saved_card boolean;
alter type public.wallet_state add attribute forecast public.wallet_forecast;

create type public.wallet_transaction as (
    id uuid,
    seq bigint,
    type text,
    kind text,
    amount_pence bigint,
    balance_before_pence bigint,
    balance_after_pence bigint,
    description text,
    call_id uuid,
    vapi_call_id text,
    stripe_payment_intent_id text,
    stripe_object_id text,
    entry_hash text,
    created_at timestamptz
);
comment on type public.wallet_transaction is 'A row of the ledger as it is shown; kind says what it was about: private.entry_kind().';

create type public.wallet_transaction_page as (
    items public.wallet_transaction[],
    next_cursor text
);

create type public.wallet_statement_total as (
    kind text,
    entries bigint,
    gross_pence bigint
);

create type public.wallet_statement_vat as (
    kind text,
    percent numeric,
    gross_pence bigint,
    net_pence bigint,
    vat_pence bigint
);
comment on type public.wallet_statement_vat is 'What was used of one kind at one rate of tax, as positive amounts: net and tax make up gross.';

create type public.wallet_statement as (
    month text,
    starts_at timestamptz,
    ends_at timestamptz,
    is_final boolean,
    organization_name text,
    currency text,
    opening_pence bigint,
    lines public.wallet_transaction[],
    closing_pence bigint,
    totals public.wallet_statement_total[],
    vat public.wallet_statement_vat[],
    used_gross_pence bigint,
    used_net_pence bigint,
    used_vat_pence bigint
);
comment on type public.wallet_statement is 'A month of the wallet: opening, and the lines, make closing.';

create type public.call_refusal as (
    id uuid,
    call_id uuid,
    reason text,
    told text,
    balance_pence bigint,
    held_pence bigint,
    capped_pence bigint,
    created_at timestamptz
);

create type public.call_refusal_page as (
    items public.call_refusal[],
    next_cursor text
);

create table private.return_paths (
    path text primary key check (path ~ '^(/[a-z0-9-]+)+$'),
    edited_at timestamptz
);
comment on table private.return_paths is
    'Where Stripe''s page may lead back to: paths of the front end, and nothing else.';

create unique index wallet_topups_effect_idx on public.wallet_topups (org_id, effect_id) where effect_id is not null;
create index credit_wallets_blocked_recharge_idx on public.credit_wallets (recharge_blocked_until)
    where auto_recharge_enabled and recharge_blocked_until is not null;

create type public.checkout_session as (
    url text,
    session_id text
);
comment on type public.checkout_session is 'The page a top-up is paid on; both are NULL while Stripe has not made it yet.';

create type public.checkout_verification as (
    session_id text,
    status text,
    credited boolean,
    amount_pence bigint,
    transaction_id uuid,
    credited_at timestamptz
);
comment on type public.checkout_verification is 'Whether a checkout''s money is in the wallet, and as which row of the ledger.';

create type public.stripe_event_summary as (
    event_id text,
    event_type text,
    status text,
    error_message text,
    received_at timestamptz,
    processed_at timestamptz
);
comment on type public.stripe_event_summary is 'One of Stripe''s events and what was made of it.';

create type public.unmatched_payment as (
    stripe_payment_intent_id text,
    problem text,
    amount_pence bigint,
    at timestamptz
);
comment on type public.unmatched_payment is 'A credit no event speaks of, or a paid event without its credit.';

create type public.webhook_health as (
    processed bigint,
    failed bigint,
    duplicate bigint,
    last_event_at timestamptz,
    last_event_type text,
    credits bigint,
    credits_matched bigint,
    unmatched public.unmatched_payment[]
);
comment on type public.webhook_health is 'Stripe''s events of the last 90 days, and whether they and the ledger''s credits match.';
