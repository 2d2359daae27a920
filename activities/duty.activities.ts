import type { Database } from '../db/database.ts';
import { readMorningBriefing } from '../db/stores/process/briefing.ts';
import { deskBox } from '../db/stores/process/duty-watch.ts';
import { countUnsentNotices, planNotices } from '../db/stores/process/notices.ts';
import { briefingLetter } from '../channels/templates/briefing.ts';
import { dayBefore, parisDay } from '../domain/briefing.ts';
import { CORRUSS } from '../domain/organisation.ts';
import type { DutyActivities, NoticeActivities } from './contract.ts';
import { watchDuty } from './duty-watching.ts';
import { sendNotices, type NoticeDeps } from './notice-sending.ts';

export interface DutyDeps extends NoticeDeps {
  readonly database: Database;
}

/** What the watch and the briefing plan: quick, on the coordination queue. */
export const createDutyActivities = ({
  database,
  mailReplyDomain: domain,
}: Pick<DutyDeps, 'database' | 'mailReplyDomain'>): DutyActivities => ({
  watchDuty: (since, now) => watchDuty(database.sql, { since, now, domain }),
  planBriefing: async (at) => {
    const box = await deskBox(database.sql);
    if (box !== null) {
      const letter = briefingLetter(await readMorningBriefing(database.sql, { at, since: dayBefore(at) }));
      const notice = { key: `briefing/${parisDay(at)}`, organisation: CORRUSS, ...box, letter };
      await planNotices(database.sql, [notice], { source: 'briefing', at, domain });
    }
    return countUnsentNotices(database.sql, 'briefing');
  },
});

/** Their mails, on the dispatch queue. */
export const createNoticeActivities = ({ database, ...deps }: DutyDeps): NoticeActivities => ({
  sendNotices: (source, now) => sendNotices(database.sql, deps, { source, now }),
});
