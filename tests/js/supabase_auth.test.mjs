// Signing in with supabase-js against this server's own /auth/v1.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anon, anonKey, bearing, good, url } from './clients.mjs';

const password = 'correct horse';
let numbered = 0;
const email = () => `ann${(numbered += 1)}.${Date.now()}@js.test`;

async function signedUp(data) {
  const client = anon();
  const address = email();
  const { user, session } = good(await client.auth.signUp({ email: address, password, options: { data } }));
  return { client, email: address, user, session };
}

const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

test('signing up signs in, and the first token names the new organisation', async () => {
  const { user, session } = await signedUp({ full_name: 'Ann' });
  assert.equal(user.user_metadata.full_name, 'Ann');
  assert.match(user.app_metadata.org_id, /^[0-9a-f-]{36}$/);
  assert.equal(user.identities.length, 1);
  assert.equal(session.token_type, 'bearer');
  assert.equal(session.expires_in, 3600);
  const said = claims(session.access_token);
  assert.equal(said.sub, user.id);
  assert.equal(said.aud, 'authenticated');
  assert.equal(said.role, 'authenticated');
  assert.equal(said.app_metadata.org_id, user.app_metadata.org_id);
  assert.equal(said.exp - said.iat, 3600);
  assert.equal(said.is_anonymous, false);
  assert.equal(said.aal, 'aal1');
  assert.ok(said.iss.endsWith('/auth/v1'));
});

test('the session calls functions as its user', async () => {
  const { client, user } = await signedUp();
  const who = good(await client.rpc('door_whoami'));
  assert.equal(who.sub, user.id);
  assert.equal(who.org_id, user.app_metadata.org_id);
});

test('signing in takes the right password only', async () => {
  const known = await signedUp();
  const client = anon();
  const { user, session } = good(await client.auth.signInWithPassword({ email: known.email.toUpperCase(), password }));
  assert.equal(user.id, known.user.id);
  assert.ok(session.refresh_token);

  const wrong = await anon().auth.signInWithPassword({ email: known.email, password: 'wrong horse' });
  const unknown = await anon().auth.signInWithPassword({ email: email(), password });
  assert.equal(wrong.error.code, 'invalid_credentials');
  assert.equal(wrong.error.status, 400);
  assert.equal(wrong.data.session, null);
  assert.equal(unknown.error.message, wrong.error.message);
});

test('a second account with the same address is refused, and so is a weak password', async () => {
  const known = await signedUp();
  const again = await anon().auth.signUp({ email: known.email, password });
  assert.equal(again.error.code, 'user_already_exists');
  assert.equal(again.error.status, 422);
  const weak = await anon().auth.signUp({ email: email(), password: 'short' });
  assert.equal(weak.error.code, 'weak_password');
  assert.equal(weak.error.name, 'AuthWeakPasswordError');
  assert.deepEqual(weak.error.reasons, ['length']);
  const odd = await anon().auth.signUp({ email: 'not an address', password });
  assert.equal(odd.error.code, 'email_address_invalid');
});

test('after ten wrong passwords even the right one waits', async () => {
  const known = await signedUp();
  for (let tried = 0; tried < 10; tried += 1) {
    const { error } = await anon().auth.signInWithPassword({ email: known.email, password: `wrong ${tried}` });
    assert.equal(error.code, 'invalid_credentials');
  }
  const { error } = await anon().auth.signInWithPassword({ email: known.email, password });
  assert.equal(error.code, 'over_request_rate_limit');
  assert.equal(error.status, 429);
});

test('a refresh rotates the token, and two tabs at once get the same one', async () => {
  const { client, session } = await signedUp();
  const next = good(await client.auth.refreshSession()).session;
  assert.notEqual(next.refresh_token, session.refresh_token);
  assert.equal(claims(next.access_token).session_id, claims(session.access_token).session_id);
  const other = good(await anon().auth.refreshSession({ refresh_token: session.refresh_token })).session;
  assert.equal(other.refresh_token, next.refresh_token);
});

test('a refresh token that comes back late ends the session', async () => {
  const { client, session, user } = await signedUp();
  const next = good(await client.auth.refreshSession()).session;
  good(await bearing(next.access_token).rpc('door_age_tokens', { p_user_id: user.id }));
  const reused = await anon().auth.refreshSession({ refresh_token: session.refresh_token });
  assert.equal(reused.error.code, 'refresh_token_already_used');
  const family = await anon().auth.refreshSession({ refresh_token: next.refresh_token });
  assert.equal(family.error.code, 'refresh_token_already_used');
  const unknown = await anon().auth.refreshSession({ refresh_token: 'made-up' });
  assert.equal(unknown.error.code, 'refresh_token_not_found');
});

test('a user reads and changes their own account', async () => {
  const { client, user, email: address } = await signedUp({ colour: 'red', size: 1 });
  assert.equal(good(await client.auth.getUser()).user.id, user.id);
  const changed = good(await client.auth.updateUser({ data: { colour: 'blue', size: null } })).user;
  assert.deepEqual(changed.user_metadata, { colour: 'blue' });
  good(await client.auth.updateUser({ password: 'another horse' }));
  const old = await anon().auth.signInWithPassword({ email: address, password });
  assert.equal(old.error.code, 'invalid_credentials');
  good(await anon().auth.signInWithPassword({ email: address, password: 'another horse' }));
  const same = await client.auth.updateUser({ password: 'another horse' });
  assert.equal(same.error.code, 'same_password');
  const moved = await client.auth.updateUser({ email: email() });
  assert.equal(moved.error.code, 'email_change_unavailable');
});

test('what a user writes about themself gives them nothing', async () => {
  const { client, user } = await signedUp({ org_id: '00000000-0000-4000-8000-000000000000', role: 'service_role' });
  const who = good(await client.rpc('door_whoami'));
  assert.equal(who.org_id, user.app_metadata.org_id);
  assert.equal(who.role, 'authenticated');
});

test('signing out ends the session; the others go with scope', async () => {
  const { client, session, email: address } = await signedUp();
  const other = anon();
  good(await other.auth.signInWithPassword({ email: address, password }));
  const third = anon();
  const thirdSession = good(await third.auth.signInWithPassword({ email: address, password })).session;

  good({ data: 1, ...(await third.auth.signOut({ scope: 'local' })) });
  assert.ok((await anon().auth.refreshSession({ refresh_token: thirdSession.refresh_token })).error);
  good(await client.auth.getUser());

  good({ data: 1, ...(await client.auth.signOut({ scope: 'others' })) });
  assert.ok((await other.auth.refreshSession()).error);
  good(await client.auth.getUser());

  good({ data: 1, ...(await client.auth.signOut()) });
  const gone = await anon().auth.getUser(session.access_token);
  assert.equal(gone.error.name, 'AuthSessionMissingError');
});

test('a token that is no good is refused in words', async () => {
  const { error } = await anon().auth.getUser('not.a.token');
  assert.equal(error.status, 403);
  assert.equal(error.code, 'bad_jwt');
});

test('older clients find the code where they look for it', async () => {
  const answer = await fetch(`${url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: anonKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'nobody@js.test', password: 'nothing at all' }),
  });
  assert.equal(answer.status, 400);
  assert.deepEqual(await answer.json(), {
    code: 400,
    error_code: 'invalid_credentials',
    msg: 'The email address or the password is wrong.',
  });
});

test('bodies that make no sense are a 400, never a 500', async () => {
  const bodies = ['', '[]', '{', 'null', '"x"', '{"email":1}', '{"email":"a\\u0000@b.co","password":"xxxxxxxx"}', '{"email":"\\ud800@b.co","password":"xxxxxxxx"}'];
  for (const path of ['signup', 'token?grant_type=password', 'token?grant_type=refresh_token', 'token?grant_type=magic', 'token']) {
    for (const body of bodies) {
      const answer = await fetch(`${url}/auth/v1/${path}`, { method: 'POST', body });
      assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${body}: ${answer.status}`);
      assert.ok((await answer.json()).error_code, `${path} ${body}`);
    }
  }
});

test('what is known of this service can be asked', async () => {
  const settings = await (await fetch(`${url}/auth/v1/settings`)).json();
  assert.equal(settings.external.email, true);
  assert.equal((await fetch(`${url}/auth/v1/health`)).status, 200);
  assert.equal((await fetch(`${url}/auth/v1/magiclink`, { method: 'POST' })).status, 404);
});
