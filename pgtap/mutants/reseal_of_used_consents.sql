-- A rotation that seals half of a consent anew while its code is being exchanged.
--
-- Caught by: pgtap/telephony/sealed_rows.sql
select tests.patch('private.sealed_rows', $old$where f.used_at is null$old$, $new$where true$new$);
