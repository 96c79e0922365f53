-- Vapi writes times in two ways, and sometimes something that is none.
begin;
select plan(7);

select is(private.vapi_time('1770377651312'), '2026-02-06 11:34:11.312+00'::timestamptz, 'milliseconds, as it does today');
select is(private.vapi_time('1770377651312.5'), '2026-02-06 11:34:11.3125+00'::timestamptz, 'also with a fraction');
select is(private.vapi_time('"2024-06-30T03:20:01.177Z"'), '2024-06-30 03:20:01.177+00'::timestamptz, 'ISO, as it did in 2024');
select is(private.vapi_time('"1770377651312"'), '2026-02-06 11:34:11.312+00'::timestamptz, 'milliseconds in quotes');
select is(private.vapi_time('"tomorrow"'), null, 'a word is no time');
select is(private.vapi_time('"2024-13-45T99:99"'), null, 'neither is a date that does not exist');
select is(private.vapi_time('{"a": 1}'), null, 'nor an object');

select * from finish();
rollback;
