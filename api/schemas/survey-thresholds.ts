import { Type } from 'typebox';
import { COMPARISONS, CONSEQUENCES, THRESHOLD_LEVELS } from '../../domain/survey/threshold.ts';
import { Id, Nullable, PageQuery, Strict, Time } from './common.ts';

const Threshold = Strict({
  question: Type.String({
    minLength: 1,
    maxLength: 200,
    description:
      'A figure of the results: `lits`, of a table `lits.rea.disponibles` or `lits.disponibles`, of a choice how many chose it `tension.niveau3`.',
  }),
  level: Type.Enum(THRESHOLD_LEVELS, { description: '`site`: each respondent by itself.' }),
  comparison: Type.Enum(COMPARISONS, {
    description: '`<=` and `<` are told once all of the territory have answered, or the survey is closed.',
  }),
  value: Type.Number({ minimum: -1e12, maximum: 1e12 }),
  then: Type.Enum(CONSEQUENCES, {
    description: '`alert`: a mail to the author, a task of the desk; `draftInstruction`: also a draft to the agency.',
  }),
  label: Type.String({ minLength: 1, maxLength: 120 }),
});

export const Thresholds = Type.Array(Threshold, {
  maxItems: 20,
  description: 'Figures that are watched while answers come in; each crossing is told once.',
});

export const Crossing = Strict({
  id: Id(),
  threshold: Threshold,
  territory: Type.String({ description: '`D69`, `ARS-84`, `ZONE-OUEST`, `NATION`, or the respondent.' }),
  name: Type.String(),
  figure: Type.Number({ description: 'When it was crossed.' }),
  received: Type.Integer({ description: 'Answers that the figure was made of.' }),
  expected: Type.Integer(),
  beganAt: Time(),
  endedAt: Nullable(Time('When the figure was back; null: it lasts.')),
  instruction: Nullable(Id('The draft made of it.')),
  notedAt: Nullable(Time()),
  notedBy: Nullable(Type.String()),
});

export const CrossingQuery = Type.Object(
  { ...PageQuery, lasting: Type.Optional(Type.Boolean({ description: 'Those that last, or those that are over.' })) },
  { additionalProperties: false },
);

export const CrossingParams = Type.Object({ id: Id(), crossing: Id() });
export const NoteBody = Strict({ comment: Type.Optional(Type.String({ maxLength: 4000 })) });
