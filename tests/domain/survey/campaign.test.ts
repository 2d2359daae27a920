import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, HOUR, MINUTE } from '../../../domain/instant.ts';
import {
  type Campaign,
  CAMPAIGN_STATUSES,
  DRAFT_CAMPAIGN,
  nextDue,
  passTime,
} from '../../../domain/survey/campaign.ts';
import {
  type AskedCalendar,
  type CampaignCalendar,
  meantInstant,
  moveClosing,
  namedInstant,
  overtakenReminders,
  remindersOf,
  resolveCalendar,
  shiftBy,
} from '../../../domain/survey/campaign-calendar.ts';
import { ALLOWED, type CampaignCommand, decide } from '../../../domain/survey/campaign-commands.ts';
import { calendarErrors } from '../../../domain/survey/calendar-errors.ts';
import { addCounts, countOf, isComplete, rateOf, type RespondentFacts } from '../../../domain/survey/rates.ts';

const NOW = Date.parse('2026-11-24T08:00:00+01:00');
const BY = { sub: 'corruss-chef', organisation: 'CORRUSS' };
const ASKED: AskedCalendar = {
  opensAt: null,
  closesAt: 'P2D',
  remindBefore: ['PT24H', 'PT2H'],
  validateUntil: null,
  acceptUntil: null,
};
const calendar = (changes: Partial<AskedCalendar> = {}): CampaignCalendar =>
  resolveCalendar({ ...ASKED, ...changes }, NOW);
const opened = (changes: Partial<AskedCalendar> = {}): Campaign => {
  const decided = decide(DRAFT_CAMPAIGN, { kind: 'open', by: BY }, NOW, calendar(changes));
  if (decided.refusal !== undefined) throw new Error(decided.refusal.detail);
  return decided.campaign;
};
const done = (campaign: Campaign, now: number) => passTime(campaign, now).done.map(({ kind }) => kind);

test('days keep the hour on the walls of Paris across both clock changes, hours are hours', () => {
  const spring = Date.parse('2026-03-28T08:00:00+01:00');
  expect(shiftBy(spring, 'P1D', 1)).toBe(Date.parse('2026-03-29T08:00:00+02:00'));
  expect(shiftBy(spring, 'PT24H', 1)).toBe(Date.parse('2026-03-29T09:00:00+02:00'));
  const autumn = Date.parse('2026-10-25T18:00:00+01:00');
  expect(shiftBy(autumn, 'P1D', -1)).toBe(Date.parse('2026-10-24T18:00:00+02:00'));
  expect(shiftBy(autumn, 'PT24H', -1)).toBe(Date.parse('2026-10-24T19:00:00+02:00'));
});

test('a moment is RFC 3339, a wall of Paris or a duration', () => {
  expect(namedInstant('2026-12-01T18:00')).toBe(Date.parse('2026-12-01T18:00:00+01:00'));
  expect(namedInstant('2026-07-14T18:00')).toBe(Date.parse('2026-07-14T18:00:00+02:00'));
  expect(namedInstant('2026-12-01T18:00:00-04:00')).toBe(Date.parse('2026-12-01T22:00:00Z'));
  expect(meantInstant('PT90M', NOW)).toBe(NOW + 90 * MINUTE);
  for (const wrong of ['', '2026-02-30T08:00', '2026-12-01T24:00', '2026-12-01', 'demain', 'P1M', 'P', '-P1D']) {
    expect([wrong, meantInstant(wrong, NOW)]).toEqual([wrong, null]);
  }
});

test('reminders are counted from the closing; the last of several is the last call, one alone is none', () => {
  const closesAt = NOW + 2 * DAY;
  expect(remindersOf(calendar({ remindBefore: ['PT2H', 'PT24H', 'P1D'] }))).toEqual([
    { at: closesAt - 24 * HOUR, lastCall: false },
    { at: closesAt - 2 * HOUR, lastCall: true },
  ]);
  expect(remindersOf(calendar({ remindBefore: ['PT2H'] }))).toEqual([{ at: closesAt - 2 * HOUR, lastCall: false }]);
});

test.each<[Partial<AskedCalendar>, string[]]>([
  [{}, []],
  [{ closesAt: '2020-01-01T00:00:00Z' }, ['/closesAt past', '/remindBefore/0 order', '/remindBefore/1 order']],
  [{ closesAt: 'demain' }, ['/closesAt format']],
  [{ opensAt: 'lundi', closesAt: 'demain' }, ['/opensAt format', '/closesAt format']],
  [
    { remindBefore: ['PT49H', 'x', 'PT0S'] },
    ['/remindBefore/1 format', '/remindBefore/2 format', '/remindBefore/0 order'],
  ],
  [{ closesAt: 'P400D' }, ['/closesAt tooLate']],
  [{ validateUntil: '2020-01-01T00:00', acceptUntil: 'x' }, ['/validateUntil order', '/acceptUntil format']],
  [{ validateUntil: 'P2D', acceptUntil: 'P1D' }, ['/acceptUntil order']],
])('a calendar %j tells all that is wrong with it', (changes, expected) => {
  expect(calendarErrors({ ...ASKED, ...changes }, NOW).map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(
    expected,
  );
});

test('each moment comes at its hour, once', () => {
  let campaign = opened({ validateUntil: 'PT6H', acceptUntil: 'PT12H' });
  const seen: [number, string][] = [];
  for (let next = nextDue(campaign); next !== null; next = nextDue(campaign)) {
    const due = next;
    expect(done(campaign, due - 1)).toEqual([]);
    const passed = passTime(campaign, due);
    seen.push(...passed.done.map(({ kind }): [number, string] => [(due - NOW) / HOUR, kind]));
    campaign = passed.campaign;
  }
  expect(seen).toEqual([
    [24, 'remind'],
    [46, 'lastCall'],
    [48, 'close'],
    [54, 'validationEnds'],
    [60, 'end'],
  ]);
});

test('after an outage nobody gets two mails at once: the latest reminder only, none once it closes', () => {
  expect(done(opened(), NOW + 47 * HOUR)).toEqual(['lastCall']);
  expect(done(opened(), NOW + 49 * HOUR)).toEqual(['close']);
  expect(done(opened(), NOW + 30 * DAY)).toEqual(['close', 'end']);
  const later = opened({ opensAt: '2026-11-25T08:00' });
  expect(done(later, NOW + DAY + 47 * HOUR)).toEqual(['open']);
});

test('a closing that moves takes its reminders along: those past stay done, those to come are due anew', () => {
  const reminded = passTime(opened(), NOW + 25 * HOUR).campaign;
  const moved = decide(reminded, { kind: 'extend', closesAt: NOW + 72 * HOUR, reason: '', by: BY }, NOW + 25 * HOUR);
  const { campaign } = moved as { campaign: Campaign };
  expect(done(campaign, NOW + 47 * HOUR)).toEqual([]);
  expect(done(campaign, NOW + 49 * HOUR)).toEqual(['remind']);
  const sooner = decide(opened(), { kind: 'extend', closesAt: NOW + HOUR, reason: '', by: BY }, NOW);
  expect(done((sooner as { campaign: Campaign }).campaign, NOW + 2 * HOUR)).toEqual(['close']);
});

test('a closing that moves over a clock change leaves the hours of what follows it on the walls of Paris', () => {
  const saturday = { closesAt: '2027-03-27T18:00', validateUntil: 'P1D', acceptUntil: '2027-03-29T12:00' };
  const moved = moveClosing(calendar(saturday), namedInstant('2027-03-28T18:00')!);
  expect([moved.validateUntil, moved.acceptUntil]).toEqual(['2027-03-29T18:00', '2027-03-30T12:00'].map(namedInstant));
  const autumn = moveClosing(
    calendar({ closesAt: '2027-10-29T18:00', validateUntil: 'PT12H' }),
    namedInstant('2027-10-31T18:00')!,
  );
  expect(autumn.validateUntil).toBe(namedInstant('2027-11-01T06:00'));
});

test('a closing that moves leaves out the reminders that are past by it, or before the opening; no others are said to be', () => {
  const { calendar } = opened();
  const at = (hours: number) => NOW + hours * HOUR;
  const leftOut = (closesAt: number, now: number) =>
    overtakenReminders(calendar!, moveClosing(calendar!, closesAt), now);
  const planned = remindersOf(calendar!).map((one) => one.at);
  expect(leftOut(at(1), at(0))).toEqual(planned);
  // That of 24 hours before has left by then.
  expect(leftOut(at(27), at(26))).toEqual(planned.slice(1));
  expect(leftOut(at(72), at(25))).toEqual([]);
  expect(leftOut(at(47), at(0))).toEqual([]);
  const later = opened({ opensAt: '2026-11-25T08:00' }).calendar!;
  const first = later.opensAt + HOUR;
  expect(overtakenReminders(later, moveClosing(later, first), NOW)).toEqual(remindersOf(later).map((one) => one.at));
});

const COMMANDS: readonly CampaignCommand[] = [
  { kind: 'open', by: BY },
  { kind: 'extend', closesAt: NOW + 100 * HOUR, reason: '', by: BY },
  { kind: 'close', reason: '', by: BY },
  { kind: 'reopen', closesAt: NOW + 100 * HOUR, reason: '', by: BY },
  { kind: 'cancel', reason: '', by: BY },
];

test('every command in every state: done where the table says so, else refused with the state and what is allowed', () => {
  for (const status of CAMPAIGN_STATUSES) {
    const open = opened();
    const campaign =
      status === 'draft' ? DRAFT_CAMPAIGN : { ...open, status, closedAt: status === 'closed' ? NOW : null };
    const future = status === 'scheduled' ? { ...open.calendar!, opensAt: NOW + DAY } : campaign.calendar;
    for (const command of COMMANDS) {
      const decided = decide({ ...campaign, calendar: future }, command, NOW, calendar());
      const allowed = ALLOWED[command.kind].includes(status);
      expect([status, command.kind, decided.refusal === undefined]).toEqual([status, command.kind, allowed]);
      if (!allowed) expect(decided.refusal!.detail).toMatch(/^Cette enquête est .*\s: impossible de .*, .*\.$/);
    }
  }
});

test('a command that meets its hour: the calendar goes first', () => {
  const late = decide(opened(), { kind: 'extend', closesAt: NOW + 60 * HOUR, reason: '', by: BY }, NOW + 48 * HOUR);
  expect(late.refusal).toMatchObject({ code: 'notAllowed', detail: expect.stringContaining('close') });
});

const facts = fc.record({
  submitted: fc.option(
    fc.record({ complete: fc.boolean(), validated: fc.boolean(), notConcerned: fc.boolean(), onTime: fc.boolean() }),
  ),
});

test('figures of a level are the sums of those of its parts, and who is asked is received, late or not concerned', () => {
  fc.assert(
    fc.property(fc.array(fc.array(facts)), (parts: RespondentFacts[][]) => {
      const whole = countOf(parts.flat());
      expect(addCounts(parts.map(countOf))).toEqual(whole);
      expect(whole.received + whole.late).toBe(whole.expected);
      expect(whole.expected + whole.notConcerned).toBe(parts.flat().length);
    }),
  );
});

test('a rate of nobody is none, and an answer is complete when nothing is left open', () => {
  expect([rateOf(0, 0), rateOf(2, 3), rateOf(0, 3)]).toEqual([null, 66.7, 0]);
  const [beds, level] = [{ code: 'a', type: 'integer' } as const, { code: 'b', type: 'choice' } as const];
  expect(isComplete([beds, level], { a: 0, b: 'x' })).toBe(true);
  const open = [{ a: 0 }, { a: '', b: 'x' }, { a: null, b: 'x' }].map((values) => isComplete([beds, level], values));
  expect(open).toEqual([false, false, false]);
});

test('an answer without remarks, and without any of several choices, is complete unless the form requires them', () => {
  const asked = (required: boolean) => [
    { code: 'difficultes', type: 'choices', required } as const,
    { code: 'precisions', type: 'text', required } as const,
    { code: 'taux', type: 'computed' } as const,
  ];
  expect([isComplete(asked(false), {}), isComplete(asked(true), {})]).toEqual([true, false]);
  expect(isComplete(asked(true), { difficultes: ['personnel'], precisions: 'RAS' })).toBe(true);
});
