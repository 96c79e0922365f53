-- What belongs to one organisation at a provider is taken for another's as well.
--
-- Caught by: pgtap/telephony/own_outside.sql
select tests.patch('private.claim_outside', $old$d.key = p_key and d.org_id = p_org_id$old$, $new$d.key = p_key$new$);
