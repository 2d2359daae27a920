import type { Span } from '../../domain/business-time-spans.ts';
import { gapInWords } from '../../domain/duty-words.ts';
import { handOverSummary, type HandOverFacts } from '../../domain/duty-summary.ts';
import { CORRUSS } from '../../domain/organisation.ts';
import { capital, moment, momentThere, named, NBSP, ofNamed } from '../french.ts';
import type { Block, Letter } from './blocks.ts';

const FOOTER = ['Message automatique de Vigie, envoyé par le CORRUSS.'];

/** Whose roster it is. */
export interface DutyPlace {
  readonly organisation: string;
  readonly name: string;
  readonly timeZone: string;
}

const whose = ({ organisation, name }: DutyPlace): string => (organisation === CORRUSS ? 'du CORRUSS' : ofNamed(name));
const who = ({ organisation, name }: DutyPlace): string => (organisation === CORRUSS ? 'le CORRUSS' : named(name));

const dutyLetter = (own: Pick<Letter, 'subject' | 'preheader' | 'heading' | 'blocks' | 'footer'>): Letter => ({
  reference: 'CORRUSS',
  nature: 'ASTREINTE',
  exercise: false,
  ...own,
});

/** Nobody will be on duty: to the organisation, or to the desk when the gap is still there the day before. */
export function gapLetter(
  place: DutyPlace,
  gap: Span,
  { toDesk, horizon }: { toDesk: boolean; horizon: number },
): Letter {
  const words = unbroken(gapInWords(gap, horizon, place.timeZone));
  const advice = toDesk
    ? `Ce trou du tableau d’astreinte ${whose(place)} lui a été signalé et n’est pas comblé. Pendant ce temps, la relance destinée à la personne d’astreinte est passée et le contact suivant est prévenu à sa place.`
    : `Complétez le tableau d’astreinte ${whose(place)} (rotation ou remplacement). À défaut, la relance destinée à la personne d’astreinte sera passée et le contact suivant sera prévenu à sa place.`;
  return dutyLetter({
    subject: `ASTREINTE – TROU À VENIR${NBSP}: ${place.organisation === CORRUSS ? 'CORRUSS' : place.name} – ${moment(gap.from, place.timeZone)}`,
    preheader: words,
    heading: `${capital(who(place))} n’aura personne d’astreinte`,
    blocks: [
      { kind: 'callout', tone: 'alert', text: words },
      {
        kind: 'facts',
        rows: [
          ['Début', momentThere(gap.from, place.timeZone)],
          ['Fin', gap.to < horizon ? momentThere(gap.to, place.timeZone) : 'non connue'],
        ],
      },
      { kind: 'paragraph', text: advice },
    ],
    footer: FOOTER,
  });
}

export interface HandOverMatter {
  readonly facts: Omit<HandOverFacts, 'timeZone'>;
  /** Layers that the person takes over. */
  readonly layers: readonly string[];
  readonly until: number;
  readonly leaving: readonly string[];
  readonly tasks: readonly { readonly kind: string; readonly count: number }[];
  /** The box of the organisation reads it for this person, whose address the roster does not hold. */
  readonly passedOnTo: string | null;
}

/** To whoever comes on duty: what is open, late, promised, and what waits for a person. */
export function handOverLetter(
  place: DutyPlace,
  { facts, layers, until, leaving, tasks, passedOnTo }: HandOverMatter,
): Letter {
  const [, period = '', ...lines] = handOverSummary({ ...facts, timeZone: place.timeZone }).map(unbroken);
  const { open, late, promised } = facts;
  return dutyLetter({
    subject: `ASTREINTE – RELÈVE ${place.organisation === CORRUSS ? 'CORRUSS' : place.name}${NBSP}: ${open.length} en cours, ${late.length} en retard`,
    preheader: `${open.length} en cours, ${late.length} en retard, ${promised.length} à suivre`,
    heading:
      passedOnTo === null
        ? `Vous prenez l’astreinte ${whose(place)}`
        : `${passedOnTo} prend l’astreinte ${whose(place)}`,
    blocks: [
      ...passedOn(passedOnTo),
      {
        kind: 'facts',
        rows: [
          ['Niveau', layers.join(', ')],
          ['Début', momentThere(facts.at, place.timeZone)],
          ['Fin', momentThere(until, place.timeZone)],
          ...(leaving.length === 0
            ? []
            : [[passedOnTo === null ? 'Vous relevez' : 'Prend la suite de', leaving.join(', ')] as const]),
        ],
      },
      ...(leaving.length === 0 ? [] : [{ kind: 'paragraph', text: period } as const]),
      ...asBlocks(lines),
      ...taskBlocks(place, tasks),
    ],
    footer: FOOTER,
  });
}

const passedOn = (person: string | null): Block[] =>
  person === null
    ? []
    : [
        {
          kind: 'callout',
          tone: 'alert',
          text: `Le tableau d’astreinte ne donne pas d’adresse de courriel pour ${person}${NBSP}: transmettez-lui ce résumé, et complétez le tableau.`,
        },
      ];

/** A heading with its lines becomes a list, a heading without any a paragraph. */
function asBlocks(lines: readonly string[]): Block[] {
  const blocks: { title: string; items: string[] }[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (line.startsWith('– ') && last !== undefined) last.items.push(line.slice(2));
    else blocks.push({ title: line, items: [] });
  }
  return blocks.map(({ title, items }) =>
    items.length === 0
      ? { kind: 'paragraph', text: title }
      : { kind: 'list', title: capital(title.replace(/[\u00a0 ]:$/, '')), items },
  );
}

const TASK_WORDS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  refused: ['refus à traiter', 'refus à traiter'],
  unreachable: ['ARS injoignable', 'ARS injoignables'],
  acceptance: ['réalisation à accepter', 'réalisations à accepter'],
  call: ['appel à passer', 'appels à passer'],
  mail: ['courriel à lire', 'courriels à lire'],
  support: ['demande de soutien', 'demandes de soutien'],
  contact: ['contact à corriger', 'contacts à corriger'],
  signalToAcknowledge: ['signal précoce sans accusé de réception', 'signaux précoces sans accusé de réception'],
  signalLate: ['signal précoce en retard', 'signaux précoces en retard'],
  signalToClose: ['signal précoce à clore', 'signaux précoces à clore'],
  notice: ['avis d’astreinte non remis', 'avis d’astreinte non remis'],
};

function taskBlocks({ organisation }: DutyPlace, tasks: HandOverMatter['tasks']): Block[] {
  if (organisation !== CORRUSS) return [];
  if (tasks.length === 0) return [{ kind: 'paragraph', text: 'Aucune tâche en attente.' }];
  const items = tasks.map(({ kind, count }) => {
    const [one, many] = TASK_WORDS[kind] ?? ['autre tâche', 'autres tâches'];
    return `${count}${NBSP}${count > 1 ? many : one}`;
  });
  const total = tasks.reduce((sum, { count }) => sum + count, 0);
  return [{ kind: 'list', title: total > 1 ? `${total}${NBSP}tâches en attente` : `1${NBSP}tâche en attente`, items }];
}

/** The typography of mails: no line breaks before `:` or `»`, inside a date, or after «. */
const unbroken = (words: string): string =>
  words
    .replace(/ (?=[:;»])/g, NBSP)
    .replace(/« /g, `«${NBSP}`)
    .replace(
      /(?<=\d) (?=h\b|min\b|jours?\b|s\b|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)/g,
      NBSP,
    )
    .replace(/(?<=\bh) (?=\d)/g, NBSP);
