import type { FastifyRequest } from 'fastify';
import { previewFirstMail } from '../channels/preview.ts';
import { describeAttachments } from '../db/read-models/attachments.ts';
import type { InstructionDetail } from '../db/read-models/instructions.ts';
import { crisisOf } from '../db/read-models/crises.ts';
import { alertAddresses, directory } from '../db/read-models/organisations.ts';
import { resolveAudience } from '../domain/audience.ts';
import { checkDraft, type NormalDraft } from '../domain/draft.ts';
import type { FieldError } from '../domain/field-error.ts';
import type { Terms } from '../domain/instruction.ts';
import { CORRUSS } from '../domain/organisation.ts';
import { parisYear, seriesOf } from '../domain/numbering.ts';
import { termsOf } from '../domain/terms.ts';
import type { InstructionMatter } from '../domain/instruction-matter.ts';
import type { ApiDeps } from './deps.ts';
import { invalid } from './problem.ts';
import { readInstruction } from './reading.ts';

interface Preview {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly recipient: string;
  readonly recipients: { organisation: string; name: string; address: string | null }[];
  readonly errors: FieldError[];
}

/**
 * What a release would send now: composed by the same words as the real mail, with a number and a link that open nothing.
 * @param wanted whose mail to show; the first recipient by default
 * @throws Problem 404, 422 when `wanted` is no recipient or nobody is
 */
export async function previewOf(deps: ApiDeps, request: FastifyRequest, id: string, wanted?: string): Promise<Preview> {
  const instruction = await readInstruction(deps, request, id);
  const now = deps.now();
  const organisations = await directory(deps.database.sql);
  const draft = instruction.draft as NormalDraft;
  const crisis = await crisisOf(deps.database.sql, draft);
  const { errors } = checkDraft(draft, { now, organisations, crisis });
  const resolved = resolveAudience(draft.audience, organisations, draft.zonesOnly);
  const recipients = await alertAddresses(deps.database.sql, resolved);
  const shown = wanted === undefined ? recipients[0] : recipients.find((one) => one.organisation === wanted);
  if (shown === undefined) throw notRecipient();
  const view = { ...(await viewOf(deps, instruction, draft, now)), crisis: crisis?.name ?? null };
  const mail = previewFirstMail(
    view,
    { id: shown.organisation, name: shown.name, timeZone: shown.timeZone },
    { publicUrl: deps.settings.publicUrl, now },
  );
  return {
    ...mail,
    recipient: shown.organisation,
    recipients: recipients.map(({ organisation, name, address }) => ({ organisation, name, address })),
    errors: instruction.status === 'draft' ? [...errors] : [],
  };
}

async function viewOf(
  deps: ApiDeps,
  instruction: InstructionDetail,
  draft: NormalDraft,
  now: number,
): Promise<InstructionMatter> {
  const files = await describeAttachments(deps.database.sql, draft.attachments);
  return {
    id: instruction.id,
    number: instruction.number ?? `${seriesOf(draft.exercise)} N°${parisYear(now)}_xxx`,
    nature: draft.nature,
    exercise: draft.exercise,
    subject: draft.subject,
    body: draft.body,
    terms: { ...termsOf(draft, now), ...referenceOf(instruction) },
    releasedAt: instruction.releasedAt === null ? null : Date.parse(instruction.releasedAt),
    relayTo: draft.relayTo ?? [],
    attachments: files.map(({ id, name, media_type, size }) => ({
      id,
      name,
      mediaType: media_type,
      size,
      content: null,
    })),
  };
}

/** What the words of a message that refers to another need. */
function referenceOf({ refersTo, createdBy }: InstructionDetail): Pick<Terms, 'refersTo'> {
  if (refersTo === null) return {};
  const { id: instruction, number, relation, releasedAt } = refersTo;
  const by = { sub: createdBy, organisation: CORRUSS };
  return { refersTo: { instruction, number, relation, releasedAt: Date.parse(releasedAt), by } };
}

const notRecipient = () =>
  invalid([
    { pointer: '/recipient', code: 'unknown', message: 'Cette organisation n’est pas destinataire de ce message.' },
  ]);
