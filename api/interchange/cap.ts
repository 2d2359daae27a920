import { create } from 'xmlbuilder2';
import type { Addressee } from '../../db/read-models/addressees.ts';
import { HOUR } from '../../domain/instant.ts';
import { RELATION_VERBS } from '../../domain/relation.ts';
import { NATURE_WORDS } from '../../domain/wording.ts';
import { KIND_OF, printable, withOffset, type ReleasedMessage } from './message.ts';

const CAP = 'urn:oasis:names:tc:emergency:cap:1.2';

const identifierOf = (id: string): string => `vigie-${id}`;

/** CAP identifiers and senders hold neither space, comma, `<` nor `&` (CAP 1.2, 3.2.1): a mail address may hold an `&`. */
const senderOf = ({ sender }: ReleasedMessage): string => sender.replace(/[\s,<&]/g, encodeURIComponent);

/**
 * A released message as a CAP 1.2 alert (OASIS). Private: it names those to whom it was sent. What the desk does not say of an event
 * (severity, certainty) is `Unknown`.
 */
export function capOf(message: ReleasedMessage): string {
  const { instruction, addressees, crisis } = message;
  const sender = senderOf(message);
  const { refersTo, exercise } = instruction;
  const alert = {
    '@xmlns': CAP,
    identifier: identifierOf(instruction.id),
    sender,
    sent: withOffset(Date.parse(instruction.releasedAt)),
    status: exercise ? 'Exercise' : 'Actual',
    msgType: refersTo === null ? 'Alert' : KIND_OF[refersTo.relation],
    scope: 'Private',
    addresses: addressees.map(({ organisation }) => organisation).join(' '),
    ...(exercise ? { note: 'EXERCICE' } : {}),
    ...(refersTo === null
      ? {}
      : { references: [sender, identifierOf(refersTo.id), withOffset(Date.parse(refersTo.releasedAt))].join(',') }),
    ...(crisis === null ? {} : { incidents: quoted(crisis) }),
    info: infoOf(message),
  };
  return create({ version: '1.0', encoding: 'UTF-8' }, { alert }).end({ prettyPrint: true });
}

function infoOf({ instruction, addressees, deadline, url }: ReleasedMessage): object {
  const { number, nature, subject, body, refersTo } = instruction;
  const verb = refersTo === null ? '' : ` – ${RELATION_VERBS[refersTo.relation]} ${refersTo.number}`;
  return {
    language: 'fr-FR',
    category: 'Health',
    event: 'MINSANTE/CORRUSS',
    responseType: responseOf(instruction),
    urgency: urgencyOf(instruction, deadline),
    severity: 'Unknown',
    certainty: 'Unknown',
    ...(deadline === null ? {} : { expires: withOffset(deadline) }),
    senderName: 'CORRUSS, centre de crises sanitaires',
    headline: printable(`${number}${verb} – ${NATURE_WORDS[nature]} – ${subject}`),
    description: printable(body),
    web: url,
    parameter: [
      { valueName: 'numero', value: number },
      { valueName: 'nature', value: NATURE_WORDS[nature] },
    ],
    area: addressees.map(areaOf),
  };
}

function responseOf({ nature, refersTo }: ReleasedMessage['instruction']): string {
  if (refersTo?.relation === 'cancellation') return 'None';
  if (refersTo?.relation === 'allClear') return 'AllClear';
  return nature === 'information' ? 'Monitor' : 'Execute';
}

/** By the time that is left to act when it is released. */
function urgencyOf(
  { nature, refersTo, releasedAt }: ReleasedMessage['instruction'],
  deadline: ReleasedMessage['deadline'],
): string {
  if (refersTo !== null && refersTo.relation !== 'amendment') return 'Past';
  if (nature === 'information' || deadline === null) return 'Unknown';
  return deadline - Date.parse(releasedAt) <= HOUR ? 'Immediate' : 'Expected';
}

const areaOf = ({ name, region, departments }: Addressee): object => ({
  areaDesc: name,
  geocode: [
    ...(region === null ? [] : [{ valueName: 'INSEE-REG', value: region }]),
    ...departments.map((department) => ({ valueName: 'INSEE-DEP', value: department.replace(/^D/, '') })),
  ],
});

/** Names with spaces stand in quotes (CAP 1.2, 3.2.1 `incidents`). */
const quoted = (text: string): string => `"${printable(text).replaceAll('"', '’')}"`;
