import type { CorpusCase, Expected } from './case.ts';
import { CLIENTS, eml } from './eml.ts';

type Answer = readonly [text: string, expected: Expected];
const unclear = (reason: string): Expected => ({ intent: 'unclear', reason });
const progress = (percent: number): Expected => ({ intent: 'progress', percent });
const deferred = (until: string): Expected => ({ intent: 'deferred', until });
const DONE: Expected = { intent: 'done' };
const CHARGE: Expected = { intent: 'takenInCharge' };
const REFUSED: Expected = { intent: 'refused' };
const RECEIVED: Expected = { intent: 'received' };
const READ: Expected = { intent: 'read' };

const ANSWERS: readonly Answer[] = [
  ['Pris en charge.', CHARGE],
  ['Bonjour,\n\nBien reçu, c’est pris en charge par le Dr Martin.', CHARGE],
  ['Bonjour Madame,\nNous nous en chargeons.', CHARGE],
  ['On s’en occupe.', CHARGE],
  ['Message lu et pris en charge par la cellule.', CHARGE],
  ['En cours de traitement', CHARGE],
  ['Pris en charge, pas encore réalisé.', CHARGE],
  ['PEC', CHARGE],
  ['Nous allons procéder, retour avant midi.', CHARGE],
  ['We are on it.', CHARGE],
  ['Taken in charge by our duty officer', CHARGE],
  ['Fait à 60 %', progress(60)],
  ['Avancement : 62,5 %', progress(63)],
  ['Nous en sommes à 40 %.', progress(40)],
  ['Réalisé à 75% ce jour', progress(75)],
  ['Bien reçu. En cours, 30 pour cent.', progress(30)],
  ['80% done', progress(80)],
  ['Progress: 25 percent', progress(25)],
  ['C’est à moitié fait', progress(50)],
  ['90 %', progress(90)],
  ['C’est fait.', DONE],
  ['Bonjour,\nRéalisé, voir pièce jointe.\nBien à vous', DONE],
  ['Fait !', DONE],
  ['TERMINÉ', DONE],
  ['L’action demandée a bien été effectuée ce matin.', DONE],
  ['Nous avons fait le nécessaire.', DONE],
  ['Toutes les mesures sont mises en œuvre.', DONE],
  ['Ok c’est fait, merci', DONE],
  ['Nous vous confirmons que l’instruction est entièrement réalisée.', DONE],
  ['Fait ce jour à 14 h, par l’astreinte.', DONE],
  ['Pas de difficulté, c’est réalisé.', DONE],
  ['100 % réalisé', DONE],
  ['Done, see attachment', DONE],
  ['The action has been completed.', DONE],
  ['We have carried out the measures requested.', DONE],
  ['Pris en charge hier, terminé ce matin', DONE],
  ['Refus motivé : pas de personnel disponible.', REFUSED],
  ['Nous ne pouvons pas mettre en œuvre cette mesure, faute de lits.', REFUSED],
  ['L’ARS est dans l’impossibilité d’appliquer la consigne.', REFUSED],
  ['Nous refusons : compétence de la préfecture.', REFUSED],
  ['We cannot carry out this action: no staff.', REFUSED],
  ['Report au 25/11 à 14 h', deferred('2026-11-25T14:00:00+01:00')],
  [
    'Nous demandons un report au mercredi 25 novembre 2026 à 14 h 30, faute d’effectifs.',
    deferred('2026-11-25T14:30:00+01:00'),
  ],
  ['Bien reçu, délai supplémentaire jusqu’à demain midi svp', deferred('2026-11-25T12:00:00+01:00')],
  ['Prolongation jusqu’au 26/11', deferred('2026-11-26T23:59:00+01:00')],
  ['Action reportée à 18 h', deferred('2026-11-24T18:00:00+01:00')],
  ['Postponed to November 25 at 2:30 pm', deferred('2026-11-25T14:30:00+01:00')],
  ['Bien reçu', RECEIVED],
  ['Bonjour,\nBien reçu, merci.\nBonne journée', RECEIVED],
  ['OK', RECEIVED],
  ['Merci beaucoup', RECEIVED],
  ['Bien noté', RECEIVED],
  ['Nous accusons réception de votre message.', RECEIVED],
  ['AR', RECEIVED],
  ['👍', RECEIVED],
  ['Well received, thank you', RECEIVED],
  ['Bien reçu, mais pas encore fait', RECEIVED],
  ['Lu', READ],
  ['Lu et compris', READ],
  ['Nous avons pris connaissance du message.', READ],
  ['Read.', READ],
  ['Pas encore réalisé', unclear('unfinished')],
  ['Ce n’est pas fait', unclear('unfinished')],
  ['Non réalisé', unclear('unfinished')],
  ['Ce sera fait demain', unclear('unfinished')],
  ['Presque terminé', unclear('unfinished')],
  ['Fait sauf pour le CH de Metz', unclear('unfinished')],
  ['C’est fait pour 3 établissements sur 12.', unclear('unfinished')],
  ['Dès que ce sera réalisé nous vous préviendrons', unclear('unfinished')],
  ['Not done yet', unclear('unfinished')],
  ['It will be done tomorrow', unclear('unfinished')],
  ['Réalisé. Reste les EMS à prévenir.', unclear('contradiction')],
  ['C’est fait.\nRefus motivé : pas de personnel.', unclear('contradiction')],
  ['Fait à 40 %. Fait à 60 %.', unclear('contradiction')],
  ['Pris en charge. Nous refusons.', unclear('contradiction')],
  ['Qui est le contact pour la Martinique ?', unclear('question')],
  ['C’est fait. Faut-il aussi prévenir les EMS ?', unclear('question')],
  ['Pouvez-vous nous rappeler', unclear('question')],
  ['Should we also call the care homes?', unclear('question')],
  ['Merci de nous préciser le périmètre.', unclear('question')],
  ['Nous ne pouvons pas ouvrir la pièce jointe.', unclear('trouble')],
  ['Nous n’avons pas reçu l’annexe.', unclear('trouble')],
  ['Pris en compte', unclear('unsure')],
  ['La réunion de crise est terminée, nous revenons vers vous.', unclear('unsure')],
  ['Impossible avant ce soir', unclear('unsure')],
  ['Nous demandons un report.', unclear('unsure')],
  ['Report au 20/11 à 14 h', unclear('unsure')],
  ['60 % des établissements ont répondu', unclear('unsure')],
  ['Le taux d’occupation est de 85 %', unclear('unknown')],
  ['Nous avons fait suivre à l’astreinte', unclear('unknown')],
  ['Tout à fait.', unclear('unknown')],
  ['Nous avons réalisé que le lien est faux', unclear('unknown')],
  ['12 patients pris en charge au CHU', unclear('unknown')],
  ['RAS', unclear('unknown')],
  ['Fait à Paris, le 24 novembre 2026', unclear('unknown')],
  ['', unclear('empty')],
  [
    `Bien reçu. ${'Le point de situation régional est le suivant, établissement par établissement. '.repeat(4)}`,
    unclear('long'),
  ],
];

const clients = Object.entries(CLIENTS);

/** Each answer through two clients in turn, so that each client carries answers of all kinds. */
export const answerCases: readonly CorpusCase[] = ANSWERS.flatMap(([text, expected], at) =>
  [clients[at % clients.length], clients[(at * 5 + 3) % clients.length]].flatMap((client) =>
    client === undefined
      ? []
      : [{ name: `${client[0]}: ${text.replaceAll('\n', ' ').slice(0, 60)}`, raw: eml(client[1](text)), expected }],
  ),
);
