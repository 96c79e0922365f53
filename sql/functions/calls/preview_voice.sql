-- A voice with the address of its provider's own sample. Vapi has no way to have a voice say something outside a call, so
-- what is heard is the sample, and there is none where the provider publishes none.
--
-- Raises 404 voice_not_found, 409 voice_preview_unavailable, and what private.authorize() raises.
create or replace function public.preview_voice(p_provider text, p_voice_id text)
returns public.voices
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_voice public.voices;
begin
    perform private.authorize('public.preview_voice');
    select * into v_voice from public.voices v where v.provider = p_provider and v.voice_id = p_voice_id;
    if not found then
        perform private.fail('voice_not_found');
    elsif v_voice.preview_url is null then
        perform private.fail('voice_preview_unavailable');
    end if;
    return v_voice;
end
$$;

revoke execute on function public.preview_voice(text, text) from public, anon, authenticated, service_role;
grant execute on function public.preview_voice(text, text) to authenticated;
