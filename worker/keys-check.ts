// npm run keys:check: before a secret is taken out of VIGIE_SECRET_KEYS, says what each is still needed for.
import '../config/node-version.ts';
import { readEnv } from '../config/env.ts';
import { openDatabase } from '../db/database.ts';
import { connectGateway } from '../gateway/connection.ts';
import { keyUses, type KeyUses } from './key-uses.ts';

const env = readEnv();
const database = await openDatabase(env.databaseUrl, { poolSize: 2 });
const temporal = await connectGateway({ ...env.temporal, keys: env.keys });
try {
  for (const uses of await keyUses(env.keys, database.sql, temporal.client)) console.log(words(uses));
} finally {
  await Promise.all([temporal.close(), database.close()]);
}

function words({ keyId, newest, workflows, deliveries, auditEntries }: KeyUses): string {
  if (newest) return `${keyId} : clé en service, à garder.`;
  const needs = [
    ...(workflows > 0 ? [`${workflows} processus ouverts`] : []),
    ...(deliveries > 0 ? [`${deliveries} envois dont la réponse est attendue`] : []),
    ...(auditEntries > 0 ? [`${auditEntries} entrées de l’audit à vérifier`] : []),
  ];
  return needs.length === 0
    ? `${keyId} : peut être retirée.`
    : `${keyId} : encore nécessaire pour ${needs.join(', ')}.`;
}
