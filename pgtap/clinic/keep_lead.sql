-- A call that reached somebody is one lead: how far it has come, and what it may be worth.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(24);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org() as org, tests.org('Other') as other \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900123') returning id as jane \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900124') returning id as mary \gset
insert into public.contacts (org_id, phone) values (:'other', '+447700900123') returning id as theirs \gset
select tests.rung(:'org', 'in', jsonb_build_object('contact_id', :'jane')) as call,
       tests.rung(:'org', 'out', jsonb_build_object('contact_id', :'jane', 'call_direction', 'outbound')) as out,
       tests.rung(:'other', 'theirs', jsonb_build_object('contact_id', :'theirs')) as their_call \gset
create function pg_temp.lead(p_call uuid, p_score integer, p_connected boolean default true,
    p_after interval default '0') returns text language plpgsql as $$
begin
    perform private.keep_lead(c, p_score, p_connected, tests.now() + p_after) from public.calls c where c.id = p_call;
    return (select concat_ws(' ', l.stage, l.value_pence, l.source) from public.leads l where l.call_id = p_call);
end $$;

select is(pg_temp.lead(:'call', 100, false), null, 'a call that reached nobody is no lead');
select is(pg_temp.lead(:'call', s), e || ' 0 inbound_call', format('a caller who scores %s is %s', coalesce(s::text, 'nothing'), e))
from (values (39, 'cold'), (40, 'warm'), (69, 'warm'), (70, 'hot'), (null, 'cold')) as v (s, e);
select is(count(*), 1::bigint, 'it is one lead, however often it is told') from public.leads where call_id = :'call';
select is((contact_id, created_at, updated_at), (:'jane'::uuid, tests.now(), tests.now()), 'that of who called') from public.leads where call_id = :'call';
select is(pg_temp.lead(:'call', 0, p_after => '1 hour'), 'cold 0 inbound_call', 'the same word again');
select is(updated_at, tests.now(), 'changes nothing') from public.leads where call_id = :'call';
select is(pg_temp.lead(:'call', 70, p_after => '2 hours'), 'hot 0 inbound_call', 'better word');
select is((created_at, updated_at), (tests.now(), tests.now() + interval '2 hours'), 'changes it') from public.leads where call_id = :'call';
update public.calls set financial_value_pence = 45000 where id = :'call';
select is(pg_temp.lead(:'call', 70, p_after => '3 hours'), 'hot 45000 inbound_call', 'what it may be worth alone does, too');
select is(updated_at, tests.now() + interval '3 hours', 'it says when') from public.leads where call_id = :'call';
update public.calls set contact_id = :'mary' where id = :'call';
select is(pg_temp.lead(:'call', 70), 'hot 45000 inbound_call', 'so does who it was');
select is(contact_id, :'mary'::uuid, 'who it was in truth') from public.leads where call_id = :'call';
select is(pg_temp.lead(:'out', 90), 'contacted 0 outbound_call', 'somebody whom we rang is contacted, whatever they score');
update public.calls set booking_confirmed = true where id in (:'call', :'out');
select is(pg_temp.lead(c::uuid, 0), e, 'who booked is booked: ' || e)
from (values (:'call', 'booked 45000 inbound_call'), (:'out', 'booked 0 outbound_call')) as v (c, e);
select is(pg_temp.lead(:'their_call', 70), 'hot 0 inbound_call', 'another organisation''s lead is its own');
select is((org_id, contact_id), (:'other'::uuid, :'theirs'::uuid), 'with its contact') from public.leads where call_id = :'their_call';
select is(pg_temp.lead(:'call', 100, false), null, 'where nobody was reached after all there is none');
select is(count(*), 1::bigint, 'the other calls'' leads stay') from public.leads where org_id = :'org' and call_id = :'out';
select is(count(*), 1::bigint, 'and other organisations''') from public.leads where org_id = :'other';

select * from finish();
rollback;
