// What a good engineer would write without Voxanne: Express, node-postgres, a verified token, one transaction a request.
//
// The same functions under the same role and claims on the same database. Statements are named, so Postgres parses each
// once a connection. WORKERS > 1 runs one process a core, sharing the port and splitting the pool.
import cluster from 'node:cluster';
import { createSecretKey } from 'node:crypto';
import express from 'express';
import jwt from 'jsonwebtoken';
import { openPool } from './database.mjs';

const port = Number(process.env.PORT);
const poolSize = Number(process.env.POOL_SIZE ?? 8);
const workers = Number(process.env.WORKERS ?? 1);
// A key, not a string: of a string jsonwebtoken first tries to make a public key, every time, a quarter of the request.
const secret = createSecretKey(Buffer.from(process.env.JWT_SECRET));

const GET_ORGANIZATION = {
  name: 'get_organization',
  text: 'select to_json(public.get_organization()) as body',
};
const UPDATE_ORGANIZATION = {
  name: 'update_organization',
  text: 'select to_json(public.update_organization(p_patch => $1)) as body',
};
const BECOME = {
  name: 'become',
  text: "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)",
};

function authenticate(request, response, next) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme !== 'Bearer' || !token) {
    return response.status(401).json({ error: 'Sign in first.', code: 'not_signed_in' });
  }
  try {
    request.claims = jwt.verify(token, secret, { algorithms: ['HS256'], audience: 'authenticated' });
    next();
  } catch {
    response.status(401).json({ error: 'The token is not valid.', code: 'invalid_token' });
  }
}

function inTransaction(pool) {
  return async (claims, query) => {
    const client = await pool.connect();
    let broken;
    try {
      await client.query('begin');
      await client.query({ ...BECOME, values: [JSON.stringify(claims)] });
      const { rows } = await client.query(query);
      await client.query('commit');
      return rows[0].body;
    } catch (error) {
      await client.query('rollback').catch((failure) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  };
}

function serve() {
  const transact = inTransaction(openPool(Math.max(1, Math.floor(poolSize / workers))));
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '1mb' }));

  app.get('/api/organization', authenticate, async (request, response) => {
    response.json(await transact(request.claims, GET_ORGANIZATION));
  });

  app.patch('/api/organization', authenticate, async (request, response) => {
    if (typeof request.body !== 'object' || request.body === null || Array.isArray(request.body)) {
      return response.status(400).json({ error: 'The body must be a JSON object.', code: 'bad_request' });
    }
    response.json(await transact(request.claims, { ...UPDATE_ORGANIZATION, values: [JSON.stringify(request.body)] }));
  });

  app.use((error, _request, response, _next) => {
    console.error(error.message);
    const status = /^PT\d{3}$/.test(error.code ?? '') ? Number(error.code.slice(2)) : 500;
    response.status(status).json({ error: 'The request failed.', code: error.hint ?? 'internal' });
  });

  app.listen(port, '127.0.0.1');
}

if (workers > 1 && cluster.isPrimary) {
  for (let worker = 0; worker < workers; worker += 1) cluster.fork();
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM');
    process.exit(0);
  });
} else {
  serve();
}
