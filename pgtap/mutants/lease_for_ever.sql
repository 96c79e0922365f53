-- What a dead worker held is never done.
--
-- Caught by: pgtap/platform/reap_expired_leases.sql
select tests.patch('private.reap_expired_leases', $old$e.lease_until < p_now$old$, $new$e.lease_until < p_now - interval '1 year'$new$);
