import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rosterOf } from '../../db/stores/duty-roster.ts';
import { replaceRoster } from '../../db/stores/desk/duty.ts';
import type { RosterDocument } from '../../domain/duty-document.ts';
import { nextHandOver } from '../../domain/duty-shifts.ts';
import { HOUR, MINUTE, SECOND } from '../../domain/instant.ts';
import { ensureDutyWatch } from '../../gateway/duty.ts';
import { DAILY_BRIEFING_WORKFLOW } from '../../workflows/contract.ts';
import { advance, quiet } from '../support/clock.ts';
import { rosterBody, weekly } from '../support/duty.ts';
import { AUTHOR } from '../support/desk-actions.ts';
import { type InstructionDesk, startInstructionDesk } from '../support/instruction-desk.ts';

let desk: InstructionDesk;
const started: string[] = [];

beforeAll(async () => {
  desk = await startInstructionDesk();
}, 120_000);
afterEach(async () => {
  for (const id of started.splice(0)) await desk.client.workflow.getHandle(id).terminate();
  await desk.database.sql.deleteFrom('duty_notice').execute();
  await desk.database.sql.deleteFrom('duty_roster').execute();
  desk.sink.clear();
});
afterAll(() => desk.close());

async function watch(): Promise<string> {
  const id = `dutyWatch-${randomUUID()}`;
  await ensureDutyWatch(desk.client, `coordination${desk.queueSuffix}`, id);
  await ensureDutyWatch(desk.client, `coordination${desk.queueSuffix}`, id); // a second worker finds it
  started.push(id);
  await quiet(desk.client, id);
  return id;
}

async function roster(organisation: string, body: object): Promise<RosterDocument> {
  const document = { calendar: 'FR', coverage: null, overrides: [], ...body } as unknown as RosterDocument;
  await replaceRoster(desk.database, desk.keys, { organisation, document, version: null, by: AUTHOR, now: Date.now() });
  return document;
}

const hourly = {
  layers: [{ name: 'Premier niveau', rotations: [weekly(['anne', 'bruno'], { every: 'PT1H', weekday: null })] }],
};

/** From now to the next hand-over of a roster, and who comes. */
function next(document: RosterDocument) {
  const found = nextHandOver(rosterOf({ organisation: 'ARS-84', timeZone: 'Europe/Paris', document })!, Date.now())!;
  return { in: found.at - Date.now(), coming: found.coming.map(({ person }) => person) };
}

/** One, but for what an earlier try of a test has left open. */
async function openOf(organisation: string): Promise<number> {
  const rows = await desk.database.sql
    .selectFrom('instruction_recipient')
    .select('instruction_id')
    .where('organisation_id', '=', organisation)
    .where('closed', '=', false)
    .execute();
  return rows.length;
}

const mailsTo = (address: string) => desk.sink.mails.filter(({ to }) => to === address);

test('at the hour of the change of shift whoever comes is told what is open, late and promised; the others are not', async () => {
  const released = await desk.release({ audience: { organisations: ['ARS-84', 'ARS-11'] } });
  // From the alert box: no echo follows it.
  await desk.reply(released.id, 'ARS-84', 'takenInCharge', { fromAlertBox: true });
  desk.sink.clear();
  const document = await roster('ARS-84', rosterBody(hourly));
  const id = await watch();
  const { in: left, coming } = next(document);
  await advance(desk.client, id, left - 30 * SECOND);
  expect(desk.sink.mails).toEqual([]);
  await advance(desk.client, id, 60 * SECOND);
  const [mail] = await desk.sink.waitFor(({ to }) => to === coming[0]!.mail);
  const open = await openOf('ARS-84');
  expect(mail!.subject).toBe(`ASTREINTE – RELÈVE ARS Auvergne-Rhône-Alpes\u00a0: ${open} en cours, 0 en retard`);
  expect(mail!.text).toContain(`Vous relevez : ${coming[0]!.key === 'anne' ? 'Bruno Petit' : 'Anne Martin'}`);
  expect(mail!.text).toMatch(/\d+ engagements? à suivre/);
  expect(mail!.text).toMatch(/ARS Auvergne-Rhône-Alpes, MINSANTE N°\d+_\d+ : pris en charge jusqu’au/);
  expect(mail!.text).not.toContain('ARS Île-de-France');
  expect(desk.sink.mails).toHaveLength(1);
});

test('whoever comes without a mail address is told by the alert box of the organisation, by name', async () => {
  const people = [
    { key: 'anne', name: 'Anne Martin', mail: null, phone: '+33639980001' },
    { key: 'bruno', name: 'Bruno Petit', mail: null, phone: '+33639980002' },
  ];
  const document = await roster('ARS-84', rosterBody({ people, ...hourly }));
  const id = await watch();
  const { in: left, coming } = next(document);
  await advance(desk.client, id, left + 30 * SECOND);
  const [mail] = await desk.sink.waitFor();
  expect(mail!.to).toBe('ars84-alerte@ars-84.example');
  const { name } = coming[0]!;
  expect(mail!.text).toContain(`${name} prend l’astreinte de l’ARS Auvergne-Rhône-Alpes`);
  expect(mail!.text).toMatch(new RegExp(`pas d’adresse de courriel pour ${name}\\s: transmettez-lui ce résumé`));
  expect(mail!.text).not.toContain('Vous relevez');
  await advance(desk.client, id, 20 * MINUTE);
  expect(desk.sink.mails).toHaveLength(1);
});

test('the desk’s officer is told of the nation, and which tasks wait for a person', async () => {
  const released = await desk.release({ audience: { organisations: ['ARS-84', 'ARS-11'] } });
  await desk.reply(released.id, 'ARS-11', 'refused', { comment: 'Plus un seul lit.', fromAlertBox: true });
  desk.sink.clear();
  const people = [{ key: 'ok', name: 'Officier 1', mail: 'un@corruss.example', phone: null }];
  const nights = [weekly(['ok'], { every: 'PT1H', weekday: null, hours: null })];
  const document = await roster('CORRUSS', {
    people: [...people, { key: 'ko', name: 'Officier 2', mail: 'deux@corruss.example', phone: null }],
    layers: [{ name: 'Permanence', rotations: [{ ...nights[0], people: ['ok', 'ko'] }] }],
  });
  const id = await watch();
  const { in: left, coming } = next(document);
  await advance(desk.client, id, left + 30 * SECOND);
  const [mail] = await desk.sink.waitFor(({ to }) => to === coming[0]!.mail);
  expect(mail!.subject).toMatch(/^ASTREINTE – RELÈVE CORRUSS/);
  expect(mail!.text).toContain('1 refus à traiter');
});

test('a mail whose acknowledgement was lost goes again under the same Message-ID, and never a third time', async () => {
  const document = await roster('ARS-84', rosterBody(hourly));
  const id = await watch();
  const { in: left, coming } = next(document);
  const undo = desk.sink.trouble({ at: 'loseAcknowledgement', times: 1 });
  await advance(desk.client, id, left + 10 * SECOND);
  await advance(desk.client, id, 20 * MINUTE);
  undo();
  const rows = await desk.database.sql.selectFrom('duty_notice').selectAll().execute();
  expect(rows).toMatchObject([{ status: 'sent', attempts: 2, in_doubt: true, organisation_id: 'ARS-84' }]);
  expect(new Set(mailsTo(coming[0]!.mail!).map(({ messageId }) => messageId)).size).toBe(1);
});

test('a gap to come is announced once to the organisation, and once to the desk the day before', async () => {
  const from = new Date(Math.ceil(Date.now() / HOUR) * HOUR + 50 * HOUR).toISOString();
  const to = new Date(Date.parse(from) + 8 * HOUR).toISOString();
  const away = { layer: 'Premier niveau', person: null, replaces: null, from, to, reason: null };
  await roster(
    'ARS-84',
    rosterBody({ layers: [{ name: 'Premier niveau', rotations: [weekly(['anne'])] }], overrides: [away] }),
  );
  const id = await watch();
  const [own] = await desk.sink.waitFor();
  expect(own!.to).toBe('ars84-secours@ars-84.example');
  expect(own!.subject).toMatch(/^ASTREINTE – TROU À VENIR\s: ARS Auvergne-Rhône-Alpes – /);
  expect(own!.text).toContain('Personne n’est d’astreinte du');
  await advance(desk.client, id, 2 * HOUR);
  expect(desk.sink.mails).toHaveLength(1);
  await advance(desk.client, id, 26 * HOUR);
  await desk.sink.waitFor(undefined, 2);
  await advance(desk.client, id, 2 * HOUR);
  const told = desk.sink.mails.map((mail) => mail.to);
  expect(told).toEqual(['ars84-secours@ars-84.example', 'permanence@corruss.example']);
});

test('a gap that is filled before the day before is never told to the desk', async () => {
  const from = new Date(Date.now() + 50 * HOUR).toISOString();
  const to = new Date(Date.parse(from) + 8 * HOUR).toISOString();
  const away = { layer: 'Premier niveau', person: null, replaces: null, from, to, reason: null };
  const alone = { layers: [{ name: 'Premier niveau', rotations: [weekly(['anne'])] }] };
  await roster('ARS-84', rosterBody({ ...alone, overrides: [away] }));
  const id = await watch();
  await desk.sink.waitFor();
  await roster('ARS-84', rosterBody(alone));
  await advance(desk.client, id, 30 * HOUR);
  expect(desk.sink.mails).toHaveLength(1);
});

test('the briefing of a day goes to the desk once, however often it is asked for', async () => {
  for (const attempt of ['first', 'again']) {
    await desk.client.workflow.execute(DAILY_BRIEFING_WORKFLOW, {
      workflowId: `dailyBriefing-${attempt}-${randomUUID()}`,
      taskQueue: `coordination${desk.queueSuffix}`,
      args: [],
    });
  }
  expect(desk.sink.mails.map(({ to }) => to)).toEqual(['permanence@corruss.example']);
  const [mail] = desk.sink.mails;
  expect(mail!.subject).toMatch(/^POINT DU MATIN – /);
  expect(mail!.text).toContain('Les exercices ne sont jamais comptés.');
});
