-- Another organisations verification can be guessed at.
--
-- Caught by: pgtap/telephony/confirm_caller_id_code.sql
select tests.patch('private.open_caller_id', $old$c.org_id = p_org_id and ($old$, $new$($new$);
