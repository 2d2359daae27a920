import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { awaited } from '../../stack/demo/desk-client.ts';
import { startDesk, type RunningDesk } from '../support/desk.ts';
import {
  alertBox,
  ALL_ARS,
  answerByLink,
  boxOf,
  DESK_BOX,
  HEAD_BOX,
  linkOf,
  order,
  type Order,
  orderOf,
  type Recipient,
  release,
  writeDraft,
} from '../../stack/demo/orders.ts';

// Six steps two seconds apart, then one so far away that the ladder of a silent ARS is never over by itself.
const LADDER = [
  { after: 'PT2S', target: 'alertBox', channel: 'mail' },
  { after: 'PT4S', target: 'secondary', channel: 'mail' },
  { after: 'PT6S', target: 'onCall', channel: 'sms' },
  { after: 'PT8S', target: 'director', channel: 'mail' },
  { after: 'PT9S', target: 'director', channel: 'call' },
  { after: 'PT10S', target: 'zoneArs', channel: 'mail' },
  { after: 'PT12S', target: 'corrussHead', channel: 'mail' },
  { after: 'PT3H', target: 'alertBox', channel: 'mail' },
];
const DRAFT = { audience: { national: true }, deadline: '4H', ladder: LADDER, takenInChargeExpires: 'PT5S' };
const SHORT = [
  { after: 'PT1S', target: 'alertBox', channel: 'mail' },
  { after: 'PT2S', target: 'corrussHead', channel: 'mail' },
];
// Answer at once in the story, so that only the ARS of which it tells climb the ladder.
const SWIFT = ALL_ARS.filter((ars) => !['84', '11', '53', '94', '32', '75', '02'].includes(ars.slice(4)));

let desk: RunningDesk;
let story: Order;
let promised: Recipient;

beforeAll(async () => {
  desk = await startDesk();
}, 150_000);
afterAll(() => desk.stop(), 60_000);

const state = async (instruction: Order, ars: string, holds: (recipient: Recipient) => boolean): Promise<Recipient> =>
  awaited(`${ars} of ${instruction.number}`, async () => {
    const recipient = await instruction.recipient(ars);
    return holds(recipient) ? recipient : null;
  });

const mail = (instruction: Order, address: string, holds: (text: string) => boolean, count = 1) =>
  awaited(`${count} mails to ${address}`, async () => {
    const found = (await instruction.mailsTo(address)).filter((one) => holds(`${one.subject}\n${one.text}`));
    return found.length >= count ? found : null;
  });

test('a draft is previewed, released by another officer, numbered, and 18 mails leave', async () => {
  const id = await writeDraft(desk, { ...DRAFT, subject: 'Canicule – renforcer les services' });
  const officer = desk.api('corruss-valideur');
  const preview = await officer.get<{ recipients: unknown[] }>(`/v1/instructions/${id}/preview`);
  expect(preview.status).toBe(200);
  expect(JSON.stringify(preview.body)).toContain(alertBox('ARS-84'));
  expect((await desk.api('corruss-redacteur').post(`/v1/instructions/${id}/release`, {})).status).toBe(403);

  // At the same instant: one number, whoever gets it.
  const second = officer.post<{ number?: string }>(`/v1/instructions/${id}/release`, {});
  const { number, workflowId } = await release(desk, id);
  const { status, body } = await second;
  expect(status === 202 ? body.number : status).toBe(status === 202 ? number : 409);
  expect(number).toMatch(/^MINSANTE N°20\d\d_\d{3}$/);
  expect(workflowId).toBe(`instruction/${id}`);

  story = orderOf(desk, id, number);
  promised = await story.reply('ARS-32', { kind: 'takenInCharge' });
  await Promise.all(SWIFT.map((ars) => story.reply(ars, { kind: 'done', comment: 'Fait.' })));
  const firsts = await Promise.all(
    ALL_ARS.map((ars) => mail(story, alertBox(ars), (text) => text.includes('POUR ACTION'))),
  );
  const [first] = firsts[ALL_ARS.indexOf('ARS-84')]!;
  expect(first!.subject).toBe(`${number} – POUR ACTION – Canicule – renforcer les services`);
  for (const words of ['pris en charge', 'en cours', 'réalisé', 'refus motivé']) {
    expect(first!.html.toLowerCase()).toContain(words);
  }
  // Deadline in the ARS's own time zone.
  expect(firsts[ALL_ARS.indexOf('ARS-04')]![0]!.text).toMatch(/La Réunion/);
  const links = new Set(firsts.map(([one]) => linkOf(one!)));
  expect(links.size).toBe(18);
});

test('an ARS that took in charge and then nothing is reminded again', async () => {
  await state(story, 'ARS-32', ({ ladderStep }) => ladderStep > promised.ladderStep);
  const facts = (await story.timeline()).filter(({ organisation }) => organisation === 'ARS-32');
  expect(facts.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['replied', 'pauseEnded', 'stepDone']));
  expect((await story.reply('ARS-32', { kind: 'done' })).closed).toBe(true);
});

test('API, link and signal have the same effect', async () => {
  const byApi = await story.reply('ARS-84', { kind: 'progress', percent: 40, comment: 'Lits ouverts.' });
  expect(byApi).toMatchObject({ organisation: 'ARS-84', state: 'inProgress', percent: 40 });

  const [first] = await story.mailsTo(alertBox('ARS-11'));
  const link = linkOf(first!);
  const before = await story.recipient('ARS-11');
  expect((await fetch(link)).status).toBe(200);
  expect((await story.recipient('ARS-11')).lastReply).toEqual(before.lastReply);
  const progress = { kind: 'progress', percent: '40', comment: 'Lits ouverts.' };
  expect((await answerByLink(link, progress)).status).toBeLessThan(400);
  expect(await state(story, 'ARS-11', ({ percent }) => percent === 40)).toMatchObject({ state: 'inProgress' });

  const signal = { organisation: 'ARS-53', from: 'CLI', messageId: randomUUID() };
  await desk.signalReply(story.id, { ...signal, kind: 'progress', percent: 40, comment: 'Lits ouverts.' });
  expect(await state(story, 'ARS-53', ({ percent }) => percent === 40)).toMatchObject({ state: 'inProgress' });

  await story.reply('ARS-84', { kind: 'done', comment: 'Tout est ouvert.' });
  await answerByLink(link, { kind: 'done', comment: 'Tout est ouvert.' });
  await desk.signalReply(story.id, { ...signal, messageId: randomUUID(), kind: 'done', comment: 'Tout est ouvert.' });
  const doors = ['ARS-84', 'ARS-11', 'ARS-53'].map((ars) => state(story, ars, ({ closed }) => closed));
  expect((await Promise.all(doors)).map((one) => [one.state, one.nextStep, one.lastReply?.channel])).toEqual([
    ['done', null, 'api'],
    ['done', null, 'link'],
    ['done', null, 'signal'],
  ]);
});

test('a refusal is told to the desk, waits as a task, and may be returned', async () => {
  await story.reply('ARS-02', { kind: 'refused', comment: 'Aucun lit disponible.' });
  await mail(story, DESK_BOX, (text) => text.includes('Aucun lit disponible.'));
  const { body } = await desk
    .api('corruss-chef')
    .get<{ items: { kind: string; organisation: string; instruction: unknown }[] }>('/v1/tasks?limit=500');
  expect(body.items).toEqual(
    expect.arrayContaining([expect.objectContaining({ kind: 'refused', organisation: 'ARS-02' })]),
  );
  const returned = await story.act('recipients/ARS-02/return', { reason: 'Voir avec la Guadeloupe.' });
  expect([returned.status, returned.body]).toMatchObject([200, { state: 'sent', returns: 1, closed: false }]);
  expect((await story.reply('ARS-02', { kind: 'done' })).closed).toBe(true);
});

test('a silent ARS climbs the ladder to the head of the desk, and its answer stops it', async () => {
  const silent = await state(story, 'ARS-94', ({ ladderStep }) => ladderStep === LADDER.length - 1);
  expect(silent).toMatchObject({ closed: false, nextStep: { target: 'alertBox', channel: 'mail' } });
  await mail(story, alertBox('ARS-94'), () => true, 2);
  await mail(story, boxOf('ARS-94', 'secours'), () => true);
  await mail(story, boxOf('ARS-94', 'direction'), () => true);
  const [toZone] = await mail(story, alertBox('ARS-93'), (text) => text.includes('Corse'));
  const [toHead] = await mail(story, HEAD_BOX, (text) => text.includes('Corse'));
  expect(toHead!.text).toMatch(/conférence/);
  for (const other of [toZone, toHead]) expect(() => linkOf(other!)).toThrow('no reply link');
  await awaited('the SMS is shown in the mailbox', async () =>
    (await desk.mails({ text: story.number })).find(({ to }) => to.some((one) => one.endsWith('@sms.vigie.example'))),
  );
  const steps = (await story.timeline()).filter(
    ({ kind, organisation }) => kind === 'stepDone' && organisation === 'ARS-94',
  );
  expect(steps.length).toBe(LADDER.length - 1);
  const { body: tasks } = await desk.api('corruss-chef').get<{ items: object[] }>('/v1/tasks?limit=500');
  expect(tasks.items).toContainEqual(expect.objectContaining({ kind: 'call', organisation: 'ARS-94' }));

  expect(await story.reply('ARS-94', { kind: 'done' })).toMatchObject({ state: 'done', nextStep: null });
  const { body: after } = await desk.api('corruss-chef').get<{ items: object[] }>('/v1/tasks?limit=500');
  expect(after.items).not.toContainEqual(expect.objectContaining({ kind: 'call', organisation: 'ARS-94' }));
});

test('a returned «done» starts the clock again, and the last answer closes the instruction with one result', async () => {
  await story.reply('ARS-75', { kind: 'done', comment: 'Fait.' });
  await awaited('all have closed', async () => (await story.get()).status === 'closed');
  // A return withdraws a result that has not left yet.
  await mail(story, DESK_BOX, (text) => /résultat|bilan/i.test(text));
  const returned = await story.act('recipients/ARS-75/return', { reason: 'Il manque le tableau des lits.' });
  expect([returned.status, returned.body]).toMatchObject([200, { state: 'sent', returns: 1, closed: false }]);
  expect((await story.get()).status).toBe('open');
  await mail(story, alertBox('ARS-75'), (text) => text.includes('Il manque le tableau des lits.'));

  const deadline = new Date(Date.now() + 86_400_000).toISOString();
  const moved = await story.act('deadline', { deadline, organisations: ['ARS-75'] });
  expect(moved.status).toBe(200);
  expect(Date.parse((await story.recipient('ARS-75')).deadline ?? '')).toBe(Date.parse(deadline));

  await story.reply('ARS-75', { kind: 'done', comment: 'Voici le tableau.' });
  const closed = await story.get();
  expect(closed).toMatchObject({ status: 'closed', recipients: 18, open: 0, counts: { done: 18 } });
  const late = await desk
    .api('ars-75')
    .post(`/v1/instructions/${story.id}/recipients/ARS-75/replies`, { kind: 'received' });
  expect(late.status).toBe(409);
  // One result for each closing: before the return and after it.
  const results = await mail(story, DESK_BOX, (text) => /résultat|bilan/i.test(text), 2);
  expect(results.length).toBe(2);
});

test('past its deadline and its last step an ARS is late, unreachable and still open, until the head closes it', async () => {
  const deadline = new Date(Date.now() + 15_000).toISOString();
  const audience = { organisations: ['ARS-06', 'ARS-94'] };
  const brief = await order(desk, { subject: 'Cyclone', audience, deadline, ladder: SHORT, exercise: true });
  expect(brief.number).toMatch(/^MINSANTE EXERCICE N°20\d\d_\d{3}$/);
  const moved = new Date(Date.now() + 7_200_000).toISOString();
  expect((await brief.act('deadline', { deadline: moved, organisations: ['ARS-94'] })).status).toBe(200);

  await state(brief, 'ARS-06', (one) => one.late && one.state === 'unreachable' && !one.closed);
  expect((await brief.recipient('ARS-94')).late).toBe(false);
  expect((await brief.get()).late).toEqual([expect.objectContaining({ organisation: 'ARS-06' })]);
  await mail(brief, DESK_BOX, (text) => /injoignable/i.test(text) && text.includes('Mayotte'));
  await mail(brief, DESK_BOX, (text) => /délai|échéance|retard/i.test(text) && text.includes('Mayotte'));

  await brief.reply('ARS-94', { kind: 'done' });
  expect((await brief.act('recipients/ARS-06/close', { reason: 'Joint par radio.' }, 'corruss-redacteur')).status).toBe(
    403,
  );
  expect((await brief.act('recipients/ARS-06/close', { reason: 'Joint par radio.' })).status).toBe(200);
  expect((await brief.get()).status).toBe('closed');
});
