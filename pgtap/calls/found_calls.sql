begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

-- A search that asks for another expression than the index has would read every call, and no test of its answers would notice.
select substring(p.prosrc from '\(to_tsvector\(.*''\)\]\)\)(?=\s+@@)') as asked
from pg_proc p where p.oid = 'private.found_calls'::regproc \gset
create function pg_temp.definition(p_index text) returns text language sql as
    $$ select replace(i.indexdef, p_index, '') from pg_indexes i where i.schemaname = 'public' and i.indexname = p_index $$;
select format('create index planted on public.calls using gin (org_id, (%s))', regexp_replace(:'asked', '\mc\.', '', 'g')) \gexec
select is(pg_temp.definition('planted'), pg_temp.definition('calls_words_idx'), 'what a search asks for is what the index has');
drop index public.planted;

-- What is looked for.
select is(private.call_words('Ann  O''Brien', null, null)::text, $$'ann' & 'o' & 'brien'$$, 'words are looked for as they are, all of them');
select is(private.call_words('07700 900123', null, null)::text,
    $$'#stigid 3210090077':* | '#digits 7700900123':* | '07700' & '900123'$$, 'a number by its last digits, its first, or as it was said');
select is(private.call_words('123', null, null)::text, $$'123'$$, 'few digits are a word');
select is(private.call_words('ann', 'failed', 'outbound')::text, $$'ann' & '#status failed' & '#direction outbound'$$, 'the filters go with them');
select is(private.call_words('#status & !', 'failed', null)::text, $$'status' & '#status failed'$$, 'nobody types a token of ours');
select is(private.call_words('', null, null), null, 'without words there is nothing to look for');
select is(private.call_words(' ?! ', 'failed', null), null, 'nor with marks alone');
select is(array[private.day_number('1970-01-01 00:00+00'), private.day_number('2026-11-21 23:59:59.999999+00'), private.day_number('2026-11-22 00:00+00')],
    array[0, 20778, 20779], 'days are counted from 1970, in UTC');

select * from finish();
rollback;
