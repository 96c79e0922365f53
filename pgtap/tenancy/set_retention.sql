begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.org() as org \gset
select tests.user(:'org', 'manager') as manager \gset

select tests.as_user(tests.admin(:'org'));
select is(to_jsonb(public.set_retention(30, 365)), '{"retention_transcripts_days": 30, "retention_recordings_days": 365}', 'days are set');
select is((public.set_retention(p_transcripts_days => 30)).retention_recordings_days, null, 'left out, it is kept for ever');
select tests.throws_code('select public.set_retention(0, null)', 'invalid_value', 'a day at least');
select tests.throws_code('select public.set_retention(null, 3651)', 'invalid_value', 'ten years at most');
select tests.as_user(:'manager');
select tests.throws_code('select public.set_retention(1, 1)', 'role_too_low', 'it is for admins');

select * from finish();
rollback;
