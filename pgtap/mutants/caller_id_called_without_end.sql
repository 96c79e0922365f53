-- A phone is called for verification four times an hour.
--
-- Caught by: pgtap/telephony/begin_caller_id.sql
select tests.patch('private.refuse_limited', $old$cardinality(p_calls) >= 3$old$, $new$cardinality(p_calls) >= 4$new$);
