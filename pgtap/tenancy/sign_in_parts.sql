-- The parts of signing in that keep no session, and work wherever accounts are.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(47);

-- private.sign_in_email
select is(private.sign_in_email(E' \tAnn.O''Lee+x@Clinic.TEST\r\n'), 'ann.o''lee+x@clinic.test', 'an address has one spelling');
select is(private.sign_in_email(private.sign_in_email('Ann@Clinic.test')), 'ann@clinic.test', 'which spelling again does not change');
select is(private.sign_in_email('jürgen@bücher.test'), 'jürgen@bücher.test', 'letters of any alphabet make one');
select lives_ok(
    $$ select private.sign_in_email(repeat('e', 245) || '@xyz.test') $$, 'one of 254 characters is one');
select tests.throws_code(
    $$ select private.sign_in_email(repeat('e', 246) || '@xyz.test') $$, 'email_address_invalid', 'a longer one is none');
select tests.throws_code(
    format('select private.sign_in_email(%L)', wrong.email), 'email_address_invalid', coalesce(to_json(wrong.email)::text, 'NULL') || ' is no address')
from (values (null), (''), (' '), ('ann'), ('ann@'), ('@clinic.test'), ('ann@clinic'), ('ann@clinic.'), ('ann@.test'), ('ann@clinic..test'),
             ('ann@lee@clinic.test'), ('ann lee@clinic.test'), ('Ann <ann@clinic.test>'), ('ann@clinic.test,bob@clinic.test'),
             (E'ann@clinic.test\nbcc:bob@clinic.test'), (E'ann\x01@clinic.test'), ('"ann"@clinic.test')) as wrong (email);

-- private.sign_in_network
select is(private.sign_in_network('10.1.2.3'), '10.1.2.3', 'an IPv4 address stands for itself');
select is(
    private.sign_in_network('2001:db8:1:2:aaaa:bbbb:cccc:dddd'), '2001:db8:1:2::/64', 'an IPv6 address for the network of its subscriber');
select is(
    private.sign_in_network('2001:db8:1:2::1'), private.sign_in_network('2001:db8:1:2:ffff:ffff:ffff:ffff'), 'whichever of its addresses it is');
select isnt(
    private.sign_in_network('2001:db8:1:2::1'), private.sign_in_network('2001:db8:1:3::1'), 'the next subscriber is another');
select is(private.sign_in_network(null), null, 'no address is none');

-- private.sign_in_check_metadata
select lives_ok(
    format('select private.sign_in_check_metadata(%L)', jsonb_build_object('k', repeat('v', 16384 - 9))), 'user_metadata of 16 kB is taken');
select tests.throws_code(
    format('select private.sign_in_check_metadata(%L)', jsonb_build_object('k', repeat('v', 16384 - 8))), 'user_metadata_invalid',
    'one byte more is not');
select tests.throws_code(
    format('select private.sign_in_check_metadata(%L)', jsonb_build_object('k', repeat('ä', 9000))), 'user_metadata_invalid',
    'bytes are counted, not letters');
select lives_ok('select private.sign_in_check_metadata(null)', 'none is no wrong one');
select tests.throws_code(format('select private.sign_in_check_metadata(%L)', wrong.data), 'user_metadata_invalid', wrong.data || ' is no object')
from (values ('null'), ('[]'), ('"text"'), ('1')) as wrong (data);

-- private.sign_in_token_text
select is(private.sign_in_token_text('\xfbefbe'), '----', 'what would be + is -');
select is(private.sign_in_token_text('\xffffff'), '____', 'what would be / is _');
select is(length(private.sign_in_token_text(decode(repeat('ab', 32), 'hex'))), 43, 'nothing is filled up');
select is(
    decode(translate(private.sign_in_token_text(d.bytes), '-_', '+/') || '=', 'base64'), d.bytes, 'and nothing lost')
from (select sha256('x') as bytes) as d;
select unalike(private.sign_in_token_text(decode(repeat('ab', 100), 'hex')), E'%\n%', 'one line, however long');

-- private.sign_in_password_hash
select private.sign_in_password_hash('12345678') as hash \gset
select matches(:'hash'::text, '^\$2a\$10\$', 'a password is kept as bcrypt of cost 10');
select is(extensions.crypt('12345678', :'hash'), :'hash', 'which knows it again');
select isnt(private.sign_in_password_hash('12345678'), :'hash', 'and never looks the same twice');
select lives_ok($$ select private.sign_in_password_hash(repeat('ä', 36)) $$, '72 bytes are read to the last');
select tests.throws_code(
    format('select private.sign_in_password_hash(%L)', wrong.password), 'weak_password', wrong.why)
from (values (null, 'no password is weak'), ('1234567', 'so is one of seven letters'), (repeat('ä', 36) || 'x', 'and one that would be cut off')) as wrong (password, why);

select finish();
rollback;
