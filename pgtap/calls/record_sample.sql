-- A seeded sample: words of a call with whatever is left out or contradicts, in any orders and with repetitions, make one record.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Sample') as org \gset
update public.organizations set phone = '+447700900999' where id = :'org';
select setseed(0.5)\g /dev/null

-- One of these, or nothing.
create function pg_temp.any_of(variadic p_values text[]) returns text language sql volatile as $$
    select case when random() < 0.6 then p_values[1 + floor(random() * cardinality(p_values))::integer] end $$;
create function pg_temp.a_word(p_phone text) returns jsonb language sql volatile as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'startedAt', pg_temp.any_of('2026-03-02T10:00:00Z', '2026-03-02T10:00:03Z', 'soon'),
        'endedAt', pg_temp.any_of('2026-03-02T10:02:00Z', '2026-03-02T10:03:30Z', '2026-03-02T09:59:00Z'),
        'durationSeconds', pg_temp.any_of('61.5', '0', '-3'),
        'endedReason', pg_temp.any_of('customer-ended-call', 'customer-did-not-answer', 'pipeline-error-x', 'silence-timed-out', 'new-reason'),
        'cost', pg_temp.any_of('0.1', '0.25', 'free'),
        'customer', jsonb_build_object('number', p_phone, 'name', pg_temp.any_of('Jane Smith', 'Jan Smit', 'Unknown')),
        'analysis', jsonb_build_object('summary', pg_temp.any_of('A facelift.', 'Botox.'),
            'structuredData', jsonb_build_object('urgency', pg_temp.any_of('low', 'medium'), 'sentiment', pg_temp.any_of('positive', 'negative'))),
        'artifact', jsonb_build_object(
            'transcript', pg_temp.any_of('User: Hello.', E'AI: Yes?\nUser: This is terrible.'),
            'recordingUrl', pg_temp.any_of('https://a.example/1.wav', 'https://a.example/2.wav'),
            'messages', case when random() < 0.5 then jsonb_build_array(
                jsonb_build_object('role', 'user', 'message', pg_temp.any_of('Hello.', 'This is urgent.'), 'time', 1772445600000 + floor(random() * 9000)),
                jsonb_build_object('role', 'tool_calls', 'toolCalls', jsonb_build_array(jsonb_build_object('name', pg_temp.any_of('endCall', 'takeMessage'))))) end)))
$$;
create temporary table word as
select s.sample, w.n, (array['report', 'report', 'poll', 'status'])[1 + floor(random() * 4)::integer] as source,
       pg_temp.a_word('+4477009' || lpad((s.sample * 10)::text, 5, '0')) as message
from generate_series(1, 30) as s (sample), generate_series(1, 4) as w (n);
update word set source = 'report' where n = 1;

create function pg_temp.hears(p_org uuid, p_sample integer, p_try integer) returns jsonb language plpgsql as $$
declare
    v_phone constant text := '+4477009' || lpad((p_sample * 10 + p_try)::text, 5, '0');
    v_id constant uuid := tests.rung(p_org, p_sample || '/' || p_try, jsonb_build_object('phone_number', v_phone, 'from_number', v_phone));
    v_word record;
begin
    -- In an order of its own, every word, and some again.
    for v_word in
        select w.source, w.message from word w, generate_series(1, 2) as again
        where w.sample = p_sample and (again = 1 or random() < 0.3)
        order by random()
    loop
        perform tests.recorded(v_id, v_word.message, v_word.source);
    end loop;
    return (
        select jsonb_build_object(
            'call', to_jsonb(c) - '{id,vapi_call_id,contact_id,phone_number,from_number}'::text[],
            'contact', to_jsonb(k) - '{id,phone,services_interested}'::text[],
            'leads', (select jsonb_agg(to_jsonb(l) - '{id,call_id,contact_id}'::text[]) from public.leads l where l.org_id = p_org and l.call_id = c.id),
            'record', (select to_jsonb(r) - '{call_id,status_before,status_after}'::text[] from private.call_records r where r.org_id = p_org and r.call_id = c.id))
        from public.calls c left join public.contacts k on k.org_id = c.org_id and k.id = c.contact_id where c.id = v_id);
end $$;
create temporary table heard as
select s.sample, t.try, pg_temp.hears(:'org', s.sample, t.try) as left_behind
from generate_series(1, 30) as s (sample), generate_series(1, 3) as t (try);

select is_empty(
    $$ select h.sample, array_agg(distinct e.key || ': ' || e.value)
       from heard h, jsonb_each(h.left_behind) as p, jsonb_each(case when jsonb_typeof(p.value) = 'object' then p.value else jsonb_build_object(p.key, p.value) end) as e
       group by h.sample, p.key, e.key having count(distinct e.value) > 1 $$,
    'in every order each word leaves the same call, contact and lead behind');
select is((select count(*) from heard), 90::bigint, 'thirty calls in three orders each');
select cmp_ok((select count(distinct left_behind -> 'call') from heard), '>', 25::bigint, 'that differ from one another');
select cmp_ok((select count(*) from heard where left_behind #>> '{call,status}' = 'failed'), '>', 3::bigint, 'not all of them completed');

select * from finish();
rollback;
