import { readMailing, MAILING_MAILS } from '../db/stores/process/mailings.ts';
import { takeSurvey } from '../db/stores/process/survey.ts';
import type { MailingActivities, SurveyActivities } from './contract.ts';
import type { DispatchDeps } from './delivery-sending.ts';
import { sendSlice } from './mail-slice.ts';
import { mailingKind } from './mailing-kinds.ts';

export function createSurveyActivities(deps: DispatchDeps): SurveyActivities & MailingActivities {
  const { database, keys, sender } = deps;
  const { sql } = database;
  return {
    takeSurvey: (survey, id, ask, now) => takeSurvey({ sql, keys }, { survey, id, ask, now }),
    async sendMailing(mailing, now) {
      const matter = await readMailing(sql, mailing);
      const own = await mailingKind(matter.subject)(deps, mailing, matter);
      return sendSlice({ sql, sender }, { id: mailing, table: MAILING_MAILS, now, inDoubt: 'unconfirmed', ...own });
    },
  };
}
