import type { FastifyRequest } from 'fastify';
import type { Database } from '../db/database.ts';
import { whoOwes } from '../db/stores/desk/survey-answer-reading.ts';
import type { AnswerOutcome, AnswerWrite } from '../db/stores/desk/survey-answers.ts';
import type { CampaignStatus } from '../domain/survey/campaign.ts';
import { STATUS_WORDS_OF_CAMPAIGN } from '../domain/survey/campaign-commands.ts';
import { CORRUSS } from '../domain/organisation.ts';
import type { FieldError } from '../domain/field-error.ts';
import { accountOf, actorOf } from './access/account.ts';
import { moment } from './pages/words.ts';
import { ifMatch } from './plugins/etag.ts';
import type { ApiDeps } from './deps.ts';
import { invalid, Problem } from './problem.ts';
import { type SharedReading, sharedReading } from './shared-readings.ts';
import { shownReused } from './surveys/reuse-view.ts';

/** When a survey takes answers, and whom to ask. */
export interface SurveyHours {
  readonly status: CampaignStatus;
  readonly author: string;
  readonly authorName: string;
  readonly opensAt: number | null;
  readonly closesAt: number | null;
  readonly closedAt: number | null;
}

/**
 * Why no answer is taken now: since when, and whom to ask.
 * @param sent an answer was submitted in time: whoever reads this wonders whether it counts
 */
export function notOpenDetail(survey: SurveyHours, timeZone?: string, sent = false): string {
  const { status, opensAt, closesAt, closedAt } = survey;
  const who = survey.author === CORRUSS ? 'le CORRUSS' : `l’agence qui interroge (${survey.authorName})`;
  const ask = `Pour toute question, contactez ${who}.`;
  if (status === 'scheduled' && opensAt !== null) return `Cette enquête ouvre le ${moment(opensAt, timeZone)}. ${ask}`;
  const closed = closedAt ?? closesAt;
  if ((status === 'closed' || status === 'ended') && closed !== null)
    return `Cette enquête est close depuis le ${moment(closed, timeZone)}\u00a0: ${sent ? KEPT : 'votre réponse n’est plus prise'}. ${ask}`;
  return `Cette enquête est ${STATUS_WORDS_OF_CAMPAIGN[status]}\u00a0: aucune réponse n’est prise. ${ask}`;
}

const KEPT = 'la réponse que vous avez envoyée est conservée, et ne peut plus être modifiée';

export async function hoursOf(deps: ApiDeps, survey: string): Promise<SurveyHours> {
  const row = await deps.database.sql
    .selectFrom('survey as s')
    .innerJoin('organisation as o', 'o.id', 's.author')
    .select(['s.status', 's.author', 'o.name as authorName', 's.calendar', 's.closed_at'])
    .where('s.id', '=', survey)
    .executeTakeFirstOrThrow();
  const { calendar, closed_at, ...rest } = row;
  return {
    ...rest,
    opensAt: calendar?.opensAt ?? null,
    closesAt: calendar?.closesAt ?? null,
    closedAt: closed_at?.getTime() ?? null,
  };
}

interface Completing {
  readonly shared: SharedReading<boolean>;
  /** By survey, one of whom an answer was owed when it was asked last. */
  readonly known: Map<string, string>;
}
const completing = new WeakMap<Database, Completing>();

/**
 * Tells the process once nobody owes an answer any more, and never again for what is corrected: its history would grow. Many submit
 * at once, in the last minutes above all: they share readings, of which none is older than the asking, and the one nudge.
 */
export async function nudgeWhenComplete(deps: ApiDeps, survey: string, outcome: AnswerOutcome): Promise<void> {
  if (!outcome.written || !outcome.settled) return;
  const { database } = deps;
  const { shared, known } = completing.get(database) ?? {
    shared: sharedReading<boolean>(),
    known: new Map<string, string>(),
  };
  completing.set(database, { shared, known });
  await shared({ scope: 'all', of: survey, query: {} }, async () => {
    const found = await whoOwes(database.sql, survey, known.get(survey) ?? null);
    if (found === null) {
      known.delete(survey);
      await nudge(deps, survey);
    } else known.set(survey, found);
    return found === null;
  });
}

/** A nudge that is lost loses nothing: the calendar reads the table as well. */
async function nudge(deps: ApiDeps, survey: string): Promise<void> {
  try {
    await deps.surveys.nudge(survey);
  } catch (error) {
    deps.logger?.warn({ err: error, survey }, 'survey not nudged');
  }
}

/** What every answer of an account has in common, whichever way it comes. */
export function accountWrite(
  deps: ApiDeps,
  request: FastifyRequest,
): Pick<AnswerWrite, 'survey' | 'version' | 'by' | 'onBehalf' | 'now'> {
  const { id: survey, org } = request.params as { id: string; org: string };
  const account = accountOf(request);
  return {
    survey,
    version: ifMatch(request),
    by: actorOf(account),
    onBehalf: account.org !== org,
    now: deps.now(),
  };
}

/** What was written, for the account that sent it. @throws Problem why it was not */
export async function takenOf(deps: ApiDeps, survey: string, outcome: AnswerOutcome, tell?: Tell) {
  if (!outcome.written) throw await refusalOf(deps, survey, outcome, tell);
  await nudgeWhenComplete(deps, survey, outcome);
  return writtenOf(outcome);
}

function writtenOf({ version, submitted, checked, reused }: Extract<AnswerOutcome, { written: true }>) {
  const { values, comments, notConcerned, notices } = checked;
  return { values, comments, notConcerned, reused: shownReused(reused), version, submitted, notices: [...notices] };
}

/** No answer is taken now. */
export const notOpen = async (deps: ApiDeps, survey: string): Promise<Problem> =>
  new Problem(409, 'not-open', notOpenDetail(await hoursOf(deps, survey)));

/** Words of the errors, where they are not those of the outcome. */
type Tell = (problems: readonly FieldError[]) => readonly FieldError[];

async function refusalOf(
  deps: ApiDeps,
  survey: string,
  outcome: Extract<AnswerOutcome, { written: false }>,
  tell: Tell = (problems) => problems,
): Promise<Problem> {
  switch (outcome.refused) {
    case 'notOpen':
      return notOpen(deps, survey);
    case 'stale': {
      const detail = `Quelqu’un d’autre a écrit cette réponse entre-temps (version ${outcome.version})\u00a0: relisez puis recommencez.`;
      return new Problem(412, 'stale', detail, { errors: outcome.differs });
    }
    case 'invalid':
      return invalid(tell(outcome.checked.problems));
  }
}
