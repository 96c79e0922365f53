-- The call that came first is cut off first.
--
-- Caught by: pgtap/billing/cut_holds.sql
select tests.patch('private.cut_holds',
    $old$order by r.created_at desc, r.id desc$old$,
    $new$order by r.created_at, r.id$new$);
