-- Gives a managed number back: it stops answering at once, and the providers let go of it. Answers the operation to follow.
--
-- Nothing is paid back. A forwarding that led to the number is disabled; its phone still forwards until its code is dialled.
--
-- Raises 404 number_not_found, 409 number_not_active, and what private.authorize() raises.
create or replace function public.release_number(p_phone_number text)
returns public.operation
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.release_number(p_phone_number);
$$;

revoke execute on function public.release_number(text) from public, anon, authenticated, service_role;
grant execute on function public.release_number(text) to authenticated;
