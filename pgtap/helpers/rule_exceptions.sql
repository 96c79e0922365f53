-- Where a catalogue rule does not hold, on purpose: the rule, the object as the rule names it, and why.
--
-- pgtap/catalogue/exceptions.sql fails when an entry no longer excuses anything.
create or replace function tests.rule_exceptions()
returns table (rule text, object text, reason text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    values
        ('registry_codes_are_used', 'busy', 'the server: a lock was not given in time');
$$;
