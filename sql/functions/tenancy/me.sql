-- Who the caller is: themselves, their organisation, their role, and what the front end decides by.
--
-- The wallet is shown to managers and admins, and is null to others: the policy on credit_wallets decides. An API key has
-- neither a user nor a role.
--
-- Raises what private.authorize() raises.
create or replace function public.me()
returns public.me_answer
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.me');
    v_answer public.me_answer;
begin
    v_answer."user" := (
        select (p.id, p.email, p.full_name, p.avatar_url, p.phone, p.last_login)::public.signed_in_user
        from public.profiles p
        where p.org_id = v_caller.org_id and p.id = v_caller.user_id);
    v_answer.organization := (select o from public.organizations o where o.id = v_caller.org_id);
    v_answer.role := v_caller.role;
    v_answer.wallet := private.wallet_state();
    v_answer.feature_flags := array(
        select f.name from private.org_flags() as f where f.enabled order by f.name);
    v_answer.needs_onboarding := (v_answer.organization).onboarding_completed_at is null;
    return v_answer;
end
$$;

revoke execute on function public.me() from public, anon, authenticated, service_role;
grant execute on function public.me() to authenticated;
