import { DateTime } from 'luxon';
import type { Addressee } from '../../db/read-models/addressees.ts';
import type { InstructionDetail } from '../../db/read-models/instructions.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Relation } from '../../domain/relation.ts';
import { PARIS } from '../../domain/wording.ts';

/** A released message, as it is handed to other systems. */
export interface ReleasedMessage {
  readonly instruction: InstructionDetail & { readonly number: string; readonly releasedAt: string };
  readonly addressees: readonly Addressee[];
  readonly crisis: string | null;
  /** As the message announced it, whatever was moved since: what has been handed over stays as it is. */
  readonly deadline: Instant | null;
  /** Its page. */
  readonly url: string;
  /** Mail address of the desk. */
  readonly sender: string;
}

/** Both standards forbid «Z»: an offset is always written. */
export const withOffset = (instant: Instant): string =>
  DateTime.fromMillis(instant, { zone: PARIS }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");

/** What is referred to keeps the kind of the first: an all-clear updates an alert, it does not unsay it. */
export const KIND_OF: Readonly<Record<Relation, 'Update' | 'Cancel'>> = {
  amendment: 'Update',
  cancellation: 'Cancel',
  allClear: 'Update',
};

/** Where a person reads a message. */
export const pageOf = (publicUrl: string, instruction: string): string => `${publicUrl}/instructions/${instruction}`;

/** XML 1.0 knows no other control characters than tabs and line ends, and two code points less than Unicode. */
export const printable = (text: string): string => text.toWellFormed().replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '');
