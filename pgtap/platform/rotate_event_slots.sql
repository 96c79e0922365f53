-- Alone: it truncates partitions that every other file writes to.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select tests.freeze_time('2026-03-05 12:00+00');
select tests.org('Smile') as org \gset
insert into private.events (slot, xid, org_id, kind, payload, created_at)
select private.day_slot(t, 5), (100 + n)::text::xid8, :'org', 'wallet.changed', '{}', t
from generate_series(1, 5) as n, lateral (select tests.now() - (5 - n) * interval '1 day') as d (t);

select is(private.rotate_event_slots(tests.now()), true, 'the slot of tomorrow is emptied');
select is(
    (select array_agg(xid::text order by xid) from private.events where org_id = :'org' and created_at <= tests.now()),
    array['102', '103', '104', '105'], 'today and three full days stay');
select is((select horizon from private.event_bounds()), '101'::xid8, 'how far back a cursor reaches is remembered');
select is(private.rotate_event_slots(tests.now()), false, 'once is enough');
select private.rotate_event_slots(tests.now() + interval '1 day');
select is((select horizon from private.event_bounds()), '102'::xid8, 'the next day it moves on');
update private.event_horizon set xid = '900';
select private.rotate_event_slots(tests.now() + interval '2 days');
select is((select horizon from private.event_bounds()), '900'::xid8, 'and never back');

select * from finish();
rollback;
