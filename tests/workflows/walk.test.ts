import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HOUR, MINUTE, type Instant } from '../../domain/instant.ts';
import { readWalks } from '../../config/test-env.ts';
import { fingerprintOf } from '../../domain/fingerprint.ts';
import type { Terms } from '../../domain/instruction.ts';
import type { MailNotice } from '../../domain/mail-notice.ts';
import { instructionWorkflowId, MAIL_SIGNAL } from '../../workflows/contract.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { walkOf } from '../support/walk.ts';
import { createFollower } from './follower.ts';

/** `npm run test:walk`: 500. */
const { walks: WALKS, seed: FIRST } = readWalks();
const ACTIONS = 7;
const AT_ONCE = 8;

const follower = createFollower();
let desk: InstructionDesk;
beforeAll(async () => {
  desk = await startInstructionDesk({ observer: follower.observer });
});
afterAll(() => desk.close());

const CLASSES: Readonly<Record<number, string>> = { [15 * MINUTE]: 'DEL0', [HOUR]: '1H', [4 * HOUR]: '4H' };
const iso = (millis: number | null) => (millis === null ? null : `PT${millis / 1000}S`);

function draftOf(terms: Terms, organisations: readonly string[]) {
  const common = { audience: { organisations }, exercise: terms.exercise, deadline: CLASSES[terms.span ?? 0] };
  if (terms.nature === 'information') return { ...common, nature: 'information' };
  const ladder = terms.ladder.map((one) => ({ ...one, after: iso(one.after) }));
  return {
    ...common,
    acknowledgeWithin: iso(terms.acknowledgeWithin),
    acceptance: terms.acceptance,
    evidence: terms.evidence,
    takenInChargeExpires: iso(terms.takenInChargeExpires),
    deferralLimit: iso(terms.deferralLimit),
    ...(ladder.length === 0 ? {} : { ladder }),
  };
}

/** Walks one instruction through Temporal; returns where its workflow and the rules differ. */
async function walk(seed: number): Promise<string[]> {
  const plan = walkOf(seed);
  const { id } = await desk.release(draftOf(plan.terms, plan.recipients));
  const followed = follower.of(id);
  let now: Instant = followed.process.releasedAt;
  for (let count = 0; count < ACTIONS && followed.process.endedAt === undefined; count += 1) {
    const action = plan.next(followed.process, now);
    if (action.kind === 'advance') {
      await desk.advance(id, action.millis);
      now += action.millis;
      followed.rests(now);
      continue;
    }
    if (action.kind === 'mail') {
      followed.expectMail(action.notice);
      await desk.client.workflow.getHandle(instructionWorkflowId(id)).signal<[MailNotice]>(MAIL_SIGNAL, action.notice);
      await desk.settle(id);
      followed.rests(now);
      continue;
    }
    followed.expect(action.command);
    const answer = await desk.command(id, action.command);
    if (!answer.accepted) expect(answer.refusal.detail).toMatch(/\S/);
    await desk.settle(id);
    followed.rests(now);
  }
  return [...followed.differences, ...(await stored(id))].map((one) => `seed ${seed}: ${one}`);
}

/** The database says what the workflow says. */
async function stored(id: string): Promise<string[]> {
  const process = await desk.process(id);
  const row = await desk.database.sql
    .selectFrom('instruction')
    .select(['seq', 'fingerprint', 'status'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const same = row.seq === process.seq && row.fingerprint === fingerprintOf(process) && row.status === process.status;
  const wrong = same ? [] : [`stored ${JSON.stringify(row)}, in the workflow turn ${process.seq} ${process.status}`];
  for (const followUp of process.followUps) {
    expect(await desk.projection(id, followUp.organisation)).toEqual(followUp);
  }
  return wrong;
}

test(
  'random walks through Temporal make exactly the turns of the pure rules, and store them',
  async () => {
    process.stdout.write(`walks through Temporal: seeds ${FIRST} to ${FIRST + WALKS - 1}\n`);
    const seeds = Array.from({ length: WALKS }, (_, index) => FIRST + index);
    const differences: string[] = [];
    const walker = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) differences.push(...(await walk(seed)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, walker));
    expect(differences).toEqual([]);
    expect(follower.turns()).toBeGreaterThan(WALKS * 3);
  },
  120_000 + WALKS * 3_000,
);
