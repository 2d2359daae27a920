import type { Changes, Fact, FollowUpPatch, PatchOfMany, TurnRecord } from './changes.ts';
import { MACHINE } from './events.ts';
import type { FollowUp, StepState } from './follow-up-state.ts';
import type { OrganisationId } from './instruction.ts';
import type { InstructionProcess } from './process.ts';

/** The turn that led from one process to the next. */
export function turnBetween(before: InstructionProcess, after: InstructionProcess): TurnRecord {
  const known = new Map(before.followUps.map((one) => [one.organisation, one]));
  const patches = after.followUps.flatMap((one): [OrganisationId, FollowUpPatch][] => {
    const was = known.get(one.organisation);
    return was === one ? [] : [[one.organisation, was === undefined ? wholePatch(one) : patchOf(was, one)]];
  });
  return { ...ending(after), followUps: grouped(patches) };
}

/** A turn that says the whole state. */
export function wholeTurn(process: InstructionProcess): TurnRecord {
  const { number, terms, releasedAt, zoneLeads, supersededBy } = process;
  const overtaken = supersededBy === undefined ? {} : { supersededBy };
  const patches = process.followUps.map((one): [OrganisationId, FollowUpPatch] => [one.organisation, wholePatch(one)]);
  return {
    whole: { number, terms, releasedAt, zoneLeads, ...overtaken },
    ...ending(process),
    followUps: grouped(patches),
  };
}

/** The audit entry that closes the facts of a turn. Plans, withdrawals and tasks are told in the order of their fields. */
export function turnFact({ turn, ...changes }: Changes): Fact {
  const { seq, status, closedAt } = changes;
  const plans = changes.plans.map((one) => [
    one.organisation,
    one.purpose,
    one.target,
    one.channel,
    one.step,
    one.round,
  ]);
  const withdrawals = changes.withdrawals.map(({ organisation, purposes }) => [organisation, purposes]);
  const tasks = changes.tasks.map(({ kind, organisation, step, open }) => [kind, organisation, step, open]);
  const data = {
    seq,
    status,
    ...(closedAt === null ? {} : { closedAt }),
    ...turn,
    ...(plans.length === 0 ? {} : { plans }),
    ...(withdrawals.length === 0 ? {} : { withdrawals }),
    ...(tasks.length === 0 ? {} : { tasks }),
  };
  return { at: changes.at, kind: 'turnRecorded', organisation: null, actor: MACHINE, data };
}

/** A follow-up after a patch; undefined before: the patch is the whole. */
export function patched(before: FollowUp | undefined, organisation: OrganisationId, patch: FollowUpPatch): FollowUp {
  const { gone = [], steps, ...fields } = patch;
  const merged = { ...before, organisation, ...fields, steps: patchedSteps(before?.steps ?? [], steps) };
  return Object.fromEntries(Object.entries(merged).filter(([field]) => !gone.includes(field))) as unknown as FollowUp;
}

const ending = ({ endedAt }: InstructionProcess) => (endedAt === undefined ? {} : { endedAt });

function wholePatch({ organisation: _, ...rest }: FollowUp): FollowUpPatch {
  return rest;
}

function patchOf(before: FollowUp, after: FollowUp): FollowUpPatch {
  const was: FollowUpPatch = { ...before };
  const is: FollowUpPatch = { ...after };
  const fields = Object.keys(is).filter((field) => is[field] !== undefined && !same(was[field], is[field]));
  const gone = Object.keys(was).filter((field) => was[field] !== undefined && is[field] === undefined);
  return {
    ...Object.fromEntries(fields.map((field) => [field, is[field]])),
    ...(fields.includes('steps') ? { steps: stepsPatch(before.steps, after.steps) } : {}),
    ...(gone.length === 0 ? {} : { gone }),
  };
}

type StepMoves = Readonly<Record<string, Pick<StepState, 'status' | 'at'>>>;

/** The steps that moved, by their numbers; all of them where the ladder itself is another. */
function stepsPatch(before: readonly StepState[], after: readonly StepState[]): StepMoves | readonly StepState[] {
  const ladder = (steps: readonly StepState[]) => steps.map(({ status: _s, at: _a, ...rest }) => rest);
  if (!same(ladder(before), ladder(after))) return after;
  const moved = after.filter((step, index) => !same(step, before[index]));
  return Object.fromEntries(moved.map(({ number, status, at }) => [number, { status, at }]));
}

function patchedSteps(before: readonly StepState[], patch: unknown): readonly StepState[] {
  if (patch === undefined) return before;
  if (Array.isArray(patch)) return patch as StepState[];
  const moves = patch as StepMoves;
  return before.map((step) => ({ ...step, ...moves[step.number] }));
}

function grouped(patches: readonly (readonly [OrganisationId, FollowUpPatch])[]): PatchOfMany[] {
  const groups = new Map<string, { patch: FollowUpPatch; organisations: OrganisationId[] }>();
  for (const [organisation, patch] of patches) {
    const key = JSON.stringify(patch);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { patch, organisations: [organisation] });
    else group.organisations.push(organisation);
  }
  return [...groups.values()].map(({ patch, organisations }) => [organisations, patch]);
}

const same = (one: unknown, other: unknown): boolean =>
  one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other));
