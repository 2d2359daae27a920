import { Type } from 'typebox';
import { CAMPAIGN_STATUSES } from '../../domain/survey/campaign.ts';
import { Id, Strict, Time } from './common.ts';

const taken = {
  id: Id(),
  status: Type.Enum(CAMPAIGN_STATUSES),
  respondents: Type.Integer(),
  workflowId: Type.String(),
};
export const SurveyTaken = Strict(taken);
export const SurveyMoved = Strict({
  ...taken,
  remindersLeftOut: Type.Array(Time(), {
    description: 'When reminders were to leave that never will: by the new closing they would be past.',
  }),
});
