import type { Reading } from '../../db/read-models/survey-publication.ts';
import { CORRUSS } from '../../domain/organisation.ts';
import { dictionaryOf } from '../../domain/survey/dictionary.ts';
import { figureIn, headlinesOf, type Indicator } from '../../domain/survey/indicators.ts';
import { publicationNotices } from '../../domain/survey/publication-notices.ts';
import { type SurveyCounts, rateOf } from '../../domain/survey/rates.ts';
import type { TerritoryResult } from '../../domain/survey/results.ts';
import type { Publication } from './publication.ts';

export const nameIn = ({ asked }: Publication, territory: string): string =>
  asked.find((one) => one.territory === territory)?.name ?? territory;

/** What is not final, not validated, not accepted or missing. */
export function noticesOf(publication: Publication): readonly string[] {
  const { survey, publishedAt, whole, asked, acceptances } = publication;
  return publicationNotices({
    status: survey.status,
    published: publishedAt !== null,
    national: survey.author === CORRUSS,
    whole,
    reused: publication.reused,
    total: survey.counts,
    territories: asked.map(({ territory, name, notValidated }) => ({
      name,
      notValidated,
      accepted: acceptances.has(territory),
      changedSince: acceptances.get(territory)?.changedSince ?? 0,
    })),
  });
}

const COUNT_FIELDS = ['expected', 'notConcerned', 'received', 'complete', 'validated', 'onTime', 'late'] as const;

/** Percentages of those expected; validated of those received. */
export const ratesOf = ({ expected, received, complete, validated, onTime }: SurveyCounts) => ({
  received: rateOf(received, expected),
  complete: rateOf(complete, expected),
  onTime: rateOf(onTime, expected),
  validated: rateOf(validated, received),
});

const rowView = (headlines: readonly Indicator[], row: TerritoryResult) => ({
  counts: Object.fromEntries(COUNT_FIELDS.map((name) => [name, row[name]])) as unknown as SurveyCounts,
  rates: ratesOf(row),
  figures: Object.fromEntries(headlines.map((one) => [one.column, figureIn(one, row)])),
});

/** The publication as data: both readings, what they mean, where they come from. */
export function publicationView(publication: Publication) {
  const { survey, form, readings } = publication;
  const headlines = headlinesOf(form);
  const readingView = (reading: Reading | null) =>
    reading === null
      ? null
      : {
          total: rowView(headlines, reading.total),
          territories: reading.territories.map((row) => {
            const { territory } = row;
            return { territory, name: nameIn(publication, territory), ...rowView(headlines, row) };
          }),
        };
  return {
    survey: {
      ...{ id: survey.id, title: survey.title, author: survey.author, authorName: publication.authorName },
      ...{ exercise: survey.exercise, status: survey.status },
    },
    publishedAt: publication.publishedAt?.toISOString() ?? null,
    whole: publication.whole,
    notices: [...noticesOf(publication)],
    headlines: headlines.map(({ column, label, unit }) => ({ column, label, unit: unit === '' ? null : unit })),
    readings: { closing: readingView(readings.closing), corrected: readingView(readings.corrected) },
    dictionary: dictionaryOf(form, { reuse: survey.reuse !== null }).map((entry) => ({ ...entry })),
    sources: sourcesOf(publication),
    links: linksOf(survey.id),
  };
}

function sourcesOf({ survey, form, formVersion, formOwner, asked, acceptances }: Publication) {
  return {
    form: { id: survey.formId, title: form.title, version: formVersion, owner: formOwner },
    opensAt: survey.calendar?.opensAt ?? null,
    closesAt: survey.calendar?.closesAt ?? null,
    closedAt: survey.closedAt,
    closings: survey.closings,
    validated: survey.counts.validated,
    notValidated: asked.reduce((all, one) => all + one.notValidated, 0),
    acceptances: asked.map(({ territory, name }) => {
      const found = acceptances.get(territory);
      const taken = { at: found?.at.toISOString() ?? null, by: found?.by ?? null, comment: found?.comment ?? null };
      return { territory, name, ...taken, changedSince: found?.changedSince ?? 0 };
    }),
  };
}

/** Where the same is found in another form. */
export const linksOf = (id: string) => ({
  page: `/enquetes/${id}`,
  csv: `/v1/surveys/${id}/results.csv?by=ars`,
  xlsx: `/v1/surveys/${id}/results.xlsx?by=ars`,
  json: `/v1/surveys/${id}/publication`,
  map: `/v1/surveys/${id}/map.svg`,
  trend: `/v1/surveys/${id}/trend.svg`,
});
