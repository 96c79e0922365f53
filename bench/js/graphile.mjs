// graphile-worker with one trivial task, as the bench drives it: `migrate` makes its schema; `work` runs jobs until
// SIGTERM and leaves, for each job, the milliseconds it started at (a single process: the array is written at the end).
//
// CONCURRENCY and POOL_SIZE are the same numbers our worker gets. TUNED=1 switches on its local queue and batched completion, which
// its documentation offers for throughput.
import { writeFileSync } from 'node:fs';
import { Logger, run, runMigrations } from 'graphile-worker';
import { openPool } from './database.mjs';

const concurrency = Number(process.env.CONCURRENCY ?? 16);
const poolSize = Number(process.env.POOL_SIZE ?? 10);
const quiet = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') console.error(message);
});
const preset = process.env.TUNED
  ? { worker: { localQueue: { size: concurrency * 32 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } }
  : undefined;

const [command, startsFile] = process.argv.slice(2);
const pgPool = openPool(poolSize);

if (command === 'migrate') {
  await runMigrations({ pgPool, logger: quiet });
  await pgPool.end();
} else {
  const starts = [];
  const runner = await run({
    pgPool,
    concurrency,
    preset,
    logger: quiet,
    noHandleSignals: true,
    pollInterval: 1000,
    taskList: {
      ping: async (payload) => {
        if (startsFile) starts.push([payload.n, performance.timeOrigin + performance.now()]);
      },
    },
  });
  process.on('SIGTERM', async () => {
    await runner.stop();
    if (startsFile) writeFileSync(startsFile, JSON.stringify(starts));
    await pgPool.end();
    process.exit(0);
  });
}
