import { canonicalJson } from '../canonical-json.ts';
import type { FieldError } from '../field-error.ts';
import { pointerTo } from '../input.ts';
import type { Instant } from '../instant.ts';
import { type AnswerValue, type AnswerValues, isNotConcerned } from './answer.ts';
import { readValue } from './answer-fields.ts';
import type { Form, Question } from './form.ts';
import { costsAFigure, isSameQuestion, loadOf } from './load.ts';
import type { PreparedForm } from './prepare.ts';

/** How old an answer may be to be offered, in days. */
export const REUSE_DAYS = { least: 1, most: 31 } as const;
/** How many values an answer may name as taken over. */
export const MOST_REUSED = 500;

/** Where a value was taken over from: who answers «12» on Friday out of Tuesday's answer says Tuesday's. */
export interface ReusedFrom {
  readonly survey: string;
  readonly title: string;
  /** Of the answer there. */
  readonly version: number;
  /** When that was submitted. */
  readonly answeredAt: Instant;
}

/** By the code of the question. */
export type Reused = Readonly<Record<string, ReusedFrom>>;

/** What the same respondent has submitted to another survey. */
export interface RecentAnswer extends ReusedFrom {
  readonly formId: string;
  readonly form: Form;
  readonly values: AnswerValues;
  readonly reused: Reused | null;
}

/** A value that may be taken over. */
export interface ReuseOffer {
  readonly question: string;
  readonly value: AnswerValue;
  readonly from: ReusedFrom;
}

/** The survey that is answered now. */
export interface Reusing {
  readonly formId: string;
  readonly form: PreparedForm;
  /** What was answered before is too old. */
  readonly since: Instant;
}

/**
 * What a respondent may take over, in the order of the form: of each question that is the same (as the guard of load has it) the
 * newest answer that still fits it. What was taken over there keeps its own date: a figure grows no younger by being passed on.
 */
export function offersOf({ formId, form, since }: Reusing, recent: readonly RecentAnswer[]): readonly ReuseOffer[] {
  return loadOf(form.form).flatMap((asked) => {
    const question = form.questions.get(asked.code);
    if (question === undefined) return [];
    const found = recent.flatMap((answer) => {
      const same = loadOf(answer.form).some((theirs) => isSameQuestion(asked, theirs, answer.formId === formId));
      const value = same ? fitting(question, at(answer.values, asked.code)) : null;
      if (value === null) return [];
      const { survey, title, version, answeredAt } = answer;
      const from = at(answer.reused ?? {}, asked.code) ?? { survey, title, version, answeredAt };
      return from.answeredAt < since ? [] : [{ question: asked.code, value, from }];
    });
    return found.toSorted((a, b) => b.from.answeredAt - a.from.answeredAt).slice(0, 1);
  });
}

/** What stands under a code, which may be the name of something that every object has. */
export const at = <T>(record: Readonly<Record<string, T>>, code: string): T | undefined =>
  Object.hasOwn(record, code) ? record[code] : undefined;

/** A value as the question has it now; null: none, wrong by now, or «non concerné», which everybody says anew. */
function fitting(question: Question, value: unknown): AnswerValue | null {
  if (isNotConcerned(value)) return null;
  const wrong: string[] = [];
  const read = readValue(question, value, '', (pointer) => void wrong.push(pointer));
  return wrong.length === 0 ? read : null;
}

/** What the writer of an answer says of it. */
export interface NamedReuse {
  /** Codes of the values that he took over. */
  readonly codes: readonly string[];
  /** False: they are those that stand in what he edits, by a way that says nothing of it (a file). */
  readonly said: boolean;
}

export interface ReuseContext {
  /** Null: the survey offers nothing. */
  readonly offers: readonly ReuseOffer[] | null;
  /** The version before. */
  readonly before: { readonly values: AnswerValues; readonly reused: Reused } | null;
}

export interface ReuseMarks {
  readonly marks: Reused;
  readonly problems: readonly FieldError[];
}

/**
 * Which values bear the mark of reuse: named by the writer, and equal to what is offered or to what the version before took over.
 * One that was changed is an answer of today, unmarked. One that is offered no more (too old by now, given back) is refused, for
 * it would pass as one of today: whoever confirms it leaves it out of the named.
 */
export function marksOf(
  { questions }: PreparedForm,
  values: AnswerValues,
  named: NamedReuse,
  { offers, before }: ReuseContext,
): ReuseMarks {
  if (offers === null && named.said && named.codes.length > 0)
    return { marks: {}, problems: [{ pointer: '/reused', code: 'notAllowed', message: NOT_OFFERED }] };
  const refusals = named.codes.map((code) => refusalOf(questions.get(code)));
  const problems: FieldError[] = refusals.flatMap((refusal, index) =>
    refusal === null ? [] : [{ pointer: pointerTo('reused', index), ...refusal }],
  );
  const known = new Set(named.codes.filter((_code, index) => refusals[index] === null));
  const marks = [...known].toSorted().flatMap((code): readonly (readonly [string, ReusedFrom])[] => {
    const [value, sources] = [at(values, code), sourcesOf(code, { offers, before })];
    const equal = sources.find((one) => canonicalJson(one.value) === canonicalJson(value));
    if (equal !== undefined) return [[code, equal.from]];
    if (value !== undefined && sources.length === 0 && named.said)
      problems.push({ pointer: pointerTo('values', code), code: 'notRecent', message: NOT_RECENT });
    return [];
  });
  return { marks: Object.fromEntries(marks), problems };
}

/** Why a question is none whose value can be taken over; null: it is one. */
function refusalOf(question: Question | undefined): Pick<FieldError, 'code' | 'message'> | null {
  if (question === undefined) return { code: 'unknown', message: UNKNOWN };
  return costsAFigure(question) ? null : { code: 'notAllowed', message: notTakenOver(question) };
}

interface Source {
  readonly value: AnswerValue | undefined;
  readonly from: ReusedFrom;
}

function sourcesOf(code: string, { offers, before }: ReuseContext): readonly Source[] {
  const marked = at(before?.reused ?? {}, code);
  return [
    ...(marked === undefined ? [] : [{ value: at(before?.values ?? {}, code), from: marked }]),
    ...(offers ?? []).filter(({ question }) => question === code),
  ];
}

const NOT_OFFERED = 'Cette enquête ne propose pas de reprendre des réponses.';
const UNKNOWN = 'Question inconnue de ce questionnaire.';
const notTakenOver = ({ label, type }: Question): string =>
  `« ${label} » ne se reprend pas\u00a0: ${type === 'computed' ? 'ce champ est calculé' : 'un texte s’écrit à chaque fois'}.`;
const NOT_RECENT =
  'La réponse reprise n’est plus assez récente, ou n’est plus là : vérifiez cette valeur, puis envoyez-la comme une réponse d’aujourd’hui.';
