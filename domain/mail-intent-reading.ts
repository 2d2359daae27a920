import type { Instant } from './instant.ts';
import type { ReplyKind } from './reply-kinds.ts';

/** One thing that a clause seems to say. */
export interface Reading {
  /** `unfinished`: says that it is not done; `trouble`: something kept the writer from reading or answering. */
  readonly kind: ReplyKind | 'unfinished' | 'trouble';
  /** 0–1, set by hand: see `MAIL_INTENT_THRESHOLD`. */
  readonly confidence: number;
  /** The words that it was read from, in plain form. */
  readonly words: string;
  /** 1–99, only with `progress`. */
  readonly percent?: number;
  /** Only with `deferred`. */
  readonly until?: Instant;
}

/** Degrees of certainty, from a statement in the words of the desk to a mere resemblance. */
export const CERTAIN = 0.95;
export const CLEAR = 0.9;
export const LIKELY = 0.8;
export const USUAL = 0.75;
export const PERHAPS = 0.6;
export const HARDLY = 0.5;

export const reading = (kind: Reading['kind'], confidence: number, words: string): Reading => ({
  kind,
  confidence,
  words: words.trim().slice(0, 80),
});

/** What the instruction may be called by those who answer it; from `plain` text. */
export const OBJECT =
  "(?:(?:l'|la |le |les |cette |ces |ce |toutes les |l'ensemble des |notre |nos |votre |vos |the |all )?(?:actions?|instructions?|consignes?|mesures?|demandes?|missions?|operations?|taches?|directives?|verifications?|necessaire|travail|messages?|mails?|courriels?|sujets?|dossiers?|minsante|tasks?|request|measures?)(?: (?:demandee?s?|prescrites?|attendues?|ci-dessous|requested|required))?)";

/** «c'est», «l'action a bien été», «it has been»: what may stand before a participle that answers the instruction. */
export const SUBJECT = `(?:(?:${OBJECT}|c'|cela|c|chose|c'est chose|ca|tout|it|this|that|everything|all)? ?(?:est|cest|sont|a|ont|a ete|ont ete|a bien ete|ont bien ete|is|are|was|were|has been|have been|'s|has|have)?)`;

export const ADVERBS =
  '(?:(?:bien|toujours|still|deja|desormais|maintenant|entierement|integralement|totalement|completement|enfin|ete|now|all|fully|already|been|just) )*';

/** What may open an answer before it comes to the point. */
const OPENING =
  /^(?:(?:ok|okay|oui|yes|voila|merci(?! (?:beaucoup|bien|a|pour|de)\b)|thanks(?! (?:a|for)\b)|thank you(?! (?:very|for)\b)|bien recu|bien note|je (?:vous )?confirme(?: que)?|nous (?:vous )?confirmons(?: que)?|nous (?:vous )?informons(?: que)?|je (?:vous )?informe(?: que)?|we confirm(?: that)?|(?:merci de|veuillez|please) note(?:r)?(?: que| that)?|pour (?:l'|notre )?ars(?: [a-z-]{2,30})?|statut|status|etat|reponse|answer) ?[:,-]? ?)+/;

/** The comma-parted pieces of a clause. */
export const pieces = (clause: string): string[] =>
  clause
    .split(/, | - |: |\(|\)| et (?=(?:c'est|pris|bien|nous|on |je ))/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');

/** A piece without what opens it («ok», «nous vous confirmons que»), unless that is all of it. */
export const withoutOpening = (piece: string): string => piece.replace(OPENING, '') || piece;

const NEGATION = /\b(?:pas|non|ni|jamais|aucune?s?|rien|nullement|sans|not|never|nothing|none|no|cannot)\b|n't\b/;

/** Something in these words denies what follows them. */
export const isNegated = (words: string): boolean => NEGATION.test(words);
