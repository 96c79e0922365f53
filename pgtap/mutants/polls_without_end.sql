-- A silent call is asked about as often as anybody can.
--
-- Caught by: pgtap/billing/silent_calls.sql
select tests.patch('private.poll_silent_calls',
    $old$least(interval '1 minute' * 2 ^ least(r.polls, 10), interval '1 hour')$old$,
    $new$interval '1 second'$new$);
