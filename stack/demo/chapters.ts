import { randomUUID } from 'node:crypto';
import { awaited, type DeskClient } from './desk-client.ts';
import { alertBox, ALL_ARS, answerByLink, DESK_BOX, HEAD_BOX, linkOf, orderOf, release, writeDraft } from './orders.ts';
import { followLadder, LADDER, recipientWhere, showMail, type Stage, TAKEN_IN_CHARGE_EXPIRES } from './story.ts';
import type { Teller } from './tell.ts';

/** The ARS of which the story tells; all others answer at once. */
const TOLD = ['ARS-84', 'ARS-11', 'ARS-53', 'ARS-94', 'ARS-32', 'ARS-75', 'ARS-02', 'ARS-06', 'ARS-76'];

/** Draft, preview, release, 18 mails. */
export async function openInstruction(desk: DeskClient, tell: Teller): Promise<Stage> {
  tell.chapter('Le CORRUSS rédige, un second officier diffuse');
  const id = await writeDraft(desk, {
    subject: 'Canicule – renforcer les services d’urgence',
    body: 'Ouvrir des lits supplémentaires et **rendre compte** du nombre de lits ouverts.',
    audience: { national: true },
    deadline: '4H',
    takenInChargeExpires: TAKEN_IN_CHARGE_EXPIRES,
    ladder: LADDER,
  });
  tell.say('corruss-redacteur a écrit un projet « pour action » à toutes les ARS, délai 4 h.');
  const preview = await desk.api('corruss-valideur').get(`/v1/instructions/${id}/preview`);
  if (preview.status !== 200) throw new Error(`l’aperçu a répondu ${preview.status}`);
  tell.say('corruss-valideur en a lu l’aperçu : le courriel exact, ses 18 destinataires.');
  const own = await desk.api('corruss-redacteur').post(`/v1/instructions/${id}/release`, {});
  if (own.status !== 403) throw new Error(`l’auteur a pu diffuser lui-même son projet (${own.status})`);
  tell.say('L’auteur ne peut pas diffuser lui-même son projet : refus 403.');
  const { number } = await release(desk, id);
  const order = orderOf(desk, id, number);
  const stage = { desk, tell, order };
  tell.say(`corruss-valideur diffuse : ce sera ${number}.`);
  tell.link('le processus dans Temporal', desk.workflowLink(`instruction/${id}`));
  tell.link('l’instruction et le fil des événements (compte corruss-chef, mot de passe demo)', readingLink(stage));
  await awaited('les 18 courriels', async () => (await order.get()).deliveries['sent'] === ALL_ARS.length);
  tell.say('18 courriels sont partis, un par ARS, à sa boîte d’alerte, chacun à son heure locale.');
  await showMail(stage, 'celui de la Corse', alertBox('ARS-94'));
  return stage;
}

const readingLink = ({ desk, order }: Stage): string => `${desk.addresses.api}/instructions/${order.id}`;

/** API, link, signal. */
export async function threeDoors(stage: Stage): Promise<void> {
  const { desk, tell, order } = stage;
  tell.chapter('Trois portes, un seul effet');
  await order.reply('ARS-32', { kind: 'takenInCharge' });
  tell.say('ARS-32 dit « pris en charge »… et ne dira plus rien.');
  await order.reply('ARS-84', { kind: 'done', comment: '120 lits ouverts.' });
  tell.say('ARS-84 répond « réalisé » par l’API.');
  const link = linkOf(await showMail(stage, 'le courriel d’ARS-11', alertBox('ARS-11')));
  tell.link('la page de réponse d’ARS-11 (l’ouvrir ne change rien)', link);
  await answerByLink(link, { kind: 'done', comment: '80 lits ouverts.' });
  tell.say('ARS-11 répond par le lien de son courriel, sans compte ni mot de passe.');
  const signal = { organisation: 'ARS-53', kind: 'done', comment: '45 lits ouverts.', from: 'CLI' };
  await desk.signalReply(order.id, { ...signal, messageId: randomUUID() });
  tell.say('ARS-53 répond par un signal de la commande temporal.');
  for (const ars of ['ARS-84', 'ARS-11', 'ARS-53']) {
    await recipientWhere(stage, ars, 'réalisé', ({ state }) => state === 'done');
  }
  tell.say('Les trois sont « réalisé » : même règle, même trace.');
  await Promise.all(ALL_ARS.filter((ars) => !TOLD.includes(ars)).map((ars) => order.reply(ars, { kind: 'done' })));
  tell.say(
    `${ALL_ARS.length - TOLD.length} autres ARS répondent aussi. Restent ouvertes : ${(await order.get()).open}.`,
  );
}

/** A refusal is told to the desk, waits as a task, and is returned. */
export async function refusal(stage: Stage): Promise<void> {
  const { desk, tell, order } = stage;
  tell.chapter('Un refus se voit tout de suite');
  await order.reply('ARS-02', { kind: 'refused', comment: 'Aucun lit disponible en Martinique.' });
  tell.say('ARS-02 refuse, avec son motif. Le CORRUSS est prévenu aussitôt.');
  await showMail(stage, 'le courriel au CORRUSS', DESK_BOX, ({ text }) => text.includes('Aucun lit disponible'));
  await awaited('la tâche', async () => {
    const { body } = await desk.api('corruss-chef').get<{ items: object[] }>('/v1/tasks?limit=500');
    return body.items.some((task) => JSON.stringify(task).includes(order.id));
  });
  tell.say('Et le refus attend dans la liste des tâches (GET /v1/tasks).');
  await done(order.act('recipients/ARS-02/return', { reason: 'Voir avec la Guadeloupe, qui a des lits.' }));
  await order.reply('ARS-02', { kind: 'done', comment: 'Vu avec la Guadeloupe.' });
  tell.say('Le CORRUSS retourne le refus ; ARS-02 répond « réalisé ».');
}

/** The ladder of the silent one, and the expiry of an empty promise. */
export async function silence(stage: Stage): Promise<void> {
  const { tell, order } = stage;
  tell.chapter('ARS-94 se tait : l’échelle monte');
  await Promise.all([followLadder(stage, 'ARS-94'), remindPromise()]);
  await showMail(stage, 'le courriel au chef du CORRUSS', HEAD_BOX, ({ text }) => text.includes('Corse'));
  const { nextStep } = await order.reply('ARS-94', {
    kind: 'done',
    comment: 'Panne de messagerie, tout est en place.',
  });
  if (nextStep !== null) throw new Error('la réponse d’ARS-94 n’a pas arrêté l’échelle');
  tell.say('ARS-94 répond enfin : l’échelle s’arrête à l’instant même.');
  await order.reply('ARS-32', { kind: 'done' });
  tell.say('ARS-32 répond aussi.');

  async function remindPromise(): Promise<void> {
    await awaited('la relance d’ARS-32', async () =>
      (await order.timeline()).some(({ kind, organisation }) => kind === 'pauseEnded' && organisation === 'ARS-32'),
    );
    tell.say('ARS-32 avait dit « pris en charge » sans suite : la prise en charge a expiré, les relances reprennent.');
  }
}

/** Extended, shortened, passed. */
export async function deadlines(stage: Stage): Promise<void> {
  const { tell, order } = stage;
  tell.chapter('Les délais bougent');
  const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
  await done(order.act('deadline', { deadline: inHours(8), organisations: ['ARS-06', 'ARS-76'] }));
  tell.say('Le CORRUSS accorde 8 h à ARS-06 et ARS-76.');
  await order.reply('ARS-76', { kind: 'done' });
  await done(order.act('deadline', { deadline: inHours(8 / 3600), organisations: ['ARS-06'] }));
  tell.say('Puis ramène le délai d’ARS-06 à quelques secondes : il va passer.');
  await recipientWhere(stage, 'ARS-06', 'en retard', ({ late }) => late);
  tell.say('Délai dépassé : ARS-06 est en retard, le CORRUSS l’apprend par courriel.');
  await showMail(stage, 'le courriel au CORRUSS', DESK_BOX, ({ text }) => text.includes('Mayotte'));
  await order.reply('ARS-06', { kind: 'done' });
  tell.say('ARS-06 répond, en retard : c’est dit et tracé.');
}

/** A «done» returned, the last answer, the result. */
export async function closing(stage: Stage): Promise<void> {
  const { desk, tell, order } = stage;
  tell.chapter('Un « réalisé » retourné, puis la clôture');
  await order.reply('ARS-75', { kind: 'done', comment: 'Fait.' });
  await awaited('la clôture', async () => (await order.get()).status === 'closed');
  await done(order.act('recipients/ARS-75/return', { reason: 'Il manque le tableau des lits.' }));
  tell.say('ARS-75 dit « réalisé » ; le CORRUSS le retourne avec un motif, son délai repart, l’instruction rouvre.');
  await showMail(stage, 'le courriel du retour', alertBox('ARS-75'), ({ text }) => text.includes('tableau des lits'));
  await order.reply('ARS-75', { kind: 'done', comment: 'Voici le tableau.' });
  await awaited('la clôture', async () => (await order.get()).status === 'closed');
  tell.say(`Dernière réponse : ${order.number} se clôt d’elle-même.`);
  await showMail(stage, 'le bilan au CORRUSS', DESK_BOX, ({ subject, text }) => /bilan|résultat/i.test(subject + text));
  const timeline = await order.timeline();
  tell.say(`${timeline.length} événements sont dans le fil, le dernier : « ${timeline.at(-1)?.text ?? ''} »`);
  tell.link('le processus dans Temporal', desk.workflowLink(`instruction/${order.id}`));
  tell.link('l’instruction et le fil des événements', readingLink(stage));
}

async function done(asked: Promise<{ status: number; body: unknown }>): Promise<void> {
  const { status, body } = await asked;
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
}
