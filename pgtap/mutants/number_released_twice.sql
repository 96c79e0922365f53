-- A number that is being given back is given back once more.
--
-- Caught by: pgtap/telephony/release_number.sql
select tests.patch('private.release_number', $old$elsif v_number.status = 'releasing' then$old$, $new$elsif false then$new$);
select tests.patch('private.release_number', $old$v_number.status <> 'active' or private.number_is_busy(v_caller.org_id, v_number.id)$old$, $new$false$new$);
