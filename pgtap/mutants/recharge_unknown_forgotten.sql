-- A charge whose outcome is unknown is taken for failed, and the card is charged anew.
--
-- Caught by: pgtap/billing/recharge_answered.sql
select tests.patch('private.recharge_answered', $old$elsif v_status = 'refused' then$old$, $new$elsif v_status in ('refused', 'dead') then$new$);
