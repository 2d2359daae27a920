import { Type } from 'typebox';
import { Id, OrganisationId, Strict } from './common.ts';
import { SurveyTaken } from './survey-taken.ts';

export const RemindBody = Strict({
  respondents: Type.Optional(
    Type.Array(Type.Union([Id(), OrganisationId]), {
      minItems: 1,
      maxItems: 1000,
      description: 'Ids of respondents or organisations; absent: all who owe an answer.',
    }),
  ),
});

export const SurveyReminded = Type.Object(
  {
    ...SurveyTaken.properties,
    reminded: Type.Integer({ description: 'Mails that leave now.' }),
    tooSoon: Type.Integer({ description: 'Left out: reminded within the hour.' }),
  },
  { additionalProperties: false },
);

export const ReaddressBody = Strict({
  email: Type.String({ minLength: 1, maxLength: 254, description: 'One bare mail address.' }),
});
