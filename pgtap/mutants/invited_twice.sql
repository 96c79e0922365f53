-- Inviting an email again sends another invitation.
--
-- Caught by: pgtap/tenancy/invite_member.sql
drop index public.org_invitations_open_key;
create unique index org_invitations_open_key on public.org_invitations (org_id, lower(email), id) where status = 'pending';
select tests.patch('private.write_invitation', $old$on conflict (org_id, lower(email)) where$old$, $new$on conflict (org_id, lower(email), id) where$new$);
