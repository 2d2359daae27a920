import { Type } from 'typebox';
import { AGGREGATES, NUMERIC_TYPES, QUESTION_TYPES } from '../../domain/survey/form.ts';
import { Id, Nullable, PageQuery, Strict, Time } from './common.ts';

const Code = Type.String({
  description: 'A letter, then letters without accent, digits or `_`, 40 at most; unique without regard to case.',
});
const Labelled = Strict({ code: Code, label: Type.String() });
const Rule = Strict({
  formula: Type.String({
    description:
      'Comparisons (`<= < >= > =`) of `+ - * / ( )` over numbers, joined by `and`, `or`: `available + occupied <= installed`. ' +
      'Names: a question, `table.row.column`, `sum(table.column)` (of the cells given); in a rule of a table, its columns. ' +
      'What is missing, or divides by zero, makes it say nothing.',
  }),
  message: Type.Optional(Type.String({ description: 'What a respondent reads when it does not hold.' })),
  blocking: Type.Optional(Type.Boolean({ description: 'False: told as a notice, refuses nothing.' })),
});
const aggregation = {
  aggregate: Type.Optional(Type.Enum([...AGGREGATES])),
  weightedBy: Type.Optional(Type.String({ description: '`mean`: what weighs, never negative.' })),
  numerator: Type.Optional(Type.String({ description: '`ratio`: sum of this…' })),
  denominator: Type.Optional(Type.String({ description: '… over the sum of that.' })),
  headline: Type.Optional(Type.Boolean({ description: 'Among the first figures of a publication.' })),
};
const number = {
  unit: Type.Optional(Type.String()),
  decimals: Type.Optional(Type.Integer({ description: 'Default: `integer` 0, `percentage` 1, else 2.' })),
  commentWhenMoves: Type.Optional(
    Type.Number({
      description: 'A comment is owed when the value moves by more than so many percent since the last answer.',
    }),
  ),
  ...aggregation,
};
const Column = Strict({
  code: Code,
  label: Type.String(),
  help: Type.Optional(Type.String()),
  type: Type.Enum([...NUMERIC_TYPES], { description: 'Default `integer`.' }),
  required: Type.Optional(Type.Boolean({ description: 'Owed in every row that is filled in.' })),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  ...number,
});
const Question = Strict(
  {
    code: Code,
    label: Type.String(),
    help: Type.Optional(Type.String()),
    type: Type.Enum([...QUESTION_TYPES]),
    required: Type.Optional(Type.Boolean({ description: 'A table: every row, or «non concerné».' })),
    prefill: Type.Optional(Type.Boolean({ description: 'The answer before may be taken over on demand.' })),
    min: Type.Optional(
      Type.Union([Type.Number(), Type.String()], { description: 'A number; of a date, a day (`2026-11-24`).' }),
    ),
    max: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    ...number,
    maxLength: Type.Optional(Type.Integer()),
    choices: Type.Optional(Type.Array(Labelled)),
    rows: Type.Optional(Type.Array(Labelled)),
    columns: Type.Optional(Type.Array(Column)),
    rules: Type.Optional(Type.Array(Rule, { description: 'Of each row of a table.' })),
    formula: Type.Optional(
      Type.String({ description: '`computed`: rounded to its decimals; no value, and why, where it has none.' }),
    ),
  },
  { title: 'SurveyQuestion' },
);

const FormDocument = Strict(
  {
    code: Code,
    title: Type.String(),
    help: Type.Optional(Type.String()),
    sections: Type.Array(
      Strict({
        code: Code,
        title: Type.String(),
        help: Type.Optional(Type.String()),
        questions: Type.Array(Question),
      }),
    ),
    rules: Type.Optional(Type.Array(Rule)),
  },
  { title: 'SurveyFormDocument' },
);

/** What `POST` and `PUT` take: read by the domain, which names every wrong field at once. */
export const FormBody = Type.Unknown({
  title: 'SurveyFormBody',
  description:
    'A `SurveyFormDocument` (see `form` of the answer): `{code, title, help?, sections: [{code, title, help?, questions}], rules?}`. ' +
    'Fields that do not go with the type of a question are refused.',
});

const state = {
  number: Type.Integer(),
  status: Type.Enum(['draft', 'published']),
  version: Type.Integer({ description: 'Its ETag.' }),
  createdBy: Type.String(),
  createdAt: Time(),
  updatedBy: Type.String(),
  updatedAt: Time(),
  publishedBy: Nullable(Type.String()),
  publishedAt: Nullable(Time()),
};
const item = {
  id: Id(),
  code: Type.String(),
  title: Type.String({ description: 'Of its last version that you may read.' }),
  owner: Type.String({ description: '`CORRUSS`: national.' }),
  model: Type.Boolean({ description: 'Shipped with Vigie, to be adapted.' }),
  createdAt: Time(),
  published: Nullable(Type.Integer({ description: 'Number of the last published version.' })),
  draft: Nullable(Type.Integer({ description: 'Number of the draft, where you may read it.' })),
};

export const FormItem = Strict(item, { title: 'SurveyFormItem' });
export const FormVersionView = Strict(
  { id: Id('Of the form.'), ...state, form: FormDocument },
  { title: 'SurveyFormVersion' },
);
export const FormView = Strict(
  {
    ...item,
    versions: Type.Array(Strict(state)),
    ...state,
    form: FormDocument,
  },
  {
    title: 'SurveyForm',
    description: 'The form, its versions, and the last of them: the draft before what is published.',
  },
);

export const FormFilters = Type.Object(
  {
    ...PageQuery,
    code: Type.Optional(Type.String({ maxLength: 40 })),
    owner: Type.Optional(Type.String({ maxLength: 40 })),
    model: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export const VersionParams = Type.Object({ id: Type.String(), number: Type.String() });
export const VersionBody = Strict(
  {
    from: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Default: the last published one.' }),
    ),
  },
  { title: 'NewSurveyFormVersion' },
);
export const DuplicateBody = Strict(
  {
    code: Type.String({ maxLength: 200 }),
    title: Type.Optional(Type.String({ maxLength: 1_000 })),
    version: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Default: the last that you may read.' }),
    ),
  },
  { title: 'SurveyFormCopy' },
);

const AnswerValues = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'By question code: a number (JSON, or text as people write it: `1 234,5`), a text, a choice, a list of choices, a day, a table ' +
    '`{row: {column: number}}`; `{"notConcerned": "reason"}` for a question or a row. Absent or null is no zero.',
});
const Field = Strict({
  pointer: Type.String(),
  code: Type.String(),
  message: Type.String({ description: 'In French, for a person.' }),
});

export const TryBody = Strict(
  {
    version: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Default: the last that you may read.' }),
    ),
    mode: Type.Optional(
      Type.Enum(['draft', 'submit'], { description: 'Default `submit`; a draft may leave out what is owed.' }),
    ),
    values: Type.Optional(Type.Unknown({ description: 'As in an answer.' })),
    comments: Type.Optional(Type.Unknown({ description: '`{<question code>: text}`' })),
    notConcerned: Type.Optional(
      Type.Unknown({ description: 'The reason why the whole survey does not concern the respondent.' }),
    ),
    previous: Type.Optional(Type.Unknown({ description: 'Values of the answer before.' })),
  },
  { title: 'SurveyFormTrial' },
);
export const TryResult = Strict(
  {
    number: Type.Integer({ description: 'The version that was tried.' }),
    accepted: Type.Boolean({ description: 'No problem: it would be taken.' }),
    values: AnswerValues,
    comments: Type.Record(Type.String(), Type.String()),
    notConcerned: Nullable(Type.String()),
    prefilled: AnswerValues,
    problems: Type.Array(Field),
    notices: Type.Array(Field, {
      description:
        'Refuse nothing: computed fields without value and why, what a draft still owes, rules that only warn.',
    }),
  },
  { title: 'SurveyFormTrialResult' },
);
