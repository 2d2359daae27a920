import { hasRole } from '../domain/scope.ts';
import type { ReleasedAnswer } from '../workflows/contract.ts';
import type { Account } from './access/account.ts';
import type { ApiDeps } from './deps.ts';
import { notFound, Problem, staleVersion } from './problem.ts';

interface Attempt {
  readonly id: string;
  readonly account: Account;
  readonly emergencyReason: string | null;
}

/**
 * The two-person rule, answered at once without waking the engine; the release transaction checks it again, under lock.
 * @throws Problem 403
 */
export async function requireReleasable(deps: ApiDeps, { id, account, emergencyReason }: Attempt): Promise<void> {
  if (emergencyReason !== null && !hasRole(account, 'head')) {
    throw new Problem(403, 'emergency', 'Seul le chef du CORRUSS peut diffuser en urgence son propre brouillon.');
  }
  const edited = await deps.database.sql
    .selectFrom('instruction_editor as e')
    .innerJoin('instruction as i', 'i.id', 'e.instruction_id')
    .select('e.sub')
    .where('i.id', '=', id)
    .where('i.status', '=', 'draft')
    .where('e.sub', '=', account.sub)
    .executeTakeFirst();
  if (edited !== undefined && emergencyReason === null) throw ownDraft();
}

const ownDraft = (
  detail = 'Vous avez rédigé ou modifié ce brouillon : une autre personne doit le diffuser.',
): Problem => new Problem(403, 'own-draft', detail);

type ReleaseRefusal = Extract<ReleasedAnswer, { readonly released: false }>;

export function releaseProblem({ code, detail }: ReleaseRefusal): Problem {
  switch (code) {
    case 'notFound':
      return notFound();
    case 'notDraft':
      return new Problem(409, 'not-draft', detail);
    case 'ownDraft':
      return ownDraft(detail);
    case 'stale':
      return staleVersion();
    case 'superseded':
      return new Problem(409, 'superseded', detail);
    case 'crisisClosed':
      return new Problem(409, 'crisis-closed', detail);
    case 'invalid':
    case 'noRecipient':
      return new Problem(422, code === 'invalid' ? 'invalid' : 'no-recipient', detail);
  }
}
