import { type Campaign, listCampaigns, readCampaigns } from '../../db/read-models/survey-trend.ts';
import { readForm } from '../../db/stores/desk/published-forms.ts';
import { aggregatesOf } from '../../domain/survey/aggregate.ts';
import type { SurveyReader } from '../../domain/survey/access.ts';
import { drawnIndicators, figureIn, type Indicator } from '../../domain/survey/indicators.ts';
import type { ResultState, TerritoryResult } from '../../domain/survey/results.ts';
import { PARIS } from '../../domain/wording.ts';
import type { ApiDeps } from '../deps.ts';
import type { SurveyMap } from '../documents/survey-map.ts';
import type { TrendPoint } from '../documents/survey-trend.ts';

/** A quarter of Tuesdays. */
const MOST_CAMPAIGNS = 13;

export const STATE_WORDS: Readonly<Record<ResultState, string>> = {
  closing: 'tels que connus à la première clôture',
  corrected: 'tels que corrigés à ce jour',
};

interface Shown {
  readonly indicator: Indicator;
  readonly as: ResultState;
}

/** @param territories of one reading; `whole`: the reader sees every territory */
export function mapOf(
  survey: { readonly title: string; readonly exercise: boolean },
  territories: readonly TerritoryResult[],
  { indicator, as, whole }: Shown & { readonly whole: boolean },
): SurveyMap {
  const { label, unit } = indicator;
  return {
    title: titleOf(survey),
    indicator: { label, unit },
    state: STATE_WORDS[as],
    values: new Map(territories.map((row) => [row.territory, valueOf(indicator, row)])),
    absent: whole ? 'non interrogée' : 'hors territoire',
  };
}

export const titleOf = ({ title, exercise }: { readonly title: string; readonly exercise: boolean }): string =>
  `${exercise ? 'EXERCICE – ' : ''}${title}`;

function valueOf(indicator: Indicator, row: TerritoryResult): number | null {
  const value = figureIn(indicator, row);
  return typeof value === 'number' ? value : null;
}

const dayOf = new Intl.DateTimeFormat('fr-FR', { timeZone: PARIS, dateStyle: 'short' });

/** One figure over this campaign and those before it, as far as the reader sees them; one statement for each version asked. */
export async function trendOf(
  deps: ApiDeps,
  reader: SurveyReader,
  survey: string,
  { indicator, as }: Shown,
): Promise<readonly TrendPoint[]> {
  const { sql } = deps.database;
  const campaigns = await listCampaigns(sql, reader, survey, MOST_CAMPAIGNS);
  const values = new Map<string, number | null>();
  for (const asked of Map.groupBy(campaigns, versionOf).values()) {
    const found = await valuesOf(deps, reader, asked, { indicator, as });
    for (const [id, value] of found) values.set(id, value);
  }
  return campaigns.map(({ id, openedAt }) => ({
    day: dayOf.format(openedAt),
    value: values.get(id) ?? null,
    current: id === survey,
  }));
}

const versionOf = ({ formId, formVersion }: Campaign): string => `${formId}/${formVersion}`;

async function valuesOf(
  deps: ApiDeps,
  reader: SurveyReader,
  asked: readonly Campaign[],
  { indicator, as }: Shown,
): Promise<readonly (readonly [string, number | null])[]> {
  const [first] = asked;
  if (first === undefined) return [];
  const form = await readForm(deps.database.sql, first.formId, first.formVersion);
  // The same name in another version: its own rule there.
  const own = drawnIndicators(form).find(({ column }) => column === indicator.column);
  if (own === undefined) return [];
  const rules = aggregatesOf(form).filter(({ key }) => own.column === key || own.column.startsWith(`${key}.`));
  const surveys = asked.map(({ id }) => id);
  const rows = await readCampaigns(deps.database.sql, reader, { surveys, form, rules, as });
  return [...rows].map(([id, row]) => [id, valueOf(own, row)] as const);
}
