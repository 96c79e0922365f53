-- Each of the eight tools is defined for a language model, can be used, and takes what its definition says.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

select set_eq('select name from public.tool_definitions', array['checkAvailability', 'bookClinicAppointment', 'rescheduleAppointment', 'cancelAppointment',
    'queryKnowledgeBase', 'transferCall', 'takeMessage', 'endCall'], 'eight tools');
select is_empty($$ select name from public.tool_definitions where parameters ->> 'type' <> 'object' or jsonb_typeof(parameters -> 'properties') <> 'object' $$, 'each takes an object');
select is_empty($$ select d.name, r.value from public.tool_definitions d, jsonb_array_elements_text(d.parameters -> 'required') as r where not d.parameters -> 'properties' ? r.value $$,
    'what is required is described');
select is_empty($$ select d.name, p.key from public.tool_definitions d, jsonb_each(d.parameters -> 'properties') as p where coalesce(p.value ->> 'description', '') = '' or p.value ->> 'type' not in ('string', 'integer', 'boolean') $$,
    'every parameter says what it is');
select is_empty($$ select name from public.tool_definitions where length(description) not between 60 and 1000 $$, 'every tool says when to use it');
select is_empty($$ select name from public.tool_definitions where definition_hash !~ '^[0-9a-f]{64}$' $$, 'each has the hash it is registered by');
select tests.org() as org \gset
select tests.in_call(:'org') as call \gset
select is_empty(format($$ select d.name from public.tool_definitions d where tests.told(%L, d.name, '{}') in (private.say('apology', 'en'), private.say('not_available', 'en')) $$, :'call'), 'each can be used');
select is_empty($$ select d.name, p.key from public.tool_definitions d, jsonb_object_keys(d.parameters -> 'properties') as p (key)
    where not exists (select from pg_proc f where f.pronamespace = 'private'::regnamespace
        and f.proname in ('tool_' || lower(regexp_replace(d.name, '([A-Z])', '_\1', 'g')), 'tool_wish_of', 'said_name', 'appointments_meant', 'availability_of_days')
        and position('''' || lower(p.key) || '''' in f.prosrc) > 0) $$, 'and reads every parameter it describes');

select * from finish();
rollback;
