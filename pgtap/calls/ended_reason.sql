-- How a call ended is known of each reason the provider has, by the longest beginning that fits.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

create function pg_temp.meant(p_reason text) returns text language sql as $$
    select concat_ws(' ', r.connected, r.failed, r.told) from private.ended_reason(p_reason) r $$;
select is(pg_temp.meant(reason), meaning, reason)
from (values
    ('customer-ended-call', 'known f They hung up.'),
    ('customer-ended-call-during-transfer', 'known f They hung up.'),
    ('customer-did-not-answer', 'never t Nobody answered.'),
    ('customer-busy', 'never t The line was busy.'),
    ('assistant-ended-call-with-hangup-task', 'known f The assistant ended the call.'),
    ('assistant-forwarded-call', 'known f The call was passed on to a person.'),
    ('assistant-request-returned-error', 'never t The call was not let in.'),
    ('assistant-request-returned-forwarding-phone-number', 'unknown f The call was passed straight on to a person.'),
    ('exceeded-max-duration', 'known f The call reached the longest it may last.'),
    ('pipeline-error-custom-llm-llm-failed', 'unknown t A fault at the provider ended the call.'),
    ('call.in-progress.error-vapifault-openai-voice-failed', 'known t A fault at the provider ended the call.'),
    ('call.in-progress.error-sip-outbound-call-failed-to-connect', 'never t The carrier could not connect the call.'),
    ('call.start.error-get-org', 'never t The call could not be started.'),
    ('something-new', 'unknown f The call ended.')) as r (reason, meaning);
select is(pg_temp.meant(null), 'unknown f The call ended.', 'of no reason nothing is known');
select is_empty($$ select reason from private.ended_reasons where told !~ '^[A-Z][^.!?]*[.]$' $$, 'each is told in one sentence');
select is_empty($$ select reason from private.ended_reasons where reason ~ '[*].' or reason = '' $$, 'a star stands at the end only');

select * from finish();
rollback;
