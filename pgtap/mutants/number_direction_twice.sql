-- Whoever asks twice gets two numbers for one direction.
--
-- Caught by: pgtap/telephony/provision_number.sql
drop index public.managed_phone_numbers_one_live_a_direction;
select tests.patch('private.claim_direction', $old$on conflict (org_id, routing_direction) where n.status in ('provisioning', 'active') do nothing$old$, $new$$new$);
