import {
  DECLARED_COUNTS,
  DECLARED_LIMIT,
  declaredProblem,
  MEANS_LIMIT,
  type Declared,
  type DeclaredCount,
} from './declared.ts';
import { pointerTo, readInput, type InputReader } from './input.ts';
import type { Nature } from './instruction.ts';
import type { ReplyKind } from './reply-kinds.ts';
import { isBlank, isOneLine } from './text.ts';

/** The kinds of reply that may carry a declaration. */
const DECLARING: readonly ReplyKind[] = ['progress', 'done'];

const FIELDS = [...DECLARED_COUNTS, 'means'] as const;

/**
 * The field `declared` of a reply: what it says, or null where it is absent or wrong; every wrong field is told to `reply`.
 * @param kind null when it is wrong itself
 * @param nature undefined where the door does not know it: the follow-up then checks
 */
export function declaredOf(reply: InputReader, kind: ReplyKind | null, nature: Nature | undefined): Declared | null {
  const raw = reply.raw('declared');
  if (raw === undefined) return null;
  const misplaced = placeProblem(kind, nature);
  if (misplaced !== null) {
    reply.fail('/declared', 'notAllowed', misplaced);
    return null;
  }
  const input = readInput(raw);
  input.refuseUnknown(FIELDS);
  const counts = countsOf(input);
  const means = meansOf(input);
  for (const { pointer, code, message } of input.errors) reply.fail(`/declared${pointer}`, code, message);
  const { relayed, ...others } = counts;
  if (input.errors.length > 0 || relayed === undefined) return null;
  return { relayed, ...others, ...(means === null ? {} : { means }) };
}

const placeProblem = (kind: ReplyKind | null, nature: Nature | undefined): string | null =>
  kind !== null && !DECLARING.includes(kind)
    ? 'Un bilan de diffusion n’accompagne que « en cours » (progress) ou « réalisé » (done).'
    : nature === undefined
      ? null
      : declaredProblem(nature);

type Counts = { readonly [K in DeclaredCount]?: number };

function countsOf(input: InputReader): Counts {
  if (!input.has('relayed')) input.fail('/relayed', 'required', 'Le nombre de destinataires relayés est obligatoire.');
  const counts: Counts = Object.fromEntries(
    DECLARED_COUNTS.flatMap((field) => {
      const count = countOf(input, field);
      return count === null ? [] : [[field, count]];
    }),
  );
  if (input.errors.length === 0) tallyErrors(input, counts);
  return counts;
}

function countOf(input: InputReader, field: DeclaredCount): number | null {
  const count = input.raw(field);
  if (count === undefined) return null;
  const whole = typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= DECLARED_LIMIT;
  if (whole) return count;
  input.fail(pointerTo(field), 'range', 'Nombre entier attendu, de 0 à 10 000 000.');
  return null;
}

/** Whoever was reached had been relayed to; whoever acknowledged had been reached. */
function tallyErrors(input: InputReader, { relayed = 0, reached, acknowledged, notReached = 0 }: Counts): void {
  if ((reached ?? 0) > relayed) input.fail('/reached', 'range', 'Pas plus de destinataires joints que de relayés.');
  else if ((reached ?? 0) + notReached > relayed)
    input.fail('/notReached', 'range', 'Joints et non joints dépassent ensemble le nombre de relayés.');
  if ((acknowledged ?? 0) > (reached ?? relayed - Math.min(notReached, relayed)))
    input.fail('/acknowledged', 'range', 'Pas plus d’accusés de réception que de destinataires joints.');
}

function meansOf(input: InputReader): string | null {
  const means = input.text('means', { max: MEANS_LIMIT });
  if (means === null || (isOneLine(means) && !isBlank(means))) return means;
  input.fail('/means', 'format', 'Texte d’une ligne attendu, sans caractère de contrôle.');
  return null;
}
