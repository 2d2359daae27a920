import type { FastifyRequest } from 'fastify';
import { renderMarkdown } from '../channels/markdown.ts';
import { renderLetter } from '../channels/templates/layout.ts';
import { relayLetter } from '../channels/templates/relay.ts';
import { describeAttachments } from '../db/read-models/attachments.ts';
import { pageOf } from '../db/read-models/cursor.ts';
import { previewPartners, relaySource } from '../db/read-models/relay-preview.ts';
import type { RelayAnswer, RelayAsk } from '../domain/relay.ts';
import { accountOf } from './access/account.ts';
import type { ApiDeps } from './deps.ts';
import { keyOf } from './plugins/idempotency.ts';
import { invalid, notFound, Problem } from './problem.ts';

type Recipient = { readonly id: string; readonly org: string };

/** Asks the relay of one ARS. @throws Problem 404, 409, 422; 503 through the gateway */
export async function askRelay(
  deps: ApiDeps,
  request: FastifyRequest,
  recipient: Recipient,
  ask: RelayAsk,
): Promise<Extract<RelayAnswer, { accepted: true }>> {
  const key = keyOf(request);
  const updateId = key === null ? undefined : `${accountOf(request).sub}:${request.url}:${key}`;
  const answer = await deps.relays.ask(recipient, ask, updateId);
  if (answer.accepted) return answer;
  const { code, detail } = answer;
  if (code === 'notFound' || code === 'unknownPartner') throw notFound();
  throw new Problem(409, code === 'onItsWay' ? 'on-its-way' : code, detail);
}

const INLINE = Buffer.alloc(0);

/** Exactly whom a relay asked for now would reach, and with what words. */
export async function previewRelay(
  deps: ApiDeps,
  { id, org }: Recipient,
  page: { readonly limit: number; readonly after: string | null; readonly note: string },
) {
  const source = await relaySource(deps.database.sql, id, org);
  if (source === undefined) throw notFound();
  if (source.nature !== 'diffusion') {
    throw new Problem(409, 'notDiffusion', 'Seul un message pour diffusion peut être relayé.');
  }
  if (page.note.length > 2000)
    throw invalid([{ pointer: '/note', code: 'tooLong', message: '2000 caractères au plus.' }]);
  const { relayTo = [], attachments = [] } = source.draft;
  const chosen = { organisation: org, categories: relayTo };
  const { rows, counts } = await previewPartners(deps.database.sql, chosen, { ...page, limit: page.limit + 1 });
  const files = await describeAttachments(deps.database.sql, attachments);
  const letter = relayLetter({
    organisationName: source.organisationName,
    contact: source.contact ?? { name: source.organisationName, address: 'adresse à compléter', phone: null },
    note: page.note,
    instruction: {
      number: source.number ?? '',
      subject: source.subject,
      exercise: source.exercise,
      attachments: files.map((file) => ({
        id: file.id,
        name: file.name,
        mediaType: file.media_type,
        size: file.size,
        content: INLINE,
      })),
    },
    rendered: renderMarkdown(source.body),
    partner: rows[0]?.name ?? 'votre partenaire',
    acknowledgeUrl: `${deps.settings.publicUrl}/d/apercu`,
  });
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const list = pageOf(
    rows,
    page.limit,
    (row) => ({ at: 0, id: row.partner }),
    (row) => row,
  );
  return { ...renderLetter(letter), contact: source.contact, total, categories: counts, ...list };
}
