begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(29);

select tests.org() as org, tests.org() as other, gen_random_uuid() as call \gset
select setseed(0.4711);

create function pg_temp.drifts() returns bigint language sql as
    $$ select count(*) from public.organizations o, private.call_count_drift(o.id) d $$;
create function pg_temp.stats(p_org uuid) returns public.call_stats language sql as
    $$ select private.summed_calls(p_org, '-infinity', 'infinity') $$;

-- One call, from its ring to its record.
insert into public.calls (org_id, id, call_direction, created_at) values (:'org', :'call', 'inbound', '2026-11-21 12:14:59.999999+00');
select is((pg_temp.stats(:'org')).total_calls, 1::bigint, 'a call counts from its first ring');
select is((select array_agg(d.quarter) from private.call_deltas d), array['2026-11-21 12:00+00'::timestamptz], 'in the quarter of an hour in which it came');
select is((select d.connected + d.engaged + d.booked + d.completed from private.call_deltas d), 0::bigint, 'it is nothing else yet');
update public.calls c set started_at = '2026-11-21 12:15:05+00', status = 'in_progress' where c.id = :'call';
select results_eq('select sum(calls), sum(connected), sum(engaged) from private.call_deltas', 'values (1::numeric, 1::numeric, 0::numeric)', 'once answered it is connected');
update public.calls c set tools_used = '{checkAvailability}' where c.id = :'call';
select results_eq('select sum(connected), sum(engaged) from private.call_deltas', 'values (1::numeric, 1::numeric)', 'once the agent did something it is engaged');
select count(*) as deltas from private.call_deltas \gset
update public.calls c set transcript = 'Hello.', recording_status = 'completed', cost_cents = 80 where c.id = :'call';
select is((select count(*) from private.call_deltas), :deltas::bigint, 'what is not counted notes nothing');
update public.calls c set status = 'completed', duration_seconds = 90, sentiment_score = 0.9, booking_confirmed = true, financial_value_pence = 30000 where c.id = :'call';
select is(pg_temp.stats(:'org'), (1, 1, 0, 1, null, 1, 0.900, 90, 100.0, 30000)::public.call_stats, 'ended, everything of it is counted');
select is(private.fold_call_counts(), (:deltas + 2)::bigint, 'folding takes what was noted');
select is((select count(*) from private.call_deltas), 0::bigint, 'all of it');
select is(pg_temp.stats(:'org'), (1, 1, 0, 1, null, 1, 0.900, 90, 100.0, 30000)::public.call_stats, 'and changes no count');
select is(private.fold_call_counts(), 0::bigint, 'there is nothing to fold then');
update public.calls c set call_direction = 'outbound', created_at = '2026-11-21 12:15+00' where c.id = :'call';
select is((select array_agg(q.direction || ' ' || to_char(q.quarter, 'HH24:MI') || ' ' || q.total order by q.quarter)
           from (select c.direction, c.quarter, sum(c.calls) as total from private.counted_calls(:'org', '-infinity', 'infinity') c group by 1, 2) q),
    '{"inbound 12:00 0","outbound 12:15 1"}', 'a call that moves leaves one quarter and direction and enters the other');
select is(pg_temp.stats(:'other'), (0, 0, 0, 0, null, 0, null, null, 0, 0)::public.call_stats, 'another organisation has none of it');
delete from public.calls c where c.id = :'call';
select is(pg_temp.stats(:'org'), (0, 0, 0, 0, null, 0, null, null, 0, 0)::public.call_stats, 'a call that is deleted is not counted any more');

-- Random changes, folded now and then.
do $$
declare
    v_orgs constant uuid[] := array(select o.id from public.organizations o);
begin
    for n in 1..1500 loop
        case floor(random() * 8)::integer
            when 0, 1, 2 then
                insert into public.calls (org_id, call_direction, status, created_at, started_at, duration_seconds, tools_used, booking_confirmed)
                values (v_orgs[1 + floor(random() * cardinality(v_orgs))], (array['inbound', 'outbound'])[1 + floor(random() * 2)],
                        (array['pending', 'in_progress', 'completed', 'failed'])[1 + floor(random() * 4)], '2026-11-01'::timestamptz + random() * interval '3 hours',
                        case when random() < 0.5 then now() end, case when random() < 0.5 then floor(random() * 90) end,
                        case when random() < 0.3 then '{endCall}' else '{}' end::text[], random() < 0.2);
            when 7 then
                if random() < 0.2 then
                    perform private.fold_calls(1 + floor(random() * 50)::bigint);
                else
                    delete from public.calls c where c.id = (select d.id from public.calls d order by random() limit 1);
                end if;
            else
                update public.calls c set
                    status = (array['pending', 'in_progress', 'completed', 'failed'])[1 + floor(random() * 4)],
                    call_direction = (array['inbound', 'outbound'])[1 + floor(random() * 2)],
                    created_at = case when random() < 0.2 then c.created_at + random() * interval '40 minutes' else c.created_at end,
                    started_at = case when random() < 0.5 then now() end,
                    duration_seconds = case when random() < 0.5 then floor(random() * 90) end,
                    sentiment_score = case when random() < 0.5 then round(random()::numeric, 3) end,
                    financial_value_pence = floor(random() * 3) * 1000,
                    tools_used = case when random() < 0.3 then '{endCall}' else '{}' end::text[],
                    booking_confirmed = random() < 0.3
                where c.id in (select d.id from public.calls d order by random() limit 1 + floor(random() * 3)::integer);
        end case;
    end loop;
end
$$;
select cmp_ok((select count(*) from public.calls), '>', 100::bigint, 'after many random changes');
select cmp_ok((select count(*) from private.call_deltas), '>', 10::bigint, 'some of them not folded yet');
select is(pg_temp.drifts(), 0::bigint, 'the counts are what the calls say');
select is((select count(*) from private.counted_calls(:'org', '-infinity', 'infinity') c group by c.quarter, c.direction having sum(c.booked) > sum(c.engaged) or sum(c.engaged) > sum(c.connected) or sum(c.connected) > sum(c.calls)), null, 'no funnel widens');
select private.fold_call_counts();
select is(pg_temp.drifts(), 0::bigint, 'and so they are when all is folded');

-- What a check finds.
insert into private.call_quarters (org_id, quarter, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
values (:'org', '2026-11-21 09:00+00', 'inbound', 2, 0, 0, 7, 0, 0, 0, 0, 0, 0);
select results_eq(format('select quarter, calls, seconds from private.call_count_drift(%L)', :'org'), $$ values ('2026-11-21 09:00+00'::timestamptz, -2::bigint, -7::bigint) $$, 'a count too many is found, where it is');
select is_empty(format($$ select private.call_count_drift(%L, '2026-11-21 09:15+00') $$, :'org'), 'within the time that is asked about');
select is(private.recount_calls(:'org'), 1::bigint, 'counting anew puts it right');
select is(pg_temp.drifts(), 0::bigint, 'exactly');
select is(private.recount_calls(:'org'), 0::bigint, 'once');

-- Years are read as months, and quarters at both ends.
select tests.org('Years') as years \gset
insert into private.call_quarters (org_id, quarter, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
select :'years', private.quarter_of('2024-01-01 00:00+00'::timestamptz + random() * interval '3 years'), (array['inbound', 'outbound'])[1 + n % 2], n, n % 7, n % 3, n * 10, n % 5, n / 1000.0, n % 5, n * 100, n % 8, n % 7
from generate_series(1, 3000) n on conflict do nothing;
insert into private.call_deltas (org_id, quarter, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
select :'years', private.quarter_of('2024-01-01 00:00+00'::timestamptz + random() * interval '3 years'), 'inbound', 1, 1, 0, 7, 1, 0.5, 1, 0, 1, 1 from generate_series(1, 300);
create function pg_temp.plain_sum(p_org uuid, p_from timestamptz, p_to timestamptz) returns text language sql as $$
    select row(coalesce(sum(q.calls), 0), coalesce(sum(q.completed), 0), coalesce(sum(q.booked), 0), coalesce(sum(q.value_pence), 0),
               round(sum(q.sentiment) / nullif(sum(q.felt), 0), 3), round(sum(q.seconds) / nullif(sum(q.timed), 0)))::text
    from private.counted_calls(p_org, p_from, p_to) q $$;
create function pg_temp.quick_sum(p_org uuid, p_from timestamptz, p_to timestamptz) returns text language sql as $$
    select row(s.total_calls, s.completed_calls, s.appointments_booked, s.pipeline_value_pence, s.avg_sentiment, s.avg_duration_seconds)::text
    from private.summed_calls(p_org, p_from, p_to) s $$;
create temp table ranges as
select f.t as starts, t.t as ends
from (select private.quarter_of('2023-12-20'::timestamptz + random() * interval '3.1 years') as t from generate_series(1, 12)
      union all values ('-infinity'::timestamptz), ('2025-03-01 00:00+00'), ('2025-03-31 23:45+00'), ('2026-01-31 00:00+00')) f
cross join (select private.quarter_of('2023-12-20'::timestamptz + random() * interval '3.1 years') as t from generate_series(1, 12)
            union all values ('infinity'::timestamptz), ('2025-03-01 00:00+00'), ('2025-04-01 00:00+00'), ('2026-02-01 00:15+00')) t;
select is_empty(format($$ select * from ranges r where pg_temp.plain_sum(%1$L, r.starts, r.ends) <> pg_temp.quick_sum(%1$L, r.starts, r.ends) $$, :'years'),
    'whatever the range, it is what its quarters add up to');
set local timezone = 'America/New_York';
select is_empty(format($$ select * from ranges r where pg_temp.plain_sum(%1$L, r.starts, r.ends) <> pg_temp.quick_sum(%1$L, r.starts, r.ends) $$, :'years'),
    'wherever who asks is');
reset timezone;
update private.call_quarters q set quarter = q.quarter + interval '45 days' where q.org_id = :'years' and q.calls % 50 = 0
    and not exists (select from private.call_quarters o where o.org_id = q.org_id and o.direction = q.direction and o.quarter = q.quarter + interval '45 days');
delete from private.call_quarters q where q.org_id = :'years' and q.calls % 60 = 1;
select private.fold_call_counts();
select is_empty(format($$ select * from ranges r where pg_temp.plain_sum(%1$L, r.starts, r.ends) <> pg_temp.quick_sum(%1$L, r.starts, r.ends) $$, :'years'),
    'also after quarters were changed, moved, taken away and folded');
select is_empty($$ (select q.org_id, date_trunc('month', q.quarter, 'UTC'), q.direction, sum(q.calls), sum(q.completed), sum(q.booked), sum(q.seconds), sum(q.timed), sum(q.sentiment), sum(q.felt), sum(q.value_pence), sum(q.connected), sum(q.engaged) from private.call_quarters q group by 1, 2, 3)
    except select m.* from private.call_months m $$, 'each month is what its quarters add up to');
select throws_ok(format($$ insert into private.call_months select %L, '2025-03-02 00:00+00', 'inbound', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 $$, :'years'), '23514', null, 'a month begins with its first day');

select * from finish();
rollback;
