import type { Content, Pages, TableCell } from './pdf-maker.ts';
import type { Situation } from '../../db/read-models/situation.ts';
import { durationInWords, inWords } from '../../domain/wording.ts';
import { stateWords } from '../pages/words.ts';
import { shortMoment } from './dates.ts';
import { GREY, heading, RED, sheet, table } from './sheet.ts';

export interface SituationMatter {
  readonly situation: Situation;
  readonly now: number;
  readonly by: string;
}

/** One page to have at hand when the network or the power is away: what is open, whom to ring, what falls due. */
export function situationPage({ situation, now, by }: SituationMatter): Pages {
  const made = inWords(now);
  return sheet({ title: 'Situation du CORRUSS', foot: `Établie le ${made}, par ${by}`, exercise: false }, [
    { text: 'Situation du CORRUSS', style: 'title' },
    { text: `${made.charAt(0).toUpperCase()}${made.slice(1)}`, fontSize: 11, margin: [0, 0, 0, 6] },
    figures(situation),
    heading('Instructions en cours'),
    instructions(situation),
    heading('À joindre par téléphone'),
    toCall(situation, now),
    heading('Prochaines échéances'),
    next(situation, now),
  ]);
}

const figures = ({ open, followUps, late, unreachable, tasks }: Situation): Content => ({
  columns: [
    figure(open, 'instruction(s) en cours'),
    figure(followUps, 'suivi(s) ouvert(s)'),
    figure(late, 'en retard', late > 0),
    figure(unreachable, 'injoignable(s)', unreachable > 0),
    figure(tasks, 'tâche(s) du bureau'),
  ],
});

const figure = (count: number, label: string, alarming = false): Content => ({
  stack: [
    { text: String(count), fontSize: 18, bold: true, ...(alarming ? { color: RED } : {}) },
    { text: label, color: GREY, fontSize: 8 },
  ],
});

const calm = (text: string): Content => ({ text, style: 'calm' });
const others = (shown: number, all: number): Content[] =>
  all > shown
    ? [{ text: `et ${all - shown} autre(s), non affichée(s) ici`, style: 'small', margin: [0, 2, 0, 0] }]
    : [];

/** Each row stays on one or two lines, whatever was written: the sheet is one page. */
const shortened = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text;
const late = (text: string, is: boolean): TableCell => (is ? { text, style: 'late' } : { text });

function instructions({ instructions: shown, open }: Situation): Content {
  if (shown.length === 0) return calm('Aucune instruction en cours.');
  const rows = shown.map((one): TableCell[] => [
    one.number.replace('MINSANTE ', ''),
    shortened(one.subject, 80),
    one.deadline === null ? '–' : shortMoment(one.deadline.getTime()),
    `${one.open} / ${one.recipients}`,
    late(String(one.late), one.late > 0),
    late(String(one.unreachable), one.unreachable > 0),
  ]);
  const head = ['Numéro', 'Objet', 'Échéance', 'Ouverts', 'Retard', 'Injoign.'];
  return { stack: [table([98, '*', 62, 40, 35, 38], head, rows), ...others(shown.length, open)], fontSize: 8 };
}

function toCall({ toCall: shown, late: lateOnes, unreachable }: Situation, now: number): Content {
  if (shown.length === 0) return calm('Personne n’est en retard ni injoignable.');
  const rows = shown.map((one): TableCell[] => [
    shortened(one.name, 44),
    one.number.replace('MINSANTE ', ''),
    late(stateWords({ ...one, late: false, closed: false }), one.state === 'unreachable'),
    one.deadline === null || one.deadline.getTime() > now ? '–' : durationInWords(now - one.deadline.getTime()),
    one.telephone === null ? 'aucun numéro' : spaced(one.telephone),
  ]);
  const head = ['Organisme', 'Instruction', 'État', 'Retard', 'Astreinte'];
  const all = Math.max(lateOnes, unreachable, shown.length);
  return { stack: [table(['*', 98, 80, 62, 82], head, rows), ...others(shown.length, all)], fontSize: 8 };
}

/** `+33 6 39 98 00 94`: read aloud and dialled. */
const spaced = (telephone: string): string =>
  telephone.replace(/^(\+33|\+\d{3})(\d)((?:\d\d)+)$/, (_all, country: string, first: string, rest: string) =>
    [country, first, ...(rest.match(/\d\d/g) ?? [])].join(' '),
  );

function next({ next: shown }: Situation, now: number): Content {
  if (shown.length === 0) return calm('Aucune échéance à venir.');
  const rows = shown.map((one): TableCell[] => [
    shortMoment(one.deadline.getTime()),
    `dans ${durationInWords(Math.max(0, one.deadline.getTime() - now))}`,
    one.number,
    `${one.open} suivi(s) ouvert(s)`,
  ]);
  return table([70, 110, '*', 110], ['Échéance', '', 'Instruction', ''], rows);
}
