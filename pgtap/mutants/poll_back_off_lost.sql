-- A call whose length stays unknown is asked about every half minute.
--
-- Caught by: pgtap/billing/silent_calls.sql
select tests.patch('private.settle_call', $old$case when r.polls = 0 then$old$, $new$case when true then$new$);
