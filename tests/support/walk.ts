import type { Actor, Command } from '../../domain/events.ts';
import { HOUR, MINUTE, SECOND, type Instant, type Millis } from '../../domain/instant.ts';
import { CHANNELS, LADDER_TARGETS, type LadderStep, type Terms } from '../../domain/instruction.ts';
import { nextDue } from '../../domain/instruction-process.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import type { MailNotice } from '../../domain/mail-notice.ts';
import { REPLY_KINDS, type ReplyInput } from '../../domain/reply-kinds.ts';
import { pick, randomOf } from './random.ts';
import { classifying, mailOf } from './walk-mails.ts';

/**
 * Random walks over an instruction, made again exactly by their seed. Pure: knows no clock and no engine, so that the rules
 * alone and the workflow on a real server walk the same way.
 *
 *   const walk = walkOf(seed);
 *   walk.recipients, walk.terms, walk.zoneLeads       // what is released
 *   walk.next(process, now)                           // a command to give, a mail that comes, or a time to let pass
 */
export interface Walk {
  readonly seed: number;
  readonly terms: Terms;
  readonly recipients: readonly string[];
  readonly zoneLeads: Readonly<Record<string, string>>;
  /** A number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
  next(process: InstructionProcess, now: Instant): WalkAction;
}

export type WalkAction =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'mail'; readonly notice: MailNotice }
  | { readonly kind: 'advance'; readonly millis: Millis };

const OFFICER: Actor = { sub: 'corruss-chef', organisation: 'CORRUSS' };
const RECIPIENTS = ['ARS-94', 'ARS-93', 'ARS-76'];

export function walkOf(seed: number): Walk {
  const random = randomOf(seed);
  const terms = termsOf(random);
  let count = 0;
  return {
    seed,
    terms,
    recipients: RECIPIENTS.slice(0, 1 + Math.floor(random() * RECIPIENTS.length)),
    zoneLeads: { 'ARS-94': 'ARS-93', 'ARS-76': 'ARS-93' },
    random,
    next(process, now) {
      count += 1;
      return random() < 0.4 ? advance(random, process, now) : actionOf(random, process, now, `walk-${seed}-${count}`);
    },
  };
}

function termsOf(random: () => number): Terms {
  const information = random() < 0.1;
  return {
    nature: information ? 'information' : 'action',
    exercise: random() < 0.2,
    span: pick(random, [15 * MINUTE, HOUR, 4 * HOUR]),
    deadline: null,
    acknowledgeWithin: pick(random, [null, null, 7 * MINUTE]),
    acceptance: pick(random, ['automatic', 'required'] as const),
    evidence: pick(random, ['optional', 'optional', 'required'] as const),
    takenInChargeExpires: pick(random, [null, 10 * MINUTE]),
    deferralLimit: pick(random, [null, 2 * HOUR]),
    ladder: information ? [] : ladderOf(random),
    ...(random() < 0.8 ? { echoes: true } : {}),
  };
}

function ladderOf(random: () => number): readonly LadderStep[] {
  let after = 0;
  return Array.from({ length: Math.floor(random() * 7) }, () => {
    after += pick(random, [SECOND, MINUTE, 5 * MINUTE, 17 * MINUTE]);
    return { after, target: pick(random, LADDER_TARGETS), channel: pick(random, CHANNELS) };
  });
}

/** Mostly to the next due instant, sometimes short of it, sometimes past several (an outage). */
function advance(random: () => number, process: InstructionProcess, now: Instant): WalkAction {
  const due = nextDue(process);
  const exact = due === null ? 10 * MINUTE : Math.max(due - now, SECOND);
  const millis = pick(random, [exact, exact, exact, Math.ceil(exact / 2), exact + 40 * MINUTE, 13 * SECOND]);
  return { kind: 'advance', millis };
}

function actionOf(random: () => number, process: InstructionProcess, now: Instant, messageId: string): WalkAction {
  const followUp = pick(random, process.followUps);
  const { organisation } = followUp;
  const reply = replyOf(random, { organisation, process, now, messageId });
  const matter = { random, followUp, now, messageId: reply.messageId, reply };
  const dice = random();
  if (dice < 0.4) return { kind: 'command', command: { kind: 'reply', reply } };
  if (dice < 0.7) return { kind: 'mail', notice: mailOf(matter) };
  if (dice < 0.77) return { kind: 'command', command: classifying(matter) };
  return { kind: 'command', command: deskCommand(random, process, now, organisation) };
}

function replyOf(
  random: () => number,
  about: { organisation: string; process: InstructionProcess; now: Instant; messageId: string },
): ReplyInput {
  const kind = pick(random, REPLY_KINDS);
  const before = new RegExp(`^${about.organisation} (?:mail )?(.*)$`);
  const seen = about.process.seen.map((key) => before.exec(key)?.[1]).filter((key) => key !== undefined);
  const again = seen.length > 0 && random() < 0.1;
  const needed = kind === 'refused' || kind === 'deferred';
  return {
    organisation: about.organisation,
    kind,
    ...(kind === 'progress' ? { percent: 1 + Math.floor(random() * 99) } : {}),
    ...(needed || random() < 0.5 ? { comment: 'parce que' } : {}),
    ...(kind === 'deferred' ? { until: new Date(about.now + pick(random, [-1, 1, 3, 40]) * HOUR).toISOString() } : {}),
    from: about.organisation.toLowerCase(),
    channel: pick(random, ['api', 'link', 'signal'] as const),
    verified: true,
    messageId: again ? pick(random, seen) : about.messageId,
    ...(random() < 0.1 ? { onBehalfBy: 'corruss-chef' } : {}),
  };
}

function deskCommand(
  random: () => number,
  process: InstructionProcess,
  now: Instant,
  organisation: string,
): Exclude<Command, { kind: 'reply' | 'classifyMail' }> {
  const by = OFFICER;
  const deadline = now + pick(random, [-HOUR, 20 * MINUTE, HOUR, 5 * HOUR]);
  switch (
    pick(random, ['return', 'return', 'return', 'accept', 'accept', 'moveDeadline', 'recordCall', 'close'] as const)
  ) {
    case 'return':
      return { kind: 'return', organisation, reason: 'à compléter', ...(random() < 0.5 ? { deadline } : {}), by };
    case 'accept':
      return { kind: 'accept', organisation, by };
    case 'close':
      return { kind: 'close', organisation, reason: 'sans objet', by };
    case 'moveDeadline':
      return { kind: 'moveDeadline', organisations: random() < 0.5 ? 'all' : [organisation], deadline, by };
    case 'recordCall': {
      const step = 1 + Math.floor(random() * Math.max(1, process.terms.ladder.length));
      return { kind: 'recordCall', organisation, step, answeredBy: 'Dr Roy', outcome: 'rappelle', by };
    }
  }
}
