begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(5000) as org \gset
select tests.call_of(:'org', 1) as call, tests.call_of(:'org', 2) as charged \gset
select private.reserve_call_credits(:'org', tests.call_of(:'org', n), p_now => :'t') from generate_series(1, 2) n;

select * from private.release_reserved_credits(:'call', 'nobody answered', p_now => :'t') \gset
select is(format('%s %s %s %s', :'outcome', :'status', :'charged_pence', :'released_pence'), 'settled released 0 280', 'a call that never came about gives its hold back');
select is((tests.wallet(:'org')).held_pence, 280::bigint, 'the wallet holds the other call''s');
select is((tests.wallet(:'org')).capped_pence, 560::bigint, 'and caps it alone');
select is((tests.wallet(:'org')).balance_pence, 5000::bigint, 'no money moves');
select is((select payload ->> 'reason' from private.events where org_id = :'org' and kind = 'call.released'), 'nobody answered', 'why is told to the screens');
select is((private.release_reserved_credits(:'call', 'again', p_now => :'t')).outcome, 'unchanged', 'again it changes nothing');
select is((tests.wallet(:'org')).held_pence, 280::bigint, 'nor gives back twice');

select is((private.commit_reserved_credits(:'call', 120, 'status', '2026-11-02 12:02+00', '2026-11-02 12:03+00')).outcome, 'corrected', 'a release is no end: better word still charges');
select is((tests.bill(:'call')).status, 'committed', 'the call is committed after all');
select results_eq(format('select type, amount_pence from public.credit_transactions where call_id = %L', :'call'), $$ values ('deduction', -112::bigint) $$, 'by its one deduction');
select private.commit_reserved_credits(:'charged', 120, 'status', p_now => :'t');
select is((private.release_reserved_credits(:'charged', 'too late', p_now => :'t')).charged_pence, 112::bigint, 'a release gives nothing back that better word has charged');
select is((private.release_reserved_credits(:'charged', 'the report said so', 'report', :'t')).posted_pence, -112::bigint, 'unless it comes from a surer source');
select tests.throws_code(format('select private.release_reserved_credits(%L, %L, %L)', :'charged', 'x', 'rumour'), 'unknown_source', 'a rumour is none');

select * from finish();
rollback;
