-- Changes of members are not audited.
--
-- Caught by: pgtap/tenancy/audit_row.sql
do $$
declare
    v_trigger record;
begin
    for v_trigger in
        select t.tgname from pg_trigger t
        where t.tgrelid = 'public.profiles'::regclass and t.tgfoid = 'private.audit_row'::regproc
    loop
        execute format('drop trigger %I on public.profiles', v_trigger.tgname);
    end loop;
end
$$;
