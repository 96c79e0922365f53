-- Stripe's page leads back to any address that begins like ours.
--
-- Caught by: pgtap/billing/start_topup.sql
select tests.patch('private.return_path', $old$p_return_url in (p.path, s.app_url || p.path)$old$, $new$p_return_url = p.path or p_return_url like s.app_url || '%'$new$);
