import { awaited, type DeskClient, type Mail } from './desk-client.ts';
import { alertBox, boxOf, type Order, type Recipient } from './orders.ts';
import type { Teller } from './tell.ts';

/** The stage of one performance: who tells, which desk plays, which instruction it is about. */
export interface Stage {
  readonly desk: DeskClient;
  readonly tell: Teller;
  readonly order: Order;
}

/** Seconds that reading takes: a message in one is told, then the next happens. */
export const LADDER = [
  { after: 'PT12S', target: 'alertBox', channel: 'mail' },
  { after: 'PT24S', target: 'secondary', channel: 'mail' },
  { after: 'PT36S', target: 'onCall', channel: 'mail' },
  { after: 'PT38S', target: 'onCall', channel: 'sms' },
  { after: 'PT50S', target: 'director', channel: 'mail' },
  { after: 'PT52S', target: 'director', channel: 'call' },
  { after: 'PT64S', target: 'zoneArs', channel: 'mail' },
  { after: 'PT76S', target: 'corrussHead', channel: 'mail' },
  { after: 'PT3H', target: 'alertBox', channel: 'mail' },
] as const;

export const TAKEN_IN_CHARGE_EXPIRES = 'PT18S';

/** What each step of the ladder is, said of Corse, whose ARS de zone is Provence-Alpes-Côte d’Azur. */
export const STEP_WORDS: readonly string[] = [
  'relance à la boîte d’alerte',
  'la seconde adresse',
  'la personne d’astreinte, par courriel',
  'la personne d’astreinte, par SMS (montré dans la messagerie)',
  'la direction générale',
  'un appel à passer : une tâche pour le CORRUSS',
  'l’ARS de zone (Provence-Alpes-Côte d’Azur)',
  'le chef du CORRUSS, invité à envisager une conférence',
];

/** Waits for a mail about the instruction and shows where it lies. */
export async function showMail(
  { desk, tell, order }: Stage,
  what: string,
  address: string,
  holds: (mail: Mail) => boolean = () => true,
): Promise<Mail> {
  const mail = await awaited(`${what} (${address})`, async () => (await order.mailsTo(address)).findLast(holds));
  tell.link(`${what}, « ${mail.subject} »`, desk.mailLink(mail));
  return mail;
}

/** Waits until a recipient is as the story wants it. */
export const recipientWhere = (
  { order }: Stage,
  ars: string,
  what: string,
  holds: (recipient: Recipient) => boolean,
): Promise<Recipient> =>
  awaited(`${ars} : ${what}`, async () => {
    const recipient = await order.recipient(ars);
    return holds(recipient) ? recipient : null;
  });

/** Where whoever is on duty at that agency is written to, by its roster. */
async function mailOnDuty({ desk }: Stage, ars: string): Promise<string> {
  const { body } = await desk
    .api('corruss-chef')
    .get<{ onDuty: readonly { person: { mail: string | null } }[] }>(`/v1/organisations/${ars}/duty/now`);
  return body.onDuty[0]?.person.mail ?? boxOf(ars, 'astreinte');
}

/** Tells each step of a silent ARS as it is done, up to the last that is near. */
export async function followLadder(stage: Stage, ars: string): Promise<void> {
  const boxes = ['alerte', 'secours', 'astreinte', null, 'direction', null, null, null];
  for (const [index, words] of STEP_WORDS.entries()) {
    await recipientWhere(stage, ars, words, ({ ladderStep }) => ladderStep > index);
    stage.tell.say(`${ars} reste silencieuse. Marche ${index + 1} : ${words}.`);
    const box = boxes[index] ?? null;
    if (box === null || index === 0) continue;
    await showMail(stage, 'le courriel', box === 'astreinte' ? await mailOnDuty(stage, ars) : boxOf(ars, box));
  }
  const mentions = (mail: Mail): boolean => mail.text.includes('Corse');
  await showMail(stage, 'le courriel à l’ARS de zone', alertBox('ARS-93'), mentions);
}
