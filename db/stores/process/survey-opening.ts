import { sql } from 'kysely';
import { hashToken, surveyLinkToken } from '../../../config/tokens.ts';
import type { Actor } from '../../../domain/actor.ts';
import type { Fact } from '../../../domain/changes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { calendarErrors } from '../../../domain/survey/calendar-errors.ts';
import { type CampaignCalendar, resolveCalendar } from '../../../domain/survey/campaign-calendar.ts';
import type { CampaignCommand } from '../../../domain/survey/campaign-commands.ts';
import { thresholdErrors } from '../../../domain/survey/threshold-errors.ts';
import type { SurveyAnswer, SurveyRefusalCode } from '../../../domain/survey/survey-step.ts';
import { newId, type Transaction } from '../../database.ts';
import { askedBy, type AskedRespondent } from '../../survey-audience.ts';
import { publishedVersion, readForm } from '../desk/published-forms.ts';
import { toJson } from '../json.ts';
import { guardLoad } from './survey-loading.ts';
import type { LockedSurvey, SurveyStore } from './survey-row.ts';

type Opened =
  { readonly calendar: CampaignCalendar; readonly facts: readonly Fact[] } | { readonly refusal: SurveyAnswer };

const refuse = (code: SurveyRefusalCode, detail: string): Opened => ({ refusal: { accepted: false, code, detail } });

type OpenCommand = Extract<CampaignCommand, { readonly kind: 'open' }>;

/** Fixes what a draft leaves open: the version of its form, its calendar in instants, and who is asked. */
export async function openSurvey(
  store: SurveyStore,
  trx: Transaction,
  survey: LockedSurvey,
  { now, ask }: { readonly now: Instant; readonly ask: OpenCommand },
): Promise<Opened | null> {
  // Not a draft any more: the table of states says what to answer.
  if (survey.campaign.status !== 'draft') return null;
  const errors = calendarErrors(survey.asked, now);
  if (errors.length > 0) {
    const detail = 'Le calendrier de cette enquête ne peut plus être tenu\u00a0: rédigez-en une autre.';
    return { refusal: { accepted: false, code: 'invalid', detail, errors } };
  }
  const version = await publishedVersion(trx, survey.formId, survey.author);
  if (version === null) return refuse('noForm', 'Le questionnaire n’est pas publié.');
  const form = await readForm(trx, survey.formId, version);
  const wrong = thresholdErrors(survey, form);
  if (wrong.length > 0) {
    const detail = `Un seuil ne va plus avec la version ${version} du questionnaire\u00a0: ${wrong[0]?.message ?? ''}`;
    return { refusal: { accepted: false, code: 'invalid', detail, errors: wrong } };
  }
  if (survey.crisisId !== null && (await isCrisisClosed(trx, survey.crisisId)))
    return refuse('crisisClosed', 'L’événement de cette enquête est clos.');
  const respondents = await askedBy(trx, survey);
  if (respondents.length === 0)
    return refuse('noRespondent', 'Aucun répondant ne correspond à ceux que cette enquête interroge.');
  const calendar = resolveCalendar(survey.asked, now);
  const { by, loadReason } = ask;
  const reuseDays = daysOf(survey, ask);
  const loading = { form, opensAt: calendar.opensAt, now, by, loadReason };
  const guarded = await guardLoad(trx, { ...survey, reuseDays }, loading);
  if ('refusal' in guarded) return guarded;
  await insertRespondents(store, trx, survey.id, respondents);
  if (survey.thresholds.length > 0) await trx.insertInto('survey_watch').values({ survey_id: survey.id }).execute();
  await trx
    .updateTable('survey')
    .set({ form_version: version, reuse_days: reuseDays })
    .where('id', '=', survey.id)
    .execute();
  return { calendar, facts: [...guarded.facts, ...offered(survey, reuseDays, { now, by })] };
}

const daysOf = ({ reuseDays }: LockedSurvey, { reuse }: OpenCommand): number | null => reuse?.withinDays ?? reuseDays;

/** Said at the opening only: what the draft said stands in its own fact. */
function offered(
  survey: LockedSurvey,
  withinDays: number | null,
  { now, by }: { readonly now: Instant; readonly by: Actor },
): readonly Fact[] {
  if (withinDays === null || withinDays === survey.reuseDays) return [];
  return [{ at: now, kind: 'surveyReuseOffered', organisation: null, actor: by, data: { withinDays } }];
}

async function isCrisisClosed(trx: Transaction, id: string): Promise<boolean> {
  const row = await trx.selectFrom('crisis').select('closed_at').where('id', '=', id).executeTakeFirst();
  return row?.closed_at !== null;
}

async function insertRespondents(
  { keys }: SurveyStore,
  trx: Transaction,
  survey: string,
  respondents: readonly AskedRespondent[],
): Promise<void> {
  const rows = respondents.map((one) => {
    const id = newId();
    return { ...one, id, link: hashToken(surveyLinkToken(keys[0], id)) };
  });
  await sql`
    insert into survey_respondent (id, survey_id, key, organisation_id, name, address, territory, department, link_hash)
    select id, ${survey}::uuid, key, organisation, name, address, territory, department, link
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as one
      (id uuid, key text, organisation text, name text, address text, territory text, department text, link text)`.execute(
    trx,
  );
}
