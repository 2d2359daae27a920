import { pointerTo } from '../../domain/input.ts';
import type { NumberField, Question } from '../../domain/survey/form.ts';
import { chosenOf, postedOf, reasonField, valueField } from '../surveys/page-form.ts';
import { html, type Html } from './html.ts';
import {
  commentPart,
  describedBy,
  errorAt,
  type Filling,
  idOf,
  owed,
  reasonPart,
  wordsBeside,
  wordsOf,
  wrong,
} from './survey-field-parts.ts';
import { tableField } from './survey-tables.ts';

const NUMERIC = ['integer', 'decimal', 'percentage'];

/** One question, with its help, its limits and what is wrong with it. */
export function questionField(question: Question, filling: Filling): Html | null {
  switch (question.type) {
    case 'computed':
      return null;
    case 'table':
      return tableField(question, filling);
    case 'choice':
    case 'choices':
      return choiceField(question, filling);
    default:
      return textField(question, filling);
  }
}

type Choices = Extract<Question, { type: 'choice' | 'choices' }>;
function choiceField({ code, label, help, type, choices, required }: Choices, filling: Filling): Html {
  const pointer = pointerTo('values', code);
  const [name, chosen] = [valueField(code), chosenOf(filling.posted, valueField(code))];
  const [id, error] = [idOf(pointer), errorAt(filling, pointer)];
  const hasHelp = help !== undefined;
  return html`<fieldset id="${id}" tabindex="-1" ${wordsOf(id, wordsBeside(code, hasHelp, filling), error)}>
    <legend>${label}${owed(required)}</legend>
    ${hasHelp && html`<p class="hint" id="${id}-hint">${help}</p>`} ${filling.origins.get(code)}
    ${wrong(pointer, error)}
    ${choices.map(
      (choice) =>
        html`<label class="choice"
          ><input
            type="${type === 'choice' ? 'radio' : 'checkbox'}"
            name="${name}"
            value="${choice.code}"
            ${chosen.includes(choice.code) && html`checked`}
          /><span><b>${choice.label}</b></span></label
        >`,
    )}
    ${reasonPart({ code, label }, filling)}
  </fieldset>`;
}

type Plain = Exclude<Question, { type: 'choice' | 'choices' | 'table' | 'computed' }>;
function textField(question: Plain, filling: Filling): Html {
  const { code, label, help, required } = question;
  const pointer = pointerTo('values', code);
  const [id, error] = [idOf(pointer), errorAt(filling, pointer)];
  const value = postedOf(filling.posted, valueField(code));
  const hints = [help, limitsOf(question)].filter((one) => one !== undefined && one !== '').join(' ');
  const attributes = html`id="${id}" name="${valueField(code)}"
  ${describedBy(id, wordsBeside(code, hints !== '', filling), error)}`;
  return html`<div class="field">
      <label for="${id}">${label}${owed(required)}</label>
      ${hints !== '' && html`<p class="hint" id="${id}-hint">${hints}</p>`} ${filling.origins.get(code)}
      ${
        question.type === 'text'
          ? html`<textarea rows="3" ${attributes}>${value}</textarea>`
          : html`<input
              type="${question.type === 'date' ? 'date' : 'text'}"
              ${NUMERIC.includes(question.type) && html`inputmode="decimal" autocomplete="off"`}
              value="${value}"
              ${attributes}
            />`
      }
      ${wrong(pointer, error)} ${mayNotConcern(question, filling) && reasonPart(question, filling)}
    </div>
    ${commentPart(question, 'commentWhenMoves' in question, filling)}`;
}

function limitsOf(question: Plain): string {
  if (question.type === 'text')
    return question.maxLength === undefined ? '' : `${question.maxLength} caractères au plus.`;
  if (question.type === 'date') return '';
  return numberLimits(question);
}

function numberLimits({ unit, min, max }: NumberField): string {
  const range = [min === undefined ? '' : `au moins ${min}`, max === undefined ? '' : `au plus ${max}`].filter(
    (one) => one !== '',
  );
  const parts = [unit === undefined ? '' : `En ${unit}.`, range.length === 0 ? '' : `Nombre, ${range.join(', ')}.`];
  return parts.filter((one) => one !== '').join(' ');
}

/** Remarks that nobody owes need no reason to be left out. */
const mayNotConcern = ({ type, code, required }: Plain, { posted }: Filling): boolean =>
  type !== 'text' || required === true || postedOf(posted, reasonField(code)) !== '';
