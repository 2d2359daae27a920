import { Type } from 'typebox';
import { RESULT_LEVELS, RESULT_STATES } from '../../domain/survey/results.ts';
import { Id, Nullable, Strict, Time } from './common.ts';
import { countFields } from './surveys.ts';

export const ResultQuery = Type.Object(
  {
    by: Type.Optional(Type.Enum(RESULT_LEVELS, { default: 'ars' })),
    as: Type.Optional(
      Type.Enum(RESULT_STATES, {
        default: 'corrected',
        description: '`closing`: as known at the first closing, for ever; `corrected`: as submitted now.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const Results = Strict({
  survey: Id(),
  by: Type.Enum(RESULT_LEVELS),
  as: Type.Enum(RESULT_STATES),
  items: Type.Array(
    Strict({
      territory: Type.String({ description: '`SITE-…`, `D69`, `ARS-84`, `ZONE-OUEST`, `NATION`; on a list an id.' }),
      ...countFields,
      name: Nullable(Type.String({ description: 'Of a respondent (`by=site`).' })),
      values: Type.Record(Type.String(), Type.Unknown(), {
        description:
          'By question: a number, a number for each choice, a day; null: nobody has answered, which is no zero.',
      }),
      reused: Type.Record(Type.String(), Strict({ answers: Type.Integer(), oldest: Time() }), {
        description:
          'By question, of a survey with `reuse`: answers in the figure that were taken over from earlier ones.',
      }),
    }),
  ),
});
