import { sql } from 'kysely';
import type { RecordResult } from '../../../activities/contract.ts';
import type { Changes, Fact, PlannedDelivery } from '../../../domain/changes.ts';
import { MACHINE } from '../../../domain/events.ts';
import { parseNumber } from '../../../domain/numbering.ts';
import type { InstructionProcess } from '../../../domain/process.ts';
import { wholeTurn } from '../../../domain/turn-record.ts';
import type { Sql } from '../../database.ts';
import { PREPARED } from '../../prepared-statements.ts';
import { instructionSubject } from '../audit.ts';
import { toJson } from '../json.ts';
import { contactsOf } from './contacts.ts';
import { isNobodyOnDuty } from './on-call.ts';
import { noContactReport } from './planned-deliveries.ts';
import { AGAIN, retrying } from './retrying.ts';
import { untoldFacts } from './untold-facts.ts';
import { writeChanges, type Found, type Recorder, type Writing } from './write-changes.ts';

interface Before extends Found {
  readonly seq: number;
  readonly fingerprint: string | null;
}

/**
 * Records one turn in one transaction, in two round trips: what stands there, then one statement that writes. Recorded
 * before with the same fingerprint and all its facts: nothing is written and the same is answered. When the turn is not the
 * next one after what stands there, `taken`: `recordWhole` sorts it out.
 */
export const recordTurn = (recorder: Recorder, changes: Changes): Promise<RecordResult> =>
  retrying(async () => {
    const before = await readBefore(recorder, changes);
    if (before === undefined) return { outcome: 'ahead' };
    if (await isRecorded(recorder, changes, before)) return answerAgain(recorder, changes, before);
    if (before.seq !== changes.seq - 1) return { outcome: 'taken' };
    const guard = sql`
      update instruction set seq = ${changes.seq}::int, ${outcomeOf(changes)}
      where id = ${changes.instruction}::uuid and seq = ${before.seq}::int returning id`;
    return write(recorder, changes, { found: before, guard, facts: changes.facts, overwrite: false });
  });

/**
 * Records the whole process over whatever turns stand there: the workflow is the truth of an instruction in progress.
 * Those turns were lost with a workflow task that ended after recording, or by a restore; what they told the audit is not
 * told again. `ahead`, and nothing written,
 * when among them is a reply that this workflow has never seen: the two were restored to different instants, and a
 * person decides (`npm run reconcile`).
 */
export const recordWhole = (recorder: Recorder, changes: Changes, process: InstructionProcess): Promise<RecordResult> =>
  retrying(async () => {
    const before = await readBefore(recorder, changes);
    if (before === undefined) return { outcome: 'ahead' };
    if (await isRecorded(recorder, changes, before)) return answerAgain(recorder, changes, before);
    if (before.seq > changes.seq && (await hasUnknownReply(recorder.sql, process))) return { outcome: 'ahead' };
    return overwrite(recorder, changes, process, { before, facts: await untold(recorder, changes) });
  });

/** For `npm run reconcile`, which somebody runs after looking: as `recordWhole`, whatever stands there. */
export const recordAnyway = (
  recorder: Recorder,
  changes: Changes,
  process: InstructionProcess,
): Promise<RecordResult> =>
  retrying(async () => {
    const before = await readBefore(recorder, changes);
    if (before === undefined) return { outcome: 'ahead' };
    await keepNumber(recorder.sql, process.number);
    return overwrite(recorder, changes, process, { before, facts: changes.facts });
  });

/** A database from before the release does not know that the number is given: the next release must not give it again. */
async function keepNumber(database: Sql, number: string): Promise<void> {
  const given = parseNumber(number);
  if (given === null) return;
  const { series, year, n } = given;
  await database
    .insertInto('number_series')
    .values({ series, year, last: n })
    .onConflict((conflict) =>
      conflict.columns(['series', 'year']).doUpdateSet({ last: sql<number>`greatest(number_series.last, ${n}::int)` }),
    )
    .execute();
}

function overwrite(
  recorder: Recorder,
  changes: Changes,
  process: InstructionProcess,
  { before, facts }: { readonly before: Before; readonly facts: readonly Fact[] },
): Promise<RecordResult | typeof AGAIN> {
  const again: Fact = {
    at: changes.at,
    kind: 'recordedAgain',
    organisation: null,
    actor: MACHINE,
    data: { seq: changes.seq, found: before.seq },
  };
  const { followUps } = process;
  const whole = { ...changes, followUps, turn: wholeTurn(process) };
  const guard = sql`
    update instruction set seq = ${changes.seq}::int, ${outcomeOf(changes)}, number = ${process.number},
      terms = ${toJson(process.terms)}::jsonb, released_at = ${new Date(process.releasedAt)}::timestamptz
    where id = ${changes.instruction}::uuid and seq = ${before.seq}::int returning id`;
  return write(recorder, whole, { found: before, guard, facts: [...facts, again], overwrite: true });
}

const outcomeOf = ({ fingerprint, status, closedAt }: Changes) => sql`
  fingerprint = ${fingerprint}, status = ${status},
  closed_at = ${closedAt === null ? null : new Date(closedAt)}::timestamptz`;

async function write(recorder: Recorder, changes: Changes, how: Writing): Promise<RecordResult | typeof AGAIN> {
  const written = await writeChanges(recorder, changes, how);
  return written === AGAIN ? AGAIN : { outcome: 'recorded', ...written };
}

async function readBefore({ sql: database }: Recorder, changes: Changes): Promise<Before | undefined> {
  const { rows } = await sql<Before>`${sql.raw(PREPARED)}
    select instruction.seq, instruction.fingerprint, head.position, head.hmac, ${contactsOf(changes.plans)} as contacts
    from instruction left join audit_head head on head.subject = ${instructionSubject(changes.instruction)}
    where instruction.id = ${changes.instruction}::uuid`.execute(database);
  return rows[0];
}

/** The same process may have taken in more: what is refused changes nothing of it, and is told all the same. */
async function isRecorded(recorder: Recorder, changes: Changes, { seq, fingerprint }: Before): Promise<boolean> {
  if (seq !== changes.seq || fingerprint !== changes.fingerprint) return false;
  return (await untold(recorder, changes)).length === 0;
}

const untold = ({ sql: database }: Recorder, { instruction, seq, facts }: Changes): Promise<readonly Fact[]> =>
  untoldFacts(database, instructionSubject(instruction), seq, facts);

/** The answer of a turn already recorded: a plan without a row had nobody to go to. */
async function answerAgain({ sql: database }: Recorder, changes: Changes, before: Before): Promise<RecordResult> {
  if (changes.plans.length === 0) return { outcome: 'recorded', noContact: [], planned: 0 };
  const rows = await database
    .selectFrom('delivery')
    .select(['organisation_id as organisation', 'purpose', 'target', 'channel', 'step', 'round'])
    .where('instruction_id', '=', changes.instruction)
    .execute();
  const there = new Set(rows.map(planKey));
  const missing = changes.plans.filter((plan) => !there.has(planKey(plan)));
  return {
    outcome: 'recorded',
    noContact: missing.map((plan) =>
      noContactReport(plan, changes.at, isNobodyOnDuty(before.contacts, changes.plans.indexOf(plan), changes.at)),
    ),
    planned: changes.plans.length - missing.length,
  };
}

const planKey = (plan: Omit<PlannedDelivery, 'detail'>): string =>
  [plan.organisation, plan.purpose, plan.target, plan.channel, plan.step, plan.round].join(' ');

/** A reply recorded after the turn that this process last knew, and not counted by it. */
async function hasUnknownReply(database: Sql, { instruction, seq, seen }: InstructionProcess): Promise<boolean> {
  const rows = await database
    .selectFrom('reply')
    .select(['organisation_id', 'message_id'])
    .where('instruction_id', '=', instruction)
    .where('seq', '>', seq)
    .execute();
  const known = new Set(seen);
  return rows.some((row) => !known.has(`${row.organisation_id} ${row.message_id}`));
}
