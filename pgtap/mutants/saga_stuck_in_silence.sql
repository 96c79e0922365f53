-- Nobody hears of a saga that cannot go on.
--
-- Caught by: pgtap/platform/saga_answered.sql pgtap/telephony/release_number.sql
select tests.patch('private.try_saga_again', $old$perform private.alert($old$, $new$perform concat($new$);
