import { Type } from 'typebox';
import { MOST_SURVEYS } from '../../domain/survey/load.ts';
import { Reuse } from './survey-reuse.ts';
import { Id, Nullable, OrganisationId, PageQuery, Strict, Time } from './common.ts';

export const LoadReason = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'Why it is opened although its respondents are asked much already; kept with it.',
});

export const OpenBody = Strict({ loadReason: Type.Optional(LoadReason), reuse: Type.Optional(Reuse) });

/** Of a survey that was opened with a reason. */
export const AcceptedLoad = Strict({
  reason: Nullable(Type.String({ description: 'Null: it opened by a series that gave none.' })),
  overloaded: Type.Integer(),
  most: Type.Integer(),
  askedAgain: Type.Integer(),
  surveys: Type.Array(Id()),
});

export const SurveyLoadPreview = Strict({
  tooMuch: Type.Boolean({ description: 'It opens with a `loadReason` only.' }),
  detail: Nullable(Type.String({ description: 'Why, in French.' })),
  reusable: Type.Boolean({ description: 'Offering recent answers (`reuse`) is enough, instead of a reason.' }),
  overloaded: Type.Integer({ description: `Respondents asked more than ${MOST_SURVEYS} surveys in 7 days.` }),
  most: Type.Integer({ description: 'The most surveys that one of them would be asked.' }),
  examples: Type.Array(Type.String()),
  askedAgain: Type.Integer({ description: 'Respondents asked a same question within 7 days.' }),
  surveys: Type.Array(
    Strict({
      id: Id(),
      title: Type.String(),
      author: OrganisationId,
      authorName: Type.String(),
      opensAt: Time(),
      respondents: Type.Integer({ description: 'Whom both ask.' }),
      questions: Type.Array(Type.String(), { description: 'Labels of the questions that both ask.' }),
    }),
  ),
});

export const SurveyLoadQuery = Type.Object(
  {
    ...PageQuery,
    week: Type.Optional(
      Type.String({ maxLength: 10, description: '`2026-W48` (ISO 8601), in Paris; absent: this one.' }),
    ),
    exercise: Type.Optional(Type.Boolean({ default: false, description: 'Exercises stand apart.' })),
  },
  { additionalProperties: false },
);

export const LoadedOrganisation = Strict({
  organisation: OrganisationId,
  name: Type.String(),
  territory: OrganisationId,
  department: Nullable(Type.String()),
  surveys: Type.Integer(),
  questions: Type.Integer(),
  authors: Type.Array(OrganisationId),
  asked: Type.Array(
    Strict({
      survey: Id(),
      title: Type.String(),
      author: OrganisationId,
      opensAt: Time(),
      closesAt: Time(),
      questions: Type.Integer(),
      loadReason: Nullable(Type.String()),
    }),
  ),
});
