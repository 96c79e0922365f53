begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.org('Ours') as ours \gset
select tests.org('Theirs') as theirs \gset

select lives_ok(format('select private.own_outside(%L, %L, %L)', 'vapi_phone_number', 'a', :'ours'), 'a thing at a provider is its organisation''s');
select lives_ok(format('select private.own_outside(%L, %L, %L)', 'vapi_phone_number', 'a', :'ours'), 'however often that is said');
select throws_ok(format('select private.own_outside(%L, %L, %L)', 'vapi_phone_number', 'a', :'theirs'), 'XX000', null, 'and never another''s');
select lives_ok(format('select private.own_outside(%L, %L, %L)', 'twilio_account', 'a', :'theirs'), 'a thing of another kind may be called the same');
select is((select d.org_id from private.directory d where d.kind = 'vapi_phone_number' and d.key = 'a'), :'ours'::uuid, 'it stays whose it was');

select * from finish();
