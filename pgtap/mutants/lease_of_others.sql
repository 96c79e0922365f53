-- Whoever lost the lease still finishes the effect.
--
-- Caught by: pgtap/platform/finish_effect.sql
select tests.patch('private.finish_effect', $old$where e.id = p_id and e.lease_token = p_token;
    if not found$old$, $new$where e.id = p_id;
    if not found$new$);
