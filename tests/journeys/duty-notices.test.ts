import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rosterOf } from '../../db/stores/duty-roster.ts';
import { replaceRoster } from '../../db/stores/desk/duty.ts';
import type { RosterDocument } from '../../domain/duty-document.ts';
import { nextHandOver } from '../../domain/duty-shifts.ts';
import { MINUTE } from '../../domain/instant.ts';
import { ensureDutyWatch } from '../../gateway/duty.ts';
import { part } from '../corpus/eml.ts';
import { advance, quiet } from '../support/clock.ts';
import { rosterBody, weekly } from '../support/duty.ts';
import { AUTHOR } from '../support/desk-actions.ts';
import { type MailDesk, startMailDesk } from '../support/mail-desk.ts';

let desk: MailDesk;
beforeAll(async () => {
  desk = await startMailDesk();
}, 120_000);
afterAll(() => desk.close(), 60_000);

/** The next change of shift of an ARS whose two officers take turns by the hour. */
async function handOver(organisation: string): Promise<string> {
  const { desk: parts } = desk;
  const hourly = weekly(['anne', 'bruno'], { every: 'PT1H', weekday: null });
  const body = rosterBody({ layers: [{ name: 'Premier niveau', rotations: [hourly] }] });
  const document = { calendar: 'FR', coverage: null, overrides: [], ...body } as unknown as RosterDocument;
  await replaceRoster(parts.database, parts.keys, {
    organisation,
    document,
    version: null,
    by: AUTHOR,
    now: Date.now(),
  });
  const id = `dutyWatch-${randomUUID()}`;
  await ensureDutyWatch(parts.client, `coordination${parts.queueSuffix}`, id);
  await quiet(parts.client, id);
  const next = nextHandOver(rosterOf({ organisation, timeZone: 'Europe/Paris', document })!, Date.now())!;
  await advance(parts.client, id, next.at - Date.now() + MINUTE);
  await parts.client.workflow.getHandle(id).terminate();
  await parts.database.sql.deleteFrom('duty_roster').execute();
  return next.coming[0]!.person.mail!;
}

interface Notice {
  id: string;
  address: string;
  status: string;
  bounced: boolean;
  error: string | null;
}
interface Task {
  id: string;
  organisation: string;
  subject: string | null;
  comment: string;
}
const tasks = async (kind: 'notice' | 'contact') =>
  (await desk.as('corruss-chef').get<{ items: Task[] }>(`/v1/tasks?kind=${kind}`)).body.items;
const notices = async (account: 'ars-84' | 'ars-11', organisation: string) =>
  desk.as(account).get<{ items: Notice[] }>(`/v1/organisations/${organisation}/duty/notices`);

test('a hand-over that the relay refuses waits for a person of the desk, and its ARS sees it', async () => {
  const undo = desk.desk.sink.refuse(/@ars-84\.example/, 550);
  const address = await handOver('ARS-84');
  undo();
  const [task, ...others] = await tasks('notice');
  expect([task, others]).toMatchObject([{ organisation: 'ARS-84', subject: expect.stringMatching(/^ASTREINTE/) }, []]);
  expect(task!.comment).toMatch(new RegExp(`^${address} : .*550`));
  expect((await notices('ars-84', 'ARS-84')).body.items).toMatchObject([
    { id: task!.id, address, status: 'failed', bounced: false },
  ]);
  expect((await notices('ars-11', 'ARS-84')).status).toBe(404);
  const close = (account: 'ars-84' | 'corruss-chef', id: string) =>
    desk.as(account).post(`/v1/duty-notices/${id}/close`);
  expect((await close('ars-84', task!.id)).status).toBe(403);
  expect((await close('corruss-chef', randomUUID())).status).toBe(404);
  for (const _again of [1, 2]) expect((await close('corruss-chef', task!.id)).status).toBe(204);
  expect(await tasks('notice')).toEqual([]);
}, 60_000);

test('one that comes back is a contact to correct, once, whatever comes back again', async () => {
  const address = await handOver('ARS-11');
  const [mail] = await desk.desk.sink.waitFor(({ to, subject }) => to === address && subject.includes('Île-de-France'));
  const bounce = () =>
    desk.post({
      from: 'MAILER-DAEMON@mx.ars-84.example',
      sender: '',
      to: mail!.envelope.from,
      subject: 'Undelivered Mail Returned to Sender',
      multipart: 'multipart/report; report-type=delivery-status',
      parts: [
        part('text/plain', 'Le message n’a pas pu être remis.'),
        part(
          'message/delivery-status',
          `Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ${address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown`,
        ),
      ],
    });
  for (const _again of [1, 2]) expect((await desk.row(await bounce())).state).toBe('bounce');
  const reported = (await tasks('contact')).filter(({ organisation }) => organisation === 'ARS-11');
  expect(reported).toMatchObject([{ comment: expect.stringContaining(`${address} : courriel non distribué`) }]);
  expect(await tasks('notice')).toEqual([]);
  expect((await notices('ars-11', 'ARS-11')).body.items).toMatchObject([{ address, status: 'failed', bounced: true }]);
}, 60_000);
