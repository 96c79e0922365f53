-- A number that rings for one organisation is imported for another.
--
-- Caught by: pgtap/telephony/connect_twilio.sql
select tests.patch('private.own_account_validated', $old$m.org_id <> p_saga.org_id$old$, $new$false$new$);
select tests.patch('private.own_account_validated', $old$c.org_id <> p_saga.org_id$old$, $new$false$new$);
