import { ApplicationFailure } from '@temporalio/workflow';
import { openArgument } from './reply-signal.ts';

/** Validator of Updates that say who acts: they are believed only when our own keys sealed them. */
export function fromTheDesk(argument: unknown): void {
  const opened = openArgument(argument);
  if (opened.sealed && typeof opened.value === 'object' && opened.value !== null) return;
  throw ApplicationFailure.nonRetryable('Refusé : cette demande passe par l’API de Vigie.', 'NotSealed');
}
