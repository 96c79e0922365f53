-- Notes why a saga turns back. The first reason stays; a code the registry does not know counts as a provider's refusal.
create or replace function private.saga_refused(p_saga private.sagas, p_code text, p_said text)
returns private.sagas
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_saga private.sagas := p_saga;
begin
    if v_saga.state = 'running' then
        v_saga.state := 'undoing';
        v_saga.error_code := coalesce(
            (select e.code from private.error_registry e where e.code = p_code), 'provider_refused');
        v_saga.error_text := left(p_said, 500);
    end if;
    return v_saga;
end
$$;

revoke execute on function private.saga_refused(private.sagas, text, text) from public, anon, authenticated, service_role;
