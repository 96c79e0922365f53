begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

-- Vapi is the platform's own: no customer brings an account, a key or a credential of one.
select is(count(*), 0::bigint, 'nothing keeps a key to Vapi')
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
  and a.attname ~ 'vapi' and a.attname ~ '(key|secret|token|credential|password)' and a.attname <> 'vapi_credential_id';
select is(count(*), 0::bigint, 'nothing that clients may call takes one')
from pg_proc p where p.pronamespace = 'public'::regnamespace and array_to_string(p.proargnames, ' ') ~ 'vapi\w*(key|secret|token|credential)';
select is(count(*), 0::bigint, 'no client may name one in an agent''s settings, a tool or the settings of calls')
from pg_proc p where p.pronamespace = 'private'::regnamespace and p.proname in ('check_agent_patch', 'set_agent_tool', 'update_call_settings', 'assistant_speech', 'assistant_conduct')
  and p.prosrc ~* '(credential|api_?key|secret)';
select tests.org() as org \gset
select throws_ok(format($$insert into private.org_credentials (org_id, provider, type) values (%L, 'vapi', 'default')$$, :'org'), '23514', null, 'nobody''s keys to Vapi can be kept');

select * from finish();
rollback;
