begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org() as org \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member \gset
update public.organizations set created_at = '2026-06-01 00:00+00' where id = :'org';

select tests.as_user(:'admin');
select is(private.ledger_begins_at(), '2026-06-01 00:00+00'::timestamptz, 'an organisation''s ledger begins with it');
select tests.as_owner();
select private.post_entry(:'org', 2500, 'topup', 'brought over', 'Brought over', p_now => '2026-02-03 00:00+00') is not null;
select tests.as_user(:'admin');
select is(private.ledger_begins_at(), '2026-02-03 00:00+00'::timestamptz, 'or with its first row, where that is older');
select tests.as_service();
select is(private.ledger_begins_at(), null, 'who belongs to none has none');

select * from finish();
rollback;
