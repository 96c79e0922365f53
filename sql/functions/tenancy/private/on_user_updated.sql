-- Trigger: puts the organisation back where a change of the account's app_metadata lost or replaced it, and keeps the
-- profile's email and last sign-in as the account has them.
--
-- The directory alone says where an account belongs. A change of the account never fails because the profile cannot follow.
create or replace function private.on_user_updated()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
    v_message text;
begin
    select d.org_id into v_org_id from private.directory d where d.kind = 'user' and d.key = new.id::text;
    if not found then
        return new;
    end if;

    if new.raw_app_meta_data ->> 'org_id' is distinct from v_org_id::text then
        new.raw_app_meta_data := coalesce(new.raw_app_meta_data, '{}') || jsonb_build_object('org_id', v_org_id);
    end if;

    if new.email is distinct from old.email or new.last_sign_in_at is distinct from old.last_sign_in_at then
        begin
            update public.profiles
            set email = left(new.email, 254), last_login = new.last_sign_in_at
            where org_id = v_org_id and id = new.id;
        exception when others then
            get stacked diagnostics v_message = message_text;
            perform private.record_security_event(
                'profile_out_of_step', v_org_id, new.id, jsonb_build_object('message', v_message));
        end;
    end if;
    return new;
end
$$;

revoke execute on function private.on_user_updated() from public, anon, authenticated, service_role;
