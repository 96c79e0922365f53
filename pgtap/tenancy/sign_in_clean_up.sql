begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select tests.freeze_time('2026-03-01 12:00+00');
select tests.admin(tests.org()) as ann \gset
delete from private.sign_in_attempts;
delete from private.auth_sessions;
insert into private.sign_in_attempts (kind, email, succeeded, attempted_at)
values ('sign_in', 'old@example.test', false, tests.now() - interval '25 hours'),
       ('sign_in', 'new@example.test', false, tests.now() - interval '23 hours');
insert into private.auth_sessions (user_id, successor_key, user_agent, ends_at, revoked_at, revoked_because)
values (:'ann', sha256('1'), 'ended long ago', tests.now() - interval '31 days', null, null),
       (:'ann', sha256('2'), 'ended', tests.now() - interval '29 days', null, null),
       (:'ann', sha256('3'), 'revoked long ago', tests.now() + interval '1 day', tests.now() - interval '31 days', 'signed_out'),
       (:'ann', sha256('4'), 'revoked', tests.now() + interval '1 day', tests.now() - interval '29 days', 'signed_out'),
       (:'ann', sha256('5'), 'open', tests.now() + interval '1 day', null, null);
insert into private.refresh_tokens (token_hash, session_id)
select sha256(convert_to(s.user_agent, 'UTF8')), s.id from private.auth_sessions s;

select private.sign_in_clean_up(tests.now());
select results_eq('select email from private.sign_in_attempts', $$ values ('new@example.test') $$, 'attempts go after a day');
select results_eq(
    'select user_agent from private.auth_sessions order by 1', $$ values ('ended'), ('open'), ('revoked') $$,
    'sessions 30 days after they ended or were revoked');
select is((select count(*) from private.refresh_tokens), 3::bigint, 'and their tokens with them');
select tests.as_user(:'ann');
select throws_ok('select private.sign_in_clean_up()', '42501', null, 'no client makes the server forget');

select * from finish();
rollback;
