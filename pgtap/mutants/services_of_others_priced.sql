-- What other organisations offer has a price here.
--
-- Caught by: pgtap/clinic/get_service_price_by_keyword.sql
select tests.patch('private.services_in', $old$where s.org_id = p_org_id and s.is_active$old$, $new$where s.is_active$new$);
