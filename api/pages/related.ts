import type { Relation } from '../../domain/relation.ts';
import { html, type Html } from './html.ts';
import { momentThere } from './words.ts';

/** A message as another one names it. */
interface Related {
  readonly id: string;
  readonly number: string;
  readonly relation: Relation;
  /** Milliseconds, or RFC 3339. */
  readonly releasedAt: number | string;
}

const OVERTAKEN_WORDS: Readonly<Record<Relation, string>> = {
  amendment: 'modifié et remplacé par',
  cancellation: 'annulé par',
  allClear: 'levé (fin d’alerte) par',
};

const OVERTAKING_WORDS: Readonly<Record<Relation, string>> = {
  amendment: 'modifie et remplace',
  cancellation: 'annule',
  allClear: 'met fin à',
};

/** Before everything else on the page of a message that another one has overtaken. `zone`: of the reader. */
export const supersededNotice = (by: Related, zone: string): Html =>
  html`<div class="notice warn" role="status">
    <p>
      <strong>Ce message a été ${OVERTAKEN_WORDS[by.relation]} ${readingLink(by)}</strong>, diffusé
      ${whenReleased(by, zone)}.
    </p>
    ${
      by.relation === 'amendment'
        ? html`<p>Aucune réponse n’est plus attendue ici : répondez à ${by.number}, par le lien de son courriel.</p>`
        : html`<p>Plus aucune action n’est attendue à ce titre, et les relances sont arrêtées.</p>`
    }
  </div>`;

/** `annule MINSANTE N°2026_001, diffusé mardi…`: a row of a list of facts. */
export const refersToFact = (first: Related, zone: string): Html =>
  html`<dt>Se rapporte à</dt>
    <dd>
      Ce message ${OVERTAKING_WORDS[first.relation]} ${readingLink(first)}, diffusé ${whenReleased(first, zone)}
    </dd>`;

/** To the reading page, behind the login: a link gives nobody another message than its own. */
const readingLink = ({ id, number }: Related): Html => html`<a href="/instructions/${id}">${number}</a>`;

const whenReleased = ({ releasedAt }: Related, zone: string): string =>
  momentThere(new Date(releasedAt).getTime(), zone);
