import { isUnfinished, PARTIAL } from './mail-intent-done.ts';
import {
  ADVERBS,
  CLEAR,
  LIKELY,
  pieces,
  PERHAPS,
  reading,
  SUBJECT,
  type Reading,
  withoutOpening,
} from './mail-intent-reading.ts';

/** Words that mean by themselves that the message has gone to many. */
const SPREAD = '(?:diffuse|rediffuse|relaye|repercute|dispatche)(?:e?s?)|relayed|disseminated|circulated';
/** Words that only do with the partners named: one «transmet» a mail to a colleague, too. */
const PASSED =
  '(?:transmis|retransmis)(?:e?s?)|(?:transfere|envoye|adresse|communique)(?:e?s?)|forwarded|passed on|sent';
const WORD = new RegExp(`\\b(?:${SPREAD}|${PASSED})(?![a-z])`);
const SPREAD_WORD = new RegExp(`^(?:${SPREAD})$`);

/** The relay as a noun: «diffusion faite», «relais effectué auprès des EMS». */
const NOUN =
  /^(?:la |le |notre |cette )?(?:re)?(?:diffusion|transmission|relais)(?: regionale?)?(?: (?:est|a ete|a bien ete))? (?:bien )?(?:faite?|effectuee?|realisee?|assuree?|terminee?|achevee?|done|completed)\b/;

/** Whom an ARS relays to (partner categories of the seed, in the words of mails). */
const PARTNERS =
  '(?:etablissements?|partenaires?|ets?|es|ems|ehpad|ch|chu|chr|cliniques?|hopita(?:l|ux)|samu|professionnels?|pharmac\\w{2,4}|medecins?|infirmier\\w{0,3}|liberaux|ordres?|urps|acteurs|structures?|destinataires?|reseaux?|federations?|hospitals?|partners|facilities|professionals|pharmacies|care homes)';
const TO_PARTNERS = new RegExp(
  `\\b(?:a|aux|au|vers|aupres d|to) ?(?:l'ensemble d|tous|toutes|nos|notre|es|les|des|de|our|all|the|its|ses|vos|regional |regionaux |\\s)*(?:${PARTNERS})\\b`,
);
/** Somebody within the agency has it now: nothing has been relayed. */
const WITHIN =
  /\b(?:en interne|a l'astreinte|a (?:mon|ma|mes|notre|nos) (?:collegues?|directeur|directrice|direction|service|equipe|hierarchie)|au (?:service|directeur|cabinet|collegue|chef|medecin d'astreinte)|a la (?:direction|cellule|directrice)|pour (?:traitement|diffusion|suite a donner|attribution|validation|avis))\b/;

const FULL = new RegExp(
  `^(?:et )?(?:${SUBJECT} ?${ADVERBS}|(?:nous (?:l')?(?:avons|l'avons)|j'ai|je l'ai|on a|on l'a|l'ars a|l'ars l'a|nos services ont|we have|we've|i have|we|i) ?(?:${ADVERBS}))(?:${SPREAD}|${PASSED})(?![a-z])`,
);
const UNDER_WAY =
  /^(?:(?:c'est|la|le|notre) )?(?:en cours de )?(?:diffusion|transmission|relais)(?: est)? (?:en cours|lancee?|engagee?)|^en cours de (?:re)?(?:diffusion|transmission|relais)|\b(?:nous|on|je) (?:le |la |les )?(?:diffus(?:ons|e)|relay(?:ons|e)|relaie|relaions|transmettons|repercutons)\b/;

/** Of a «pour diffusion»: says that the message was passed on to the partners, is being, or is not yet. */
export function readRelay(clause: string): Reading[] {
  return pieces(clause).flatMap((piece) => readPiece(withoutOpening(piece), clause));
}

function readPiece(piece: string, clause: string): Reading[] {
  if (WITHIN.test(piece)) return [];
  const match = NOUN.exec(piece) ?? WORD.exec(piece);
  if (match === null) return UNDER_WAY.test(piece) ? [reading('takenInCharge', LIKELY, piece)] : [];
  const before = piece.slice(0, match.index);
  const after = piece.slice(match.index + match[0].length);
  if (isUnfinished(before, after, clause.slice(0, Math.max(0, clause.indexOf(match[0])))) || PARTIAL.test(clause)) {
    return [reading('unfinished', CLEAR, piece)];
  }
  if (NOUN.test(piece)) return [reading('done', CLEAR, piece)];
  if (!FULL.test(piece)) return [reading('done', PERHAPS, piece)];
  if (SPREAD_WORD.test(match[0])) return [reading('done', CLEAR, piece)];
  return [reading('done', TO_PARTNERS.test(piece) ? LIKELY : PERHAPS, piece)];
}
