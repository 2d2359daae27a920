import { renderMarkdown } from '../../channels/markdown.ts';
import type { InstructionDetail } from '../../db/read-models/instructions.ts';
import type { RecipientView } from '../../db/read-models/recipients.ts';
import type { RelayTotals } from '../../db/read-models/relays.ts';
import type { RecipientState } from '../../domain/follow-up-state.ts';
import { declaredInWords, figuresInWords } from '../../domain/declared.ts';
import { NATURE_WORDS, PARIS, STATUS_WORDS, TARGET_WORDS } from '../../domain/wording.ts';
import type { Account } from '../access/account.ts';
import { html, type Html, raw } from './html.ts';
import type { Page } from './layout.ts';
import { refersToFact, supersededNotice } from './related.ts';
import { moment, stateWords } from './words.ts';

export interface ReadingView {
  readonly instruction: InstructionDetail;
  readonly recipients: readonly RecipientView[];
  readonly timeline: readonly { readonly at: number; readonly text: string }[];
  readonly account: Account;
}

/** One instruction for a reader: the message, where each recipient stands, what happened. */
export function instructionPage({ instruction, recipients, timeline, account }: ReadingView): Page {
  const { number, nature, subject } = instruction;
  return {
    title: `${number ?? 'Brouillon'} – ${subject}`,
    account,
    exercise: instruction.exercise,
    body: html`<p class="number">${number ?? 'Brouillon'} – ${NATURE_WORDS[nature]}</p>
      <h1>${subject}</h1>
      ${summary(instruction)}
      <h2>Message</h2>
      <div class="card body">${raw(renderMarkdown(instruction.body).html)}</div>
      ${recipients.length > 0 && recipientTable(recipients)}
      <h2>Déroulé</h2>
      ${
        timeline.length === 0
          ? html`<p>Rien n’est encore consigné.</p>`
          : html`<ol class="timeline">
              ${timeline.map((entry) => html`<li><time datetime="${new Date(entry.at).toISOString()}">${moment(entry.at)}</time>${entry.text}</li>`)}
            </ol>`
      }`,
  };
}

function summary(instruction: InstructionDetail): Html {
  const { recipients, open, late, releasedAt, closedAt, supersededBy, refersTo, relays } = instruction;
  return html`${supersededBy !== null && supersededNotice(supersededBy, PARIS)} ${waitingNotice(instruction)}
    <div class="card">
      <dl class="facts">
        <dt>Statut</dt>
        <dd>${STATUS_WORDS[instruction.status]}</dd>
        ${refersTo !== null && refersToFact(refersTo, PARIS)}
        ${
          releasedAt !== null &&
          html`<dt>Diffusée</dt>
            <dd>${moment(Date.parse(releasedAt))}</dd>`
        }
        ${
          closedAt !== null &&
          html`<dt>Close</dt>
            <dd>${moment(Date.parse(closedAt))}</dd>`
        }
        ${deadlinesInWords(instruction).map(
          (words) =>
            html`<dt>Échéance</dt>
              <dd>${words}</dd>`,
        )}
        <dt>Suivis clos</dt>
        <dd>${recipients - open} sur ${recipients}</dd>
        <dt>En retard</dt>
        <dd>${late.length === 0 ? 'aucun' : late.map((one) => one.organisation).join(', ')}</dd>
        ${relays !== null && relayFacts(relays)}
      </dl>
    </div>`;
}

/** Side by side, never added up: both may tell of the same partners. */
const relayFacts = ({ declared, ...counted }: RelayTotals): Html =>
  html`<dt>Relayé par Vigie</dt>
    <dd>${agencies(counted.organisations)}${counted.organisations > 0 && ` : ${figuresInWords(counted)}`}</dd>
    <dt>Déclaré hors Vigie</dt>
    <dd>${agencies(declared.organisations)}${declared.organisations > 0 && ` : ${figuresInWords(declared)}`}</dd>`;

const agencies = (count: number): string => (count === 0 ? 'aucune agence' : `${count} agence${count > 1 ? 's' : ''}`);

function waitingNotice({ deliveries }: InstructionDetail): Html | null {
  const waiting = (deliveries.waiting ?? 0) + (deliveries.planned ?? 0) + (deliveries.sending ?? 0);
  if (waiting === 0) return null;
  return html`<div class="notice warn" role="status">
    <p>
      ${waiting} envoi${waiting > 1 ? 's' : ''} en attente : il${waiting > 1 ? 's' : ''}
      partir${waiting > 1 ? 'ont' : 'a'} dès que la messagerie répond.
    </p>
  </div>`;
}

/** One line for each minute: deadlines count from the sending of each mail, so they are seconds apart. */
function deadlinesInWords({ deadlines }: InstructionDetail): string[] {
  const recipients = new Map<string, number>();
  for (const due of deadlines) {
    const words = moment(Date.parse(due.deadline));
    recipients.set(words, (recipients.get(words) ?? 0) + due.recipients);
  }
  if (recipients.size < 2) return [...recipients.keys()];
  return [...recipients].map(([words, count]) => `${words} – ${count} destinataire${count > 1 ? 's' : ''}`);
}

const recipientTable = (recipients: readonly RecipientView[]): Html =>
  html`<h2 id="destinataires">Destinataires</h2>
    <div class="scroll" role="region" aria-labelledby="destinataires" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Agence</th>
            <th scope="col">État</th>
            <th scope="col">Échéance</th>
            <th scope="col">Prochaine relance</th>
            <th scope="col">Dernière réponse</th>
          </tr>
        </thead>
        <tbody>
          ${recipients.map(recipientRow)}
        </tbody>
      </table>
    </div>`;

function recipientRow(one: RecipientView): Html {
  const { nextStep, lastReply, declared } = one;
  return html`<tr>
    <th scope="row">${one.name}</th>
    <td>
      <span class="tag ${toneOf(one)}">${stateWords(one)}</span
      >${one.returns > 0 && html`<br />retourné ${one.returns} fois`}
    </td>
    <td>${one.deadline === null ? '–' : moment(Date.parse(one.deadline))}</td>
    <td>${nextStep === null ? '–' : html`${TARGET_WORDS[nextStep.target]}, ${moment(Date.parse(nextStep.at))}`}</td>
    <td>
      ${lastReply === null ? '–' : html`${moment(Date.parse(lastReply.at))}${lastReply.comment !== null && html`<br />« ${lastReply.comment} »`}`}
      ${declared !== null && html`<br />Déclaré hors Vigie : ${declaredInWords(declared)}`}
    </td>
  </tr>`;
}

const TONES: Partial<Record<RecipientState, string>> = {
  done: 'ok',
  accepted: 'ok',
  read: 'ok',
  takenInCharge: 'go',
  inProgress: 'go',
  received: 'go',
  refused: 'bad',
  unreachable: 'bad',
  deferred: 'warn',
};

const toneOf = (one: RecipientView): string => (one.late && !one.closed ? 'bad' : (TONES[one.state] ?? ''));
