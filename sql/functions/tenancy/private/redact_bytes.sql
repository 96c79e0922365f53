-- Raw bytes that hold UTF-8 text, without what names a person. Bytes that are no text are left as they are.
create or replace function private.redact_bytes(p_bytes bytea, p_values text[])
returns bytea
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return convert_to(private.redact_text(convert_from(p_bytes, 'UTF8'), p_values), 'UTF8');
exception when character_not_in_repertoire or untranslatable_character then
    return p_bytes;
end
$$;

revoke execute on function private.redact_bytes(bytea, text[]) from public, anon, authenticated, service_role;
