-- What is read of an account for signing in: private.sign_in_user and private.sign_in_org.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

select tests.org() as org \gset
select tests.user(:'org', 'user') as member \gset
update auth.users
set last_sign_in_at = '2026-01-02 03:04:05+00', phone = '+447700900123', encrypted_password = 'secret',
    created_at = '2025-01-01', updated_at = '2025-06-01', email_confirmed_at = '2025-01-01'
where id = :'member';
select email from auth.users where id = :'member' \gset

select is(
    private.sign_in_user(:'member') - 'identities',
    jsonb_build_object(
        'id', :'member', 'aud', 'authenticated', 'role', 'authenticated', 'email', :'email', 'phone', '+447700900123',
        'email_confirmed_at', timestamptz '2025-01-01', 'confirmed_at', timestamptz '2025-01-01',
        'last_sign_in_at', timestamptz '2026-01-02 03:04:05+00', 'created_at', timestamptz '2025-01-01',
        'updated_at', timestamptz '2025-06-01', 'is_anonymous', false, 'user_metadata', jsonb_build_object('full_name', 'User'),
        'app_metadata', jsonb_build_object('provider', 'email', 'providers', jsonb_build_array('email'), 'org_id', :'org')),
    'a user is shown as Supabase Auth shows one, and no secret with it');
select is(
    private.sign_in_user(:'member') -> 'identities',
    jsonb_build_array(jsonb_build_object(
        'identity_id', :'member', 'id', :'member', 'user_id', :'member', 'provider', 'email', 'email', :'email',
        'identity_data', jsonb_build_object('sub', :'member', 'email', :'email', 'email_verified', false, 'phone_verified', false),
        'last_sign_in_at', timestamptz '2026-01-02 03:04:05+00', 'created_at', timestamptz '2025-01-01',
        'updated_at', timestamptz '2025-06-01')),
    'with the one identity there is');
update auth.users set phone = null where id = :'member';
select is(private.sign_in_user(:'member') ->> 'phone', '', 'no phone is an empty one, as supabase-js expects');
select is(private.sign_in_user(gen_random_uuid()), null, 'nobody is nobody');

select is(private.sign_in_org(:'member'), :'org'::uuid, 'the audit learns the organisation from the account');
delete from private.directory where kind = 'user' and key = :'member';
update auth.users set raw_app_meta_data = jsonb_build_object('org_id', upper(:'org')) where id = :'member';
select is(private.sign_in_org(:'member'), :'org'::uuid, 'in any spelling');
update auth.users set raw_app_meta_data = '{"org_id": "no uuid"}' where id = :'member';
select is(private.sign_in_org(:'member'), null, 'what is no id is none, and no error');
update auth.users set raw_app_meta_data = jsonb_build_object('org_id', :'org' || E'\n') where id = :'member';
select is(private.sign_in_org(:'member'), null, 'nor is an id with something behind it');
update auth.users set raw_app_meta_data = '{}' where id = :'member';
select is(private.sign_in_org(:'member'), null, 'an account may have none');
update auth.users set raw_app_meta_data = '[]' where id = :'member';
select is(private.sign_in_org(:'member'), null, 'or hold anything else');
select is(private.sign_in_org(gen_random_uuid()), null, 'nobody has none');

select finish();
rollback;
