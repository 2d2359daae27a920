import type { FieldError } from '../field-error.ts';
import { CORRUSS } from '../organisation.ts';
import { isBlank, isOneLine } from '../text.ts';
import { aggregatesOf, type AggregateRule } from './aggregate.ts';
import { type Form, questionsOf } from './form.ts';
import type { SurveyDraft } from './survey-draft.ts';
import { type Threshold, type ThresholdLevel, watchedFigure } from './threshold.ts';

type Asking = Pick<SurveyDraft, 'author' | 'audience' | 'thresholds'>;

const LEVEL_WORDS: Readonly<Record<ThresholdLevel, string>> = {
  site: 'chaque répondant',
  department: 'le département',
  ars: 'l’ARS',
  zone: 'la zone',
  nation: 'la nation',
};

/** All that is wrong with the thresholds of a survey that is asked by this form. */
export function thresholdErrors({ thresholds = [], ...asking }: Asking, form: Form): readonly FieldError[] {
  const rules = aggregatesOf(form);
  return thresholds.flatMap((threshold, index) => {
    const errors = [
      ...questionErrors(threshold, rules, form),
      ...levelErrors(threshold, asking),
      ...labelErrors(threshold),
      ...(thresholds.findIndex((other) => isSame(other, threshold)) === index
        ? []
        : [{ pointer: '', code: 'duplicate', message: 'Ce seuil y est déjà.' }]),
    ];
    return errors.map((error) => ({ ...error, pointer: `/thresholds/${index}${error.pointer}` }));
  });
}

const isSame = (one: Threshold, other: Threshold): boolean =>
  one.question === other.question &&
  one.level === other.level &&
  one.comparison === other.comparison &&
  one.value === other.value;

function questionErrors({ question }: Threshold, rules: readonly AggregateRule[], form: Form): readonly FieldError[] {
  const fail = (code: string, message: string): readonly FieldError[] => [{ pointer: '/question', code, message }];
  const found = watchedFigure(rules, question);
  if (found === undefined) {
    const asked = questionsOf(form).some(({ code }) => code === question.split('.')[0]);
    return asked
      ? fail(
          'unknown',
          'Cette question n’a pas de chiffre consolidé de ce nom\u00a0: voyez les résultats du questionnaire.',
        )
      : fail('unknown', 'Ce questionnaire ne pose pas cette question.');
  }
  const { rule, choice } = found;
  if (rule.kind === 'countByChoice' && choice === null) {
    const choices = rule.choices.map((one) => `${question}.${one}`).join(', ');
    return fail('notNumeric', `Nommez le choix à surveiller\u00a0: ${choices}.`);
  }
  if (rule.kind === 'earliest' || rule.kind === 'latest')
    return fail('notNumeric', 'Un seuil porte sur un nombre\u00a0: cette question demande une date.');
  return [];
}

function levelErrors({ level, then }: Threshold, asking: Omit<Asking, 'thresholds'>): readonly FieldError[] {
  const levels = levelsOf(asking);
  const errors: FieldError[] = [];
  if (!levels.includes(level)) {
    const words = levels.map((one) => `${one} (${LEVEL_WORDS[one]})`).join(', ');
    errors.push({ pointer: '/level', code: 'impossible', message: `Pour cette enquête\u00a0: ${words}.` });
  }
  if (then === 'draftInstruction' && (asking.author !== CORRUSS || 'respondents' in asking.audience)) {
    const message = 'Seul le CORRUSS prépare une instruction, et pour des agences\u00a0: demandez une alerte (alert).';
    errors.push({ pointer: '/then', code: 'notAllowed', message });
  }
  return errors;
}

/** Levels at which a survey has figures: what an agency asks its region says nothing of the nation. */
function levelsOf({ author, audience }: Omit<Asking, 'thresholds'>): readonly ThresholdLevel[] {
  const national = author === CORRUSS;
  if ('ars' in audience) return ['ars', 'zone', 'nation'];
  if ('respondents' in audience) return national ? ['site', 'nation'] : ['site', 'ars'];
  return national ? ['site', 'department', 'ars', 'zone', 'nation'] : ['site', 'department', 'ars'];
}

function labelErrors({ label, value }: Threshold): readonly FieldError[] {
  const wrong = isBlank(label) || !isOneLine(label);
  return [
    ...(wrong
      ? [{ pointer: '/label', code: 'format', message: 'Le libellé tient sur une ligne et n’est pas vide.' }]
      : []),
    ...(Number.isFinite(value) ? [] : [{ pointer: '/value', code: 'format', message: 'Un nombre est attendu.' }]),
  ];
}
