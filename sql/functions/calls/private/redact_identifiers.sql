-- A text without the numbers that identify somebody to a bank or a state: cards, British national insurance numbers and
-- American social security numbers, written or said with spaces, dots or dashes.
--
-- Nine digits in a row are a social security number only where the words stand before them, and lower-case letters around
-- six digits a national insurance number only where nothing stands between or its words stand before.
create or replace function private.redact_identifiers(p_text text)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when p_text !~ '\d([^[:alpha:]]*\d){5}' then p_text else
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            private.redact_cards(p_text),
            '\m(?:[A-CEGHJ-PR-TW-Z][ .,-]{0,2}[A-CEGHJ-NPR-TW-Z])(?:[ .,-]{0,3}\d){6}[ .,-]{0,3}[A-D]\M',
            '[national insurance number]', 'g'),
            '\m[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z]\d{6}[a-d]\M', '[national insurance number]', 'gi'),
            '(national insurance[^\d]{0,40})\m[a-z][ .,-]{0,3}[a-z](?:[ .,-]{0,3}\d){6}(?:[ .,-]{0,3}[a-d]\M)?',
            '\1[national insurance number]', 'gi'),
            '(?<![\d+-])(?!000|666|9\d\d)\d{3}[ .-](?!00)\d{2}[ .-](?!0000)\d{4}(?![\d-])', '[social security number]', 'g'),
            '((?:social security|\mssn\M)[^\d]{0,40})\d(?:[ .,-]{0,3}\d){8}(?!\d)', '\1[social security number]', 'gi')
        end;
$$;

revoke execute on function private.redact_identifiers(text) from public, anon, authenticated, service_role;
