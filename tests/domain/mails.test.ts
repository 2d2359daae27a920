import { expect, test } from '@jest/globals';
import type { Message } from '../../domain/events.ts';
import { newProcess, nextDue, step } from '../../domain/instruction-process.ts';
import { HOUR, MINUTE, SECOND } from '../../domain/instant.ts';
import type { Leg, MailNotice, MailSaid } from '../../domain/mail-notice.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import type { ReplyInput } from '../../domain/reply-kinds.ts';
import { at, ladderOf, OFFICER, RELEASED, reply, report, terms } from './arrange.ts';

/** One instruction to two agencies, told message by message; minutes after the release. */
class Desk {
  process: InstructionProcess;
  facts: string[] = [];
  plans: string[] = [];

  constructor(changes: Parameters<typeof terms>[0] = {}) {
    const ladder = ladderOf('secondary', 'onCall', 'director');
    this.process = newProcess({
      instruction: '0198c0de-0000-7000-8000-000000000001',
      number: 'MINSANTE N°2026_001',
      terms: terms({ ladder, echoes: true, ...changes }),
      releasedAt: RELEASED,
      recipients: ['ARS-94', 'ARS-76'],
      zoneLeads: { 'ARS-94': 'ARS-93' },
    });
    const sent = ['ARS-94', 'ARS-76'].map((organisation) => report('sent', 0, { organisation }));
    this.take(0, { kind: 'dispatched', at: at(0), waiting: 0, reports: sent });
  }

  take(minutes: number, ...messages: readonly Message[]): this {
    const taken = step(this.process, messages, at(minutes));
    this.process = taken.process;
    this.facts = taken.changes?.facts.map(({ kind }) => kind) ?? [];
    this.plans = taken.changes?.plans.map(({ purpose, target }) => `${purpose}:${target}`) ?? [];
    return this;
  }

  mail(minutes: number, said: MailSaid, more: Partial<MailNotice> = {}): this {
    const notice: MailNotice = {
      mail: '0198c0de-0000-7000-8000-00000000000a',
      messageId: `${minutes}@ars.example`,
      organisation: 'ARS-94',
      from: 'a@ars.example',
      subject: 'RE: lits',
      said,
      ...more,
    };
    return this.take(minutes, { kind: 'mail', at: at(minutes), notice });
  }

  says(minutes: number, kind: ReplyInput['kind'], more: Partial<ReplyInput> = {}): this {
    const said = reply(kind, { channel: 'mail', messageId: `${minutes}@ars.example`, ...more });
    return this.mail(minutes, { kind: 'reply', reply: said, why: kind });
  }

  get ars() {
    return this.process.followUps.find(({ organisation }) => organisation === 'ARS-94')!;
  }

  /** Minutes at which the next step of ARS-94 is due. */
  get next(): number {
    return ((nextDue({ ...this.process, followUps: [this.ars] }) ?? Number.NaN) - RELEASED) / MINUTE;
  }
}

const UNCLEAR: MailSaid = { kind: 'unclear', reason: 'question' };
const LEG = { purpose: 'instruction', step: 0, round: 0 } as const;

test('a reply by mail is recorded, acknowledged to its author and echoed to the alert box', () => {
  const desk = new Desk().says(5, 'takenInCharge');
  expect(desk.ars).toMatchObject({ state: 'takenInCharge', lastReply: { channel: 'mail' } });
  expect(desk.plans.toSorted()).toEqual(['echo:alertBox', 'mailAnswer:sender']);
  // From the alert box itself: everybody there has it before his eyes.
  expect(desk.says(6, 'progress', { percent: 40, fromAlertBox: true }).plans).toEqual(['mailAnswer:sender']);
});

test('an answer by another door is echoed too, reading is not, and nothing is in instructions of before the rule', () => {
  const byApi = (kind: ReplyInput['kind']): Message => ({
    kind: 'command',
    at: at(5),
    command: { kind: 'reply', reply: reply(kind) },
  });
  expect(new Desk().take(5, byApi('done')).plans).toEqual(['echo:alertBox']);
  expect(new Desk().take(5, byApi('read')).plans).toEqual([]);
  const old = new Desk();
  const { echoes: _none, ...before } = old.process.terms;
  old.process = { ...old.process, terms: before };
  expect(old.take(5, byApi('done')).plans).toEqual([]);
});

test('the same Message-ID counts once, whatever it says the second time', () => {
  const desk = new Desk().says(5, 'progress', { percent: 60 });
  const before = desk.process;
  desk.take(6, {
    kind: 'mail',
    at: at(6),
    notice: {
      mail: 'x',
      messageId: '5@ars.example',
      organisation: 'ARS-94',
      from: 'a@ars.example',
      subject: '',
      said: { kind: 'unclear', reason: 'question' },
    },
  });
  expect(desk.process).toBe(before);
});

test('a mail of nobody among the recipients changes nothing', () => {
  const desk = new Desk();
  const before = desk.process;
  expect(desk.mail(5, UNCLEAR, { organisation: 'ARS-11' }).process).toBe(before);
});

test('an unclear mail holds the ladder of its agency alone, for 30 minutes, once for each mail', () => {
  const desk = new Desk().mail(5, UNCLEAR);
  expect(desk.facts).toEqual(['mailUnclear']);
  expect(desk.next).toBe(35);
  expect(desk.take(10).plans).toEqual(['ladder:secondary']);
  expect(desk.process.followUps.find(({ organisation }) => organisation === 'ARS-76')?.ladderStep).toBe(1);
  expect(desk.ars.ladderStep).toBe(0);
  expect(desk.mail(20, UNCLEAR).next).toBe(50);
  desk.take(50);
  expect(desk.ars.ladderStep).toBe(1);
  // The later steps keep their spacing.
  expect(desk.next).toBe(60);
});

test('once an officer has classified the mail the ladder goes on, or the answer stops it', () => {
  const classified = (answer: ReplyInput | null): Message => ({
    kind: 'command',
    at: at(20),
    command: { kind: 'classifyMail', organisation: 'ARS-94', mail: 'm', reply: answer, by: OFFICER },
  });
  const set = new Desk().mail(5, UNCLEAR).take(20, classified(null));
  expect(set.facts).toContain('mailClassified');
  expect(set.ars).toMatchObject({ heldUntil: null, ladderStep: 1 });
  const answer = reply('done', { channel: 'mail', onBehalfBy: 'corruss-chef', messageId: '5@ars.example' });
  const done = new Desk().mail(5, UNCLEAR).take(20, classified(answer));
  expect(done.ars).toMatchObject({ state: 'done', closed: true, heldUntil: null });
  expect(done.take(21, classified(answer)).facts).toEqual([]);
});

test('the absence of the very address written to moves the ladder on at once; that of a colleague is only shown', () => {
  const back = at(7 * 24 * 60);
  const away = new Desk().mail(2, { kind: 'outOfOffice', until: back, about: LEG });
  expect([away.facts, away.plans]).toEqual([['outOfOffice', 'stepDone'], ['ladder:secondary']]);
  expect(away.ars).toMatchObject({ state: 'sent', acknowledgedAt: null, lastReply: null });
  expect(new Desk().mail(2, { kind: 'outOfOffice', until: back, about: null }).plans).toEqual([]);
  // The ladder has gone on meanwhile, or stands still: nothing to hurry.
  expect(new Desk().take(10).mail(11, { kind: 'outOfOffice', until: back, about: LEG }).plans).toEqual([]);
  expect(new Desk().says(1, 'takenInCharge').mail(2, { kind: 'outOfOffice', until: back, about: LEG }).plans).toEqual(
    [],
  );
});

test('a bounce for good moves on at once, a passing one is only shown', () => {
  const bounce = (permanent: boolean, about: Leg) =>
    ({ kind: 'bounce', permanent, diagnostic: '5.1.1', about }) as const;
  expect(new Desk().mail(2, bounce(true, LEG)).plans).toEqual(['ladder:secondary']);
  expect(new Desk().mail(2, bounce(false, LEG)).plans).toEqual([]);
  const second = new Desk().take(10).mail(11, bounce(true, { purpose: 'ladder', step: 1, round: 0 }));
  expect(second.ars.steps[0]?.status).toBe('failed');
  expect(second.plans).toEqual(['ladder:onCall']);
  expect(new Desk().mail(2, bounce(true, { ...LEG, round: 1 })).plans).toEqual([]);
});

test('a receipt is a reading, not an answer; a machine’s mail is shown', () => {
  const receipt = new Desk().mail(5, { kind: 'receipt', reply: reply('read', { channel: 'mail' }) });
  expect(receipt.ars).toMatchObject({ state: 'read', pausedUntil: null });
  expect([receipt.plans, receipt.next]).toEqual([[], 10]);
  const auto = new Desk().mail(5, { kind: 'automatic', sign: 'Auto-Submitted' });
  expect([auto.facts, auto.plans, auto.next]).toEqual([['mailAutomatic'], [], 10]);
});

test('an information is closed by its receipt', () => {
  const desk = new Desk({ nature: 'information', ladder: [], span: null });
  expect(desk.mail(5, { kind: 'receipt', reply: reply('read', { channel: 'mail' }) }).ars.closed).toBe(true);
});

test('a refused answer is told to its author, and two machines that answer each other stay bored', () => {
  const desk = new Desk().says(5, 'done');
  expect(desk.says(60, 'takenInCharge').facts).toContain('replyRefused');
  expect(desk.plans).toContain('mailAnswer:sender');
  expect(desk.says(61, 'takenInCharge').plans).toEqual([]);
  const loop = new Desk();
  const answers = Array.from({ length: 60 }, (_, minute) => loop.says(minute + 1, 'takenInCharge').plans).flat();
  expect(answers.filter((one) => one === 'mailAnswer:sender').length).toBeLessThanOrEqual(HOUR / (10 * MINUTE));
});

test('echoes wait for one another and leave together; whatever is urgent takes them along', () => {
  const byApi = (organisation: string): Message => ({
    kind: 'command',
    at: at(5),
    command: { kind: 'reply', reply: reply('takenInCharge', { organisation, messageId: organisation }) },
  });
  const desk = new Desk({ echoesWithin: 3 * SECOND });
  const first = step(desk.process, [byApi('ARS-94')], at(5));
  expect([first.dispatch, nextDue(first.process)]).toEqual([false, at(5) + 3 * SECOND]);
  const second = step(first.process, [byApi('ARS-76')], at(5) + SECOND);
  expect([second.dispatch, nextDue(second.process)]).toEqual([false, at(5) + 3 * SECOND]);
  const rung = step(second.process, [], at(5) + 3 * SECOND);
  expect([rung.dispatch, rung.changes, rung.process.echoesAt]).toEqual([true, null, undefined]);
  expect(step(rung.process, [], at(5) + 4 * SECOND).dispatch).toBe(false);

  const refused = reply('refused', { organisation: 'ARS-76', messageId: 'no', comment: 'Pas de moyens.' });
  const urgent = step(
    first.process,
    [{ kind: 'command', at: at(5), command: { kind: 'reply', reply: refused } }],
    at(5),
  );
  expect([urgent.dispatch, urgent.process.echoesAt]).toEqual([true, undefined]);
});

test('a sending under way that ends meanwhile does not make the echoes forgotten', () => {
  const desk = new Desk({ echoesWithin: 3 * SECOND });
  desk.take(5, { kind: 'command', at: at(5), command: { kind: 'reply', reply: reply('progress', { percent: 20 }) } });
  desk.take(5, { kind: 'dispatched', at: at(5), waiting: 0, reports: [] });
  expect(nextDue(desk.process)).toBe(at(5) + 3 * SECOND);
});
