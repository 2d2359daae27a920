import { expect, test } from '@jest/globals';
import type { Message } from '../../domain/events.ts';
import { LISTENING, newProcess, step } from '../../domain/instruction-process.ts';
import { openTasksOf } from '../../domain/open-tasks.ts';
import { at, OFFICER, RELEASED, reply, terms } from './arrange.ts';

/* That the state alone tells the tasks at every turn of random walks: tests/domain/audit-state.test.ts. */

test('a refusal is a task until its instruction ends; a call for support outlives it', () => {
  const before = newProcess({
    instruction: '0198c0de-0000-7000-8000-000000000001',
    number: 'MINSANTE N°2026_001',
    terms: terms(),
    releasedAt: RELEASED,
    recipients: ['ARS-94'],
    zoneLeads: {},
  });
  const messages: readonly Message[] = [
    {
      kind: 'command',
      at: at(1),
      command: { kind: 'askSupport', organisation: 'ARS-94', reason: 'renfort', by: OFFICER },
    },
    { kind: 'command', at: at(1), command: { kind: 'reply', reply: reply('refused', { organisation: 'ARS-94' }) } },
  ];
  const refused = step(before, messages, at(1)).process;
  const kinds = (process: typeof before) => openTasksOf(process).map(({ kind, step: number }) => `${kind} ${number}`);
  expect(kinds(refused)).toEqual(['support 1', 'refused 0']);
  const ended = step(refused, [], at(1) + LISTENING);
  expect([ended.ended, kinds(ended.process)]).toEqual([true, ['support 1']]);
});
