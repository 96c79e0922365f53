-- When the caps are not covered, the call that came first ends.
--
-- Caught by: pgtap/billing/protect_wallet.sql
select tests.patch('private.protect_wallet',
    $old$order by r.created_at desc, r.id desc$old$,
    $new$order by r.created_at, r.id$new$);
