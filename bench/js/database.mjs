// The database of the bench as node-postgres wants it told.
import pg from 'pg';

// The driver's defaults give int8 and numeric as strings; everything measured here comes as JSON or text.
export function openPool(size) {
  const pool = new pg.Pool({
    connectionString: process.env.DATABASE_URL,
    max: size,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 2_000,
  });
  pool.on('error', (error) => console.error('an idle connection failed:', error.message));
  return pool;
}
