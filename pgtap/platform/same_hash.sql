begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select ok(private.same_hash('$2a$10$abc', '$2a$10$abc'), 'the same is the same');
select ok(not private.same_hash('$2a$10$abc', '$2a$10$abd'), 'another is not');
select ok(not private.same_hash('$2a$10$abc', '$2a$10$abcd'), 'nor is a longer one');
select ok(not private.same_hash(null, 'x') and not private.same_hash('x', null) and not private.same_hash(null, null), 'nothing is like nothing');
select ok(private.same_hash('', ''), 'nor is an empty text nothing');
select ok(pg_get_functiondef('private.same_hash'::regproc) ~ 'gen_random_bytes' and pg_get_functiondef('private.same_hash'::regproc) ~ 'hmac',
    'what is compared are digests with a key nobody knows, so that the time says nothing of where two hashes part');

select * from finish();
rollback;
