-- A number to call with is found by calls, too.
--
-- Caught by: pgtap/telephony/provision_number.sql pgtap/telephony/insert_managed_number_atomic.sql
select tests.patch('private.link_number', $old$if p_routing_direction <> 'outbound' then$old$, $new$if true then$new$);
