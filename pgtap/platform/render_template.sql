begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select is(private.render_template('Dear {{name}}, {{name}}!', '{"name": "Ann"}', false), 'Dear Ann, Ann!', 'a name may stand twice');
select is(
    private.render_template('<b>{{name}}</b>', '{"name": "<i a=\"1\">O''Neil & co</i>"}', true),
    '<b>&lt;i a=&quot;1&quot;&gt;O&#39;Neil &amp; co&lt;/i&gt;</b>', 'values are escaped in HTML, the template is not');
select is(
    private.render_template('{{a}}{{b}}', '{"a": "{{b}}", "b": "x"}', false), '{{b}}x',
    'a value that looks like a name stays as it is');
select throws_ok(
    $$ select private.render_template('{{name}}', '{"other": "x"}', false) $$, 'XX000', null,
    'a name without a value is a mistake of the program');
select is(private.render_template('{ {name} } {{Name}}', '{}', false), '{ {name} } {{Name}}', 'only {{lower_case}} is a name');

select * from finish();
rollback;
