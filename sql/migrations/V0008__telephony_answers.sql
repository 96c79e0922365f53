-- What the endpoints under /api/telephony answer, as the front end spells it.

create type public.caller_id_initiation as (
    success boolean,
    "verificationId" uuid,
    "validationId" text,
    "validationCode" text,
    message text
);
comment on type public.caller_id_initiation is
    'A verification that began. The code is sealed in here: the server opens it in its answer to whoever began. NULLs while it is not known yet.';

create type public.caller_id_confirmation as (
    success boolean,
    message text,
    "callerIdSid" text
);
comment on type public.caller_id_confirmation is 'A number that Twilio has on its list; NULLs while Twilio has not answered.';

create type public.verified_number as (
    id uuid,
    "phoneNumber" text,
    "friendlyName" text,
    status text,
    "verifiedAt" timestamptz,
    "hasForwardingConfig" boolean
);
comment on type public.verified_number is 'A number an organisation had verified, or began to.';

create type public.verified_numbers as (
    success boolean,
    numbers public.verified_number[]
);

create type public.telephony_done as (
    success boolean,
    message text
);
comment on type public.telephony_done is 'It is done, and what a person should know of it.';

create type public.forwarding_config as (
    id uuid,
    "verifiedCallerId" uuid,
    "simPhoneNumber" text,
    "forwardingType" text,
    carrier text,
    "ringTimeSeconds" integer,
    "generatedActivationCode" text,
    "generatedDeactivationCode" text,
    instructions text[],
    status text,
    "userConfirmedSetup" boolean,
    "lastCheckedAt" timestamptz,
    "lastCheckReached" boolean
);
comment on type public.forwarding_config is 'A phone that forwards to Voxanne: what to dial for it, step by step, and what the last check saw.';

create type public.forwarding_answer as (
    success boolean,
    config public.forwarding_config
);

create type public.forwarding_check as (
    success boolean,
    reached boolean,
    message text,
    "callStatus" text,
    "checkedAt" timestamptz,
    operation public.operation
);
comment on type public.forwarding_check is 'Whether a call to the phone came back to Voxanne; while that is not known, which operation to follow.';
