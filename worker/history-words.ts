import type { Payload } from '@temporalio/common';
import type { History } from '../gateway/histories.ts';
import { inWords } from '../domain/wording.ts';

type HistoryEvent = NonNullable<History['events']>[number];
type Decode = (payloads: Payload[]) => Promise<Payload[]>;

/** How each kind of event is told. Timers and tasks of the engine itself are left out: they tell nothing of the business. */
const KINDS: Readonly<Record<string, string>> = {
  workflowExecutionStarted: 'le processus commence',
  workflowExecutionCompleted: 'le processus se termine',
  workflowExecutionFailed: 'le processus échoue',
  workflowExecutionTimedOut: 'le processus dépasse son délai',
  workflowExecutionTerminated: 'le processus est interrompu par un administrateur',
  workflowExecutionCanceled: 'le processus est annulé',
  workflowExecutionContinuedAsNew: 'le processus continue dans une nouvelle exécution',
  workflowExecutionSignaled: 'message reçu',
  workflowExecutionUpdateAccepted: 'demande acceptée',
  workflowExecutionUpdateCompleted: 'réponse donnée à la demande',
  activityTaskScheduled: 'action demandée',
  activityTaskCompleted: 'action accomplie',
  activityTaskFailed: 'action en échec',
  activityTaskTimedOut: 'action sans réponse',
  markerRecorded: 'action locale accomplie',
  timerFired: 'échéance atteinte',
};

const LONGEST = 300;

/** The history of one run in French, one line an event that tells something, its payloads opened. */
export async function tellHistory(history: History, decode: Decode): Promise<string[]> {
  const lines: string[] = [];
  for (const event of history.events ?? []) {
    const kind = Object.keys(KINDS).find((name) => attributesOf(event, name) !== undefined);
    const attributes = kind === undefined ? undefined : attributesOf(event, kind);
    if (kind === undefined || attributes === undefined) continue;
    const opened = await contents(attributes, decode);
    const told = opened.filter((text) => !LOCAL.test(text)).map(shortened);
    const details = [nameIn(attributes, opened), ...told].filter((one) => one !== '');
    const at = inWords(Number(event.eventTime?.seconds ?? 0) * 1_000);
    const number = String(event.eventId ?? '?').padStart(5);
    lines.push([`${number}  ${at} : ${KINDS[kind] ?? kind}`, ...details].join(' ; '));
  }
  return lines;
}

function attributesOf(event: HistoryEvent, name: string): Record<string, unknown> | undefined {
  const found = (event as Record<string, unknown>)[`${name}EventAttributes`];
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
}

/** Of the signal or the activity; a local activity says its own in the marker's data. */
function nameIn(attributes: Record<string, unknown>, opened: readonly string[]): string {
  const { signalName, activityType } = attributes as { signalName?: string; activityType?: { name?: string } };
  const local = opened.map((text) => LOCAL.exec(text)?.[1]).find((name) => name !== undefined);
  const name = signalName ?? activityType?.name ?? local ?? '';
  return ACTIONS[name] ?? name;
}

const LOCAL = /^\{.*"activity_type":"(\w+)"/;
const ACTIONS: Readonly<Record<string, string>> = {
  releaseInstruction: 'diffusion de l’instruction',
  recordTurn: 'enregistrement d’un tour',
  recordWhole: 'enregistrement de l’état entier',
  recordPatiently: 'enregistrement, base indisponible',
  dispatchInstruction: 'envoi des messages',
  openSignal: 'lecture du signal',
  recordSignal: 'enregistrement d’un tour',
  sendSignalMails: 'envoi des courriels',
  takeRelay: 'demande de relais',
  sendRelay: 'envoi aux partenaires',
  endRelay: 'fin du relais',
};

/** Every payload below, wherever an event keeps it, opened. */
async function contents(attributes: Record<string, unknown>, decode: Decode): Promise<string[]> {
  const sealed: Payload[] = [];
  collect(attributes, sealed);
  const opened = await decode(sealed);
  return opened.map(({ data }) => Buffer.from(data ?? []).toString('utf8')).filter((text) => text !== '');
}

/** In the order of their names: the engine gives the entries of a map in any order. */
function collect(value: unknown, into: Payload[]): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) {
    into.push(value as Payload);
    return;
  }
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [, inner] of entries) collect(inner, into);
}

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
