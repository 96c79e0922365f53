begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.lived_in_wallet() as org, tests.lived_in_wallet() as other \gset

select tests.as_service();
select is(private.note_drift(:'org'), 0, 'nothing drifts');
select tests.as_owner();
select is_empty('select from private.ledger_checks', 'and so nothing is kept');

update public.credit_wallets set held_pence = 281, capped_pence = 0 where org_id = :'org';
select is(private.note_drift(:'org', now() + interval '1 second'), 2, 'two things drift');
select results_eq(
    'select org_id, check_name, drift, detail, checked_at from private.ledger_checks order by check_name',
    format($$ values (%1$L::uuid, 'capped', -560::bigint, 'expected 560, found 0', now() + interval '1 second'),
                     (%1$L, 'held', 1, 'expected 280, found 281', now() + interval '1 second') $$, :'org'),
    'they are kept, with what was expected and found');
select results_eq(
    format('select payload ->> ''text'' from private.effects where kind = ''slack.message'' and org_id = %L and payload ->> ''kind'' = ''ledger_drift''', :'org'),
    format($$ values ('The money does not add up: held, capped. First: expected 280, found 281. See docs/runbooks/money-drift.md. [organisation %s]') $$, :'org'),
    'and the operator is told');

update public.credit_wallets set capped_pence = 560 where org_id = :'org';
update public.credit_wallets set balance_pence = 0 where org_id = :'other';
select private.note_drift(:'other');
select private.note_drift(:'org', now() + interval '2 seconds');
select results_eq(
    format('select check_name, checked_at from private.ledger_checks where org_id = %L', :'org'),
    $$ values ('held', now() + interval '2 seconds') $$, 'what no longer drifts goes');
select isnt_empty(format('select from private.ledger_checks where org_id = %L', :'other'), 'and others'' stays');
select is(
    (select count(*) from private.effects where kind = 'slack.message' and org_id = :'org' and payload ->> 'kind' = 'ledger_drift'), 1::bigint,
    'the operator hears of one organisation at most once an hour');

update public.credit_wallets set held_pence = 280 where org_id = :'org';
select is(private.note_drift(:'org'), 0, 'mended, nothing is left to tell');

select * from finish();
rollback;
