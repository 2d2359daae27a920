import { ApplicationFailure } from '@temporalio/common';
import { auditRootMail } from '../channels/audit-root-mail.ts';
import type { Sender } from '../channels/sender.ts';
import type { KeyRing } from '../config/keys.ts';
import type { Database } from '../db/database.ts';
import { addAuditRoot, auditRoot, deskAddress } from '../db/stores/audit-roots.ts';
import type { AuditRootActivities } from './contract.ts';

export interface AuditRootDeps {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly sender: Sender;
  readonly mailFrom: string;
  readonly mailReplyDomain: string;
  /** Outside of Vigie; null: the desk. */
  readonly auditRootMail: string | null;
}

/** Rooting of the audit. Whatever stands in the way is tried again, and shows in the Temporal UI meanwhile. */
export function createAuditRootActivities(deps: AuditRootDeps): AuditRootActivities {
  const { database, keys, sender } = deps;
  return {
    rootAudit: async (now) => (await addAuditRoot(database.sql, keys, now)).position,
    async mailAuditRoot(position) {
      const root = await auditRoot(database.sql, position);
      const to = deps.auditRootMail ?? (await deskAddress(database.sql));
      if (root === undefined || to === null) return false;
      const sent = await sender.send({ kind: 'mail', mail: auditRootMail(root, { ...deps, to }) });
      if (sent.outcome !== 'sent') throw ApplicationFailure.retryable(`root ${position} not mailed: ${sent.error}`);
      return true;
    },
  };
}
