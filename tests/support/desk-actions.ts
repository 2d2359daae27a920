import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { KeyRing } from '../../config/keys.ts';
import type { Database } from '../../db/database.ts';
import { createDraft, type Referred } from '../../db/stores/desk/drafts.ts';
import { allOrganisations } from '../../db/stores/process/release-process.ts';
import { checkDraft } from '../../domain/draft.ts';
import type { Actor, Command } from '../../domain/events.ts';
import type { FollowUp } from '../../domain/follow-up-state.ts';
import type { InstructionProcess } from '../../domain/process.ts';
import type { ReplyKind } from '../../domain/reply-kinds.ts';
import type { InstructionGateway } from '../../gateway/instruction-gateway.ts';
import { instructionWorkflowId, REPLY_SIGNAL, type CommandAnswer } from '../../workflows/contract.ts';
import { advance, quiet } from './clock.ts';
import type { MailSink, ReceivedMail } from './mail-sink.ts';
import { until } from './wait.ts';

export const AUTHOR: Actor = { sub: 'corruss-redacteur', organisation: 'CORRUSS' };
export const RELEASER: Actor = { sub: 'corruss-valideur', organisation: 'CORRUSS' };
export const HEAD: Actor = { sub: 'corruss-chef', organisation: 'CORRUSS' };

/** `RÉALISÉ par ars-84 – MINSANTE N°…`: an answer told to the alert box. */
const ECHO = / par [^–]+ – MINSANTE/;

export interface Released {
  readonly id: string;
  readonly number: string;
  readonly workflowId: string;
}

export interface TimelineLine {
  readonly kind: string;
  readonly organisation: string | null;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface DeliveryRow {
  readonly purpose: string;
  readonly target: string;
  readonly status: string;
  readonly step: number;
  readonly attempts: number;
}

/** What a test does with a desk, and sees of it. */
export interface DeskActions {
  /** Inserts a checked draft; returns its id. */
  draft(overrides?: object, refersTo?: Referred): Promise<string>;
  /** Draft and release; resolves once the first mails have been reported. */
  release(overrides?: object, refersTo?: Referred): Promise<Released>;
  reply(id: string, organisation: string, kind: ReplyKind, more?: object): Promise<CommandAnswer>;
  command(id: string, command: Command): Promise<CommandAnswer>;
  signal(id: string, ...args: unknown[]): Promise<void>;
  /** Pushes the clock of one instruction; all that is due has been done, mails included. */
  advance(id: string, ms: number): Promise<'reached' | 'ended'>;
  /** Waits until nothing is under way. */
  settle(id: string): Promise<void>;
  process(id: string): Promise<InstructionProcess>;
  followUp(id: string, organisation: string): Promise<FollowUp>;
  /** The projection of one recipient. */
  projection(id: string, organisation: string): Promise<FollowUp>;
  timeline(id: string): Promise<TimelineLine[]>;
  /** Rows of deliveries in the order in which they were planned. */
  deliveries(id: string, organisation?: string): Promise<DeliveryRow[]>;
  /** Mails that went to an address that contains the text, for one instruction number; echoes of answers left out. */
  mailsTo(number: string, address: string): ReceivedMail[];
}

interface Parts {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly client: Client;
  readonly gateway: InstructionGateway;
  readonly sink: MailSink;
}

const DRAFT = {
  nature: 'action',
  subject: 'Recensement des lits de réanimation',
  body: 'Merci de **recenser** les lits disponibles.',
  audience: { national: true },
  deadline: '4H',
};

/** The actions of a desk, over its parts. */
export function deskActions({ database, keys, client, gateway, sink }: Parts): DeskActions {
  const draft = async (overrides: object = {}, refersTo?: Referred): Promise<string> => {
    const raw = { ...DRAFT, ...overrides };
    const organisations = await allOrganisations(database.sql);
    const checked = checkDraft(raw, { now: Date.now(), organisations });
    if (checked.errors.length > 0) throw new Error(`The test's draft is wrong: ${JSON.stringify(checked.errors)}`);
    const act = { by: AUTHOR, now: Date.now(), ...(refersTo === undefined ? {} : { refersTo }) };
    return (await createDraft(database, keys, checked.draft, act)).id;
  };
  const settle = (id: string): Promise<void> => quiet(client, instructionWorkflowId(id));
  const process = async (id: string): Promise<InstructionProcess> => {
    const found = await until('the process', () => gateway.process(id));
    return found;
  };
  const command = (id: string, asked: Command) => {
    const updateId = randomUUID();
    return patiently(() => gateway.command(id, asked, updateId));
  };
  return {
    draft,
    settle,
    process,
    command,
    async release(overrides, refersTo) {
      const id = await draft(overrides, refersTo);
      const request = releaseRequest(id);
      const answer = await patiently(() => gateway.release(request));
      if (!answer.released) throw new Error(`Not released: ${answer.detail}`);
      await settle(id);
      return { id, number: answer.number, workflowId: instructionWorkflowId(id) };
    },
    reply: (id, organisation, kind, more = {}) =>
      command(id, {
        kind: 'reply',
        reply: {
          organisation,
          kind,
          from: organisation.toLowerCase(),
          channel: 'api',
          verified: true,
          messageId: randomUUID(),
          ...more,
        },
      }),
    signal: (id, ...args) => client.workflow.getHandle(instructionWorkflowId(id)).signal(REPLY_SIGNAL, ...args),
    advance: (id, ms) => advance(client, instructionWorkflowId(id), ms),
    followUp: async (id, organisation) =>
      (await process(id)).followUps.find((one) => one.organisation === organisation)!,
    projection: async (id, organisation) => {
      const row = await database.sql
        .selectFrom('instruction_recipient')
        .select('follow_up')
        .where('instruction_id', '=', id)
        .where('organisation_id', '=', organisation)
        .executeTakeFirstOrThrow();
      return row.follow_up;
    },
    timeline: async (id) => {
      const rows = await database.sql
        .selectFrom('audit_entry')
        .select(['kind', 'organisation_id', 'actor_sub', 'data'])
        .where('subject', '=', `instruction/${id}`)
        .where('kind', '<>', 'turnRecorded')
        .orderBy('position')
        .execute();
      return rows.map((row) => ({
        kind: row.kind,
        organisation: row.organisation_id,
        actor: row.actor_sub,
        data: row.data,
      }));
    },
    deliveries: (id, organisation) =>
      database.sql
        .selectFrom('delivery')
        .select(['purpose', 'target', 'status', 'step', 'attempts'])
        .where('instruction_id', '=', id)
        .$if(organisation !== undefined, (query) => query.where('organisation_id', '=', organisation ?? ''))
        .orderBy('planned_at')
        .orderBy('id')
        .execute(),
    mailsTo: (number, address) =>
      sink.mails.filter(({ subject, to }) => subject.includes(number) && to.includes(address) && !ECHO.test(subject)),
  };
}

export const releaseRequest = (instruction: string, by: Actor = RELEASER, roles: readonly string[] = ['releaser']) => ({
  instruction,
  version: null,
  by: { ...by, roles },
  emergencyReason: null,
});

/** A busy machine may miss the 3 s of a call; like any client, the test then asks again by the same key. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 5 || !(error instanceof Error) || error.name !== 'EngineUnavailable') throw error;
    }
  }
}
