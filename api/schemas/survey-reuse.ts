import { Type } from 'typebox';
import { REUSE_DAYS } from '../../domain/survey/reuse.ts';
import { Id, Strict, Time } from './common.ts';

/** Of a survey: whether its respondents are offered their recent answers. */
export const Reuse = Strict(
  { withinDays: Type.Integer({ minimum: REUSE_DAYS.least, maximum: REUSE_DAYS.most }) },
  {
    description:
      'Each respondent is offered what it answered to the same questions (form and code, or code, label and unit) in the last so many days; taken over, it is marked with its date.',
  },
);

const From = {
  survey: Id(),
  title: Type.String({ description: 'Of that survey.' }),
  version: Type.Integer({ description: 'Of the answer there.' }),
  answeredAt: Time('When it was submitted there: the date of the figure.'),
};

export const Reused = Type.Record(Type.String(), Strict(From), {
  description: 'Values taken over from recent answers, by question; decided by the server.',
});

export const Reusable = Type.Array(Strict({ question: Type.String(), value: Type.Unknown(), from: Strict(From) }), {
  description: 'Of a survey with `reuse`, while it takes answers: recent answers to the same questions.',
});
