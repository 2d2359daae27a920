import { CORRUSS } from '../../domain/organisation.ts';
import type { LateSite, SurveySubjectMatter } from '../../domain/survey/subject-matter.ts';
import { momentThere, NBSP } from '../french.ts';
import type { Block, Letter } from './blocks.ts';

/** What the list of an agency's late establishments is made of. */
export interface LateListMatter extends SurveySubjectMatter {
  readonly lastCall: boolean;
  /** The agency. */
  readonly recipient: string;
  readonly timeZone: string;
  /** By department, then by name. */
  readonly late: readonly LateSite[];
}

const count = (n: number): string => `${n}${NBSP}établissement${n > 1 ? 's' : ''}`;

/** One mail to an agency instead of one for each of its establishments. */
export function lateListLetter(matter: LateListMatter): Letter {
  const { late, lastCall, title, exercise, author, authorName, closesAt, timeZone } = matter;
  const owing = `${count(late.length)} sans réponse`;
  const nature = lastCall ? 'ENQUÊTE – DERNIER RAPPEL, LISTE' : 'ENQUÊTE – RAPPEL, LISTE';
  return {
    subject: `${exercise ? 'EXERCICE – ' : ''}${nature}${NBSP}: ${title}`,
    preheader: `${owing}, réponses attendues avant ${momentThere(closesAt, timeZone)}`,
    reference: author === CORRUSS ? 'CORRUSS' : authorName,
    nature,
    exercise,
    heading: `${owing}${NBSP}: ${title}`,
    blocks: [
      {
        kind: 'facts',
        rows: [
          ['Émetteur', authorName],
          ['Région', matter.recipient],
          ['Sans réponse', count(late.length)],
          ['À rendre avant', momentThere(closesAt, timeZone)],
        ],
      },
      ...unreached(late),
      ...lists(late),
      ...whatToDo(matter),
    ],
    footer: [
      `Chacun d’eux vient d’être relancé à son point d’entrée alerte, quand il en a un. Ceux qui ont répondu n’y sont pas.`,
      'Message automatique de Vigie.',
    ],
  };
}

function unreached(late: readonly LateSite[]): Block[] {
  const n = late.filter(({ contact }) => contact !== 'ok').length;
  if (n === 0) return [];
  const text =
    n === 1
      ? `Un établissement n’est pas joint par courriel${NBSP}: son contact est à donner ou à corriger.`
      : `${count(n)} ne sont pas joints par courriel${NBSP}: leur contact est à donner ou à corriger.`;
  return [{ kind: 'callout', tone: 'alert', text }];
}

const lists = (late: readonly LateSite[]): Block[] =>
  [...Map.groupBy(late, ({ department }) => department)].map(([department, sites]) => ({
    kind: 'list',
    title: `Département ${department.slice(1)} (${sites.length})`,
    items: sites.map(line),
  }));

function line({ site, name, address, contact, contactName, phone, returned }: LateSite): string {
  const mail = address ?? 'aucun contact';
  const wrong = contact === 'toCorrect' ? ' (contact à corriger)' : '';
  const known = [contactName, `${mail}${wrong}`, phone].filter((one) => one !== null && one !== '');
  return `${name} (${site})${returned ? ', réponse renvoyée' : ''}${NBSP}: ${known.join(', ')}`;
}

const whatToDo = ({ survey }: LateListMatter): Block[] => [
  {
    kind: 'list',
    title: 'Ce que vous pouvez faire dans Vigie',
    items: [
      `relancer vos établissements en retard, tous ou certains, une fois par heure au plus${NBSP}: POST /v1/surveys/${survey}/remind`,
      `répondre pour un établissement, par téléphone par exemple${NBSP}: PUT /v1/surveys/${survey}/answers/SITE-…`,
      `donner ou corriger un contact${NBSP}: PUT /v1/organisations/SITE-…/contacts, l’invitation repart aussitôt à lui seul`,
    ],
  },
];
