import { isNotConcerned } from '../../domain/survey/answer.ts';
import { exact, inFrenchDigits } from '../../domain/survey/exact.ts';
import { isNumberQuestion, type Question } from '../../domain/survey/form.ts';
import { html, type Html } from './html.ts';
import { unitOf } from './survey-limits.ts';

/** A stored value as its respondent reads it: with labels, units and the decimal comma. */
export function shownValue(question: Question, value: unknown): string | Html {
  if (value === undefined) return 'sans réponse';
  if (isNotConcerned(value)) return `non concerné : ${value.notConcerned}`;
  if (question.type === 'table') return tableValue(question, value as Readonly<Record<string, object>>);
  if (question.type === 'choice' || question.type === 'choices') {
    const chosen = [value].flat();
    const labels = question.choices.filter(({ code }) => chosen.includes(code)).map(({ label }) => label);
    return labels.join(', ');
  }
  if (typeof value === 'number') return `${inFrenchDigits(exact(value))}${unitAfter(question)}`;
  if (typeof value !== 'string') return '';
  return question.type === 'date' ? frenchDay(value) : value;
}

/** `2026-11-24` as people write it. */
export const frenchDay = (day: string): string => day.split('-').toReversed().join('/');

function unitAfter(question: Question): string {
  const unit = isNumberQuestion(question) ? unitOf(question) : 'unit' in question ? question.unit : undefined;
  return unit === undefined ? '' : ` ${unit}`;
}

type Table = Extract<Question, { type: 'table' }>;
function tableValue({ rows, columns }: Table, value: Readonly<Record<string, object>>): Html {
  return html`<ul>
    ${rows.flatMap((row) => {
      const cells = value[row.code] as Readonly<Record<string, unknown>> | undefined;
      if (cells === undefined) return [];
      if (typeof cells['notConcerned'] === 'string')
        return [html`<li>${row.label} : non concerné (${cells['notConcerned']})</li>`];
      const said = columns.filter(({ code }) => cells[code] !== undefined);
      return [
        html`<li>
          ${row.label} :
          ${said.map(({ code, label }) => `${label} ${String(cells[code]).replace('.', ',')}`).join(', ')}
        </li>`,
      ];
    })}
  </ul>`;
}
