begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(34);

select tests.funded(2000) as org, tests.org('Grin') as other \gset
select timestamptz '2026-11-02 04:10+00' as t \gset
select tests.bought_number(:'org', 'inbound', '+442071230001', '2026-11-01') as inbound, tests.bought_number(:'org', 'outbound', '+442071230002', '2026-11-01') as outbound \gset

-- Twilio has answered the night's question so. Answers what was made of it: alerts of the two kinds, releases ordered.
create function pg_temp.listed(p_org uuid, p_numbers jsonb, p_outcome text default 'done') returns text language plpgsql as $$
begin
    perform private.number_books_listed(
        tests.carried_out(p_org, 'twilio.list_numbers', '2026-11-02 05:00+00'), p_outcome, jsonb_build_object('numbers', p_numbers));
    return concat_ws(' ',
        (select count(*) + coalesce(sum(a.suppressed), 0) from private.alerts a where a.org_id = p_org and a.kind = 'number_orphaned'),
        (select count(*) from private.alerts a where a.org_id = p_org and a.kind = 'number_gone'),
        tests.ordered(p_org, 'twilio.release_number'));
end
$$;
create function pg_temp.at_twilio(p_phone text, p_name text) returns jsonb language sql as $$
    select jsonb_build_object('phone_number', p_phone, 'twilio_sid', 'PN' || md5(p_phone), 'name', p_name);
$$;

select is(private.compare_number_books(:'t'), '1 subaccounts to compare', 'each night the books of every subaccount are asked for');
select is(tests.ordered(:'org', 'twilio.list_numbers'), 1::bigint, 'of those who have one');
select is(tests.ordered(:'other', 'twilio.list_numbers'), 0::bigint, 'and of nobody else');
select ok((select e.run_at between :'t'::timestamptz and :'t'::timestamptz + interval '1 hour' from private.effects e where e.org_id = :'org' and e.kind = 'twilio.list_numbers'), 'not all at the same moment');
select is((select e.payload #>> '{account,type}' from private.effects e where e.org_id = :'org' and e.kind = 'twilio.list_numbers'), 'subaccount', 'with the subaccount''s own keys');

select jsonb_build_array(pg_temp.at_twilio('+442071230001', 'voxanne:' || :'inbound'), pg_temp.at_twilio('+442071230002', 'voxanne:' || :'outbound')) as both \gset
select is(pg_temp.listed(:'org', :'both'), '0 0 0', 'books that agree are no news');
select is(pg_temp.listed(:'org', '[]', 'dead'), '0 0 0', 'nor is an answer that did not come');

-- What a purchase left behind that was given up.
insert into public.managed_phone_numbers (org_id, country_code, routing_direction, status, price_pence, updated_at) values (:'org', 'GB', 'inbound', 'failed', 1000, '2026-11-01')
returning 'voxanne:' || id as stray \gset
select is(pg_temp.listed(:'org', :'both'::jsonb || pg_temp.at_twilio('+442071230009', :'stray')), '1 0 1', 'a number with our name that nobody has is told of and released');
select is((select e.payload ->> 'twilio_sid' || ' ' || (e.payload ->> 'name') from private.effects e where e.org_id = :'org' and e.kind = 'twilio.release_number'), 'PN' || md5('+442071230009') || ' ' || :'stray', 'that one and no other');
select is(pg_temp.listed(:'org', :'both'::jsonb || pg_temp.at_twilio('+442071230012', 'voxanne:' || gen_random_uuid())), '2 0 1', 'one with our name that we know nothing of is not: a restored database may have forgotten it');
select lives_ok(format('select private.saga_answered(%L, %L, %L)', tests.carried_out(:'org', 'twilio.release_number', :'t'), 'done', '{"released": true}'), 'its release belongs to no saga');
select is(pg_temp.listed(:'org', :'both'::jsonb || pg_temp.at_twilio('+442071230010', 'Reception')), '3 0 1', 'one without our name is told of and left to a person');
update public.managed_phone_numbers m set status = 'released', released_at = '2026-11-01 12:00+00', updated_at = '2026-11-01 12:00+00' where m.id = :'inbound';
select is(pg_temp.listed(:'org', :'both'), '4 0 2', 'one that was given back, and is there all the same, is released again');

-- What changed meanwhile.
update public.managed_phone_numbers m set updated_at = '2026-11-02 05:30+00' where m.id = :'inbound';
select is(pg_temp.listed(:'org', :'both'), '4 0 2', 'one given back since Twilio was asked is not');
select (private.claim_direction(:'org', 'GB', 'inbound', :'t')).id as coming \gset
select is(pg_temp.listed(:'org', :'both'::jsonb || pg_temp.at_twilio('+442071230011', 'voxanne:' || :'coming')), '4 0 2', 'nor is one that is just being bought');

-- What we have and Twilio has not.
select is(pg_temp.listed(:'org', '[]'), '4 1 2', 'a number that Twilio does not have any more is told of');
select ok((select e.payload ->> 'text' like '%+442071230002%' from private.effects e where e.org_id = :'org' and e.kind = 'slack.message' and e.payload ->> 'kind' = 'number_gone'), 'by its number');
select is((select m.status from public.managed_phone_numbers m where m.id = :'outbound'), 'active', 'and left to a person');
update public.managed_phone_numbers m set subaccount_sid = 'AC' || repeat('9', 32) where m.id = :'outbound';
delete from private.alerts a where a.org_id = :'org';
select is(pg_temp.listed(:'org', '[]'), '0 0 2', 'one of another subaccount is not looked for in this one');

-- What the answer says of the subaccount.
create function pg_temp.health(p_org uuid) returns text language sql as $$
    select concat_ws(' ', s.status, s.updated_at at time zone 'UTC',
        (select count(*) from private.effects e where e.org_id = p_org and e.kind = 'slack.message' and e.payload ->> 'kind' = 'subaccount_inactive'),
        (select array_agg(e.payload ->> 'status' order by e.id) from private.events e where e.org_id = p_org and e.kind = 'integration.changed'))
    from private.twilio_subaccounts s where s.org_id = p_org;
$$;
create function pg_temp.answered(p_org uuid, p_result jsonb, p_at timestamptz, p_outcome text default 'done') returns text language plpgsql as $$
begin
    perform private.number_books_listed(tests.carried_out(p_org, 'twilio.list_numbers', p_at), p_outcome, p_result);
    return pg_temp.health(p_org);
end
$$;
select tests.funded(2000) as third, tests.funded(2000) as fourth \gset
select tests.bought_number(:'third', 'inbound', '+442071230020', '2026-11-01'), tests.bought_number(:'fourth', 'inbound', '+442071230021', '2026-11-01') \g /dev/null
select is(private.compare_number_books(:'t'), '3 subaccounts to compare', 'the next night');
select jsonb_build_object('numbers', jsonb_build_array(pg_temp.at_twilio('+442071230020', 'x'))) as well \gset
select is(pg_temp.answered(:'third', :'well', '2026-11-02 05:00+00'), 'active 2026-11-02 05:00:00 0', 'a subaccount that lists its numbers works, and was looked at then');
select is(pg_temp.answered(:'third', null, '2026-11-03 05:00+00', 'dead'), 'active 2026-11-02 05:00:00 0', 'no answer says nothing of it');
select is(pg_temp.answered(:'third', '{"refused": "twilio_account_inactive", "said": "Account is not active"}', '2026-11-03 05:00+00'), 'suspended 2026-11-03 05:00:00 1 {error}', 'one that may not is suspended: an operator and screens hear of it');
select ok(e.payload ->> 'text' like '%AC' || md5(:'third') || '%Account is not active%', 'which, and what Twilio says') from private.effects e where e.org_id = :'third' and e.kind = 'slack.message' and e.payload ->> 'kind' = 'subaccount_inactive';
select is((select count(*) from private.alerts a where a.org_id = :'third' and a.kind = 'number_gone'), 0::bigint, 'its numbers are not taken for gone');
select is(pg_temp.answered(:'third', '{"refused": "twilio_account_inactive", "said": "No"}', '2026-11-04 05:00+00'), 'suspended 2026-11-04 05:00:00 1 {error}', 'once');
select is(private.compare_number_books('2026-11-05 04:10+00'), '3 subaccounts to compare', 'it is asked on');
select is(pg_temp.answered(:'third', :'well', '2026-11-05 05:00+00'), 'active 2026-11-05 05:00:00 1 {error,connected}', 'until it works again: screens hear of that');
select is(pg_temp.answered(:'third', '{"refused": "twilio_credentials_wrong", "said": "Authenticate"}', '2026-11-06 05:00+00'), 'suspended 2026-11-06 05:00:00 2 {error,connected,error}', 'one whose token is another one does nothing either, and the next break is told again');
select is(pg_temp.answered(:'third', :'well', '2026-11-06 04:59+00'), 'suspended 2026-11-06 05:00:00 2 {error,connected,error}', 'what was said before is too late');
select is(pg_temp.health(:'fourth'), 'active 2026-11-01 00:00:00 0', 'of another organisation''s nothing was said');
update private.twilio_subaccounts s set subaccount_sid = 'AC' || repeat('8', 32) where s.org_id = :'fourth';
select is(pg_temp.answered(:'fourth', '{"refused": "twilio_account_inactive", "said": "No"}', '2026-11-06 05:00+00'), 'active 2026-11-01 00:00:00 0', 'word about one that was replaced is word about nobody');
update private.twilio_subaccounts s set status = 'closed' where s.org_id = :'third';
select is(pg_temp.answered(:'third', :'well', '2026-11-07 05:00+00'), 'closed 2026-11-06 05:00:00 2 {error,connected,error}', 'a closed one stays closed');
update private.twilio_subaccounts s set status = 'closed' where s.org_id in (:'org', :'fourth');
select is(private.compare_number_books(:'t'), '0 subaccounts to compare', 'a closed subaccount has no books');

select * from finish();
rollback;
