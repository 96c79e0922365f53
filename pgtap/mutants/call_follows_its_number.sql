-- A call whose number changes hands goes to whoever has the number now.
--
-- Caught by: pgtap/telephony/release_number.sql
select tests.patch('private.call_organization', $old$on conflict (kind, key) do nothing$old$, $new$on conflict (kind, key) do update set org_id = excluded.org_id$new$);
