import { parseKeyRing } from '../config/keys.ts';
import { openDatabase } from '../db/database.ts';
import { migrateDatabase } from '../db/migrate.ts';
import { readAuditAt } from '../db/read-models/audit-at.ts';
import { continueChain } from '../db/stores/audit-chain.ts';
import { appendAudit } from '../db/stores/audit.ts';
import type { Changes } from '../domain/changes.ts';
import { HOUR, MINUTE } from '../domain/instant.ts';
import { newProcess, step } from '../domain/instruction-process.ts';
import type { Terms } from '../domain/instruction.ts';
import { turnFact, wholeTurn } from '../domain/turn-record.ts';
import { startPostgresAlone } from './postgres.ts';

const ENTRIES = 2_000;
const BAR_MS = 200;
const RECIPIENTS = 18;

/** `GET /v1/audit/at` without HTTP, for a chain of 2 000 entries, seals checked; its floor is the bare reading of the rows. */
export async function auditAt(quick: boolean): Promise<void> {
  const server = await startPostgresAlone();
  try {
    await migrateDatabase(server.url, { demoContacts: false });
    const database = await openDatabase(server.url);
    const keys = parseKeyRing('a key ring for measuring which seals nothing of worth');
    const subject = 'instruction/0198c0de-0000-7000-8000-000000000001';
    const facts = chainOf(ENTRIES);
    for (let from = 0; from < facts.length; from += 100) {
      const some = facts.slice(from, from + 100);
      await database.sql.transaction().execute((trx) => appendAudit(trx, keys, subject, some));
    }
    const until = facts.at(-1)?.at ?? 0;
    const rounds = quick ? 10 : 50;
    const ask = () => readAuditAt(database.sql, keys, { subject, until, clock: 'happened' });
    const bare = () => database.sql.selectFrom('audit_entry').selectAll().orderBy('position').execute();
    const floor = await measured(rounds, bare);
    const found = await measured(rounds, ask);
    const state = await ask();
    const entry = facts.at(-2);
    const begun = performance.now();
    for (let n = 0; n < 1_000; n += 1) continueChain(keys, subject, entry === undefined ? [] : [entry], SOMEWHERE);
    const seal = (performance.now() - begun).toFixed(1);
    console.log(
      `one more entry a turn  : ${JSON.stringify(entry?.data).length} bytes, ${seal} µs to seal, no further statement`,
    );
    console.log(
      `chain: ${facts.length} entries, ${state?.state.followUps.length ?? 0} recipients, intact ${String(state?.intact)}`,
    );
    console.log(`reading the rows alone : median ${floor.median} ms, p99 ${floor.p99} ms, CPU ${floor.cpu} ms`);
    console.log(
      `state rebuilt, verified: median ${found.median} ms, p99 ${found.p99} ms, CPU ${found.cpu} ms (bar ${BAR_MS})`,
    );
    if (found.p99 > BAR_MS) process.exitCode = 1;
    await database.close();
  } finally {
    await server.stop();
  }
}

const SOMEWHERE = { end: { position: 1, hmac: 'x' }, recordedAt: 0 };

async function measured(rounds: number, work: () => Promise<unknown>) {
  const times: number[] = [];
  let before = process.cpuUsage();
  for (let round = 0; round < rounds + 3; round += 1) {
    if (round === 3) before = process.cpuUsage();
    const begun = performance.now();
    await work();
    if (round >= 3) times.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1));
  return { median: at(0.5), p99: at(0.99), cpu: ((user + system) / 1_000 / rounds).toFixed(1) };
}

const TERMS: Terms = {
  nature: 'action',
  exercise: false,
  span: 4 * HOUR,
  deadline: null,
  acknowledgeWithin: null,
  acceptance: 'automatic',
  evidence: 'optional',
  takenInChargeExpires: null,
  deferralLimit: null,
  ladder: [{ after: HOUR, target: 'secondary', channel: 'mail' }],
};

/** The facts of a long instruction: eighteen recipients who tell of their progress until the chain is long enough. */
function chainOf(entries: number) {
  const recipients = Array.from({ length: RECIPIENTS }, (_, n) => `ARS-${n + 10}`);
  const start = Date.UTC(2026, 10, 24, 13);
  let process = newProcess({
    instruction: '0198c0de-0000-7000-8000-000000000001',
    number: 'MINSANTE N°2026_001',
    terms: TERMS,
    releasedAt: start,
    recipients,
    zoneLeads: {},
  });
  const first = {
    instruction: process.instruction,
    seq: 1,
    at: start,
    status: 'open',
    closedAt: null,
    fingerprint: '',
  } as const;
  const nothing = { followUps: [], facts: [], replies: [], plans: [], withdrawals: [], tasks: [] };
  const facts = [turnFact({ ...first, ...nothing, turn: wholeTurn(process) })];
  for (let turn = 1; facts.length < entries; turn += 1) {
    const at = start + (turn * MINUTE) / 10;
    const organisation = recipients[turn % RECIPIENTS] ?? '';
    const reply = {
      ...{
        organisation,
        kind: 'progress' as const,
        percent: 1 + (turn % 99),
        comment: `Point de situation n° ${turn} du service`,
      },
      ...{ from: organisation.toLowerCase(), channel: 'api' as const, verified: true, messageId: String(turn) },
    };
    const { process: after, changes } = step(process, [{ kind: 'command', at, command: { kind: 'reply', reply } }], at);
    process = after;
    if (changes !== null) facts.push(...told(changes));
  }
  return facts.slice(0, entries);
}

const told = (changes: Changes) => [...changes.facts, turnFact(changes)];
