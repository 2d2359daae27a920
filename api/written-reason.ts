import { isBlank } from '../domain/text.ts';
import { invalid } from './problem.ts';

/** A reason that can be read, trimmed. @param message for whoever left it blank @throws Problem 422 */
export function writtenReason(reason: string, message = 'Écrivez pourquoi.'): string {
  if (!isBlank(reason)) return reason.trim();
  throw invalid([{ pointer: '/reason', code: 'required', message }]);
}
