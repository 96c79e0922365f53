// Clients of the server under test, made as an application makes them.
import { createClient } from '@supabase/supabase-js';

export const url = process.env.VOXANNE_URL;
export const anonKey = process.env.VOXANNE_ANON_KEY;
export const serviceKey = process.env.VOXANNE_SERVICE_KEY;

const quiet = {
  auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  // Nothing here uses a socket, and older Nodes have none to offer.
  realtime: { transport: class {} },
};

/** Nobody in particular, with the public key. */
export const anon = () => createClient(url, anonKey, quiet);

/** A server that may do everything. */
export const service = () => createClient(url, serviceKey, quiet);

/** Somebody who already has an access token. */
export const bearing = (token) =>
  createClient(url, anonKey, { ...quiet, global: { headers: { Authorization: `Bearer ${token}` } } });

/** The answer, when there is one. */
export function good({ data, error, ...rest }) {
  if (error) throw new Error(JSON.stringify({ ...error, message: error.message, ...rest }));
  return data;
}
