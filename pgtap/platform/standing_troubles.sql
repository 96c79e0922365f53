begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select tests.org('Troubled') as org \gset
select tests.as_service();
select is((select count(*) from private.standing_troubles()), 0::bigint, 'where nothing is wrong there is nothing to say');
select tests.as_owner();
insert into private.ledger_checks (org_id, check_name, drift, checked_at) values (:'org', 'balance', 1, now()), (:'org', 'sum', 2, now());
insert into private.sagas (org_id, saga, subject_id, failures) values (:'org', 'release_number', :'org', 1), (:'org', 'release_number', :'org', 0);
insert into private.sagas (org_id, saga, subject_id, failures, state, finished_at) values (:'org', 'release_number', :'org', 3, 'done', now());
select is((select array_agg(t.what) from private.standing_troubles() t where t.kind = 'drifting_wallet'), array[:'org'], 'a wallet that drifts is named once');
select is((select count(*) from private.standing_troubles() t where t.kind = 'stuck_saga' and t.what ~ '^release_number [0-9a-f-]{36}$'), 1::bigint, 'a saga that was given up and begun again is named until it ends');
select tests.as_user(tests.admin(:'org'));
select throws_ok($$select private.standing_troubles()$$, '42501', null, 'no client hears of it');
select tests.as_owner();

select * from finish();
rollback;
