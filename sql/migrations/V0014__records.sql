-- What the golden record remembers of where it has each of its parts from, and the words that tell of somebody's health.

alter table private.call_records
    add column parts jsonb not null default '{}' check (jsonb_typeof(parts) = 'object'),
    add column status_before text,
    add column status_after text,
    add column named_contact boolean not null default false;
comment on column private.call_records.parts is
    'Of each column of the call, the greatest word that spoke of it (private.word_key): what one word leaves out, a lesser one may say.';
comment on column private.call_records.status_before is
    'The contact''s state before this call made something of it, so that better word of the call can take that back.';
comment on column private.call_records.status_after is 'What this call made of it.';
comment on column private.call_records.named_contact is 'Whether the contact has its name from this call.';

create type private.known_call as (
    call public.calls,
    record private.call_records
);
comment on type private.known_call is 'A call and what its record was made of, on the way to being written.';

create table private.health_words (
    language text not null check (language ~ '^[a-z]{2}$'),
    word text not null check (word = lower(word) and word ~ '^[[:alnum:]][[:alnum:] ''-]*$'),
    edited_at timestamptz,
    primary key (language, word)
);
comment on table private.health_words is
    'Words that tell of somebody''s health: an organisation may have them taken out of what is kept of its calls.';

-- What the retention sweep looks for: calls that still have words or a recording, oldest first.
create index calls_with_words_idx on public.calls (org_id, created_at)
    where transcript is not null or summary is not null or turns <> '[]';
create index calls_with_recording_idx on public.calls (org_id, created_at) where recording_url is not null;

-- A column may hold a person's own text in one row and speak of them in another: erased there, redacted here.
alter table private.personal_data
    drop constraint personal_data_how_check,
    drop constraint personal_data_check1,
    drop constraint personal_data_check2,
    add constraint personal_data_how_check check (how in ('erase', 'redact', 'both', 'keep')),
    add constraint personal_data_check1 check (how not in ('erase', 'both') or found_by is not null),
    add constraint personal_data_check2 check (how in ('erase', 'both') or replacement is null);
comment on column private.personal_data.how is
    'erase empties the column in rows that name the person; redact takes the person''s values out wherever they stand; both does the one in those rows and the other in all.';
