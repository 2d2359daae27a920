import {
  ADVERBS,
  CLEAR,
  isNegated,
  LIKELY,
  PERHAPS,
  pieces,
  reading,
  SUBJECT,
  USUAL,
  type Reading,
  withoutOpening,
} from './mail-intent-reading.ts';

type Rule = readonly [kind: 'received' | 'read' | 'takenInCharge', confidence: number, pattern: RegExp];

const rule = (kind: Rule[0], confidence: number, pattern: string): Rule => [kind, confidence, new RegExp(pattern)];

/** For one piece of a clause; the first that fits counts. */
const RULES: readonly Rule[] = [
  rule('takenInCharge', CLEAR, `^${SUBJECT} ?${ADVERBS}(?:pris(?:e?s?) en charge|taken in charge|being handled)\\b`),
  rule(
    'takenInCharge',
    CLEAR,
    "\\b(?:je m'en (?:charge|occupe)|nous nous en (?:chargeons|occupons)|on s'en (?:charge|occupe)|(?:nous avons|j'ai|on a|l'ars a) (?:bien )?pris en charge|je prends (?:\\w+ )?en charge|(?:nous|on) (?:prenons|prend) (?:.{0,30} )?en charge)\\b",
  ),
  rule(
    'takenInCharge',
    CLEAR,
    "\\b(?:on it$|we(?:'re| are) (?:on it|handling|taking (?:care|charge))|i(?:'m| am) (?:on it|handling|taking care)|taking (?:charge|care) of)",
  ),
  rule('takenInCharge', LIKELY, '^pec$|^prise? en charge$|^je prends$'),
  rule(
    'takenInCharge',
    LIKELY,
    `^${SUBJECT} ?${ADVERBS}(?:en cours(?: (?:de (?:traitement|realisation|mise en oeuvre|execution|deploiement))|$| (?:cote|chez|a l'ars))|in progress|ongoing)`,
  ),
  rule(
    'takenInCharge',
    LIKELY,
    `\\b(?:nous|on|we|i)(?:'re| are| am)? (?:y travaillons|y travaille|faisons le necessaire|fait le necessaire|traitons|procedons|mettons en oeuvre|lancons|engageons|working on)\\b`,
  ),
  rule(
    'takenInCharge',
    LIKELY,
    `^${SUBJECT} ?${ADVERBS}(?:lancee?s?|engagee?s?|demarree?s?|initiee?s?|started|under way|underway)\\b`,
  ),
  rule(
    'takenInCharge',
    USUAL,
    "\\b(?:nous allons|je vais|on va|we will|we'll|i will|i'll) (?:le |la |les |it )?(?:faire|proceder|traiter|realiser|nous en occuper|s'en occuper|m'en occuper|mettre en oeuvre|take care|handle|do (?:it|so|this))\\b",
  ),
  rule('takenInCharge', PERHAPS, '\\b(?:pris(?:e?s?) en compte|sera pris(?:e?s?) en charge|will be handled)\\b'),
  rule(
    'read',
    CLEAR,
    `^${SUBJECT} ?${ADVERBS}(?:lue?s?)(?: et (?:compris|note|approuve|pris)e?s?)?(?:$| (?:ce|par|le|a)\\b)`,
  ),
  rule(
    'read',
    CLEAR,
    '\\b(?:pris(?:e)? (?:bonne )?(?:de )?connaissance|prenons (?:bonne )?connaissance|prends (?:bonne )?connaissance)\\b',
  ),
  rule('read', CLEAR, "^(?:(?:we|i) have read|i've read|(?:message |mail |well )?read(?: and understood)?$)"),
  rule('read', LIKELY, '^(?:bien )?vue?s?(?: merci)?$'),
  rule('received', CLEAR, `^${SUBJECT} ?${ADVERBS}(?:recue?s?)\\b`),
  rule(
    'received',
    CLEAR,
    "^(?:nous avons|j'ai|on a|l'ars a) (?:bien )?(?:recu|receptionne)\\b|\\bavoir bien recu\\b|\\b(?:pris|prenons|prends|prend) (?:bonne )?note\\b",
  ),
  rule(
    'received',
    CLEAR,
    '\\b(?:accus(?:e|er|ons|es)(?: de)?|confirm\\w{1,4}(?: la)?) (?:bonne )?reception\\b|^ar$|^ar (?:message|minsante|mail)',
  ),
  rule(
    'received',
    LIKELY,
    `^${SUBJECT} ?${ADVERBS}(?:notee?s?|entendu|compris|receptionnee?s?)(?: et (?:transmise?|relayee?))?$`,
  ),
  rule(
    'received',
    LIKELY,
    '^(?:well received|(?:message |mail )?(?:received|acknowledged|noted|understood|roger|copy)(?: (?:with thanks|thanks|thank you|that))?|(?:we )?(?:confirm|acknowledge) receipt\\b.{0,60})',
  ),
  rule(
    'received',
    LIKELY,
    "^(?:ok|okay|d'accord|dac|tres bien|parfait)(?: (?:merci|bien recu|thanks|note|bien note))?$",
  ),
  rule(
    'received',
    USUAL,
    "^(?:(?:un grand |grand )?merci(?: (?:beaucoup|bien|a vous|pour (?:votre|l'|cette|ces|le|la|ce|vos) ?.{1,60}))?|(?:many )?thanks(?: a lot)?|thank you(?: very much)?)$",
  ),
  rule('received', PERHAPS, `^(?:ok|c'est ok|c'est bon|ok pour|bon pour) `),
];
const CONDITION = /\b(?:si|if|des que|lorsque|quand|une fois|once|when)\b/;
/** Care of the sick. */
const CARE =
  /\b(?:patients?|blesses?|victimes?|personnes?|usagers?|residents?|malades?|enfants?)\b|en charge (?:des |du |d')/;
/** A department's name, a procedure. */
const ELSEWHERE = /\b(?:service|pole|direction|directeur|cellule|de la|modalites|capacites?|filiere)\b/;

const THUMB = /^(?=.*[\u{1F44D}\u{1F44C}\u{1F64F}])[\p{Extended_Pictographic}\p{Emoji_Modifier}\s\uFE0F]{1,12}$/u;
/** What Gmail and Outlook send for a tap on a symbol. */
const REACTION = /^(?:.{0,60} (?:a reagi|reacted) (?:a votre message|to your message|via gmail))/;

/** Says that the message has come, was read, or that somebody works on it. */
export function readAcknowledgement(clause: string): Reading[] {
  if (THUMB.test(clause) || REACTION.test(clause)) return [reading('received', USUAL, clause)];
  return pieces(clause).flatMap((piece) => {
    const found = readPiece(withoutOpening(piece), clause);
    return found.length > 0 ? found : readPiece(piece, clause);
  });
}

function readPiece(piece: string, clause: string): Reading[] {
  const found = RULES.find(([, , pattern]) => pattern.test(piece));
  if (found === undefined) return foreignCare(piece);
  const [kind, confidence, pattern] = found;
  const match = pattern.exec(piece);
  const words = piece.slice(0, (match?.index ?? 0) + (match?.[0].length ?? 0));
  if (isNegated(words)) return [];
  const conditional = CONDITION.test(clause.slice(0, clause.indexOf(piece) + words.length));
  const doubtful = kind === 'takenInCharge' && (CARE.test(piece) || conditional);
  return [reading(kind, doubtful ? PERHAPS : confidence, words)];
}

function foreignCare(piece: string): Reading[] {
  const match = /\bpris(?:e?s?) en charge\b/.exec(piece);
  if (match === null || CARE.test(piece) || ELSEWHERE.test(piece) || isNegated(piece)) return [];
  return [reading('takenInCharge', PERHAPS, piece)];
}
