-- The card heard of last is kept, not the newest.
--
-- Caught by: pgtap/billing/save_card.sql
select tests.patch('private.save_card', $old$(coalesce(w.payment_method_at, '-infinity'), coalesce(w.stripe_payment_method_id, '')) < (n.at, n.card)$old$, $new$true$new$);
