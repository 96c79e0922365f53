-- A rotation that puts back the secret it read over one that was entrusted meanwhile.
--
-- Caught by: pgtap/telephony/sealed_rows.sql
select tests.patch('private.reseal', $old$and c.encrypted_config = v_old and c.key_version = p_old_key_version$old$, $new$and c.key_version = p_old_key_version$new$);
