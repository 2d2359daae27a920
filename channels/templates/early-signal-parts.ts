import { MACHINE } from '../../domain/actor.ts';
import type { AwaitedOfArs, EarlySignal, SignalWords } from '../../domain/early-signal.ts';
import type { Instant } from '../../domain/instant.ts';
import { parseRfc3339 } from '../../domain/rfc3339.ts';
import { momentThere } from '../french.ts';
import type { Block } from './blocks.ts';

/** What the mails of a signal tell: the signal as its turn leaves it, and the words of its entries. */
export interface SignalLetterMatter {
  readonly signal: EarlySignal;
  readonly reference: string;
  /** One line. */
  readonly subject: string;
  readonly organisationName: string;
  readonly timeZone: string;
  readonly raisedBy: string;
  readonly early: SignalWords['early'];
  readonly entries: ReadonlyMap<string, { readonly content: object; readonly by: string }>;
  readonly now: Instant;
}

export function earlyBlocks(matter: SignalLetterMatter): Block[] {
  const { what, assessment } = matter.early;
  return [...summary(matter), ...quote('Fait signalé', what), ...quote('Première évaluation', assessment)];
}

/** Where and when, the same in every mail. */
export function summary(matter: SignalLetterMatter): Block[] {
  const { early, signal, timeZone, organisationName, subject, raisedBy } = matter;
  const known = parseRfc3339(early.knownAt);
  const when = (at: Instant): string => momentThere(at, timeZone);
  const rows: [string, string][] = [
    ['Objet', subject],
    ['Agence', organisationName],
    ['Lieu', early.where],
    ...(known === null ? [] : [['Connu de l’agence', when(known)] as [string, string]]),
    ['Signal levé', `${when(signal.raisedAt)}, par ${raisedBy}`],
  ];
  return [{ kind: 'facts', rows }];
}

export const quote = (title: string, text: string | undefined): Block[] =>
  text === undefined || text.trim() === '' ? [] : [{ kind: 'quote', title, text }];

export const questionOf = (matter: SignalLetterMatter, { question }: AwaitedOfArs): Block[] =>
  quote('Précisions demandées', wordsOf<'question'>(matter, question).question);

/** An entry's words; empty where there is none, so that a mail always leaves. */
export const wordsOf = <Kind extends keyof SignalWords>(
  { entries }: SignalLetterMatter,
  entry: string | null | undefined,
): Partial<SignalWords[Kind]> => entries.get(entry ?? '')?.content ?? {};

export const nameOf = ({ entries }: SignalLetterMatter, entry: string | undefined): string =>
  entries.get(entry ?? '')?.by ?? 'une personne non nommée';

export const owedOf = ({ signal, now }: SignalLetterMatter, number: number): AwaitedOfArs =>
  signal.awaited.find((one) => one.number === number) ?? {
    number,
    question: null,
    askedAt: now,
    askedBy: MACHINE,
    dueAt: now,
    remindAt: null,
    late: false,
    answer: null,
  };
