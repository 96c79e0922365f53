begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(33);

select tests.org('Smile') as org, tests.org('Grin') as other, '2026-11-21 12:00+00' as then \gset
-- A saga that stands at this step.
create function pg_temp.saga(p_org uuid, p_saga text, p_step integer, p_facts jsonb default '{}', p_state text default 'running') returns private.sagas language sql as $$
    insert into private.sagas (org_id, saga, subject_id, state, step, facts, failures) values (p_org, p_saga, gen_random_uuid(), p_state, p_step, p_facts, 2) returning sagas;
$$;
create function pg_temp.stands(p_saga private.sagas) returns text language sql as $$
    select concat_ws(' ', s.state, s.step, s.failures, s.error_code, s.finished_at at time zone 'UTC', (select e.kind from private.effects e where e.id = s.effect_id))
    from private.sagas s where s.org_id = p_saga.org_id and s.id = p_saga.id;
$$;

-- The kind it waits for.
select is(private.saga_effect_kind((null, null, 'provision_number', null, state, step, null, null, 0, null, null, null, null, null, null)::private.sagas), kind, description)
from (values
    ('running', 3, 'twilio.buy_number', 'forwards a number is bought'),
    ('undoing', 3, 'twilio.release_number', 'backwards the same step releases it'),
    ('running', 6, 'vapi.link_number', 'each step has its own'),
    ('undoing', 6, null, 'what needs no way back waits for nobody there'),
    ('running', 5, null, 'a local step waits for nobody'),
    ('running', 7, null, 'nor is there one after the last')) as t (state, step, kind, description);
select is(private.saga_effect_kind((null, null, 'release_number', null, 'running', 3, null, null, 0, null, null, null, null, null, null)::private.sagas), 'twilio.release_number', 'the third step of another saga is another');

-- Why it turns back.
select pg_temp.saga(:'org', 'provision_number', 3, '{"name": "a"}') as running \gset
select private.saga_refused(:'running', 'number_unavailable', 'Sold.') as refused \gset
select is((r.state, r.error_code, r.error_text)::text, '(undoing,number_unavailable,Sold.)', 'a no turns a saga back and says why') from (select (:'refused'::private.sagas).*) as r;
select is((r.step, r.facts, r.id), ((:'running'::private.sagas).step, (:'running'::private.sagas).facts, (:'running'::private.sagas).id), 'where it stands and what it knows stay') from (select (:'refused'::private.sagas).*) as r;
select is(private.saga_refused(:'refused', 'vapi_refused_number', 'Later.'), :'refused'::private.sagas, 'the first reason stays');
select is((private.saga_refused(:'running', 'no_such_code', 'What?')).error_code, 'provider_refused', 'what nobody could be told counts as a provider''s no');
select is((private.saga_refused(:'running', null, null)).error_code, 'provider_refused', 'no code at all as well');
select is(length((private.saga_refused(:'running', 'number_unavailable', repeat('x', 900))).error_text), 500, 'a provider that talks too much is cut short');
select is(pg_temp.stands(:'running'), 'running 3 2', 'nothing of that is written yet');

-- Written down.
select pg_temp.saga(:'other', 'provision_number', 3) as beside \gset
update private.sagas set id = (:'running'::private.sagas).id where org_id = :'other';
select is((private.keep_saga(:'refused', :'then')).updated_at, :'then'::timestamptz, 'then it is, with when');
select is(pg_temp.stands(:'running'), 'undoing 3 2 number_unavailable', 'as it stands');
select is((select s.state || s.updated_at::text from private.sagas s where s.org_id = :'other'), 'running' || now()::text, 'another organisation''s saga of that id is left alone');
select is((select count(*) from private.events e where e.org_id = :'org' and e.kind = 'operation.finished'), 0::bigint, 'what goes on is not told as ended');
create function pg_temp.ended(p_saga private.sagas, p_state text, p_now timestamptz) returns jsonb language plpgsql as $$
begin
    p_saga.state := p_state;
    p_saga.finished_at := p_now;
    perform private.keep_saga(p_saga, p_now);
    return (select e.payload from private.events e where e.org_id = p_saga.org_id and e.kind = 'operation.finished' and e.payload ->> 'operation_id' = p_saga.id::text);
end
$$;
select is(pg_temp.ended(:'refused', 'undone', :'then'), jsonb_build_object('operation_id', (:'running'::private.sagas).id, 'kind', 'provision_number', 'done', false), 'open screens hear that it came to nothing');
select pg_temp.saga(:'org', 'release_number', 4) as success \gset
select is(pg_temp.ended(:'success', 'done', :'then') ->> 'done', 'true', 'or that it is done');
select is((select count(*) from private.events e where e.org_id = :'other' and e.kind = 'operation.finished'), 0::bigint, 'only the organisation''s own');

-- Onwards.
select pg_temp.saga(:'org', 'release_number', 2, '{"name": "voxanne:1", "phone_number": "+442071230001"}') as saga \gset
select private.advance_saga(:'saga', :'then') as saga \gset
select is(pg_temp.stands(:'saga'), 'running 3 0 twilio.release_number', 'the next step''s effect is ordered, and counts its own failures');
select is((select e.payload from private.effects e where e.id = (:'saga'::private.sagas).effect_id), (:'saga'::private.sagas).facts || jsonb_build_object('org_id', :'org', 'saga_id', (:'saga'::private.sagas).id), 'with all that the saga knows');
select is((select e.run_at from private.effects e where e.id = (:'saga'::private.sagas).effect_id), :'then'::timestamptz, 'at once');
select private.advance_saga(:'saga', :'then') as saga \gset
select is(pg_temp.stands(:'saga'), 'done 4 0 2026-11-21 12:00:00', 'a local last step is taken at once, and that is the end');
select is((select e.payload ->> 'phone_number' from private.events e where e.org_id = :'org' and e.kind = 'telephony.number_released'), '+442071230001', 'it was taken');
select is((select array_agg(e.kind order by e.id) from private.effects e where e.org_id = :'org' and e.payload ->> 'saga_id' = (:'saga'::private.sagas).id::text), array['twilio.release_number'], 'and nothing was ordered twice');

-- Local steps follow one another up to the next effect; one that says no turns the saga back.
create function private.told(p_saga private.sagas, p_result jsonb, p_now timestamptz) returns jsonb language sql as $$
    select p_saga.facts -> 'answers' -> (p_saga.step::text);
$$;
insert into private.saga_steps (saga, step, name, effect_kind, apply, undo_effect_kind, on_failure, about, undo_about) values
    ('try', 1, 'first', null, 'told', 'vapi.release_number', 'undo', 'First', 'Take it back'),
    ('try', 4, 'second', null, 'told', null, 'undo', 'Second', null),
    ('try', 5, 'third', 'vapi.link_number', null, null, 'undo', 'Third', null);
select pg_temp.saga(:'org', 'try', 0, '{"answers": {"1": {"one": 1}, "4": {"four": 4}}}') as saga \gset
select private.advance_saga(:'saga', :'then') as saga \gset
select is(pg_temp.stands(:'saga'), 'running 5 0 vapi.link_number', 'two local steps in one go, then one that waits');
select is((select s.facts - 'answers' from private.sagas s where s.id = (:'saga'::private.sagas).id), '{"one": 1, "four": 4}', 'what each of them learned is known');
select is((select e.payload - array['answers', 'org_id', 'saga_id'] from private.effects e where e.id = (:'saga'::private.sagas).effect_id), '{"one": 1, "four": 4}', 'to the effect as well');
select pg_temp.saga(:'org', 'try', 0, '{"answers": {"1": {"one": 1}, "4": {"refused": "number_taken", "said": "Theirs."}}}') as saga \gset
select private.advance_saga(:'saga', :'then') as saga \gset
select is(pg_temp.stands(:'saga'), 'undoing 1 0 number_taken vapi.release_number', 'a local no takes back what was done before');
select is((select count(*) from private.effects e where e.kind = 'vapi.link_number' and e.payload ->> 'saga_id' = (:'saga'::private.sagas).id::text), 0::bigint, 'and the next step is not taken');
select is((select s.error_text from private.sagas s where s.id = (:'saga'::private.sagas).id), 'Theirs.', 'for the reason it gave');

select * from finish();
rollback;
