import { afterAll, expect, test } from '@jest/globals';
import { recogniseAutomatic } from '../../../channels/inbound/automatic.ts';
import { createMailParser } from '../../../channels/inbound/parse.ts';
import type { ReceivedMail } from '../../../channels/inbound/parse.ts';
import { readReplyText } from '../../../channels/inbound/reply-text.ts';
import { readMailIntent } from '../../../domain/mail-intent.ts';
import { answerCases } from '../../corpus/answers.ts';
import { automaticCases } from '../../corpus/automatic.ts';
import { bounceCases } from '../../corpus/bounces.ts';
import { type CorpusCase, RECEIVED_AT, ZONE } from '../../corpus/case.ts';
import { relayCases } from '../../corpus/relays.ts';
import { nastyCases } from '../../corpus/nasty.ts';

const parser = createMailParser({ authservId: 'mx.vigie.example' });
const clock = { now: RECEIVED_AT, zone: ZONE };
const corpus: readonly CorpusCase[] = [...answerCases, ...relayCases, ...automaticCases, ...bounceCases, ...nastyCases];

afterAll(() => parser.close());

test('the corpus holds at least 120 mails, each once', () => {
  expect(
    new Set(corpus.map(({ raw, envelopeSender }) => `${envelopeSender ?? ''}${raw.toString('latin1')}`)).size,
  ).toBe(corpus.length);
  expect(corpus.length).toBeGreaterThanOrEqual(120);
});

/** The whole way of a mail, in the shape of `Expected`. */
async function understand({ raw, envelopeSender, nature: answered }: CorpusCase): Promise<Record<string, unknown>> {
  // Thirty seconds: what the mail is understood as must not hang on how busy the machine is.
  const outcome = await parser.parse(raw, { timeMs: 30_000, secondTryMs: 30_000 });
  if (outcome.outcome === 'quarantined') return { quarantined: outcome.reason };
  const reception = { clock, ...(envelopeSender === undefined ? {} : { envelopeSender }) };
  const { kind: nature, ...told } = recogniseAutomatic(outcome.mail, reception);
  return nature === 'human' ? understandWords(outcome.mail, answered) : { nature, ...told };
}

function understandWords(mail: ReceivedMail, answered: CorpusCase['nature']): Record<string, unknown> {
  const words = readReplyText(mail.text).text;
  const { kind: intent, ...told } = readMailIntent(words, clock, answered);
  const { messageId, subject } = mail;
  const attachments = mail.attachments.map(({ name }) => name);
  return { intent, words, messageId, subject, attachments, from: mail.from?.address ?? null, ...told };
}

test.each(corpus.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
  const understood = await understand(one);
  const { until, ...expected } = one.expected as { until?: string } & Record<string, unknown>;
  expect(understood).toMatchObject(until === undefined ? expected : { ...expected, until: Date.parse(until) });
});
