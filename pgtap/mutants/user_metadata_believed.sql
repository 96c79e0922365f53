-- A user chooses the organisation in user_metadata.
--
-- Caught by: pgtap/tenancy/auth_org_id.sql
select tests.patch('public.auth_org_id', $old$then (auth.jwt() #>> '{app_metadata,org_id}')::uuid$old$, $new$then (auth.jwt() #>> '{app_metadata,org_id}')::uuid
        else (auth.jwt() #>> '{user_metadata,org_id}')::uuid$new$);
