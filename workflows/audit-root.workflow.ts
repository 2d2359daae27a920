import { proxyActivities } from '@temporalio/workflow';
import type { AuditRootActivities } from '../activities/contract.ts';
import { ROOTING } from './activity-profiles.ts';

const { rootAudit, mailAuditRoot } = proxyActivities<AuditRootActivities>(ROOTING);

/** Started by its Schedule: what the audit is today, kept here and told outside. @returns its number, and whether it was told */
export async function auditRoot(): Promise<{ readonly position: number; readonly mailed: boolean }> {
  const position = await rootAudit(Date.now());
  return { position, mailed: await mailAuditRoot(position) };
}
