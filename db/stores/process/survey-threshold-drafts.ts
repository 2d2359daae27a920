import { MACHINE } from '../../../domain/actor.ts';
import type { Instant } from '../../../domain/instant.ts';
import { addresseeOf, draftOfCrossings } from '../../../domain/survey/threshold-draft.ts';
import type { Crossing } from '../../../domain/survey/threshold-watch.ts';
import type { Transaction } from '../../database.ts';
import { insertDraft } from '../desk/drafts.ts';
import type { LockedSurvey, SurveyStore } from './survey-row.ts';

interface Begun {
  readonly survey: LockedSurvey;
  readonly begun: readonly Crossing[];
  readonly now: Instant;
}

/**
 * A draft instruction for what has been crossed at once by one agency (a zone, the nation), where the threshold asks for it.
 * @returns beside each crossing the draft made of it; null: none
 */
export async function draftInstructions(
  { keys }: SurveyStore,
  trx: Transaction,
  { survey, begun, now }: Begun,
): Promise<readonly (string | null)[]> {
  const asked = begun.filter(({ rule }) => survey.thresholds[rule]?.then === 'draftInstruction');
  const groups = Map.groupBy(asked, (one) => `${one.rule} ${addresseeOf(one)}`);
  if (groups.size === 0) return begun.map(() => null);
  const { id, title, exercise } = survey;
  const crisisId = await openCrisis(trx, survey.crisisId);
  const drafts = new Map<Crossing, string>();
  for (const crossings of groups.values()) {
    const threshold = survey.thresholds[crossings[0]?.rule ?? -1];
    if (threshold === undefined) continue;
    const draft = draftOfCrossings({ title, exercise, crisisId, threshold, crossings });
    const made = { survey: id, title, label: threshold.label };
    const { id: instruction } = await insertDraft(trx, keys, draft, { by: MACHINE, now, made });
    for (const one of crossings) drafts.set(one, instruction);
  }
  return begun.map((one) => drafts.get(one) ?? null);
}

/** A message never joins a crisis that is closed. */
async function openCrisis(trx: Transaction, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const row = await trx.selectFrom('crisis').select('closed_at').where('id', '=', id).executeTakeFirst();
  return row?.closed_at === null ? id : null;
}
