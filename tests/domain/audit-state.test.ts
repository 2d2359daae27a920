import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import { AuditState, AuditWithoutState } from '../../domain/audit-state.ts';
import type { Changes, Fact } from '../../domain/changes.ts';
import { firstDelivery } from '../../domain/follow-up.ts';
import { HOUR } from '../../domain/instant.ts';
import { openTasksOf } from '../../domain/open-tasks.ts';
import { newProcess, step } from '../../domain/instruction-process.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import { turnFact, wholeTurn } from '../../domain/turn-record.ts';
import { walkOf } from '../support/walk.ts';
import { RELEASED } from './arrange.ts';

const WALKS = 100;
const TURNS = 30;

/** As the audit gives it back. */
const throughJson = (fact: Fact): Fact => JSON.parse(JSON.stringify(fact)) as Fact;
const entriesOf = (changes: Changes): Fact[] => [...changes.facts, turnFact(changes)].map(throughJson);

function start(seed: number) {
  const walk = walkOf(seed);
  const process = newProcess({
    instruction: '0198c0de-0000-7000-8000-000000000001',
    number: 'MINSANTE N°2026_001',
    terms: walk.terms,
    releasedAt: RELEASED,
    recipients: walk.recipients,
    zoneLeads: walk.zoneLeads,
  });
  const nothing = { facts: [], replies: [], withdrawals: [], tasks: [] };
  const first: Changes = {
    ...nothing,
    instruction: process.instruction,
    seq: 1,
    at: RELEASED,
    status: 'open',
    closedAt: null,
    followUps: process.followUps,
    plans: walk.recipients.map(firstDelivery),
    turn: wholeTurn(process),
    fingerprint: '',
  };
  return { walk, process, first };
}

/** What the workflow itself knows of the whole, as far as the audit carries it. */
const knownOf = ({ number, terms, releasedAt, zoneLeads, status, closedAt, seq, ...rest }: InstructionProcess) => ({
  process: { number, terms, releasedAt, zoneLeads, endedAt: rest.endedAt ?? null },
  supersededBy: null,
  status,
  closedAt,
  seq,
  followUps: rest.followUps,
});

/** The plain model of deliveries and tasks: what the turns planned, withdrew and heard of. */
function bookkeeper(first: Changes) {
  const deliveries = new Map<string, string>();
  const tasks = new Set<string>();
  const keyOf = (one: { organisation: string | null; purpose: unknown; step: unknown; round: unknown }) =>
    [one.organisation, one.purpose, one.step, one.round].join(' ');
  const take = (changes: Changes): void => {
    for (const { data, organisation } of changes.facts) {
      const { purpose, step: number, round, reason } = data;
      const key = keyOf({ organisation, purpose, step: number, round });
      if (deliveries.has(key) && typeof reason === 'string') deliveries.set(key, reason);
    }
    for (const { organisation, purposes } of changes.withdrawals) {
      for (const [key, status] of deliveries) {
        const [who, purpose] = key.split(' ');
        const meant = who === organisation && purposes.some((one) => one === purpose);
        if (meant && status === 'planned') deliveries.set(key, 'withdrawn');
      }
    }
    changes.plans.forEach((plan) => deliveries.set(keyOf(plan), 'planned'));
    for (const { kind, organisation, step: number, open } of changes.tasks) {
      if (open) tasks.add(`${kind} ${organisation} ${number}`);
      else tasks.delete(`${kind} ${organisation} ${number}`);
    }
  };
  take(first);
  return { take, deliveries, tasks };
}

function walkAndRebuild(seed: number): number {
  const { walk, first, ...begun } = start(seed);
  let { process } = begun;
  const audit = new AuditState();
  const books = bookkeeper(first);
  entriesOf({ ...first, facts: [] }).forEach((fact) => audit.take(fact));
  let now = RELEASED;
  let outbox = [...first.plans];
  for (let count = 0; count < TURNS && process.endedAt === undefined; count += 1) {
    const action = walk.next(process, now);
    if (action.kind === 'advance') now += action.millis;
    const reports = outbox.map(({ organisation, purpose, step: number, round }) => ({
      ...{ organisation, purpose, step: number, round, at: now },
      outcome:
        walk.random() < 0.8 ? ('sent' as const) : walk.random() < 0.5 ? ('failed' as const) : ('noContact' as const),
    }));
    const command = action.kind === 'command' ? [{ kind: 'command' as const, at: now, command: action.command }] : [];
    const taken = step(process, [{ kind: 'dispatched', at: now, waiting: 0, reports }, ...command], now);
    outbox = [...(taken.changes?.plans ?? [])];
    process = taken.process;
    if (taken.changes !== null) {
      entriesOf(taken.changes).forEach((fact) => audit.take(fact));
      books.take(taken.changes);
    }
    const { deliveries, tasks, ...known } = audit.state!;
    if (!isDeepStrictEqual(known, knownOf(process))) expect({ seed, ...known }).toEqual({ seed, ...knownOf(process) });
    const told = deliveries.map((one) => [`${one.organisation} ${one.purpose} ${one.step} ${one.round}`, one.status]);
    const open = tasks.map((one) => `${one.kind} ${one.organisation} ${one.step}`);
    const expected = { told: [...books.deliveries], open: [...books.tasks].sort() };
    const owed = openTasksOf(process).map((one) => `${one.kind} ${one.organisation} ${one.step}`);
    if (!isDeepStrictEqual(owed.toSorted(), expected.open))
      expect({ seed, owed }).toEqual({ seed, owed: expected.open });
    if (!isDeepStrictEqual({ told, open: open.sort() }, expected))
      expect({ seed, told, open }).toEqual({ seed, ...expected });
  }
  return process.seq;
}

test('the audit alone rebuilds the process at every turn of random walks, with its deliveries and tasks; the state alone its tasks', () => {
  const from = Date.now() % 1_000_000;
  globalThis.process.stdout.write(`audit rebuilt: seeds from ${from}\n`);
  let turns = 0;
  for (let seed = from; seed < from + WALKS; seed += 1) turns += walkAndRebuild(seed);
  expect(turns).toBeGreaterThan(WALKS * 5);
});

test('the turn of 500 recipients who all got their first mail is told once, in less than 20 KB', () => {
  const { walk, process: small } = start(1);
  const recipients = Array.from({ length: 500 }, (_, n) => `SITE-${String(n).padStart(9, '0')}`);
  const { instruction, number, releasedAt } = small;
  const terms = { ...walk.terms, span: HOUR };
  const process = newProcess({ instruction, number, terms, releasedAt, recipients, zoneLeads: {} });
  const at = RELEASED + 1_000;
  const reports = recipients.map((organisation) => ({
    ...{ organisation, purpose: 'instruction' as const, step: 0, round: 0, at },
    outcome: 'sent' as const,
  }));
  const { changes } = step(process, [{ kind: 'dispatched', at, waiting: 0, reports }], at);
  const { data } = turnFact(changes!);
  expect(data['followUps']).toHaveLength(1);
  expect(JSON.stringify(data).length).toBeLessThan(20_000);
});

test('a chain that does not begin with a whole state is refused, not guessed', () => {
  const { process } = start(1);
  const at = RELEASED + 1;
  const organisation = process.followUps[0]!.organisation;
  const report = { organisation, purpose: 'instruction' as const, step: 0, round: 0, outcome: 'sent' as const, at };
  const { changes } = step(process, [{ kind: 'delivery', at, report }], at);
  const audit = new AuditState();
  expect(() => entriesOf(changes!).forEach((fact) => audit.take(fact))).toThrow(AuditWithoutState);
  expect(audit.state).toBeUndefined();
});
