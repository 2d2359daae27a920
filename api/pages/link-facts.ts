import type { LinkTarget } from '../../db/read-models/links.ts';
import { declaredInWords } from '../../domain/declared.ts';
import { REPLY_WORDS } from '../../domain/wording.ts';
import { html, type Html } from './html.ts';
import { refersToFact } from './related.ts';
import { momentThere, stateWords } from './words.ts';

/** Where the recipient of a link stands, and what it said last. */
export function linkFacts(target: LinkTarget): Html {
  const { recipient, followUp } = target;
  const { lastReply, declared } = followUp;
  const { refersTo } = target.terms;
  return html`<div class="card">
    <dl class="facts">
      <dt>Destinataire</dt>
      <dd>${target.organisationName}</dd>
      ${refersTo !== undefined && refersToFact({ ...refersTo, id: refersTo.instruction }, target.timeZone)}
      <dt>État</dt>
      <dd>${stateWords(recipient)}</dd>
      ${
        followUp.deadline !== null &&
        html`<dt>Échéance</dt>
          <dd>${momentThere(followUp.deadline, target.timeZone)}</dd>`
      }
      ${
        lastReply !== null &&
        html`<dt>Dernière réponse</dt>
          <dd>
            ${REPLY_WORDS[lastReply.kind]}${lastReply.percent !== null && ` (${lastReply.percent} %)`},
            ${momentThere(lastReply.at, target.timeZone)}${lastReply.comment !== null && html`<br />« ${lastReply.comment} »`}
          </dd>`
      }
      ${
        declared !== undefined &&
        html`<dt>Déclaré hors Vigie</dt>
          <dd>${declaredInWords(declared)}, ${momentThere(declared.at, target.timeZone)}</dd>`
      }
    </dl>
  </div>`;
}
