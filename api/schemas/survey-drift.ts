import { Type } from 'typebox';
import { RESULT_LEVELS, type TerritoryLevel } from '../../domain/survey/results.ts';
import { Id, Nullable, Strict, Time } from './common.ts';

const LEVELS = RESULT_LEVELS.filter((level): level is TerritoryLevel => level !== 'site');

export const DriftQuery = Type.Object(
  {
    by: Type.Optional(Type.Enum(LEVELS, { default: 'ars' })),
    over: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000,
        default: 20,
        description: 'Percent of the previous figure, either way: what has moved by more is told.',
      }),
    ),
    answered: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100,
        default: 80,
        description: 'Percent of those expected that must have answered, now and then, for a territory to be compared.',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000, default: 200 })),
  },
  { additionalProperties: false },
);

const Share = Type.Number({ description: 'Percent of those expected who have answered, one decimal.' });

export const SurveyDrift = Strict({
  survey: Id(),
  by: Type.Enum(LEVELS),
  over: Type.Integer(),
  answered: Type.Integer(),
  previous: Nullable(
    Strict(
      { survey: Id(), title: Type.String(), openedAt: Time() },
      { description: 'The campaign before of the same series, else of the same questionnaire and author; null: none.' },
    ),
  ),
  total: Type.Integer({ description: 'How many have drifted; `items` are the first of them.' }),
  items: Type.Array(
    Strict({
      territory: Type.String({ description: '`D69`, `ARS-84`, `ZONE-OUEST`, `NATION`.' }),
      question: Type.String({ description: 'Its column of the results: `occupes`, `lits.installes`, `tension.n2`.' }),
      label: Type.String(),
      unit: Type.String({ description: 'Empty: none.' }),
      previous: Type.Number(),
      now: Type.Number(),
      change: Nullable(Type.Number({ description: 'Percent of the previous figure, one decimal; null: it was zero.' })),
      answered: Share,
      previousAnswered: Share,
    }),
    { description: 'From zero first, then the largest move.' },
  ),
  notCompared: Type.Array(
    Strict({ territory: Type.String(), answered: Nullable(Share), previousAnswered: Nullable(Share) }),
    { description: 'Territories of which too few have answered, now or then; null: nobody was expected.' },
  ),
});
