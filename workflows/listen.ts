import { ApplicationFailure, defineQuery, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { ReleaseRequest } from '../activities/contract.ts';
import type { CommandAnswer } from '../domain/answers.ts';
import type { Command, Message } from '../domain/events.ts';
import type { InstructionProcess } from '../domain/process.ts';
import {
  COMMAND_UPDATE,
  MAIL_SIGNAL,
  PROCESS_QUERY,
  RELEASED_UPDATE,
  REPLY_SIGNAL,
  SUPERSEDED_SIGNAL,
  type ReleasedAnswer,
} from './contract.ts';
import type { Inbox } from './inbox.ts';
import type { ReleaseDesk } from './release-desk.ts';
import { readMailSignal } from './mail-signal.ts';
import { openArgument, readSignal } from './reply-signal.ts';
import { readSupersession } from './supersession.ts';

const replySignal = defineSignal<[unknown]>(REPLY_SIGNAL);
const mailSignal = defineSignal<[unknown]>(MAIL_SIGNAL);
const supersededSignal = defineSignal<[unknown]>(SUPERSEDED_SIGNAL);
const commandUpdate = defineUpdate<CommandAnswer, [Command]>(COMMAND_UPDATE);
const releasedUpdate = defineUpdate<ReleasedAnswer, [ReleaseRequest]>(RELEASED_UPDATE);
const processQuery = defineQuery<InstructionProcess | null>(PROCESS_QUERY);

interface Listener {
  readonly inbox: Inbox<Message, CommandAnswer>;
  readonly releases: ReleaseDesk;
  /** Null before the release is committed. */
  readonly process: () => InstructionProcess | null;
}

/**
 * Registers every door at once, before anything is awaited. Handlers only put in; the main loop acts.
 * Validators are synchronous: one that returns a promise never rejects.
 */
export function listen({ inbox, releases, process }: Listener): void {
  setHandler(replySignal, (raw) => inbox.put(readSignal(raw, Date.now(), process()?.terms)));
  setHandler(mailSignal, (raw) => inbox.put(readMailSignal(raw, Date.now())));
  setHandler(supersededSignal, (raw) => inbox.put(readSupersession(raw, Date.now())));
  setHandler(commandUpdate, (command) => inbox.ask({ kind: 'command', at: Date.now(), command }), {
    validator: fromTheDesk,
  });
  setHandler(releasedUpdate, (request) => releases.ask(request), { validator: fromTheDesk });
  setHandler(processQuery, process);
}

/** Updates say who acts: they are believed only when our own keys sealed them. */
export function fromTheDesk(argument: unknown): void {
  const opened = openArgument(argument);
  if (opened.sealed && typeof opened.value === 'object' && opened.value !== null) return;
  throw ApplicationFailure.nonRetryable('Refusé : une commande passe par l’API de Vigie.', 'NotSealed');
}
