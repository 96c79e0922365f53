begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

select tests.org('Smile') as org, tests.org('Other') as other \gset
delete from private.events;
select private.emit_event(:'org', 'wallet.changed', '{"balance_pence": 1}');
select private.emit_event(:'org', 'call.started', null);
select results_eq(
    $$ select kind, payload, xid, slot from private.events order by id $$,
    $$ values ('wallet.changed', '{"balance_pence": 1}'::jsonb, pg_current_xact_id(), private.day_slot(now(), 5)),
              ('call.started', '{}', pg_current_xact_id(), private.day_slot(now(), 5)) $$,
    'an event carries its transaction');
select is((select count(*) from private.events_after('0', 0, 10)), 0::bigint, 'and is not published before that has ended');
select throws_ok(format($$ select private.emit_event(%L, 'Not a kind') $$, :'org'), '23514', null, 'a kind is dotted words');

delete from private.events;
insert into private.events (slot, id, xid, org_id, kind, payload) overriding system value
values (0, 5, '10', :'org', 'a', '{}'), (1, 4, '11', :'org', 'b', '{}'), (1, 3, '11', :'other', 'c', '{}'),
       (2, 9, '9', :'org', 'd', '{}');
create function pg_temp.kinds(p_sql text) returns text language plpgsql as $$
declare v text;
begin
    execute format('select string_agg(kind, '' '' order by n) from (%s) as e (kind, n)', p_sql) into v;
    return v;
end $$;
select is(
    pg_temp.kinds($$ select kind, row_number() over () from private.events_after('0', 0, 10) $$), 'd a c b',
    'the order is by transaction, then by row, over all days');
select is(
    pg_temp.kinds($$ select kind, row_number() over () from private.events_after('10', 5, 10) $$), 'c b', 'after a cursor comes what is after it');
select is(
    pg_temp.kinds($$ select kind, row_number() over () from private.events_after('11', 3, 10) $$), 'b', 'also within a transaction');
select is(pg_temp.kinds($$ select kind, row_number() over () from private.events_after('0', 0, 2) $$), 'd a', 'as many as asked for');

select is(
    pg_temp.kinds(format($$ select kind, row_number() over () from private.org_events_after(%L, '0', 0, '11', 9, 10) $$, :'org')),
    'd a b', 'an organisation sees its own');
select is(
    pg_temp.kinds(format($$ select kind, row_number() over () from private.org_events_after(%L, '9', 9, '11', 3, 10) $$, :'org')),
    'a', 'after one cursor and up to another');
select is(
    pg_temp.kinds(format($$ select kind, row_number() over () from private.org_events_after(%L, '9', 9, '11', 4, 1) $$, :'org')),
    'a', 'as many as asked for');

select ok((select start <= head and start > '11' from private.event_bounds()), 'reading begins where nothing is undecided');
select is((select horizon from private.event_bounds()), coalesce((select xid from private.event_horizon), '0'), 'after what was dropped');
select tests.as_user(tests.admin(:'org'));
select throws_ok($$ select * from private.events_after('0', 0, 1) $$, '42501', null, 'no client reads everybody''s events');
select throws_ok(
    format($$ select * from private.org_events_after(%L, '0', 0, '9', 9, 1) $$, :'org'), '42501', null, 'nor chooses an organisation');
select throws_ok(format($$ select private.emit_event(%L, 'a') $$, :'org'), '42501', null, 'nor makes any up');

select * from finish();
rollback;
