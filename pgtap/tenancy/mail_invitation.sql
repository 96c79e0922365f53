-- private.mail_invitation(): one token at a time, known only to the email.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.org() as org \gset
select tests.admin(:'org') as admin \gset
select tests.as_user(:'admin');
select (public.invite_member('guest@example.test')).id as invitation \gset
select tests.as_owner();
select encode(token_hash, 'hex') as first from private.invitation_secrets where invitation_id = :'invitation' \gset

select private.mail_invitation(row(:'org', :'admin', null, 'admin')::private.caller, i) as email
from public.org_invitations i where i.id = :'invitation' \gset

select encode(token_hash, 'hex') as second from private.invitation_secrets where invitation_id = :'invitation' \gset
select isnt(:'second'::text, :'first'::text, 'mailing an invitation gives it a new token');
select is_empty(format($$ select from private.directory where kind = 'invitation' and key = %L $$, :'first'), 'the one before leads nowhere');
select is(org_id, :'org'::uuid, 'the new one leads to the organisation') from private.directory where kind = 'invitation' and key = :'second';
select is(
    encode(sha256(convert_to(substring(text from '/invitations/([0-9a-f]{64})'), 'UTF8')), 'hex'), :'second',
    'the email carries the token whose hash is kept')
from private.emails where id = :'email';
select is(recipient, 'guest@example.test', 'and goes to the invited address') from private.emails where id = :'email';

select * from finish();
rollback;
