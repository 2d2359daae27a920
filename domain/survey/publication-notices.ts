import type { CampaignStatus } from './campaign.ts';
import { dayInWords } from '../wording.ts';
import type { SurveyCounts } from './rates.ts';
import type { ReusedCount } from './results.ts';

/** What is to be known of a territory before its figures are believed. */
export interface TerritoryStanding {
  readonly name: string;
  /** Received, of those that an agency validates, and not validated. */
  readonly notValidated: number;
  readonly accepted: boolean;
  /** Submissions that came after the acceptance. */
  readonly changedSince: number;
}

export interface PublicationStanding {
  readonly status: CampaignStatus;
  readonly published: boolean;
  /** Whether the nation accepts it: a survey of an agency is its own. */
  readonly national: boolean;
  /** False: the reader sees a part of it. */
  readonly whole: boolean;
  /** Of all that the reader sees: answers that were taken over from earlier ones; null: none. */
  readonly reused: ReusedCount | null;
  readonly total: SurveyCounts;
  readonly territories: readonly TerritoryStanding[];
}

const MOST_NAMES = 18;
const listed = (words: readonly string[]): string =>
  words.length > MOST_NAMES
    ? `${words.slice(0, MOST_NAMES).join(', ')} et ${words.length - MOST_NAMES} autre(s)`
    : words.join(', ');

/** What is not final, not validated, not accepted or missing, said plainly; empty where nothing is. */
export function publicationNotices(standing: PublicationStanding): readonly string[] {
  return [
    ...stateNotices(standing),
    ...partNotices(standing),
    ...missingNotices(standing),
    ...reusedNotices(standing),
    ...validationNotices(standing),
    ...acceptanceNotices(standing),
  ];
}

function stateNotices({ status, published }: PublicationStanding): readonly string[] {
  if (status === 'cancelled') return ['Enquête annulée\u00a0: ces chiffres n’engagent personne.'];
  if (published)
    return status === 'open'
      ? [
          'L’enquête a été rouverte après la publication\u00a0: des réponses arrivent, ces chiffres peuvent encore changer.',
        ]
      : [];
  return status === 'closed'
    ? ['Chiffres provisoires\u00a0: l’enquête est close, ses résultats ne sont pas encore publiés.']
    : ['Chiffres provisoires\u00a0: l’enquête n’est pas encore close, des réponses arrivent.'];
}

const partNotices = ({ whole }: PublicationStanding): readonly string[] =>
  whole ? [] : ['Vous lisez la part de votre territoire, pas celle de la nation.'];

function missingNotices({ total }: PublicationStanding): readonly string[] {
  const { late, expected } = total;
  if (late === 0) return [];
  const who = late === 1 ? '1 répondant' : `${late} répondants`;
  return [`${who} sur ${expected} sans réponse\u00a0: leurs chiffres manquent, ils ne valent pas zéro.`];
}

function reusedNotices({ reused }: PublicationStanding): readonly string[] {
  if (reused === null) return [];
  const { answers, oldest } = reused;
  const which = answers === 1 ? '1 valeur est reprise' : `${answers} valeurs sont reprises`;
  return [`${which} de réponses à d’autres enquêtes, la plus ancienne du ${dayInWords(oldest)}.`];
}

function validationNotices({ territories }: PublicationStanding): readonly string[] {
  const open = territories.filter(({ notValidated }) => notValidated > 0);
  if (open.length === 0) return [];
  const count = open.reduce((all, one) => all + one.notValidated, 0);
  const where = listed(open.map(({ name, notValidated }) => `${name} (${notValidated})`));
  const what = count === 1 ? '1 réponse reçue n’est pas validée' : `${count} réponses reçues ne sont pas validées`;
  return [`${what} par leur agence\u00a0: ${where}.`];
}

function acceptanceNotices({ national, status, territories }: PublicationStanding): readonly string[] {
  if (!national) return [];
  // Of one that is open nothing can be accepted yet; what was, before it was re-opened, may have changed.
  const over = status === 'closed' || status === 'ended';
  const missing = territories.filter(({ accepted }) => over && !accepted).map(({ name }) => name);
  const changed = territories.filter(({ accepted, changedSince }) => accepted && changedSince > 0);
  const none = missing.length === territories.length;
  return [
    ...(missing.length === 0
      ? []
      : [
          none
            ? 'Le niveau national n’a encore accepté les réponses d’aucun territoire.'
            : `Le niveau national n’a pas accepté les réponses de\u00a0: ${listed(missing)}.`,
        ]),
    ...(changed.length === 0
      ? []
      : [`Réponses corrigées après leur acceptation\u00a0: ${listed(changed.map(({ name }) => name))}.`]),
  ];
}
