// Entry of the bundle: every workflow type, under its own name.
export { auditRoot } from './audit-root.workflow.ts';
export { dailyBriefing } from './daily-briefing.workflow.ts';
export { dutyWatch } from './duty-watch.workflow.ts';
export { inboundMail } from './inbound-mail.workflow.ts';
export { instruction } from './instruction.workflow.ts';
export { relay } from './relay.workflow.ts';
export { signal } from './signal.workflow.ts';
export { historyArchive } from './history-archive.workflow.ts';
export { surveyCampaign } from './survey-campaign.workflow.ts';
export { surveySeries } from './survey-series.workflow.ts';
