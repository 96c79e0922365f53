-- Ended, the provider does not say when: free.
--
-- Caught by: pgtap/billing/silent_calls.sql
select tests.patch('private.call_polled', $old$when v_ended_at is not null
                     then$old$, $new$else$new$);
