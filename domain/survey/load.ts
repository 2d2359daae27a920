import { DAY, type Instant, type Millis } from '../instant.ts';
import { isBlank } from '../text.ts';
import { inWords } from '../wording.ts';
import { type Form, type Question, questionsOf } from './form.ts';

/** One respondent is asked no more surveys than that within the window without a reason. */
export const MOST_SURVEYS = 3;
export const LOAD_WINDOW: Millis = 7 * DAY;
/** The same question is not asked again within it without a reason. */
export const QUESTION_WINDOW: Millis = 7 * DAY;

/** What makes a question the same in another survey: form and code, or code, label and unit. */
export interface AskedQuestion {
  readonly code: string;
  readonly label: string;
  readonly unit: string | null;
}

/** The questions of a form that cost their respondent a figure: what is computed or said freely is no load of its own. */
export const loadOf = (form: Form): readonly AskedQuestion[] =>
  questionsOf(form)
    .filter(costsAFigure)
    .map((question) => {
      const { code, label } = question;
      return { code, label, unit: ('unit' in question ? question.unit : undefined) ?? null };
    });

export const costsAFigure = ({ type }: Question): boolean => type !== 'computed' && type !== 'text';

/** Whether two forms ask the same; `db/survey-load.ts` says it in SQL. */
export const isSameQuestion = (mine: AskedQuestion, theirs: AskedQuestion, sameForm: boolean): boolean =>
  mine.code === theirs.code && (sameForm || (mine.label === theirs.label && mine.unit === theirs.unit));

/** Another survey that asks some of the same respondents about the same time. */
export interface OtherSurvey {
  readonly id: string;
  readonly title: string;
  readonly author: string;
  readonly authorName: string;
  readonly opensAt: Instant;
  /** How many respondents it shares with this one. */
  readonly respondents: number;
  /** Labels of the questions that both ask, within the window of questions. */
  readonly questions: readonly string[];
}

/** What opening a survey asks of those who are asked already. */
export interface SurveyLoad {
  /** Respondents that would be asked more than `MOST_SURVEYS` within `LOAD_WINDOW`. */
  readonly overloaded: number;
  /** The most surveys that one of them would be asked, this one included. */
  readonly most: number;
  /** Names of the most loaded, the first of them. */
  readonly examples: readonly string[];
  /** Respondents that would be asked a question again within `QUESTION_WINDOW`. */
  readonly askedAgain: number;
  readonly surveys: readonly OtherSurvey[];
}

/** What a survey was opened in spite of, as it stands with it. */
export interface AcceptedLoad extends Pick<SurveyLoad, 'overloaded' | 'most' | 'askedAgain'> {
  /** Null: it opened by a series that gave none. */
  readonly reason: string | null;
  /** Ids of the others. */
  readonly surveys: string[];
}

export const isTooMuch = ({ overloaded, askedAgain }: SurveyLoad): boolean => overloaded > 0 || askedAgain > 0;

/** Whether offering recent answers for reuse is enough: all that is too much are questions that others ask before this one opens. */
export const isReusable = ({ overloaded, askedAgain, surveys }: SurveyLoad, opensAt: Instant): boolean =>
  overloaded === 0 &&
  askedAgain > 0 &&
  surveys.every((other) => other.questions.length === 0 || other.opensAt <= opensAt);

/** True when a reason can be read. */
export const isReason = (reason: string | undefined): reason is string => reason !== undefined && !isBlank(reason);

const several = (n: number, one: string): string => `${n}\u00a0${one}${n > 1 ? 's' : ''}`;

const MOST_SHOWN = 5;

/** Why a survey is not opened without a reason: how many, by which surveys, examples, and whether `reuse` is enough. */
export function loadInWords(load: SurveyLoad, { reusable }: { readonly reusable: boolean }): string {
  const shown = load.surveys.slice(0, MOST_SHOWN).map(({ title, authorName, opensAt, questions }) => {
    const same = questions.length === 0 ? '' : `, mêmes questions\u00a0: ${listed(questions)}`;
    return `«\u00a0${title}\u00a0» (${authorName}, ${inWords(opensAt)}${same})`;
  });
  const more = load.surveys.length - shown.length;
  return [
    ...(load.overloaded > 0 ? [overloadInWords(load)] : []),
    ...(load.askedAgain > 0
      ? [
          `${several(load.askedAgain, 'répondant')} ${load.askedAgain > 1 ? 'auraient' : 'aurait'} déjà une même question à moins de 7 jours.`,
        ]
      : []),
    ...(shown.length === 0
      ? []
      : [`Autres enquêtes\u00a0: ${shown.join(' ; ')}${more > 0 ? ` ; et ${more} de plus` : ''}.`]),
    reusable
      ? 'Indiquez pourquoi il faut ouvrir quand même (loadReason), ou proposez aux répondants de reprendre leurs réponses récentes (reuse).'
      : 'Indiquez pourquoi il faut ouvrir quand même (loadReason).',
  ].join(' ');
}

function overloadInWords({ overloaded, most, examples }: SurveyLoad): string {
  const names = examples.length === 0 ? '' : ` (par exemple ${examples.join(', ')})`;
  const verb = overloaded > 1 ? 'recevraient' : 'recevrait';
  return `${several(overloaded, 'répondant')} ${verb} plus de ${MOST_SURVEYS} enquêtes en 7 jours, jusqu’à ${most}${names}.`;
}

function listed(labels: readonly string[]): string {
  const shown = labels.slice(0, 3).join(', ');
  return labels.length > 3 ? `${shown}…` : shown;
}
