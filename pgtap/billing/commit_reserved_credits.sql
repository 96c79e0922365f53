begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(35);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(50000) as org \gset
select private.reserve_call_credits(:'org', tests.call_of(:'org', n), 3300, p_now => :'t') from generate_series(1, 9) n;

-- Word of the ends of calls: what it does, and what the call has cost then.
create function pg_temp.heard(p_n integer, p_source text, p_seconds bigint, p_ended interval default '5 minutes') returns text language sql as $$
    select format('%s %s %s', s.outcome, s.posted_pence, s.charged_pence)
    from private.commit_reserved_credits(
        tests.call_of(current_setting('tests.org')::uuid, p_n), p_seconds, p_source,
        timestamptz '2026-11-02 12:00+00' + p_ended, timestamptz '2026-11-02 12:30+00') s;
$$;
select set_config('tests.org', :'org', true);
select is(pg_temp.heard(1, 'status', 60), 'settled 56 56', 'the first word settles');
select is(pg_temp.heard(1, 'status', 60), 'unchanged 0 56', 'the same again changes nothing');
select is(pg_temp.heard(1, 'poll', 120), 'corrected 56 112', 'a surer source corrects by the difference');
select is(pg_temp.heard(1, 'status', 600), 'unchanged 0 112', 'a less sure one changes nothing, however much it says');
select is(pg_temp.heard(1, 'report', 90), 'corrected -28 84', 'the surest gives back what was too much');
select is(pg_temp.heard(1, 'poll', 120), 'unchanged 0 84', 'word that comes late is still less sure');
select is(pg_temp.heard(1, 'report', 30, '4 minutes'), 'unchanged 0 84', 'of one source, an earlier end is the lesser word');
select is(pg_temp.heard(1, 'report', 30, '6 minutes'), 'corrected -56 28', 'and a later end the greater');
select is(pg_temp.heard(1, 'report', 29, '6 minutes'), 'unchanged 0 28', 'of one end, fewer seconds are the lesser');
select is(pg_temp.heard(1, 'report', 31, '6 minutes'), 'corrected 1 29', 'and more the greater');
select is(pg_temp.heard(1, 'report', 31, null), 'unchanged 0 29', 'no end is less than any');
select results_eq(
    format('select type, amount_pence, idempotency_key, description from public.credit_transactions where call_id = %L order by seq', tests.call_of(:'org', 1)),
    format($$ select type, amount, 'call:%s:' || n, words
        from (values (1, 'deduction', -56::bigint, 'Call of 60 s'), (2, 'adjustment', -56, 'Call corrected to 120 s'),
                     (3, 'adjustment', 28, 'Call corrected to 90 s'), (4, 'adjustment', 56, 'Call corrected to 30 s'),
                     (5, 'adjustment', -1, 'Call corrected to 31 s')) as e (n, type, amount, words) $$, tests.call_of(:'org', 1)),
    'a call is charged once and corrected by differences');
select is((tests.bill(tests.call_of(:'org', 1))).postings, 5, 'its bill counts the rows');
select is((tests.bill(tests.call_of(:'org', 1))).status, 'committed', 'and stays committed');

-- Nothing, and unknown.
select is(pg_temp.heard(2, 'report', 0), 'settled 0 0', 'a call that never connected costs nothing');
select is((tests.bill(tests.call_of(:'org', 2))).status, 'released', 'its hold is released');
select is_empty(format('select from public.credit_transactions where call_id = %L', tests.call_of(:'org', 2)), 'and the ledger has no row of it');
select is(pg_temp.heard(3, 'status', null), 'pending 0 0', 'an end without a length charges nothing');
select is((tests.bill(tests.call_of(:'org', 3))).status, 'active', 'and settles nothing: unknown is never zero');
select is((tests.bill(tests.call_of(:'org', 3))).reserved_pence, 280::bigint, 'what is held stays held');
select isnt((tests.bill(tests.call_of(:'org', 3))).cap_released_at, null, 'but it is known to have ended, so its cap is free');
select is((tests.bill(tests.call_of(:'org', 3))).next_poll_at, timestamptz '2026-11-02 12:30:30+00', 'and in half a minute the provider is asked');
select is(pg_temp.heard(3, 'report', null, null), 'pending 0 0', 'surer word that names no time either');
select private.start_call_clock(tests.call_of(:'org', 3), '2026-11-02 12:04+00', '2026-11-02 12:31+00');
select is((tests.bill(tests.call_of(:'org', 3))).committed_pence, 56::bigint, 'does not make the lesser word''s time forgotten: with the start it is a minute');
select private.start_call_clock(tests.call_of(:'org', 4), '2026-11-02 12:01+00', '2026-11-02 12:01+00');
select is(pg_temp.heard(4, 'status', null, '3 minutes 59.999 seconds'), 'settled 168 168', 'start and end make a length, in whole seconds: 179.999 are 179');
select is(pg_temp.heard(5, 'status', null, '3 minutes'), 'pending 0 0', 'word of an end');
select is(pg_temp.heard(5, 'release', 0, null), 'settled 0 0', 'and of no length');
select private.start_call_clock(tests.call_of(:'org', 5), '2026-11-02 12:02+00', '2026-11-02 12:31+00');
select is((tests.bill(tests.call_of(:'org', 5))).committed_pence, 56::bigint, 'is a minute as soon as the start is known, for the end was surer');
select is(pg_temp.heard(6, 'status', null, '-1 minutes') || ' ' || (private.start_call_clock(tests.call_of(:'org', 6), :'t', :'t')).status, 'pending 0 0 released', 'an end before the start is no length');

-- The wallet's sums.
select is((tests.wallet(:'org')).held_pence, (select sum(reserved_pence) from public.credit_reservations where org_id = :'org' and status = 'active')::bigint, 'the wallet holds what its active calls hold');
select is((tests.wallet(:'org')).capped_pence, 3 * 3080::bigint, 'and caps the calls under way');
select is((tests.wallet(:'org')).balance_pence, 50000 - (select sum(committed_pence) from public.credit_reservations where org_id = :'org')::bigint, 'the bills are what the balance lost');

select tests.throws_code(format('select private.commit_reserved_credits(%L, 60, %L)', tests.call_of(:'org', 7), 'rumour'), 'unknown_source', 'a rumour is no source');
select tests.throws_code(format('select private.commit_reserved_credits(%L, %s, %L)', tests.call_of(:'org', 7), '-1', 'report'), 'invalid_duration', 'no call is shorter than nothing');
select tests.throws_code($$ select private.commit_reserved_credits(gen_random_uuid(), 60, 'report') $$, 'call_not_found', 'nor charged that nobody knows');

select * from finish();
rollback;
