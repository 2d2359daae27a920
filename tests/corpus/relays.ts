import { type Answer, CHARGE, DONE, progress, RECEIVED, REFUSED, throughClients, unclear } from './answer.ts';
import type { CorpusCase } from './case.ts';

/** What an ARS answers to a «pour diffusion». */
const ANSWERS: readonly Answer[] = [
  ['Diffusé.', DONE],
  ['Message relayé ce matin à l’ensemble de nos établissements.', DONE],
  ['Bonjour,\nTransmis à nos établissements.\nBien à vous', DONE],
  ['Bien reçu et relayé aux EHPAD et aux SAMU de la région.', DONE],
  ['Nous avons diffusé le message à tous nos partenaires', DONE],
  ['Diffusion effectuée auprès des établissements', DONE],
  ['La diffusion a été faite hier soir', DONE],
  ['Nous l’avons transféré aux pharmaciens et aux EMS', DONE],
  ['Envoyé aux CH et aux cliniques par messagerie', DONE],
  ['Ok, diffusé aux URPS', DONE],
  ['Relayed to all our hospitals this morning', DONE],
  ['Pas encore diffusé', unclear('unfinished')],
  ['Non relayé à ce jour', unclear('unfinished')],
  ['Le message n’a pas été transmis aux établissements', unclear('unfinished')],
  ['Ce sera diffusé demain', unclear('unfinished')],
  ['Diffusé sauf aux EMS', unclear('unfinished')],
  ['Relayé à une partie des établissements', unclear('unfinished')],
  ['Dès qu’il sera relayé, nous vous préviendrons', unclear('unfinished')],
  ['Bien reçu, pas encore relayé', RECEIVED],
  ['Transmis', unclear('unsure')],
  ['Transmis à Mme Petit', unclear('unsure')],
  ['Transmis à l’astreinte', unclear('unknown')],
  ['Transmis au service concerné pour diffusion', unclear('unknown')],
  ['Diffusion en cours', CHARGE],
  ['Nous relayons aux établissements', CHARGE],
  ['Diffusé à 60 %', progress(60)],
  ['Nous ne pouvons pas relayer ce message, faute d’annuaire', REFUSED],
  ['Diffusé aux établissements. Faut-il aussi prévenir les EMS ?', unclear('question')],
];

/** The same words upon a «pour action»: passing the order on is not doing it. */
const ELSEWHERE: readonly Answer[] = [
  ['Transmis à nos établissements', unclear('unknown')],
  ['Diffusé aux partenaires', unclear('unknown')],
];

export const relayCases: readonly CorpusCase[] = [
  ...throughClients(ANSWERS, 'diffusion'),
  ...throughClients(ELSEWHERE, 'action'),
];
