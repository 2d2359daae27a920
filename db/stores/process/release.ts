import { sql } from 'kysely';
import type { ReleaseRefusal, ReleaseRequest, ReleaseResult } from '../../../activities/contract.ts';
import { resolveAudience } from '../../../domain/audience.ts';
import type { Changes, Fact } from '../../../domain/changes.ts';
import { checkDraft, type NormalDraft } from '../../../domain/draft.ts';
import { fingerprintOf } from '../../../domain/fingerprint.ts';
import { firstDelivery } from '../../../domain/follow-up.ts';
import type { Instant } from '../../../domain/instant.ts';
import { newProcess } from '../../../domain/instruction-process.ts';
import type { OrganisationId, Terms } from '../../../domain/instruction.ts';
import { formatNumber, parisYear, seriesOf } from '../../../domain/numbering.ts';
import type { Organisation } from '../../../domain/organisation.ts';
import type { InstructionProcess } from '../../../domain/process.ts';
import { termsOf } from '../../../domain/terms.ts';
import { wholeTurn } from '../../../domain/turn-record.ts';
import type { Sql } from '../../database.ts';
import { PREPARED } from '../../prepared-statements.ts';
import { instructionSubject } from '../audit.ts';
import { crisisOf } from '../../read-models/crises.ts';
import { toJson } from '../json.ts';
import { contactsOf } from './contacts.ts';
import { recordSteps } from './record-steps.ts';
import {
  crisisRefusal,
  lockInstruction,
  NOT_FOUND,
  refusalOf,
  type LockedFirst,
  type LockedInstruction,
} from './release-checks.ts';
import { allOrganisations, leadsOf, recipientsOfFirst, releasedBefore } from './release-process.ts';
import { AGAIN, retrying } from './retrying.ts';
import { writeChanges, type Found, type Recorder } from './write-changes.ts';

/** Above this an audience is a broadcast, not an instruction (docs/ARCHITECTURE.md). */
const MOST_RECIPIENTS = 500;

/**
 * Releases a draft: checks, number, recipients and first deliveries in one transaction that holds the draft's row, so that
 * of two at once one releases and the other reads what it did. Asked again by the same person while the process stands as
 * it was released, the same answer (the first answer may have been lost after its commit).
 * @param now the workflow's clock: deadlines count from it
 */
export const releaseInstruction = (recorder: Recorder, request: ReleaseRequest, now: Instant): Promise<ReleaseResult> =>
  retrying(() =>
    recorder.sql.transaction().execute(async (trx) => {
      const within = { ...recorder, sql: trx };
      const locked = await lockInstruction(trx, request);
      if (locked === undefined) return NOT_FOUND;
      if (locked.status === 'open' && locked.releasedBy === request.by.sub) {
        const process = await releasedBefore(trx, request.instruction);
        if (process !== null) return { released: true, process };
      }
      const refusal = refusalOf(locked, request) ?? (await crisisRefusal(trx, locked.crisis, locked.first));
      if (refusal !== null) return refusal;
      const organisations = await allOrganisations(trx);
      const checked = await recipientsOf(trx, locked, organisations, now);
      if ('released' in checked) return checked;
      return release(within, { request, now, organisations, first: locked.first, ...checked });
    }),
  );

interface Release {
  readonly request: ReleaseRequest;
  readonly now: Instant;
  readonly organisations: readonly Organisation[];
  readonly draft: NormalDraft;
  readonly recipients: readonly OrganisationId[];
  readonly first: LockedFirst | null;
}

async function release(recorder: Recorder, given: Release): Promise<ReleaseResult | typeof AGAIN> {
  const { request, now, draft, recipients } = given;
  const number = await nextNumber(recorder.sql, draft.exercise, now);
  const terms = { ...termsOf(draft, now), ...referenceOf(given) };
  const zoneLeads = leadsOf(recipients, given.organisations);
  const process = newProcess({
    instruction: request.instruction,
    number,
    terms,
    releasedAt: now,
    recipients,
    zoneLeads,
  });
  const written = await write(recorder, given, process);
  if (written === AGAIN) return AGAIN;
  return { released: true, process: await recordSteps(recorder, process, written.noContact, now) };
}

function referenceOf({ first, request: { by } }: Release): Pick<Terms, 'refersTo'> {
  if (first === null) return {};
  const { id: instruction, number, relation, releasedAt } = first;
  const releaser = { sub: by.sub, organisation: by.organisation };
  return { refersTo: { instruction, number, relation, releasedAt: releasedAt.getTime(), by: releaser } };
}

/** The release as turn 1: everything but the number, in one statement. The first message is marked as overtaken: once. */
async function write(recorder: Recorder, { request, draft, first }: Release, process: InstructionProcess) {
  if (first !== null) {
    const overtaken = { superseded_by: process.instruction };
    await recorder.sql.updateTable('instruction').set(overtaken).where('id', '=', first.id).execute();
  }
  const changes = firstTurn(process, releasedFact(process, request));
  const guard = sql`
    update instruction set status = 'open', seq = 1, number = ${process.number}, terms = ${toJson(process.terms)}::jsonb,
      fingerprint = ${changes.fingerprint}, exercise = ${draft.exercise}, nature = ${draft.nature},
      released_by = ${request.by.sub}, released_at = ${new Date(process.releasedAt)}::timestamptz,
      emergency_reason = ${request.emergencyReason}
    where id = ${process.instruction}::uuid returning id`;
  const { facts } = changes;
  return writeChanges(recorder, changes, { found: await find(recorder.sql, changes), guard, facts, overwrite: true });
}

const firstTurn = (process: InstructionProcess, released: Fact): Changes => ({
  instruction: process.instruction,
  seq: 1,
  at: process.releasedAt,
  status: 'open',
  closedAt: null,
  followUps: process.followUps,
  facts: [released],
  replies: [],
  plans: process.followUps.map(({ organisation }) => firstDelivery(organisation)),
  withdrawals: [],
  tasks: [],
  turn: wholeTurn(process),
  fingerprint: fingerprintOf(process),
});

const releasedFact = (process: InstructionProcess, { by, emergencyReason }: ReleaseRequest): Fact => ({
  at: process.releasedAt,
  kind: 'released',
  organisation: null,
  actor: { sub: by.sub, organisation: by.organisation },
  data: {
    number: process.number,
    recipients: process.followUps.length,
    ...relationOf(process),
    ...(emergencyReason === null ? {} : { emergencyReason }),
  },
});

function relationOf({ terms: { refersTo } }: InstructionProcess): Readonly<Record<string, unknown>> {
  return refersTo === undefined ? {} : { relation: refersTo.relation, first: refersTo.number };
}

async function find(database: Sql, changes: Changes): Promise<Found> {
  const { rows } = await sql<Found>`${sql.raw(PREPARED)}
    select head.position, head.hmac, ${contactsOf(changes.plans)} as contacts
    from (select) as one left join audit_head head on head.subject = ${instructionSubject(changes.instruction)}
    `.execute(database);
  return rows[0] ?? { position: null, hmac: null, contacts: [] };
}

/** The next of its series and civil year of Paris. The row stays locked until the release commits: no gap, none twice. */
async function nextNumber(database: Sql, exercise: boolean, now: Instant): Promise<string> {
  const series = seriesOf(exercise);
  const year = parisYear(now);
  const { last } = await database
    .insertInto('number_series')
    .values({ series, year, last: 1 })
    .onConflict((conflict) =>
      conflict.columns(['series', 'year']).doUpdateSet({ last: sql<number>`number_series.last + 1` }),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return formatNumber(series, year, last);
}

/** The draft checked once more against today (a deadline may have passed since it was written), and whom it reaches. */
async function recipientsOf(
  trx: Sql,
  { draft: raw, first }: LockedInstruction,
  organisations: readonly Organisation[],
  now: Instant,
): Promise<Pick<Release, 'draft' | 'recipients'> | ReleaseRefusal> {
  const { draft, errors } = checkDraft(raw, { now, organisations, crisis: await crisisOf(trx, raw) });
  const resolve = (): readonly OrganisationId[] | Promise<readonly OrganisationId[]> =>
    first === null ? resolveAudience(draft.audience, organisations, draft.zonesOnly) : recipientsOfFirst(trx, first);
  const recipients = errors.length > 0 ? [] : await resolve();
  if (errors.length > 0) {
    return { released: false, code: 'invalid', detail: errors.map(({ message }) => message).join(' ') };
  }
  if (recipients.length === 0) {
    return { released: false, code: 'noRecipient', detail: 'Cette instruction n’a aucun destinataire.' };
  }
  if (recipients.length > MOST_RECIPIENTS) {
    const detail = `Une instruction a au plus ${MOST_RECIPIENTS} destinataires ; celle-ci en aurait ${recipients.length}.`;
    return { released: false, code: 'invalid', detail };
  }
  return { draft, recipients };
}
