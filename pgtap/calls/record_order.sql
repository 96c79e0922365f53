-- Four words of a call's end, in every order, with and without repetition, make one record: nothing is lost, nothing doubled.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Order') as org \gset
insert into public.lead_value_defaults (org_id, urgency, value_pence) values (:'org', 'low', 700);
create temporary table word (n integer primary key, source text, message jsonb);
insert into word values
    (1, 'status', '{"type": "status-update", "status": "ended", "endedReason": "silence-timed-out", "timestamp": 1772445725000}'),
    (2, 'poll', '{"status": "ended", "startedAt": "2026-03-02T10:00:01Z", "endedAt": "2026-03-02T10:01:59Z", "cost": 0.1,
        "customer": {"number": "+447700900123", "name": "Jan Smit"}, "compliance": {"recordingConsent": {"grantedAt": "2026-03-02T10:00:09Z"}},
        "artifact": {"transcript": "User: What does a facelift cost?", "recordingUrl": "https://storage.example.com/poll.wav"}}'),
    (3, 'report', '{"startedAt": "2026-03-02T10:00:02Z", "endedAt": "2026-03-02T10:02:02Z", "endedReason": "customer-ended-call",
        "customer": {"number": "+447700900123", "name": "Jane Smith"},
        "artifact": {"transcript": "User: What does rhinoplasty cost? This is urgent, I am unhappy.", "messages": [
            {"role": "tool_calls", "toolCalls": [{"function": {"name": "takeMessage", "arguments": {}}}]},
            {"role": "user", "message": "What does rhinoplasty cost? This is urgent, I am unhappy."}]}}'),
    (4, 'report', '{"endedReason": "customer-ended-call", "analysis": {"summary": "Wants a facelift.", "structuredData": {"sentiment": "positive"}}}');

-- All that a call leaves behind, without ids and the times of writing.
create function pg_temp.left_by(p_call uuid) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'call', to_jsonb(c) - '{id,vapi_call_id,contact_id,phone_number,from_number}'::text[],
        'contact', to_jsonb(k) - '{id,phone}'::text[],
        'leads', (select jsonb_agg(to_jsonb(l) - '{id,call_id,contact_id}'::text[]) from public.leads l where l.org_id = c.org_id and l.call_id = c.id),
        'record', (select to_jsonb(r) - '{call_id}'::text[] from private.call_records r where r.org_id = c.org_id and r.call_id = c.id))
    from public.calls c left join public.contacts k on k.org_id = c.org_id and k.id = c.contact_id
    where c.id = p_call $$;
-- A call of its own, from a number of its own, that hears the words in this order.
create function pg_temp.hears(p_org uuid, p_order integer[]) returns jsonb language plpgsql as $$
declare
    v_phone constant text := '+4477009' || lpad((select count(*) from public.calls where org_id = p_org)::text, 5, '0');
    v_id constant uuid := tests.rung(p_org, p_order::text, jsonb_build_object('phone_number', v_phone, 'from_number', v_phone));
    v_n integer;
begin
    foreach v_n in array p_order loop
        perform tests.recorded(v_id, (select message from word where n = v_n), (select source from word where n = v_n));
    end loop;
    return pg_temp.left_by(v_id);
end $$;

create temporary table heard as
with recursive orders as (
    select array[n] as o from word
    union all
    select o || n from orders join word on n <> all (o)
)
select o, pg_temp.hears(:'org', o) as left_behind from orders where cardinality(o) = 4;
select is((select count(*) from heard), 24::bigint, 'every order of four words is tried');
select is((select count(distinct left_behind) from heard), 1::bigint, 'and all leave the same record, contact and lead behind');
select is(
    (select count(distinct pg_temp.hears(:'org', o || o[2:3] || o)) from heard where o[1] in (1, 4)), 1::bigint,
    'however often a word is repeated');
select is(pg_temp.hears(:'org', '{4,4,3,1,2,1}') - 'contact', (select left_behind - 'contact' from heard limit 1), 'it is the same one');

select results_eq(
    $$ select l ->> 'status', l ->> 'started_at', l ->> 'duration_seconds', l ->> 'transcript', l ->> 'summary', l ->> 'caller_name',
              l ->> 'recording_url', l ->> 'consent', l ->> 'provider_cost', l ->> 'sentiment_label', l ->> 'sentiment_urgency',
              l ->> 'tools_used', l ->> 'financial_value_pence', l ->> 'ended_reason'
       from (select left_behind -> 'call' from heard limit 1) as h (l) $$,
    $$ values ('completed', '2026-03-02T10:00:02+00:00', '120', 'User: What does rhinoplasty cost? This is urgent, I am unhappy.',
               'Wants a facelift.', 'Jane Smith', 'https://storage.example.com/poll.wav', 'true', '0.100000', 'positive', 'high',
               '["takeMessage"]', '800000', 'customer-ended-call') $$,
    'of each part the greatest word that spoke of it counts');
select is((select jsonb_array_length(left_behind -> 'leads') from heard limit 1), 1, 'there is one lead');
select is((select left_behind #>> '{contact,first_name}' from heard limit 1), 'Jane', 'the contact has the better word''s name');
select is((select left_behind #>> '{contact,lead_status}' from heard limit 1), 'lost', 'and its state');
select is((select count(*) from public.calls c where c.org_id = :'org'), (select count(*) from public.contacts k where k.org_id = :'org'),
    'each number is one contact');

select * from finish();
rollback;
