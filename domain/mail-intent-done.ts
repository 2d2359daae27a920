import {
  ADVERBS,
  CLEAR,
  isNegated,
  OBJECT,
  PERHAPS,
  pieces,
  reading,
  SUBJECT,
  type Reading,
  withoutOpening,
} from './mail-intent-reading.ts';

const OTHER_PARTICIPLE =
  '(?:(?:realise|effectue|execute|termine|acheve|accompli|finalise|cloture|traite|regle|fini)(?:e?s?)|clos(?:es?)?|(?:mis|mise)s? en (?:oeuvre|place)|done|completed|complete(?=$)|finished|carried out|implemented|executed|accomplished)';
const PARTICIPLE = `(?:fait(?:e?s?)|${OTHER_PARTICIPLE})`;
const WORD = new RegExp(`\\b${PARTICIPLE}\\b`);

/** «faire» in set phrases that finish nothing; «Fait à Paris, le…» closes a letter. */
const SET_PHRASE =
  /\b(?:fait(?:e?s?) (?:suivre|remonter|part|savoir|etat|appel|l'objet|defaut|partie|le point|un point|circuler|connaitre|que|de(?! notre cote))\b|fait(?:e?s?) a (?!\d{1,2} ?(?:h|:)|l'instant|ce jour)|(?:en|de|du|ce|au|tout a|le|un|qui) fait|realis(?:e|ons|ez) que|bien fait de|well done|en fin de traite)/;
/** After «fait» alone only these leave its sense: otherwise a noun or a verb follows, and it is another idiom. */
const AFTER_FAIT =
  "(?: (?:ce (?:jour|matin|midi)|hier(?: soir| matin| apres-midi)?|aujourd'hui|a l'instant|a \\d{1,2} ?(?:h|:).{0,20}|le \\d.{0,30}|depuis.{0,40}|par .{0,60}|pour (?:l'ensemble|tous|toutes|notre|l'ars|la region).{0,60}|avec .{0,60}|conformement.{0,60}|dans .{0,60}|chez nous|de notre cote|voir .{0,60}|cf.{0,60}|ok|merci|en pj.{0,20})){0,3}";

const FULL = [
  new RegExp(`^${SUBJECT} ?${ADVERBS}fait(?:e?s?)${AFTER_FAIT}$`),
  new RegExp(`^${SUBJECT} ?${ADVERBS}${OTHER_PARTICIPLE}\\b`),
  new RegExp(
    `^(?:nous avons|j'ai|on a|l'ars a|nos equipes ont|nos services ont|we have|we've|i have|we|i) ?${ADVERBS}${PARTICIPLE} ?(?:$|${OBJECT}|ce qui etait demande|tout\\b|it\\b|everything\\b)`,
  ),
];

/** The participle is of what is to come, of a condition, or of a wish. */
const NOT_YET =
  /\b(?:sera|seront|serait|seraient|va|vont|vais|allons|ferons|fera|feront|doit|doivent|devra|devrait|devons|etre|a (?:faire|realiser|terminer|effectuer|traiter|finaliser)|prevue?s?|bientot|presque|quasi|quasiment|partiellement|en partie|a moitie|en attente|attente|en cours|soit|will|would|shall|should|to be|be|going to|soon|almost|nearly|partly|partially|half|in progress|being|pending)\b|\bquasi-/;
const CONDITION =
  /\b(?:des que|une fois|lorsque|quand|si|afin|jusqu'a ce|avant d|tant que|once|when|if|as soon as|until|unless)\b/;
/** Done, but not all of it. */
export const PARTIAL =
  /\b(?:sauf|hormis|hors|excepte|a l'exception|a l'exclusion|(?:sur|dans|chez|in|at) \d{1,4}(?! ?h)|\d{1,4} ?\/ ?\d{1,4}|une partie|en partie|pour partie|partiellement|a moitie|partly|partially|premieres?|premiers?|pour l'instant|except|out of|some of|part of|apart from)\b/;
/** «Terminé demain», «mise en place d'une cellule», «réalisé pour les CHU»: hardly the whole of it, or not yet. */
const LATER = /^[^,]{0,40}\b(?:demain|ce soir|d'ici|avant|bientot|prochainement|tomorrow|tonight|soon|prevue?s?)\b/;
const NOMINAL = /^mise en |^(?:\w+ )?\w+ de (?!notre|nos|la part|maniere|facon)/;
const SCOPE =
  / (?:pour|for) (?!(?:l'ensemble|tous|toutes|notre|nos|l'ars|ars|la region|information|info|ma part|moi|nous|votre|all|us|our|your|ce jour)\b)/;
const REMAINDER = /\b(?:reste(?:nt)?|restera|manque(?:nt)?|a finir|a terminer|remains?|remaining|left to do)\b/;

/** Says that the action is done, or that it is not. */
export function readDone(clause: string): Reading[] {
  const found = pieces(clause).flatMap((piece) => readPiece(withoutOpening(piece), clause));
  if (
    REMAINDER.test(clause) &&
    !/\b(?:rien|nothing|ne reste plus|reste(?:ns|nt)? (?:mobilise|disponible|a (?:votre|disposition)|joignable|vigilant))/.test(
      clause,
    )
  ) {
    return [reading('unfinished', CLEAR, clause)];
  }
  return found;
}

function readPiece(piece: string, clause: string): Reading[] {
  const match = WORD.exec(piece);
  if (match === null || SET_PHRASE.test(piece)) return [];
  const before = piece.slice(0, match.index);
  const after = piece.slice(match.index + match[0].length);
  if (isUnfinished(before, after, clause.slice(0, Math.max(0, clause.indexOf(match[0])))) || PARTIAL.test(clause)) {
    return [reading('unfinished', CLEAR, piece)];
  }
  const full = FULL.some((pattern) => pattern.test(piece)) && !NOMINAL.test(match[0] + after) && !SCOPE.test(after);
  if (full) return [reading('done', CLEAR, piece)];
  // «le recensement est terminé»: somebody has ended something, a person sees what.
  const idiom = match[0].startsWith('fait') && !/\b(?:est|sont|ete|avons|ai) /.test(before);
  return idiom ? [] : [reading('done', PERHAPS, piece)];
}

/** What stands around a participle says that it is denied, to come, or conditional. */
export const isUnfinished = (before: string, after: string, clauseBefore: string): boolean =>
  isNegated(before) ||
  /^ (?:pas|nothing|not)\b/.test(after) ||
  NOT_YET.test(before) ||
  LATER.test(after) ||
  CONDITION.test(clauseBefore);
