-- Takes the code that a consent came back with, once, and has it exchanged. Answers the effect that exchanges it.
--
-- The server has checked that the state is its own. What it names must still hold: the flow is there, of this person and
-- provider, unused and not over, and whoever asked is still an admin of an organisation that is not suspended. A flow whose
-- verifier was sealed with another key than the code is over too: one version stands for both. A revocation that still
-- waits is called off, because at Google it would end the new consent as well.
--
-- Locks: the flow, the revocations that wait; then enqueues.
--
-- Raises 400 oauth_state_invalid, 409 oauth_code_reused, 410 oauth_expired, 403 account_suspended, 403 role_too_low.
create or replace function private.take_oauth_code(
    p_org_id uuid, p_flow_id uuid, p_user_id uuid, p_provider text, p_sealed_code text, p_key_version integer,
    p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_flow private.oauth_flows;
    v_effect_id uuid;
begin
    select * into v_flow from private.oauth_flows f
    where f.org_id = p_org_id and f.id = p_flow_id and f.user_id = p_user_id and f.provider = p_provider
    for update;
    if not found then
        perform private.fail('oauth_state_invalid');
    elsif v_flow.used_at is not null then
        perform private.fail('oauth_code_reused');
    elsif v_flow.expires_at <= p_now or v_flow.key_version <> p_key_version then
        perform private.fail('oauth_expired');
    elsif exists (select from public.organizations o where o.id = p_org_id and o.suspended_at is not null) then
        perform private.fail('account_suspended');
    elsif not exists (
        select from public.profiles p
        where p.org_id = p_org_id and p.id = p_user_id and p.role = 'admin' and p.status = 'active') then
        perform private.fail('role_too_low', jsonb_build_object('least_role', 'admin'));
    end if;

    perform private.cancel_effect(e.id, p_now) from private.effects e
    where e.queue_key = format('oauth.revoke:%s:%s', p_org_id, p_provider);
    v_effect_id := private.enqueue_effect(
        p_org_id => p_org_id,
        p_kind => 'oauth.exchange',
        p_payload => jsonb_build_object(
            'org_id', p_org_id, 'provider', p_provider, 'flow_id', p_flow_id,
            'scopes', (select p.scopes from private.oauth_providers p where p.provider = p_provider)),
        p_run_at => p_now);
    update private.oauth_flows f set
        encrypted_code = decode(p_sealed_code, 'base64'), effect_id = v_effect_id, used_at = p_now
    where f.org_id = p_org_id and f.id = p_flow_id;
    return v_effect_id;
end
$$;

revoke execute on function private.take_oauth_code(uuid, uuid, uuid, text, text, integer, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.take_oauth_code(uuid, uuid, uuid, text, text, integer, timestamptz) to service_role;
