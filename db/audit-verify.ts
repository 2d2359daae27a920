import { readEnv } from '../config/env.ts';
import { openDatabase } from './database.ts';
import { parseKeptRoot } from './stores/audit-root-verification.ts';
import { verifyAudit } from './stores/audit-verification.ts';

// `npm run audit:verify [-- <root of a mail>]`: 0 when every chain of the audit and every root holds, 1 with the first broken
// entry when one does not, 2 when the argument is no root.
const kept = parseKeptRoot(process.argv[2]);
if (kept === undefined) {
  console.error('A root is «<number>:<64 hexadecimal digits>», as its mail gives it.');
  process.exit(2);
}
const env = readEnv();
const database = await openDatabase(env.databaseUrl, { poolSize: 1 });
try {
  const found = await verifyAudit(database.sql, env.keys, kept);
  if (found.intact) {
    console.log(`Audit intact: ${found.entries} entries in ${found.chains} chains.`);
    const { lastRoot } = found;
    if (lastRoot === null) console.log('No root yet.');
    else {
      const at = new Date(lastRoot.at).toISOString();
      console.log(`${found.roots} roots, the last one of ${at}: ${lastRoot.position}:${lastRoot.digest}`);
    }
  } else {
    const entry = found.position === null ? found.subject : `${found.subject} #${found.position}`;
    console.error(`Audit BROKEN at ${entry}: ${found.reason}.`);
    process.exitCode = 1;
  }
} finally {
  await database.close();
}
