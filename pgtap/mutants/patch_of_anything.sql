-- A patch changes fields it should not know.
--
-- Caught by: pgtap/tenancy/update_organization.sql
select tests.patch('private.check_patch', $old$if v_wanted is null then$old$, $new$continue when v_wanted is null;
        if v_wanted is null then$new$);
