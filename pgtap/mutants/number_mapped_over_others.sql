-- A number that rings for one organisation is taken over by the next that records it.
--
-- Caught by: pgtap/telephony/insert_managed_number_atomic.sql
select tests.patch('private.link_number', $old$on conflict (phone_number) do nothing;$old$, $new$on conflict (phone_number) do update set org_id = excluded.org_id, agent_id = excluded.agent_id;$new$);
