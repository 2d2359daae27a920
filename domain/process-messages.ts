import type { CommandAnswer, Refusal } from './answers.ts';
import { MACHINE, type Command, type DeliveryReport, type Message } from './events.ts';
import { apply } from './follow-up.ts';
import { refuse, type FollowUpEvent } from './follow-up-turn.ts';
import type { Instant } from './instant.ts';
import type { OrganisationId } from './instruction.ts';
import { DISPATCH_DELAYS } from './dispatch-delays.ts';
import { supersede } from './process-closing.ts';
import type { Ledger } from './process-ledger.ts';
import { takeMail } from './process-mails.ts';
import { notRecipient, takeReply } from './process-replies.ts';
import type { InstructionProcess } from './process.ts';
import { supersededDetail } from './relation.ts';
import type { ReplyInput } from './reply-kinds.ts';

type Classified = Extract<Command, { kind: 'classifyMail' }>;

/** What a person still closes when another message has overtaken the instruction. */
const AFTERWARDS: ReadonlySet<Command['kind']> = new Set<Command['kind']>(['classifyMail', 'recordSupport']);

/** The answer to a command, once the turn is over: it shows the follow-ups as recorded. */
export type Answer = (after: InstructionProcess) => CommandAnswer;

/** Takes one message in; gives the answer that a command is owed, null for anything else. */
export function takeMessage(ledger: Ledger, message: Message): Answer | null {
  switch (message.kind) {
    case 'command':
      return takeCommand(ledger, message.command, Math.min(message.at, ledger.now));
    case 'delivery':
      takeReport(ledger, message.report);
      return null;
    case 'dispatched':
      message.reports.forEach((report) => takeReport(ledger, report));
      putOff(ledger, message.waiting);
      return null;
    case 'mail':
      takeMail(ledger, message.notice, Math.min(message.at, ledger.now));
      return null;
    case 'superseded':
      supersede(ledger, message.by);
      return null;
    case 'rubbish': {
      const { at, door, errors, base64 } = message;
      ledger.facts.push({
        at,
        kind: 'rubbishReceived',
        organisation: null,
        actor: MACHINE,
        data: { door, errors, base64 },
      });
      return null;
    }
  }
}

/** Deliveries put off by a transient failure: tried again with a delay that grows while it lasts. */
function putOff(ledger: Ledger, waiting: number): void {
  if (waiting === 0) {
    ledger.dispatchAt = null;
    ledger.dispatchAttempts = 0;
    return;
  }
  const delay = DISPATCH_DELAYS[Math.min(ledger.dispatchAttempts, DISPATCH_DELAYS.length - 1)] ?? 0;
  ledger.dispatchAt = ledger.now + delay;
  ledger.dispatchAttempts += 1;
}

/** A report tells the outcome when it reaches the workflow: that is the instant that counts, on the workflow's own clock. */
function takeReport(ledger: Ledger, report: DeliveryReport): void {
  const followUp = ledger.followUps.get(report.organisation);
  if (followUp !== undefined) {
    ledger.take(apply(followUp, { kind: 'report', report }, ledger.now, ledger.contextOf(followUp)));
    return;
  }
  const { organisation, purpose, step, round, outcome } = report;
  const id = report.delivery === undefined ? {} : { delivery: report.delivery };
  const kind = outcome === 'sent' ? 'sent' : outcome === 'withdrawn' ? 'deliveryWithdrawn' : 'deliveryFailed';
  ledger.facts.push({
    at: ledger.now,
    kind,
    organisation,
    actor: MACHINE,
    data: { ...id, purpose, step, round, reason: outcome },
  });
}

function takeCommand(ledger: Ledger, command: Command, at: Instant): Answer {
  if (ledger.endedAt !== null) {
    const detail = 'L’instruction est close depuis plus de 72 heures : faites une nouvelle instruction.';
    return refused(refuse('ended', detail).refusal);
  }
  if (command.kind === 'reply') return replyTo(ledger, command.reply, at);
  if (ledger.supersededBy !== null && !AFTERWARDS.has(command.kind)) {
    return refused(refuse('closed', supersededDetail(ledger.supersededBy)).refusal);
  }
  const organisations = addressed(ledger, command);
  const known = organisations.every((one) => ledger.followUps.has(one));
  if (!known) return refused(notRecipient(organisations.filter((one) => !ledger.followUps.has(one))));
  if (organisations.length === 0) return refused(refuse('closed', 'Tous les suivis sont clos.').refusal);
  return command.kind === 'classifyMail'
    ? takeClassified(ledger, command, at)
    : applyAll(ledger, organisations, command, at);
}

const refused =
  (refusal: Refusal): Answer =>
  () => ({ accepted: false, refusal });

const accepted =
  (organisations: readonly OrganisationId[], replayed: boolean): Answer =>
  (after) => ({
    accepted: true,
    followUps: after.followUps.filter((one) => organisations.includes(one.organisation)),
    replayed,
  });

function replyTo(ledger: Ledger, reply: ReplyInput, at: Instant): Answer {
  const taken = takeReply(ledger, reply, at);
  return 'refusal' in taken ? refused(taken.refusal) : accepted([reply.organisation], taken.replayed);
}

/** What an officer read in a mail, as a reply on behalf; the hold of the ladder ends unless the reply is refused. */
function takeClassified(ledger: Ledger, command: Classified, at: Instant): Answer {
  const { organisation, mail, reply, by } = command;
  const taken = reply === null ? null : takeReply(ledger, reply, at);
  if (taken !== null && 'refusal' in taken) return refused(taken.refusal);
  if (taken?.replayed === true) return accepted([organisation], true);
  const event: FollowUpEvent = { kind: 'mailClassified', mail, answer: reply?.kind ?? null, by };
  return applyAll(ledger, [organisation], event, at);
}

function addressed(ledger: Ledger, command: Exclude<Command, { kind: 'reply' }>): readonly OrganisationId[] {
  if (command.kind !== 'moveDeadline') return [command.organisation];
  if (command.organisations !== 'all') return [...new Set(command.organisations)];
  return [...ledger.followUps.values()].filter((one) => !one.closed).map((one) => one.organisation);
}

/** All or none: where one of them refuses, nothing is done to any. */
function applyAll(ledger: Ledger, organisations: readonly OrganisationId[], event: FollowUpEvent, at: Instant): Answer {
  const applied = organisations.flatMap((organisation) => {
    const followUp = ledger.followUps.get(organisation);
    return followUp === undefined ? [] : [apply(followUp, event, at, ledger.contextOf(followUp))];
  });
  const refusal = applied.find((one) => 'refusal' in one);
  if (refusal !== undefined && 'refusal' in refusal) return refused(refusal.refusal);
  applied.forEach((one) => ledger.take(one));
  return accepted(organisations, false);
}
