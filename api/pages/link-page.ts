import type { LinkTarget } from '../../db/read-models/links.ts';
import type { FieldError } from '../../domain/field-error.ts';
import { NATURE_WORDS } from '../../domain/wording.ts';
import { field, problem } from './fields.ts';
import { html, type Html } from './html.ts';
import type { Page } from './layout.ts';
import { type Choice, CHOICES, TAKE_BACK_KINDS } from './link-choices.ts';
import { DECLARED_POINTERS, declaredFields, type DeclaredForm } from './link-declared.ts';
import { linkFacts } from './link-facts.ts';
import { NO_SUPPORT, type SupportForm, supportSection } from './link-support.ts';
import { supersededNotice } from './related.ts';
import { stateWords, zoneWords } from './words.ts';

/** What the form holds, as typed. */
export interface LinkForm extends DeclaredForm {
  readonly kind: string;
  readonly percent: string;
  readonly comment: string;
  readonly until: string;
  /** The same nonce is the same reply: a page sent twice counts once. */
  readonly nonce: string;
}

/** The confirmation page: opening it changes nothing, whatever opens it. */
export function linkPage(
  target: LinkTarget,
  form: LinkForm,
  errors: readonly FieldError[] = [],
  support: SupportForm = NO_SUPPORT,
): Page {
  return {
    title: `Répondre à ${target.number}`,
    exercise: target.terms.exercise,
    body: html`${heading(target)} ${overtaken(target)} ${linkFacts(target)} ${answerPart(target, form, errors)}
    ${!target.recipient.closed && supportSection(form.nonce, support)} ${wrongPerson(form)}`,
  };
}

const overtaken = ({ supersededBy, timeZone }: LinkTarget): Html | null =>
  supersededBy === null ? null : supersededNotice(supersededBy, timeZone);

function answerPart(target: LinkTarget, form: LinkForm, errors: readonly FieldError[]): Html | null {
  if (target.supersededBy !== null) return null;
  return target.recipient.closed ? closedNotice(target, form, errors) : replyForm(target, form, errors);
}

/** What was recorded, after a reply. */
export function recordedPage(target: LinkTarget, outcome: { replayed: boolean; correctUrl: string }): Page {
  return {
    title: 'Réponse enregistrée',
    exercise: target.terms.exercise,
    body: html`${heading(target)}
      <div class="notice ok" role="status">
        <p>
          <strong
            >${
              outcome.replayed
                ? 'Cette réponse était déjà enregistrée ; rien n’a changé.'
                : 'Votre réponse est enregistrée.'
            }</strong
          >
        </p>
        <p>Une erreur ? Vous pouvez la corriger en répondant de nouveau par le même lien.</p>
      </div>
      ${linkFacts(target)}
      <p><a href="${outcome.correctUrl}">Corriger ou compléter la réponse</a></p>`,
  };
}

/** The state does not take this reply; says the state and what is allowed. */
export function refusedPage(target: LinkTarget, detail: string, what = 'Votre réponse'): Page {
  return {
    title: `${what.replace(/^Votre /, '').replace(/^./, (first) => first.toUpperCase())} non enregistrée`,
    exercise: target.terms.exercise,
    body: html`${heading(target)}
      <div class="notice warn" role="alert">
        <p><strong>${what} n’a pas été enregistrée.</strong></p>
        <p>${detail}</p>
      </div>
      ${linkFacts(target)}`,
  };
}

/** The request for help is with the desk. */
export const supportPage = (target: LinkTarget): Page => ({
  title: 'Demande d’aide transmise',
  exercise: target.terms.exercise,
  body: html`${heading(target)}
    <div class="notice ok" role="status">
      <p><strong>Votre demande d’aide est transmise au CORRUSS, qui vous rappelle.</strong></p>
      <p>Ce n’est pas une réponse à l’instruction : vous pouvez encore y répondre par le même lien.</p>
    </div>
    ${linkFacts(target)}`,
});

export function reportedPage(target: LinkTarget): Page {
  return {
    title: 'Signalement enregistré',
    body: html`${heading(target)}
      <div class="notice ok" role="status">
        <p><strong>Merci, votre signalement est transmis au CORRUSS.</strong></p>
        <p>Il corrigera le contact. L’instruction reste ouverte pour ${target.organisationName}.</p>
      </div>`,
  };
}

const heading = (target: LinkTarget): Html =>
  html`<p class="number">${target.number} – ${NATURE_WORDS[target.terms.nature]}</p>
    <h1>${target.subject}</h1>`;

function closedNotice(target: LinkTarget, form: LinkForm, errors: readonly FieldError[]): Html {
  const takesBack = target.followUp.state === 'done' && target.mayTakeBack;
  return html`<div class="notice">
      <p><strong>Le suivi de ${target.organisationName} est clos (${stateWords(target.recipient)}).</strong></p>
      <p>Aucune réponse n’est plus attendue. Pour toute question, contactez le CORRUSS.</p>
    </div>
    ${
      takesBack &&
      html`<details ${errors.length > 0 && html`open`}>
        <summary>« Réalisé » a été indiqué par erreur</summary>
        <p>Pendant trente minutes, vous pouvez revenir sur cette réponse.</p>
        ${replyForm(target, form, errors)}
      </details>`
    }`;
}

function replyForm(target: LinkTarget, form: LinkForm, errors: readonly FieldError[]): Html {
  const { terms, recipient } = target;
  const choices = CHOICES[terms.nature].filter(({ kind }) => !recipient.closed || TAKE_BACK_KINDS.includes(kind));
  const at = (pointer: string) => errors.find((error) => error.pointer === pointer);
  const relayed = terms.nature === 'diffusion';
  const beside = ['/kind', '/percent', '/comment', '/until', ...(relayed ? DECLARED_POINTERS : [])];
  const others = errors.filter((error) => !beside.includes(error.pointer));
  return html`${
      errors.length > 0 &&
      html`<div class="notice error" role="alert">
        <p><strong>Votre réponse n’est pas enregistrée : elle est à corriger.</strong></p>
        ${others.map((error) => html`<p>${error.message}</p>`)}
      </div>`
    }
    <form method="post" novalidate>
      <input type="hidden" name="nonce" value="${form.nonce}" />
      <fieldset>
        <legend>Votre réponse</legend>
        ${problem('kind', at('/kind'))} ${choices.map((choice) => choiceRow(choice, form.kind === choice.kind))}
      </fieldset>
      ${terms.nature !== 'information' && actionFields(target, form, at)} ${relayed && declaredFields(form, at)}
      ${field({ name: 'comment', label: 'Commentaire', hint: commentHint(target), error: at('/comment') }, (attributes) => html`<textarea id="comment" name="comment" rows="4" maxlength="4000" ${attributes}>${form.comment}</textarea>`)}
      <button>${recipient.closed ? 'Corriger la réponse' : 'Confirmer la réponse'}</button>
    </form>`;
}

const choiceRow = ({ kind, label, hint }: Choice, checked: boolean): Html =>
  html`<label class="choice"
    ><input type="radio" name="kind" value="${kind}" ${checked && html`checked`} /><span
      ><b>${label}</b><span>${hint}</span></span
    ></label
  >`;

function actionFields(target: LinkTarget, form: LinkForm, at: (pointer: string) => FieldError | undefined): Html {
  return html`${field({ name: 'percent', label: 'Avancement (en %)', hint: 'De 1 à 99, pour « En cours ».', error: at('/percent') }, (attributes) => html`<input id="percent" name="percent" type="number" inputmode="numeric" min="1" max="99" value="${form.percent}" ${attributes} />`)}
  ${field({ name: 'until', label: 'Reporté jusqu’au', hint: `Pour « Reporté » (${zoneWords(target.timeZone)}).`, error: at('/until') }, (attributes) => html`<input id="until" name="until" type="datetime-local" value="${form.until}" ${attributes} />`)}`;
}

const commentHint = ({ terms }: LinkTarget): string => {
  if (terms.nature === 'information') return 'Facultatif.';
  return terms.evidence === 'required'
    ? 'Obligatoire pour « Réalisé » (ce qui a été fait), « Reporté » et « Refus motivé ».'
    : 'Obligatoire pour « Reporté » et « Refus motivé ».';
};

function wrongPerson(form: LinkForm): Html {
  return html`<details>
    <summary>Je ne suis pas la bonne personne</summary>
    <form method="post">
      <input type="hidden" name="nonce" value="${form.nonce}" /><input
        type="hidden"
        name="action"
        value="wrongPerson"
      />
      <div class="field">
        <label for="wrong-comment">Qui faut-il joindre ?</label>
        <p class="hint" id="wrong-comment-hint">Facultatif : un nom, une adresse, un numéro.</p>
        <textarea
          id="wrong-comment"
          name="comment"
          rows="2"
          maxlength="1000"
          aria-describedby="wrong-comment-hint"
        ></textarea>
      </div>
      <button class="light">Signaler au CORRUSS</button>
    </form>
  </details>`;
}
