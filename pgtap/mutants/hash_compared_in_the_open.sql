-- Hashes are compared byte by byte.
--
-- Caught by: pgtap/platform/same_hash.sql
select tests.patch('private.same_hash', $old$extensions.hmac(convert_to(p_one, 'UTF8'), v_key, 'sha256') = extensions.hmac(convert_to(p_other, 'UTF8'), v_key, 'sha256')$old$, $new$p_one = p_other$new$);
