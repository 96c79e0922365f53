-- Every report of a hot call tells the clinic again.
--
-- Caught by: pgtap/calls/follow_up_lead.sql pgtap/clinic/hot_lead.sql
select tests.patch('private.hot_lead', $old$    if not found then
        return;
    end if;$old$, $new$$new$);
