begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select is(
    private.redact_json('{"email": "a@x.test", "n": 1, "none": null, "to": ["b@x.test", {"cc": "Hi b@x.test"}], "ok": true}', '{email,none}', '{b@x.test}'),
    '{"email": "[erased]", "n": 1, "none": null, "to": ["[erased]", {"cc": "Hi [erased]"}], "ok": true}', 'keys and values go, at every depth');
select is(private.redact_json('[]', '{}', '{}'), '[]', 'an empty list stays one');
select is(private.redact_json('{"a": {"b": [1, 2.50]}}', '{}', '{x}'), '{"a": {"b": [1, 2.50]}}', 'what names nobody stays');

select * from finish();
rollback;
