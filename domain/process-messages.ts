import type { CommandAnswer, Refusal } from './answers.ts';
import { MACHINE, type Command, type DeliveryReport, type Message } from './events.ts';
import { actorOf } from './follow-up-replies.ts';
import { apply } from './follow-up.ts';
import { refuse, type FollowUpEvent } from './follow-up-turn.ts';
import type { Instant } from './instant.ts';
import type { OrganisationId } from './instruction.ts';
import { DISPATCH_DELAYS } from './dispatch-delays.ts';
import type { Ledger } from './process-ledger.ts';
import type { InstructionProcess } from './process.ts';
import type { ReplyInput } from './reply-kinds.ts';

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
  if (command.kind === 'reply') return takeReply(ledger, command.reply, at);
  const organisations = addressed(ledger, command);
  const known = organisations.every((one) => ledger.followUps.has(one));
  if (!known) return refused(notRecipient(organisations.filter((one) => !ledger.followUps.has(one))));
  if (organisations.length === 0) return refused(refuse('closed', 'Tous les suivis sont clos.').refusal);
  return applyAll(ledger, organisations, eventOf(command), at);
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

const notRecipient = (organisations: readonly OrganisationId[]): Refusal =>
  refuse('notRecipient', `Pas destinataire de cette instruction : ${organisations.join(', ')}.`).refusal;

function takeReply(ledger: Ledger, reply: ReplyInput, at: Instant): Answer {
  const followUp = ledger.followUps.get(reply.organisation);
  if (followUp === undefined) {
    const refusal = notRecipient([reply.organisation]);
    noteRefused(ledger, reply, refusal, at);
    return refused(refusal);
  }
  const key = `${reply.organisation} ${reply.messageId}`;
  if (ledger.seen.has(key)) return accepted([reply.organisation], true);
  const applied = apply(followUp, { kind: 'reply', reply }, at, ledger.contextOf(followUp));
  if ('refusal' in applied) {
    noteRefused(ledger, reply, applied.refusal, at);
    return refused(applied.refusal);
  }
  ledger.take(applied);
  ledger.seen.add(key);
  ledger.replies.push({ at, reply });
  return accepted([reply.organisation], false);
}

/** A caller of the API is told at once; a refused signal, mail or link would otherwise leave no trace. */
function noteRefused(ledger: Ledger, reply: ReplyInput, { code, detail, errors = [] }: Refusal, at: Instant): void {
  if (reply.channel === 'api') return;
  const { kind, channel, messageId, organisation } = reply;
  const known = ledger.followUps.has(organisation);
  ledger.facts.push({
    at,
    kind: 'replyRefused',
    organisation: known ? organisation : null,
    actor: actorOf(reply),
    data: { kind, channel, messageId, claimed: organisation, code, detail, errors: errors.map((one) => one.message) },
  });
}

function addressed(ledger: Ledger, command: Exclude<Command, { kind: 'reply' }>): readonly OrganisationId[] {
  if (command.kind !== 'moveDeadline') return [command.organisation];
  if (command.organisations !== 'all') return [...new Set(command.organisations)];
  return [...ledger.followUps.values()].filter((one) => !one.closed).map((one) => one.organisation);
}

function eventOf(command: Exclude<Command, { kind: 'reply' }>): FollowUpEvent {
  return command;
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
