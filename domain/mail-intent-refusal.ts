import { CERTAIN, CLEAR, HARDLY, LIKELY, PERHAPS, reading, type Reading } from './mail-intent-reading.ts';

const OPENLY =
  /^(?:(?:c'est un|reponse ?:?|notre) )?(?:refus(?:e|ee|ons)?|refused|refusal|declined)(?: motivee?)?(?: ?[:,-]| (?:de l'ars|de notre part|car|pour|faute|due? to|because)\b|$)/;
const BY_VERB =
  /\b(?:nous refusons|je refuse|l'ars refuse|we (?:refuse|decline)|i (?:refuse|decline)|nous (?:opposons|emettons|formulons|signifions) un refus)\b/;
const NAMED = /\brefus\b|\brefusal\b/;
const CANNOT =
  /\b(?:(?:pouvons|peut|peux|pourrons|pourra|pourrai|puis)(?: donc| malheureusement)? pas\b|(?:dans|l') ?(?:l')?(?:impossibilite|incapacite)|pas (?:en mesure|en capacite|possible|realisable|faisable)|impossible|infaisable|irrealisable|unable to|cannot|can not|not able to|not possible|not feasible)|\bcan't\b/;
/** Not the action but the mail, the link or the telephone fails: the desk helps. */
const ACCESS =
  /\b(?:ouvrir|lire|acceder|consulter|telecharger|connecter|joindre|joignable|contacter|afficher|visualiser|imprimer|open|read|access|download|reach|see|log)\b|\b(?:lien|piece jointe|link|attachment) (?:ne|does|is)\b/;
/** Not now, or not surely: no refusal. */
const FOR_NOW =
  /\b(?:avant|d'ici|ce soir|aujourd'hui|pour l'instant|pour le moment|a ce stade|actuellement|a temps|dans les delais|encore|before|today|yet|in time|right now|immediatement|tout de suite|confirmer|garantir|confirm|guarantee|repondre|mieux|plus|davantage|estimer|chiffrer|savoir|dire|preciser|exclure|attendre|seule?s?)\b/;
const TROUBLE =
  /\b(?:illisible|piece jointe (?:vide|manquante|corrompue|absente)|(?:lien|link) (?:mort|expire|invalide|broken)|(?:pas|non|not|rien) (?:bien )?(?:recue?s?|received))\b|n't (?:received?|get)\b/;

/** Says no, or that something hinders. */
export function readRefusal(clause: string): Reading[] {
  if (TROUBLE.test(clause)) return [reading('trouble', CLEAR, clause)];
  if (/\b(?:pas|not|sans|aucun|en cas) (?:de |d'un )?refus/.test(clause)) return [];
  if (OPENLY.test(clause)) return [reading('refused', CERTAIN, clause)];
  if (BY_VERB.test(clause)) return [reading('refused', CLEAR, clause)];
  if (CANNOT.test(clause)) {
    if (ACCESS.test(clause)) return [reading('trouble', LIKELY, clause)];
    return [reading('refused', FOR_NOW.test(clause) ? HARDLY : LIKELY, clause)];
  }
  return NAMED.test(clause) ? [reading('refused', PERHAPS, clause)] : [];
}
