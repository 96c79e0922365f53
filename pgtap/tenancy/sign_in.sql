begin;
set local search_path = pg_catalog, extensions, pg_temp;
select private.sign_in_is_local() as local \gset
\if :local
select plan(17);

select private.sign_up('ann@sign-in.test', 'right password') #>> '{user,id}' as ann \gset
select private.sign_in('ANN@sign-in.test ', 'right password', '10.9.1.1', 'psql') as answer \gset
select private.sign_in('ann@sign-in.test', 'wrong password', '10.9.1.1')::text as wrong \gset
select private.sign_in('nobody@sign-in.test', 'wrong password', '10.9.1.1')::text as unknown \gset

select is(:'answer'::jsonb #>> '{user,id}', :'ann'::text, 'the right password lets in');
select is(:'answer'::jsonb #>> '{claims,sub}', :'ann', 'and the token says who');
select is(:'wrong'::jsonb ->> 'code', 'invalid_credentials', 'the wrong one does not');
select is(:'unknown'::text, :'wrong'::text, 'an unknown email is answered with the same words');
select is(current_setting('response.status'), '400', 'as a refusal that commits');
select is(
    (select count(*) from private.sign_in_attempts where email = 'ann@sign-in.test' and not succeeded), 1::bigint,
    'and the failed attempt is remembered');
select is(
    private.sign_in('nobody@sign-in.test', repeat('x', 10000)) ->> 'code', 'invalid_credentials',
    'a password of any length is only wrong');
select throws_ok($$ select private.sign_in('ann@sign-in.test', null) $$, 'PT400', null, 'a password must be there');

select private.sign_up('long@sign-in.test', repeat('p', 72)) as long \gset
select is(
    private.sign_in('long@sign-in.test', repeat('p', 73)) ->> 'code', 'invalid_credentials',
    'what bcrypt would cut off still counts');

insert into private.sign_in_attempts (kind, email, ip, succeeded)
select 'sign_in', 'ann@sign-in.test', '10.9.1.3', false from generate_series(1, 9);
select is(
    private.sign_in('ann@sign-in.test', 'right password') ->> 'code', 'over_request_rate_limit',
    'after ten wrong passwords even the right one is not looked at');
select isnt(
    private.sign_in('ann@sign-in.test', 'right password', null, null, now() + interval '16 minutes') ->> 'refresh_token', null,
    'a quarter of an hour later it is');
insert into private.sign_in_attempts (kind, email, ip, succeeded)
select 'sign_in', 'someone' || i || '@sign-in.test', '10.9.1.4', false from generate_series(1, 100) as i;
select is(
    private.sign_in('long@sign-in.test', repeat('p', 72), '10.9.1.4') ->> 'code', 'over_request_rate_limit',
    'one address cannot try a hundred accounts');

insert into private.sign_in_attempts (kind, email, ip, succeeded)
select 'sign_in', 'flood@sign-in.test', '10.9.1.5', false from generate_series(1, 9);
do $$
begin
    perform private.sign_in('flood@sign-in.test', 'wrong password', '10.9.1.6') from generate_series(1, 3);
end $$;
select is(
    (select count(*) from public.security_audit_log
     where kind = 'sign_in_limited' and details ->> 'email' = 'flood@sign-in.test'), 1::bigint,
    'reaching the limit is noted once, however many tries follow');
insert into private.sign_in_attempts (kind, email, ip, succeeded)
select 'sign_in', 'v6' || i || '@sign-in.test', '2001:db8:0:1::/64', false from generate_series(1, 100) as i;
select is(
    private.sign_in('nobody@sign-in.test', 'wrong password', '2001:db8:0:1:2:3:4:5') ->> 'code', 'over_request_rate_limit',
    'a subscriber with many IPv6 addresses counts as one');

update auth.users set banned_until = now() + interval '1 day' where email = 'long@sign-in.test';
select is(private.sign_in('long@sign-in.test', repeat('p', 72)) ->> 'code', 'user_banned', 'a blocked account stays out');
update auth.users set banned_until = null, deleted_at = now() where email = 'long@sign-in.test';
select is(private.sign_in('long@sign-in.test', repeat('p', 72)) ->> 'code', 'invalid_credentials', 'a deleted one is unknown');
update auth.users set deleted_at = null, encrypted_password = null where email = 'long@sign-in.test';
select is(private.sign_in('long@sign-in.test', repeat('p', 72)) ->> 'code', 'invalid_credentials', 'one without a password too');
select finish();
\else
select plan(1);
select throws_ok($$ select private.sign_in('a@b.test', 'long enough') $$, 'PT404', null, 'where Supabase Auth stands, this refuses');
select finish();
\endif
rollback;
