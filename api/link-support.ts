import { isPhoneNumber } from '../channels/address.ts';
import type { LinkTarget } from '../db/read-models/links.ts';
import type { FieldError } from '../domain/field-error.ts';
import { textProblem } from '../domain/input.ts';
import { COMMENT_LIMIT } from '../domain/reply.ts';
import { commandOrRefusal } from './commanding.ts';
import type { ApiDeps } from './deps.ts';

/** What the form of a link's page sent, as typed. */
export interface TypedRequest {
  readonly reason: string;
  readonly phone: string;
  readonly urgent: boolean;
}

export type SupportOutcome =
  { readonly asked: true } | { readonly errors: readonly FieldError[] } | { readonly refused: string };

/**
 * Asks the desk for support in the name of the link's organisation.
 * @param nonce of the form: the same form sent twice asks once
 * @throws as the gateway
 */
export async function askByLink(
  deps: ApiDeps,
  target: LinkTarget,
  { reason, phone, urgent }: TypedRequest,
  nonce: string,
): Promise<SupportOutcome> {
  const number = internationalNumber(phone);
  const errors = [...reasonErrors(reason), ...phoneErrors(number)];
  if (errors.length > 0) return { errors };
  const { organisation, instruction, delivery } = target;
  const command = {
    kind: 'askSupport' as const,
    organisation,
    reason: reason.replaceAll('\r\n', '\n'),
    ...(number === '' ? {} : { phone: number }),
    ...(urgent ? { urgency: 'urgent' as const } : {}),
    by: { sub: `lien (${organisation})`, organisation },
  };
  const outcome = await commandOrRefusal(deps, instruction, command, `link:${delivery}:${nonce}`);
  return 'replayed' in outcome ? { asked: true } : { refused: outcome.detail };
}

function reasonErrors(reason: string): FieldError[] {
  const [code, message] = textProblem(reason, { max: COMMENT_LIMIT, required: true }) ?? [];
  return code === undefined || message === undefined ? [] : [{ pointer: '/reason', code, message }];
}

const phoneErrors = (number: string): FieldError[] =>
  number === '' || isPhoneNumber(number)
    ? []
    : [
        {
          pointer: '/phone',
          code: 'format',
          message: 'Numéro à dix chiffres de métropole, ou international : +33…, +262…, +590…',
        },
      ];

/** `04 91 55 50 01` → `+33491555001`; a number of an overseas department needs its own code, for `02 62` is not Brittany's. */
function internationalNumber(typed: string): string {
  const bare = typed
    .trim()
    .replace(/[\s.()-]/g, '')
    .replace(/^00/, '+');
  const overseas = /^0(?:262|263|269|590|594|596|69[0-7]|639)/.test(bare);
  return /^0[1-9]\d{8}$/.test(bare) && !overseas ? `+33${bare.slice(1)}` : bare;
}
