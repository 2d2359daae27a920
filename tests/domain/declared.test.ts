import { expect, test } from '@jest/globals';
import { DECLARED_LIMIT } from '../../domain/declared.ts';
import { parseForeignReply, parseReply } from '../../domain/reply.ts';
import { apply, newFollowUp } from '../../domain/follow-up.ts';
import type { FollowUp } from '../../domain/follow-up-state.ts';
import type { ReplyInput } from '../../domain/reply-kinds.ts';
import { at, RELEASED, reply, report, terms } from './arrange.ts';

const said = (declared: unknown, kind = 'done') => ({ organisation: 'ARS-94', kind, messageId: 'm1', declared });
const errorsOf = (raw: unknown, nature?: 'action' | 'diffusion') =>
  (parseReply(raw, { evidence: 'optional', ...(nature === undefined ? {} : { nature }) }).errors ?? []).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );

test('what is not known is left out; null fields are absent fields; the rest is kept as it was said', () => {
  const whole = { relayed: 1204, reached: 1150, acknowledged: 800, notReached: 54, means: 'Liste régionale' };
  expect(parseReply(said(whole)).reply?.declared).toEqual(whole);
  expect(parseForeignReply(said(whole)).reply?.declared).toEqual(whole);
  expect(parseReply(said({ relayed: 0, reached: null, means: null }, 'progress')).reply?.declared).toEqual({
    relayed: 0,
  });
  expect(parseReply(said(null)).reply).not.toHaveProperty('declared');
});

test('two declarations that differ are two replies', () => {
  const ids = [12, 13].map((relayed) => {
    const { messageId: _, ...anonymous } = said({ relayed });
    return parseReply(anonymous).reply?.messageId;
  });
  expect(ids[0]).not.toBe(ids[1]);
});

test.each<[string, unknown, string[]]>([
  ['no object', 12, ['/declared type', '/declared/relayed required']],
  ['nothing in it', {}, ['/declared/relayed required']],
  ['an unknown field', { relayed: 1, seen: 1 }, ['/declared/seen unknown']],
  [
    'no whole numbers',
    { relayed: -1, reached: 1.5, acknowledged: '3', notReached: DECLARED_LIMIT + 1 },
    [
      '/declared/relayed range',
      '/declared/reached range',
      '/declared/acknowledged range',
      '/declared/notReached range',
    ],
  ],
  ['more reached than relayed', { relayed: 10, reached: 11 }, ['/declared/reached range']],
  ['more notReached than relayed', { relayed: 10, notReached: 11 }, ['/declared/notReached range']],
  ['both together more', { relayed: 10, reached: 6, notReached: 5 }, ['/declared/notReached range']],
  ['more acknowledged than reached', { relayed: 10, reached: 6, acknowledged: 7 }, ['/declared/acknowledged range']],
  [
    'more acknowledged than can have been reached',
    { relayed: 10, notReached: 4, acknowledged: 7 },
    ['/declared/acknowledged range'],
  ],
  ['means of two lines', { relayed: 1, means: 'a\nb' }, ['/declared/means format']],
  ['blank means', { relayed: 1, means: ' \u200b' }, ['/declared/means format']],
  ['means too long', { relayed: 1, means: 'x'.repeat(201) }, ['/declared/means tooLong']],
  ['a NUL', { relayed: 1, means: 'a\0b' }, ['/declared/means characters']],
])('refused, each wrong field named: %s', (_what, declared, expected) => {
  expect(errorsOf(said(declared), 'diffusion')).toEqual(expected);
});

test('the bounds themselves are right', () => {
  const right = [
    { relayed: DECLARED_LIMIT },
    { relayed: 10, reached: 6, notReached: 4, acknowledged: 6 },
    { relayed: 10, notReached: 4, acknowledged: 6 },
    { relayed: 1, means: 'x'.repeat(200) },
  ];
  for (const declared of right) expect(errorsOf(said(declared), 'diffusion')).toEqual([]);
});

test('with other kinds, and in other natures, a declaration has no place', () => {
  for (const kind of ['received', 'read', 'takenInCharge']) {
    expect(errorsOf(said({ relayed: 1 }, kind), 'diffusion')).toEqual(['/declared notAllowed']);
  }
  expect(errorsOf(said({ relayed: 1 }), 'action')).toEqual(['/declared notAllowed']);
});

/** A follow-up whose first mail has left. */
function followed(nature: 'action' | 'diffusion') {
  const context = {
    terms: terms({ nature, acceptance: 'required', echoes: true }),
    releasedAt: RELEASED,
    zoneLead: null,
  };
  let seq = 1;
  const told = (one: FollowUp, event: Parameters<typeof apply>[1], minutes: number) => {
    seq += 1;
    return apply(one, event, at(minutes), { ...context, seq });
  };
  const sent = told(newFollowUp('ARS-94', context.terms, RELEASED), { kind: 'report', report: report('sent') }, 0);
  if ('refusal' in sent) throw new Error(sent.refusal.detail);
  let now = sent.followUp;
  return (minutes: number, kind: ReplyInput['kind'], more: Partial<ReplyInput>) => {
    const applied = told(now, { kind: 'reply', reply: reply(kind, { messageId: `m${minutes}`, ...more }) }, minutes);
    if (!('refusal' in applied)) now = applied.followUp;
    return applied;
  };
}

test('the last declaration counts, whatever is said after it without one; each is a fact and echoed', () => {
  const say = followed('diffusion');
  expect(say(5, 'progress', { percent: 40, declared: { relayed: 9 } })).toMatchObject({
    followUp: { declared: { relayed: 9, at: at(5) } },
    effects: { facts: [{ kind: 'replied', data: { declared: { relayed: 9 } } }] },
  });
  const second = say(6, 'done', { declared: { relayed: 12, reached: 12 } });
  expect(second).toMatchObject({ followUp: { declared: { relayed: 12, reached: 12, at: at(6) } } });
  expect(say(7, 'done', { comment: 'Fait.' })).toMatchObject({ followUp: { declared: { relayed: 12, at: at(6) } } });
  // The state does not move any more: the figures alone are news for colleagues.
  const third = say(8, 'done', { declared: { relayed: 13 } });
  expect(third).toMatchObject({ effects: { plans: [{ purpose: 'echo', detail: { declared: { relayed: 13 } } }] } });
  expect(third).toMatchObject({ followUp: { declared: { relayed: 13 } } });
  expect('followUp' in third && third.followUp.declared).not.toHaveProperty('reached');
});

test('where the door did not know the nature, the follow-up refuses, and keeps nothing', () => {
  const say = followed('action');
  expect(say(5, 'done', { declared: { relayed: 9 } })).toMatchObject({
    refusal: { code: 'invalid', errors: [{ pointer: '/declared', code: 'notAllowed' }] },
  });
  expect(say(6, 'done', {})).toMatchObject({ followUp: { state: 'done' } });
});
