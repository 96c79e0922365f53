-- Every movement below the threshold charges the card.
--
-- Caught by: pgtap/billing/consider_recharge.sql
drop index public.wallet_recharges_one_in_flight;
select tests.patch('private.consider_recharge', $old$on conflict (org_id) where status = 'pending' do nothing$old$, $new$$new$);
