import type { FactKind } from '../changes.ts';
import { isObject } from '../input.ts';
import { by, count, date, type Line, quoted, type Telling, text } from '../timeline-telling.ts';

import { THRESHOLD_LINES } from './threshold-lines.ts';

type SurveyFact = Exclude<Extract<FactKind, `survey${string}`>, `surveyForm${string}` | `surveySeries${string}`>;

const received = ({ data }: Telling): string => `${count(data['received'])} réponse(s) sur ${count(data['expected'])}`;
const until = ({ data, timeZone }: Telling): string => date(data['closesAt'], timeZone);

const reuseWords = ({ withinDays }: Readonly<Record<string, unknown>>): string =>
  `réponses de moins de ${count(withinDays)} jour(s) à reprendre`;

/** Until when one answer alone is taken. */
const again = ({ data, timeZone }: Telling): string =>
  typeof data['until'] === 'number' ? `, attendue avant le ${date(data['until'], timeZone)}` : '';

/** Who owed an answer and was written to. */
function toldTo({ data }: Telling): string {
  const { mails } = data;
  if (typeof mails !== 'number' || mails === 0) return '';
  return mails === 1 ? ', un répondant prévenu' : `, ${mails} répondants prévenus`;
}

/** Reminders that the new closing has overtaken. */
function leftOut({ data, timeZone }: Telling): string {
  const { overtaken } = data;
  if (!Array.isArray(overtaken) || overtaken.length === 0) return '';
  const when = overtaken.map((at) => date(at, timeZone)).join(', ');
  return `\u00a0; ne part${overtaken.length > 1 ? 'ent' : ''} plus\u00a0: relance${overtaken.length > 1 ? 's' : ''} du ${when}`;
}

function howOf(door: unknown, sub: string): string {
  if (door === 'link') return 'par son lien';
  if (door === 'mail') return `par un fichier joint à un ${sub}`;
  return door === 'file' ? `par un fichier, ${sub}` : `par ${sub}`;
}

/** How the facts of a survey are told. */
export const SURVEY_LINES: Readonly<Record<SurveyFact, Line>> = {
  surveyDrafted: (telling) => {
    const { reuse } = telling.data;
    return `enquête rédigée ${by(telling)}${quoted(telling.data['title'])}${isObject(reuse) ? `, ${reuseWords(reuse)}` : ''}`;
  },
  surveyReuseOffered: (telling) => `enquête ouverte ${by(telling)}, ${reuseWords(telling.data)}`,
  surveyScheduled: (telling) =>
    `enquête programmée ${by(telling)}, ${count(telling.data['respondents'])} répondant(s), ouverture ${date(telling.data['opensAt'], telling.timeZone)}`,
  surveyOpened: (telling) => {
    const missing = telling.data['withoutAddress'];
    const rest = typeof missing === 'number' && missing > 0 ? `, ${missing} sans adresse` : '';
    return `enquête ouverte, ${count(telling.data['invited'])} invitation(s)${rest}, clôture ${until(telling)}`;
  },
  surveyReminded: (telling) => {
    const { data } = telling;
    const call = data['lastCall'] === true ? 'dernier appel' : 'relance';
    const hand = data['byHand'] === true ? ` ${by(telling)}` : '';
    const lists =
      typeof data['agencies'] === 'number' && data['agencies'] > 0 ? `, liste à ${data['agencies']} ARS` : '';
    return `${call}${hand} à ${count(data['mails'])} répondant(s) sans réponse${lists} (${received(telling)})`;
  },
  surveyMailReturned: ({ data }) =>
    `courriel à ${text(data['name'])} non distribué (${text(data['address'])})${quoted(data['diagnostic'])}`,
  surveyContactCorrected: (telling) => {
    const { data } = telling;
    const name = text(data['name']);
    const whose =
      name === '' ? `contact de ${count(data['respondents'])} répondants corrigé` : `contact de ${name} corrigé`;
    const letters =
      typeof data['letters'] === 'number' ? `, ${data['letters']} lettre(s) de correction renvoyée(s)` : '';
    const hand = data['byHand'] === true ? ` ${by(telling)}` : '';
    return `${whose}${hand}, ${count(data['resent'])} invitation(s) renvoyée(s)${letters}`;
  },
  surveyAnswered: (telling) => {
    const { data, fact, who } = telling;
    const name = text(data['name']) || who;
    const how = howOf(data['door'], fact.actor.sub);
    const behalf = data['onBehalf'] === true ? `, saisie pour son compte (${fact.actor.organisation})` : '';
    const reused = Array.isArray(data['reused']) ? `, ${data['reused'].length} valeur(s) reprise(s)` : '';
    const number = data['number'];
    return typeof number === 'number' && number > 1
      ? `réponse de ${name} corrigée ${how}${behalf} (version ${number})${reused}`
      : `réponse de ${name} ${how}${behalf}${reused}`;
  },
  surveyFileRefused: ({ data, who }) => {
    const errors = count(data['errors']);
    return `fichier reçu par courriel de ${text(data['name']) || who}, non pris (${errors} erreur(s)), qui en est averti`;
  },
  surveyComplete: (telling) => `toutes les réponses sont là (${received(telling)})`,
  surveyMoved: (telling) => {
    const before = telling.data['from'];
    const was = typeof before === 'number' ? ` (auparavant ${date(before, telling.timeZone)})` : '';
    return `clôture de l’enquête portée au ${until(telling)}${was} ${by(telling)}${quoted(telling.data['reason'])}${toldTo(telling)}${leftOut(telling)}`;
  },
  surveyClosed: (telling) => {
    const { data } = telling;
    const early = data['early'] === true ? ` avant son terme ${by(telling)}${quoted(data['reason'])}` : '';
    return `enquête close${early}\u00a0: ${received(telling)}, dont ${count(data['onTime'])} dans les délais`;
  },
  surveyReopened: (telling) =>
    `enquête rouverte ${by(telling)} jusqu’au ${until(telling)}${quoted(telling.data['reason'])}`,
  surveyCancelled: (telling) => `enquête annulée ${by(telling)}${quoted(telling.data['reason'])}`,
  surveyValidationEnded: () => 'terme de la validation par les agences',
  surveyValidated: (telling) => {
    const { answers, name, number } = telling.data;
    const which =
      typeof name === 'string'
        ? `réponse de ${name} validée (version ${count(number)})`
        : `${count(answers)} réponses validées`;
    return `${which} ${by(telling)}`;
  },
  surveyReturned: (telling) =>
    `réponse de ${text(telling.data['name'])} renvoyée ${by(telling)}${again(telling)}${quoted(telling.data['reason'])}`,
  surveyUnlocked: (telling) =>
    `réponse de ${text(telling.data['name'])} rouverte seule ${by(telling)}${again(telling)}${quoted(telling.data['reason'])}`,
  surveyAccepted: (telling) => {
    const { territories, notValidated, late, comment } = telling.data;
    const where = Array.isArray(territories) ? territories.join(', ') : '';
    return `réponses acceptées ${by(telling)} (${where})\u00a0: ${received(telling)}, ${count(notValidated)} non validée(s), ${count(late)} manquante(s)${quoted(comment)}`;
  },
  surveyPublished: ({ data }) =>
    `chiffres de l’enquête publiés\u00a0: ${data['accepted'] === true ? 'tous les territoires sont acceptés' : 'plus rien ne peut changer'}`,
  surveyLoadAccepted: (telling) => {
    const { overloaded, most, askedAgain, reason } = telling.data;
    const much =
      overloaded === 0
        ? []
        : [`${count(overloaded)} répondant(s) à plus de 3 enquêtes en 7 jours (jusqu’à ${count(most)})`];
    const again = askedAgain === 0 ? [] : [`${count(askedAgain)} à qui une question est reposée`];
    const why = text(reason) === '' ? ', sans motif donné par la série' : quoted(reason);
    return `enquête ouverte ${by(telling)} malgré la charge (${[...much, ...again].join(', ')})${why}`;
  },
  ...THRESHOLD_LINES,
  surveyEnded: () => 'enquête terminée\u00a0: plus aucune réponse n’est possible',
};
