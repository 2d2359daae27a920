import type { AnswerView } from '../../db/read-models/survey-respondents.ts';
import { readOffers } from '../../db/stores/desk/survey-answer-reuse.ts';
import { toRfc3339 } from '../../domain/instant.ts';
import { takesAnswer } from '../../domain/survey/campaign.ts';
import { at, type Reused, type ReusedFrom, type ReuseOffer } from '../../domain/survey/reuse.ts';
import type { ApiDeps } from '../deps.ts';

/** What a respondent may take over now; without a statement where its survey offers nothing, or takes no answer. */
export async function offersTo({ database, now }: ApiDeps, answer: AnswerView): Promise<readonly ReuseOffer[]> {
  const asked = now();
  return takesAnswer(answer, asked) ? readOffers(database.sql, answer.offering, answer.respondent, asked) : [];
}

/** Where the values come from that an answer, submitted or a draft, says to be taken over; of one offered no more nothing is known. */
export function sourcesOf({ reused = [], marks }: AnswerView, offers: readonly ReuseOffer[]): Reused {
  const found = reused.flatMap((code) => {
    const from = at(marks, code) ?? offers.find(({ question }) => question === code)?.from;
    return from === undefined ? [] : [[code, from] as const];
  });
  return Object.fromEntries(found);
}

const shown = ({ answeredAt, ...from }: ReusedFrom) => ({ ...from, answeredAt: toRfc3339(answeredAt) });

export const shownReused = (reused: Reused) =>
  Object.fromEntries(Object.entries(reused).map(([code, from]) => [code, shown(from)]));

export const shownOffers = (offers: readonly ReuseOffer[]) =>
  offers.map(({ question, value, from }) => ({ question, value, from: shown(from) }));
