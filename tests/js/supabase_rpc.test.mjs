// Calling functions with supabase-js, in every form it has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anon, anonKey, bearing, good, service, url } from './clients.mjs';

const [first, second] = JSON.parse(process.env.VOXANNE_SESSIONS);
const me = bearing(first.token);
const refusal = async (call) => {
  const { data, error, status } = await call;
  assert.equal(data, null);
  assert.ok(error, 'this must be refused');
  return { ...error, message: error.message, status };
};

test('a call with arguments, with none, with some left to their defaults', async () => {
  assert.equal(good(await me.rpc('door_add', { a: 1, b: 2 })), 3);
  assert.equal(good(await me.rpc('door_add', { a: 1 })), 11);
  assert.equal(good(await me.rpc('door_hello')), 'hello');
  assert.equal(good(await me.rpc('door_hello', {})), 'hello');
});

test('get and head read', async () => {
  assert.equal(good(await me.rpc('door_add', { a: 1, b: 2 }, { get: true })), 3);
  assert.equal(good(await me.rpc('door_sum', { p_values: [1, 2, 3] }, { get: true })), 6);
  assert.deepEqual(good(await me.rpc('door_echo', { p_value: '{"a":[1]}' }, { get: true })), { a: [1] });
  const head = await me.rpc('door_rows', {}, { head: true, count: 'exact' });
  assert.deepEqual([head.data, head.count, head.status], [null, 3, 200]);
  const odd = await me.rpc('door_echo', { p_value: { a: 1 } }, { head: true, count: 'exact' });
  assert.deepEqual([odd.data, odd.error, odd.count], [null, null, 1]);
});

test('every kind of answer has its own shape', async () => {
  const { data, status } = await me.rpc('door_note', { p_note: 'x' });
  assert.deepEqual([data, status], [null, 204]);
  assert.deepEqual(good(await me.rpc('door_numbers', { n: 3 })), [1, 2, 3]);
  assert.deepEqual(good(await me.rpc('door_numbers', { n: 0 })), []);
  assert.deepEqual(good(await me.rpc('door_one_column')), [{ id: 7 }]);
  assert.deepEqual(good(await me.rpc('door_out')), { sum: 3, product: 2 });
  assert.deepEqual(good(await me.rpc('door_pair_of', { p_id: 2 })), { id: 2, name: 'bee', data: null, born: '2020-02-02' });
  assert.equal(good(await me.rpc('door_pair_of', { p_id: 2 }).single()).name, 'bee');
  assert.equal(good(await me.rpc('door_null')), null);
  assert.equal(good(await me.rpc('door_rows')).length, 3);
});

test('values keep their type and all their digits', async () => {
  const value = { text: 'ä"\\\n😀', list: [1, null, true], deep: { a: {} }, big: 1.5 };
  assert.deepEqual(good(await me.rpc('door_echo', { p_value: value })), value);
  assert.deepEqual(good(await me.rpc('door_echo', { p_value: [] })), []);
  assert.equal(good(await me.rpc('door_echo', { p_value: 'text' })), 'text');
  assert.equal(good(await me.rpc('door_sum', { p_values: [1, 2, 3] })), 6);
  assert.equal(good(await me.rpc('door_many', { p_values: [4, 5] })), 9);
  const answer = await fetch(`${url}/rest/v1/rpc/door_echo`, {
    method: 'POST',
    headers: { apikey: anonKey, authorization: `Bearer ${first.token}`, 'content-type': 'application/json' },
    body: '{"p_value": 123456789012345678901234567890.5}',
  });
  assert.equal(await answer.text(), '123456789012345678901234567890.5');
});

test('overloads are told apart by the names of their arguments', async () => {
  assert.equal(good(await me.rpc('door_over', { a: 1 })), 'one');
  assert.equal(good(await me.rpc('door_over', { a: 1, b: 2 })), 'two');
  const twin = await refusal(me.rpc('door_twin', { a: 1 }));
  assert.deepEqual([twin.code, twin.status], ['PGRST203', 300]);
});

test('rows are selected, filtered, ordered and counted', async () => {
  assert.deepEqual(good(await me.rpc('door_rows').select('id').gt('id', 1).order('id', { ascending: false })), [{ id: 3 }, { id: 2 }]);
  assert.deepEqual(good(await me.rpc('door_rows').select('label:name, year:data->>year, id::text').eq('id', 1)), [{ label: 'ant', year: '1999', id: '1' }]);
  assert.equal(good(await me.rpc('door_rows').select().ilike('name', 'B%')).length, 1);
  assert.equal(good(await me.rpc('door_rows').in('name', ['ant', 'c,at'])).length, 2);
  assert.equal(good(await me.rpc('door_rows').is('data', null)).length, 1);
  assert.equal(good(await me.rpc('door_rows').not('data', 'is', null)).length, 2);
  assert.equal(good(await me.rpc('door_rows').or('id.eq.1,and(id.eq.3,name.like.c*)')).length, 2);
  assert.equal(good(await me.rpc('door_rows').neq('id', 2).lte('born', '2021-01-01')).length, 1);
  assert.equal(good(await me.rpc('door_rows').contains('data', { year: 1999 })).length, 1);
  assert.equal(good(await me.rpc('door_rows').eq('data->>year', '1999')).length, 1);
  assert.equal(good(await me.rpc('door_rows').likeAnyOf('name', ['a%', 'b%'])).length, 2);
  assert.deepEqual(good(await me.rpc('door_rows').order('data->year', { ascending: true, nullsFirst: true })).map((row) => row.id), [2, 1, 3]);
  const page = await me.rpc('door_rows', {}, { count: 'exact' }).order('id').range(1, 1);
  assert.deepEqual([page.data.map((row) => row.id), page.count, page.status], [[2], 3, 206]);
  assert.equal(good(await me.rpc('door_rows').limit(2)).length, 2);
  const beyond = await refusal(me.rpc('door_rows', {}, { count: 'exact' }).range(10, 12));
  assert.deepEqual([beyond.code, beyond.status], ['PGRST103', 416]);
});

test('one row, at most one row, and too many', async () => {
  assert.equal(good(await me.rpc('door_rows').eq('id', 1).single()).name, 'ant');
  assert.equal(good(await me.rpc('door_rows').eq('id', 9).maybeSingle()), null);
  assert.equal(good(await me.rpc('door_rows').eq('id', 1).maybeSingle()).name, 'ant');
  const many = await refusal(me.rpc('door_rows').single());
  assert.deepEqual([many.code, many.status, many.details], ['PGRST116', 406, 'The result contains 3 rows']);
  const none = await refusal(me.rpc('door_rows').eq('id', 9).single());
  assert.equal(none.details, 'The result contains 0 rows');
});

test('a call whose answer is refused has not happened', async () => {
  const before = good(await me.rpc('door_count_notes'));
  await refusal(me.rpc('door_note_twice').single());
  await refusal(me.rpc('door_note_twice').maxAffected(1));
  assert.equal(good(await me.rpc('door_count_notes')), before);
  assert.equal(good(await me.rpc('door_note_twice').maxAffected(2)).length, 2);
});

test('other formats', async () => {
  assert.equal(good(await me.rpc('door_rows').select('id,name').order('id').csv()), 'id,name\n1,ant\n2,bee\n3,"c,at"');
  assert.deepEqual(good(await me.rpc('door_rows').eq('id', 2).stripNulls()), [{ id: 2, name: 'bee', born: '2020-02-02' }]);
  const send = async (contentType, body, path) => {
    const headers = { authorization: `Bearer ${first.token}`, 'content-type': contentType };
    const answer = await fetch(`${url}/rest/v1/rpc/${path}`, { method: 'POST', headers, body });
    return [answer.status, await answer.json()];
  };
  assert.deepEqual(await send('application/json', '[1,2]', 'door_raw'), [200, [1, 2]]);
  assert.deepEqual(await send('text/plain', 'ä', 'door_text'), [200, 'ä!']);
  assert.deepEqual(await send('application/octet-stream', new Uint8Array([0, 255, 1]), 'door_bytes'), [200, 3]);
  assert.deepEqual(await send('application/x-www-form-urlencoded', 'p_values=4&p_values=6', 'door_many'), [200, 10]);
  const [status, refused] = await send('image/png', 'x', 'door_text');
  assert.deepEqual([status, refused.code], [415, 'PGRST107']);
});

test('the old way of sending one object', async () => {
  const answer = await fetch(`${url}/rest/v1/rpc/door_echo`, {
    method: 'POST',
    headers: { authorization: `Bearer ${first.token}`, 'content-type': 'application/json', prefer: 'params=single-object' },
    body: '{"a": 1}',
  });
  assert.deepEqual(await answer.json(), { a: 1 });
});

test('what a function says on purpose reaches the caller', async () => {
  const failed = await refusal(me.rpc('door_fail'));
  assert.deepEqual(
    [failed.status, failed.code, failed.hint, failed.message, JSON.parse(failed.details)],
    [403, 'PT403', 'role_too_low', 'Your role does not allow this.', { needs: 'admin' }],
  );
  const raised = await refusal(me.rpc('door_raise'));
  assert.deepEqual([raised.status, raised.code, raised.message, raised.details, raised.hint], [400, 'P0001', 'I refuse', 'so there', 'ask nicely']);
  const before = good(await me.rpc('door_count_notes'));
  const refused = await me.rpc('door_refuse');
  assert.deepEqual([refused.status, refused.error.code], [429, 'too_many_requests']);
  assert.equal(good(await me.rpc('door_count_notes')), before + 1, 'a refusal commits');
  const made = await me.rpc('door_created');
  assert.deepEqual([made.status, made.data], [201, { made: true }]);
});

test('what nobody said on purpose does not', async () => {
  const leaks = /door_|private|relation|constraint|pg_|plpgsql/;
  for (const [name, code, status] of [
    ['door_secret', '42501', 403],
    ['door_duplicate', '23505', 409],
    ['door_missing', '42P01', 404],
    ['door_internal', 'XX000', 500],
    ['door_busy', '55P03', 503],
  ]) {
    const said = await refusal(me.rpc(name));
    assert.deepEqual([said.code, said.status], [code, status], name);
    assert.doesNotMatch(JSON.stringify([said.message, said.details, said.hint]), leaks, name);
  }
  const value = await refusal(me.rpc('door_add', { a: 'x' }));
  assert.deepEqual([value.code, value.status], ['22P02', 400]);
});

test('a function that is not there, or not for you', async () => {
  const unknown = await refusal(me.rpc('door_helo'));
  assert.deepEqual([unknown.code, unknown.status, unknown.hint], ['PGRST202', 404, 'Perhaps you meant to call the function public.door_hello']);
  const named = await refusal(me.rpc('door_add', { a: 1, c: 2 }));
  assert.deepEqual([named.code, named.hint], ['PGRST202', 'Perhaps you meant to call the function public.door_add(a, b)']);
  const denied = await refusal(me.rpc('door_denied'));
  assert.deepEqual([denied.code, denied.status, denied.message], ['42501', 403, 'permission denied for function door_denied']);
  const nobody = await refusal(anon().rpc('door_denied'));
  assert.deepEqual([nobody.code, nobody.status], ['42501', 401]);
  assert.equal(good(await service().rpc('door_denied')), 'for servers');
  for (const name of ['fail', 'private.fail', 'sign_in', '"private"."fail"', 'pg_sleep', 'now']) {
    assert.equal((await refusal(service().rpc(encodeURIComponent(name), {}))).code, 'PGRST202', name);
  }
  const schema = await refusal(me.schema('private').rpc('fail', { p_code: 'not_found' }));
  assert.deepEqual([schema.code, schema.status], ['PGRST106', 406]);
});

test('a read writes nothing', async () => {
  const refused = await refusal(me.rpc('door_note', { p_note: 'x' }, { get: true }));
  assert.deepEqual([refused.code, refused.status], ['25006', 405]);
  const patch = await fetch(`${url}/rest/v1/rpc/door_hello`, { method: 'PATCH', headers: { authorization: `Bearer ${first.token}` } });
  assert.deepEqual([patch.status, (await patch.json()).code], [405, 'PGRST101']);
});

test('tables are served by Supabase', async () => {
  const { error, status } = await me.from('organizations').select();
  assert.deepEqual([status, error.code, error.hint], [404, 'PGRST205', 'Tables are served by Supabase.']);
});

test('two organisations side by side see their own rows only', async () => {
  const other = bearing(second.token);
  assert.notEqual(first.org_id, second.org_id);
  assert.deepEqual(good(await me.rpc('door_organizations')).map((row) => row.id), [first.org_id]);
  assert.deepEqual(good(await other.rpc('door_organizations')).map((row) => row.id), [second.org_id]);
  assert.deepEqual(good(await me.rpc('door_organizations').eq('id', second.org_id)), []);
  const both = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? me : other).rpc('door_whoami')));
  both.forEach((answer, i) => assert.equal(good(answer).org_id, (i % 2 ? first : second).org_id));
});

test('SQL in every string is only a string', async () => {
  const bad = `'; drop table x; -- " $1 $2 $3 $4 \\ %`;
  assert.equal(good(await me.rpc('door_echo', { p_value: bad })), bad);
  for (const call of [
    () => me.rpc('door_rows').eq(`"${bad}"`, 1),
    () => me.rpc('door_rows').eq(`data->>"$4"`, bad),
    () => me.rpc('door_rows').select(`id, "$4${bad.replaceAll('"', '')}"`),
    () => me.rpc('door_rows').select(`data->>"${bad.replaceAll('"', '').replaceAll('\\', '')}"`),
    () => me.rpc('door_rows').order(`"${bad.replaceAll('"', '')}"`),
    () => me.rpc('door_rows').in('name', [bad, ')', '"']),
    () => me.rpc('door_rows').like('name', bad),
    () => me.rpc('door_rows').or(`name.eq."x\\"y",id.eq.1'`),
    () => me.rpc(encodeURIComponent(bad), {}),
    () => me.rpc('door_echo', { [bad]: 1 }),
    () => me.rpc('door_rows', { [bad]: 1 }, { get: true }),
  ]) {
    const { status, error } = await call();
    assert.ok(status < 500, JSON.stringify(error));
  }
});

test('a body that makes no sense is a 400, never a 500', async () => {
  const bodies = ['{', '"\\ud800"', '{"p_value":', 'nul', '{"p_value":"\\u0000"}', '{"p_value":"\\ud800"}', '\x00', '{"a":1e999999}', '{"a":99999999999999999999}'];
  for (const path of ['door_echo', 'door_add']) {
    for (const body of bodies) {
      const answer = await fetch(`${url}/rest/v1/rpc/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${first.token}`, 'content-type': 'application/json' },
        body,
      });
      assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${body}: ${answer.status}`);
      assert.ok((await answer.json()).code);
    }
  }
});

test('the wallet is read and topped up as any function is called', async () => {
  const wallet = good(await me.rpc('wallet_summary'));
  assert.deepEqual([wallet.balance_pence, wallet.minutes_left, wallet.forecast.days_left], [0, 0, null]);
  assert.deepEqual(good(await me.rpc('list_wallet_transactions', { p_limit: 10 })), { items: [], next_cursor: null });
  assert.match(good(await me.rpc('wallet_transactions_csv')), /^seq,created_at,.*\r\n$/);

  const wish = { p_amount_pence: 5000, p_return_url: '/dashboard/wallet', p_idempotency_key: 'one top-up' };
  const begun = good(await me.rpc('start_topup', wish));
  assert.deepEqual([begun.kind, begun.status], ['stripe.checkout', 'queued']);
  assert.equal(good(await me.rpc('start_topup', wish)).id, begun.id, 'the same key begins nothing new');
  assert.deepEqual(good(await me.rpc('topup_session', { p_operation_id: begun.id })), { url: null, session_id: null });

  for (const [changes, code] of [
    [{ p_amount_pence: 2499 }, 'amount_out_of_range'],
    [{ p_return_url: 'https://evil.test/dashboard/wallet' }, 'return_url_not_allowed'],
  ]) {
    const said = await refusal(me.rpc('start_topup', { ...wish, p_idempotency_key: code, ...changes }));
    assert.deepEqual([said.code, said.hint, said.status], ['PT422', code, 422]);
  }
  const month = await refusal(me.rpc('wallet_statement', { p_month: '2999-01' }));
  assert.deepEqual([month.hint, month.status], ['statement_not_found', 404]);
  const theirs = await refusal(bearing(second.token).rpc('topup_session', { p_operation_id: begun.id }));
  assert.deepEqual([theirs.hint, theirs.status], ['operation_not_found', 404]);
});
