import { pointerTo } from '../../domain/input.ts';
import type { ChoiceQuestion, ComputedQuestion, DateQuestion, Question } from '../../domain/survey/form.ts';
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
import { numberLimits, rangeWords } from './survey-limits.ts';
import { tableField } from './survey-tables.ts';
import { frenchDay } from './survey-values.ts';

const NUMERIC = ['integer', 'decimal', 'percentage'];

/** One question, with its help, its limits and what is wrong with it. */
export function questionField(question: Question, filling: Filling): Html {
  switch (question.type) {
    case 'computed':
      return computedField(question, filling);
    case 'table':
      return tableField(question, filling);
    case 'choice':
    case 'choices':
      return choiceField(question, filling);
    default:
      return textField(question, filling);
  }
}

/** What nobody fills in, where it is said what is wrong with it, and commented when it moves. */
function computedField(question: ComputedQuestion, filling: Filling): Html {
  const { code, label, help, unit, commentWhenMoves } = question;
  const pointer = pointerTo('values', code);
  const value = postedOf(filling.posted, valueField(code));
  return html`<div class="field" id="${idOf(pointer)}" tabindex="-1">
      <p>
        ${label} :
        ${value === '' ? 'calculé à partir de vos réponses' : html`<b>${value}${unit !== undefined && ` ${unit}`}</b> (calculé)`}
      </p>
      ${help !== undefined && html`<p class="hint">${help}</p>`} ${wrong(pointer, errorAt(filling, pointer))}
    </div>
    ${commentPart(question, commentWhenMoves !== undefined, filling)}`;
}

/** A choice once made is undone by another one, for a page without script knows no other way. */
const NO_CHOICE = { code: '', label: 'Sans réponse' } as const;

function choiceField({ code, label, help, type, choices, required }: ChoiceQuestion, filling: Filling): Html {
  const pointer = pointerTo('values', code);
  const [name, chosen] = [valueField(code), chosenOf(filling.posted, valueField(code))];
  const [id, error] = [idOf(pointer), errorAt(filling, pointer)];
  const hasHelp = help !== undefined;
  return html`<fieldset id="${id}" tabindex="-1" ${wordsOf(id, wordsBeside(code, hasHelp, filling), error)}>
    <legend>${label}${owed(required)}</legend>
    ${hasHelp && html`<p class="hint" id="${id}-hint">${help}</p>`} ${filling.origins.get(code)}
    ${wrong(pointer, error)}
    ${[...choices, ...(type === 'choice' ? [NO_CHOICE] : [])].map(
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
  if (question.type === 'date') return dayLimits(question);
  return numberLimits(question);
}

const dayLimits = ({ min, max }: DateQuestion): string =>
  rangeWords(
    'Date',
    min === undefined ? undefined : `au plus tôt le ${frenchDay(min)}`,
    max === undefined ? undefined : `au plus tard le ${frenchDay(max)}`,
  );

/** Remarks that nobody owes need no reason to be left out. */
const mayNotConcern = ({ type, code, required }: Plain, { posted }: Filling): boolean =>
  type !== 'text' || required === true || postedOf(posted, reasonField(code)) !== '';
