-- What is sealed is kept with a saga's facts, and told to every effect after it.
--
-- Caught by: pgtap/telephony/provision_number.sql
select tests.patch('private.saga_answered', $old$(coalesce(p_result, '{}') - array['sealed', 'key_version'])$old$, $new$coalesce(p_result, '{}')$new$);
