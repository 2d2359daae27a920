import type { MigrationObject } from '@mikro-orm/core';
import { Migration0001Foundation } from './migration-0001-foundation.ts';
import { Migration0002ApplicationRole } from './migration-0002-application-role.ts';
import { Migration0003InboundMail } from './migration-0003-inbound-mail.ts';
import { Migration0004Histories } from './migration-0004-histories.ts';
import { Migration0005Relations } from './migration-0005-relations.ts';
import { Migration0006Crises } from './migration-0006-crises.ts';
import { Migration0007Relays } from './migration-0007-relays.ts';
import { Migration0009Duty } from './migration-0009-duty.ts';
import { Migration0013AuditRoot } from './migration-0013-audit-root.ts';
import { Migration0014EarlySignals } from './migration-0014-early-signals.ts';
import { Migration0017DeskGaps } from './migration-0017-desk-gaps.ts';
import { Migration0018UrgentSupports } from './migration-0018-urgent-supports.ts';
import { Migration0019DeclaredRelays } from './migration-0019-declared-relays.ts';
import { Migration0020Sites } from './migration-0020-sites.ts';
import { Migration0021SurveyForms } from './migration-0021-survey-forms.ts';
import { Migration0022SurveyCampaigns } from './migration-0022-survey-campaigns.ts';
import { Migration0023InstructionFigures } from './migration-0023-instruction-figures.ts';
import { Migration0024SurveyedSites } from './migration-0024-surveyed-sites.ts';
import { Migration0026SurveySeries } from './migration-0026-survey-series.ts';
import { Migration0027AnswersByFile } from './migration-0027-answers-by-file.ts';
import { Migration0029Thresholds } from './migration-0029-thresholds.ts';

/** Every migration, oldest first; only appended to. */
export const MIGRATIONS: MigrationObject[] = [
  { name: 'Migration0001Foundation', class: Migration0001Foundation },
  { name: 'Migration0002ApplicationRole', class: Migration0002ApplicationRole },
  { name: 'Migration0003InboundMail', class: Migration0003InboundMail },
  { name: 'Migration0004Histories', class: Migration0004Histories },
  { name: 'Migration0005Relations', class: Migration0005Relations },
  { name: 'Migration0006Crises', class: Migration0006Crises },
  { name: 'Migration0007Relays', class: Migration0007Relays },
  { name: 'Migration0009Duty', class: Migration0009Duty },
  { name: 'Migration0013AuditRoot', class: Migration0013AuditRoot },
  { name: 'Migration0014EarlySignals', class: Migration0014EarlySignals },
  { name: 'Migration0017DeskGaps', class: Migration0017DeskGaps },
  { name: 'Migration0018UrgentSupports', class: Migration0018UrgentSupports },
  { name: 'Migration0019DeclaredRelays', class: Migration0019DeclaredRelays },
  { name: 'Migration0020Sites', class: Migration0020Sites },
  { name: 'Migration0021SurveyForms', class: Migration0021SurveyForms },
  { name: 'Migration0022SurveyCampaigns', class: Migration0022SurveyCampaigns },
  { name: 'Migration0023InstructionFigures', class: Migration0023InstructionFigures },
  { name: 'Migration0024SurveyedSites', class: Migration0024SurveyedSites },
  { name: 'Migration0026SurveySeries', class: Migration0026SurveySeries },
  { name: 'Migration0027AnswersByFile', class: Migration0027AnswersByFile },
  { name: 'Migration0029Thresholds', class: Migration0029Thresholds },
];
