-- A census that forgets revocations which still wait: their key would be taken out, and their tokens live on.
--
-- Caught by: pgtap/telephony/sealed_rows.sql
select tests.patch('private.sealed_census', $old$where e.kind = 'oauth.revoke'$old$, $new$where false$new$);
