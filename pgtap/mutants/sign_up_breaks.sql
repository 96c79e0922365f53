-- A sign-up fails for what could be mended later.
--
-- Caught by: pgtap/tenancy/on_user_created.sql
select tests.patch('private.on_user_created', $old$        return null;
    end;

    begin$old$, $new$        raise;
    end;

    begin$new$);
