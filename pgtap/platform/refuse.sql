begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

select is(
    private.refuse('too_many_requests', '{"seconds": 60}'),
    jsonb_build_object(
        'error', 'Too many requests. Please wait a moment.', 'message', 'Too many requests. Please wait a moment.',
        'code', 'too_many_requests', 'hint', 'too_many_requests', 'details', jsonb_build_object('seconds', 60)),
    'the body reads the same through either door');
select is(current_setting('response.status'), '429', 'the status is set for the answer');
select ok(not (private.refuse('too_many_requests') ? 'details'), 'details are there only when there are some');

select is(nullif(current_setting('response.headers', true), ''), null, 'no header says when to come again');
select is(private.refuse('too_many_requests', p_sentence => 'Two remain.') - 'hint' - 'code', '{"error": "Two remain.", "message": "Two remain."}'::jsonb, 'a sentence of its own says more than the registry''s');
select is((private.refuse('too_many_requests', p_retry_after_seconds => 0.2), current_setting('response.headers'))::text like '%{""Retry-After"": ""1""}%', true, 'or when to come again, in whole seconds, never at once');

create temporary table remembered (what text) on commit drop;
create function pg_temp.count_and_refuse() returns jsonb language plpgsql as $$
begin
    insert into remembered values ('a wrong code');
    return private.refuse('invalid_value');
end $$;
select is(pg_temp.count_and_refuse() ->> 'code', 'invalid_value', 'a function says no');
select is(count(*), 1::bigint, 'and what it noted stays') from remembered;

select * from finish();
rollback;
