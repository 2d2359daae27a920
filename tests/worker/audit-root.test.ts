import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAuditRootActivities, type AuditRootDeps } from '../../activities/audit-root.activities.ts';
import { openSender } from '../../channels/sender.ts';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { ensureAuditRoots } from '../../gateway/audit-roots.ts';
import { startInstructionDesk, type InstructionDesk } from '../support/instruction-desk.ts';
import { until } from '../support/wait.ts';

const OUTSIDE = 'coffre@notaire.example';
const MAIL = { mailFrom: 'corruss@vigie.example', mailReplyDomain: 'reply.vigie.example' };

let desk: InstructionDesk;

beforeAll(async () => {
  desk = await startInstructionDesk({
    scheduled: ({ database, keys, sender }) =>
      createAuditRootActivities({ database, keys, sender, ...MAIL, auditRootMail: OUTSIDE }),
  });
}, 120_000);
afterAll(() => desk.close(), 60_000);

test('the Schedule roots the audit, keeps the root and mails it outside; what is released afterwards is in the next', async () => {
  const { client, database, keys, queueSuffix, sink } = desk;
  await desk.release({ audience: { organisations: ['ARS-84'] } });
  await Promise.all([1, 2, 3].map(() => ensureAuditRoots(client, `coordination${queueSuffix}`)));
  const schedule = client.schedule.getHandle('auditRoot');
  try {
    expect((await schedule.describe()).spec).toMatchObject({
      timezone: 'Europe/Paris',
      calendars: [{ hour: [{ start: 4 }] }],
    });
    for (const position of [1, 2]) {
      await schedule.trigger();
      const [mail] = await sink.waitFor(({ to, subject }) => to === OUTSIDE && subject.endsWith(`n°\u00a0${position}`));
      const found = await verifyAudit(database.sql, keys);
      expect(found).toMatchObject({ intact: true, roots: position, lastRoot: { position } });
      const { digest = '' } = found.intact ? (found.lastRoot ?? {}) : {};
      expect(mail!.text).toContain(`npm run audit:verify -- ${position}:${digest}`);
      expect(mail!.header('auto-submitted')).toBe('auto-generated');
      expect(await verifyAudit(database.sql, keys, { position, digest })).toMatchObject({ intact: true });
      await desk.release({ audience: { organisations: ['ARS-11'] } });
    }
    const rows = await database.sql.selectFrom('audit_root').selectAll().orderBy('position').execute();
    expect(rows.map(({ chains }) => chains)).toEqual([rows[0]!.chains, rows[0]!.chains + 1]);
  } finally {
    await schedule.delete();
  }
}, 90_000);

const activities = (more: Partial<AuditRootDeps> = {}) => {
  const { database, keys, sink } = desk;
  const sender = openSender({ smtpUrl: sink.url, mailFrom: MAIL.mailFrom });
  return createAuditRootActivities({ database, keys, sender, ...MAIL, auditRootMail: null, ...more });
};

test('where no address outside is given the desk gets it; where there is nobody that is said', async () => {
  expect(await activities().mailAuditRoot(1)).toBe(true);
  const { sql } = desk.database;
  const contact = await sql.selectFrom('contact').selectAll().where('kind', '=', 'desk').executeTakeFirstOrThrow();
  await desk.sink.waitFor(({ to, subject }) => to === contact.address && subject.includes('racine'));
  await sql.deleteFrom('contact').where('kind', '=', 'desk').execute();
  expect(await activities().mailAuditRoot(1)).toBe(false);
});

test('a relay that refuses or is away fails the activity, which is tried again; the root itself is there', async () => {
  const undo = desk.sink.refuse(/coffre@/, 550);
  await expect(activities({ auditRootMail: OUTSIDE }).mailAuditRoot(1)).rejects.toThrow('root 1 not mailed');
  undo();
  await expect(activities({ auditRootMail: OUTSIDE }).mailAuditRoot(1)).resolves.toBe(true);
  await until('it has come', () => Promise.resolve(desk.sink.mails.some(({ to }) => to === OUTSIDE)));
});
