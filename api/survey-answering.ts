import { owesAnybody } from '../db/stores/desk/survey-answer-reading.ts';
import type { AnswerOutcome } from '../db/stores/desk/survey-answers.ts';
import type { CampaignStatus } from '../domain/survey/campaign.ts';
import { STATUS_WORDS_OF_CAMPAIGN } from '../domain/survey/campaign-commands.ts';
import { CORRUSS } from '../domain/organisation.ts';
import type { FieldError } from '../domain/field-error.ts';
import { moment } from './pages/words.ts';
import type { ApiDeps } from './deps.ts';
import { invalid, Problem } from './problem.ts';
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

/** Why no answer is taken now: since when, and whom to ask. */
export function notOpenDetail(survey: SurveyHours, timeZone?: string): string {
  const { status, opensAt, closesAt, closedAt } = survey;
  const who = survey.author === CORRUSS ? 'le CORRUSS' : `l’agence qui interroge (${survey.authorName})`;
  const ask = `Pour toute question, contactez ${who}.`;
  if (status === 'scheduled' && opensAt !== null) return `Cette enquête ouvre le ${moment(opensAt, timeZone)}. ${ask}`;
  const closed = closedAt ?? closesAt;
  if ((status === 'closed' || status === 'ended') && closed !== null)
    return `Cette enquête est close depuis le ${moment(closed, timeZone)}\u00a0: votre réponse n’est plus prise. ${ask}`;
  return `Cette enquête est ${STATUS_WORDS_OF_CAMPAIGN[status]}\u00a0: aucune réponse n’est prise. ${ask}`;
}

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

/** Tells the process once nobody owes an answer; a nudge that is lost loses nothing, the calendar reads the table as well. */
export async function nudgeWhenComplete(deps: ApiDeps, survey: string, outcome: AnswerOutcome): Promise<void> {
  if (!outcome.written || outcome.submitted === null || (await owesAnybody(deps.database.sql, survey))) return;
  try {
    await deps.surveys.nudge(survey);
  } catch (error) {
    deps.logger?.warn({ err: error, survey }, 'survey not nudged');
  }
}

/** What was written, for whoever sent it. */
export function writtenOf({ version, submitted, checked, reused }: Extract<AnswerOutcome, { written: true }>) {
  const { values, comments, notConcerned, notices } = checked;
  return { values, comments, notConcerned, reused: shownReused(reused), version, submitted, notices: [...notices] };
}

/** Why an answer was not written, for whoever sent it. */
export async function refusalOf(
  deps: ApiDeps,
  survey: string,
  outcome: Extract<AnswerOutcome, { written: false }>,
  tell: (problems: readonly FieldError[]) => readonly FieldError[] = (problems) => problems,
): Promise<Problem> {
  switch (outcome.refused) {
    case 'notOpen':
      return new Problem(409, 'not-open', notOpenDetail(await hoursOf(deps, survey)));
    case 'stale': {
      const detail = `Quelqu’un d’autre a écrit cette réponse entre-temps (version ${outcome.version})\u00a0: relisez puis recommencez.`;
      return new Problem(412, 'stale', detail, { errors: outcome.differs });
    }
    case 'invalid':
      return invalid(tell(outcome.checked.problems));
  }
}
