import { readEnv } from '../config/env.ts';
import { openDatabase } from './database.ts';
import { verifyAudit } from './stores/audit-verification.ts';

// `npm run audit:verify`: 0 when every chain of the audit holds, 1 with the first broken entry when one does not.
const env = readEnv();
const database = await openDatabase(env.databaseUrl, { poolSize: 1 });
try {
  const found = await verifyAudit(database.sql, env.keys);
  if (found.intact) {
    console.log(`Audit intact: ${found.entries} entries in ${found.chains} chains.`);
  } else {
    const entry = found.position === null ? found.subject : `${found.subject} #${found.position}`;
    console.error(`Audit BROKEN at ${entry}: ${found.reason}.`);
    process.exitCode = 1;
  }
} finally {
  await database.close();
}
