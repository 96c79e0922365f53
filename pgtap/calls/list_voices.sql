begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(16);

select tests.org() as org \gset
select tests.user(:'org') as member, tests.api_key(:'org', '{agents:read}') as reader, tests.api_key(:'org', '{services:read}') as other \gset

select tests.as_user(:'member');
select cmp_ok((select count(*) from public.list_voices()), '>', 50::bigint, 'there are voices to choose from');
select is((select array_agg(distinct v.provider) from public.list_voices('deepgram') as v), array['deepgram'], 'also of one provider');
select is((select count(*) from public.list_voices('nobody')), 0::bigint, 'who may have none');
select is((select v.is_default from public.list_voices() as v limit 1), true, 'the usual one comes first');
select is((v.voice_id, v.preview_url)::text, '(Clara,https://docs.vapi.ai/static/audio/clara-sample.wav)', 'a voice is heard where its provider lets it be heard') from public.preview_voice('vapi', 'Clara') as v;
select tests.throws_code($$select public.preview_voice('11labs', 'sarah')$$, 'voice_preview_unavailable');
select tests.throws_code($$select public.preview_voice('vapi', 'sarah')$$, 'voice_not_found');
select tests.throws_code('select public.preview_voice(null, null)', 'voice_not_found');
select tests.as_api_key(:'reader');
select lives_ok('select * from public.list_voices()', 'a key that may read agents reads them');
select tests.as_api_key(:'other');
select tests.throws_code('select * from public.list_voices()', 'scope_missing');
select tests.throws_code($$select public.preview_voice('vapi', 'Clara')$$, 'scope_missing');
select tests.as_anon();
select throws_ok('select * from public.list_voices()', '42501');

-- What an agent is made of when it says nothing.
select tests.as_owner();
select is(count(*), 1::bigint, 'one voice is the usual one') from public.voices v where v.is_default;
select is(count(*), 1::bigint, 'and one model') from public.agent_models m where m.is_default;
select is(count(*), 0::bigint, 'whatever is spoken is listened to in the same language')
from public.agent_languages l where split_part(l.transcriber ->> 'language', '-', 1) <> split_part(l.language, '-', 1) or l.transcriber ->> 'provider' is null;
select is(count(*), 0::bigint, 'every agent''s language is there by default')
from (values ('en-GB'), ('en-US'), ('de'), ('fr'), ('es')) as w (language) where not exists (select from public.agent_languages l where l.language = w.language);

select * from finish();
rollback;
