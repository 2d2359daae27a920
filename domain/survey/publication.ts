import type { FieldError } from '../field-error.ts';
import { pointerTo } from '../input.ts';
import { parseTruth } from './expression.ts';
import { questionsOf, type Form, type Rule } from './form.ts';
import { rangesOf, rowScope, scopeOf, type Scope } from './scope.ts';
import { impossibility } from './satisfiable.ts';

/** What a form owes to be published beyond being right: something to ask, rules that can hold, computed fields that can have a value. */
export function publicationProblems(form: Form): readonly FieldError[] {
  const questions = questionsOf(form);
  const scope = scopeOf(questions);
  const asked = questions.some(({ type }) => type !== 'computed');
  const nothing = { pointer: '/sections', code: 'empty', message: 'Un questionnaire pose au moins une question.' };
  const inSections = form.sections.flatMap((section, index) => {
    const pointer = pointerTo('sections', index);
    const empty = { pointer: `${pointer}/questions`, code: 'empty', message: 'Une section a au moins une question.' };
    return section.questions.length === 0 ? [empty] : sectionProblems(form, index, scope);
  });
  return [...(asked ? [] : [nothing]), ...inSections, ...ruleProblems('', form.rules ?? [], scope)];
}

function sectionProblems(form: Form, section: number, scope: Scope): readonly FieldError[] {
  const ranges = rangesOf(scope);
  return (form.sections[section]?.questions ?? []).flatMap((question, index) => {
    const pointer = pointerTo('sections', section, 'questions', index);
    if (question.type === 'table') {
      return ruleProblems(pointer, question.rules ?? [], rowScope(question.code, question.columns));
    }
    if (question.type !== 'computed' || ranges(question.code) !== null) return [];
    const message =
      'Ce champ n’aura jamais de valeur : il divise par ce qui vaut toujours zéro, ou dépasse toute limite.';
    return [{ pointer: `${pointer}/formula`, code: 'neverComputed', message }];
  });
}

function ruleProblems(pointer: string, rules: readonly Rule[], scope: Scope): readonly FieldError[] {
  const ranges = rangesOf(scope);
  return rules.flatMap(({ formula }, index) => {
    const parsed = parseTruth(formula);
    const why = 'expression' in parsed ? impossibility(parsed.expression, ranges) : null;
    if (why === null) return [];
    const message = `Cette règle ne peut jamais être respectée : ${why}.`;
    return [{ pointer: pointer + pointerTo('rules', index, 'formula'), code: 'impossible', message }];
  });
}
