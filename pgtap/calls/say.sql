-- What agents are given to say is one line in their language, with times as people say them.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(50);

-- Languages.
select is(private.say('goodbye', 'de'), 'Vielen Dank für Ihren Anruf. Auf Wiederhören.', 'exactly this language');
select is(private.say('goodbye', 'de-AT'), private.say('goodbye', 'de'), 'else its base');
select is(private.say('goodbye', l), private.say('goodbye', 'en'), format('else English: %s', coalesce(l, 'none')))
from unnest(array['en-GB', 'sv', 'zh-CN', 'multi', '', null]) as l;
select is(private.say('transferring', 'en-US'), 'I am transferring you now. One moment, please.', 'a region''s own words come first');
select is_empty($$
    select k.key, l.language from (select distinct key from private.spoken_sentences) as k, unnest(array['en', 'de', 'fr', 'es', 'it', 'pl']) as l (language)
    where not exists (select from private.spoken_sentences s where s.key = k.key and s.language = l.language) $$, 'every sentence is there in every language');
select is_empty($$
    select s.key, s.language from private.spoken_sentences s join private.spoken_sentences e on e.key = s.key and e.language = 'en'
    where (select array_agg(m[1] order by m[1]) from regexp_matches(s.sentence, '\{\{(\w+)\}\}', 'g') as m)
        is distinct from (select array_agg(m[1] order by m[1]) from regexp_matches(e.sentence, '\{\{(\w+)\}\}', 'g') as m) $$, 'with the same to fill in');
select is_empty($$ select key, language from private.spoken_sentences where sentence ~ '[[:cntrl:]]' or length(sentence) > 300 $$, 'each is a short line');
select set_eq($$ select language from private.spoken_calendars $$, array['en', 'en-US', 'de', 'fr', 'es', 'it', 'pl'], 'and so are days and months');
select throws_ok($$ select private.say('no_such_thing', 'en') $$, 'XX000', null, 'a sentence that does not exist is our mistake');
select is(private.say('booked', 'en', jsonb_build_object('time', E'one\ntwo\r\n{{x}}')), 'You are booked for one two {{x}}.', 'what is filled in breaks no line and is not read again');
create function pg_temp.keys_said() returns setof text language sql as $$
    select distinct m[1] from pg_proc p cross join lateral regexp_matches(p.prosrc, 'private\.say\(''([a-z_]+)''', 'g') as m where p.pronamespace = 'private'::regnamespace $$;
select is_empty($$ select k from pg_temp.keys_said() as k where not exists (select from private.spoken_sentences s where s.key = k and s.language = 'en') $$, 'no function says what is not there');

-- Lines.
select is(private.one_line(E' a\n\n b\tc ', 100), 'a b c', 'one line');
select is(private.one_line('One two. Three four. Five six.', 22), 'One two. Three four.', 'ends with a whole sentence');
select is(private.one_line('One two three four five six', 14), 'One two…', 'or a whole word');
select is(private.one_line(repeat('x', 50), 10), repeat('x', 9) || '…', 'or cuts what is no word');
select cmp_ok(length(private.one_line(repeat('Word and word. ', 500), 600)), '<=', 600, 'within its measure');
select is(private.one_line(null, 10), null, 'nothing is nothing');

-- Times.
create function pg_temp.at(p_language text, p_part text default 'moment', p_at timestamptz default '2026-08-04 13:30+00') returns text language sql as $$
    select private.spoken_time(p_at, 'Europe/London', p_language, p_part) $$;
select is(pg_temp.at(l), t, l)
from (values ('en', 'Tuesday the 4th of August at 2:30 pm'), ('en-GB', 'Tuesday the 4th of August at 2:30 pm'), ('en-US', 'Tuesday, August 4th at 2:30 pm'),
    ('de', 'Dienstag, 4. August um 14:30 Uhr'), ('de-CH', 'Dienstag, 4. August um 14:30 Uhr'), ('fr', 'mardi 4 août à 14 h 30'), ('es', 'martes 4 de agosto a las 14:30'),
    ('it', 'martedì 4 agosto alle 14:30'), ('pl', 'wtorek, 4 sierpnia o godzinie 14:30'), ('sv', 'Tuesday the 4th of August at 2:30 pm')) as v (l, t);
select is(pg_temp.at('en', 'day'), 'Tuesday the 4th of August', 'the day alone');
select is(pg_temp.at('en', 'time'), '2:30 pm', 'the time alone');
select is(pg_temp.at('de', 'time'), '14:30 Uhr', 'in German');
select is(pg_temp.at('en', 'time', '2026-08-04 11:00+00'), 'noon', 'noon');
select is(pg_temp.at('en', 'moment', '2026-08-03 23:00+00'), 'Tuesday the 4th of August at midnight', 'midnight, on the clinic''s day');
select is(pg_temp.at('en', 'time', '2026-01-04 00:05+00'), '12:05 am', 'just after it');
select is(pg_temp.at('fr', 'day', '2026-08-01 12:00+00'), 'samedi 1er août', 'the first, in French');
select is(pg_temp.at('it', 'day', '2026-08-01 12:00+00'), 'sabato 1º agosto', 'in Italian');
select is((regexp_match(pg_temp.at('en', 'day', '2026-08-01 12:00+00'::timestamptz + make_interval(days => n - 1)), 'the (\S+) of'))[1], o, o)
from (values (2, '2nd'), (3, '3rd'), (11, '11th'), (12, '12th'), (13, '13th'), (21, '21st'), (22, '22nd'), (23, '23rd')) as v (n, o);
select is(private.spoken_list(array['a'], 'en'), 'a', 'one thing');
select is(private.spoken_list(array['a', 'b', 'c'], 'de'), 'a, b oder c', 'several things');

select * from finish();
rollback;
