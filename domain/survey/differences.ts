import { canonicalJson } from '../canonical-json.ts';
import type { FieldError } from '../field-error.ts';
import { isObject, pointerTo } from '../input.ts';

const MOST = 50;
const SHOWN = 120;

type Tell = (pointer: string, code: string, message: string) => void;

/**
 * What differs between the document that somebody sends and the one that is stored, for the second of two editors: pointers into
 * what he sent. Entries with a code (sections, questions, rows…) are compared by it, so that one inserted shifts nothing.
 */
export function differences(sent: unknown, stored: unknown): readonly FieldError[] {
  const found: FieldError[] = [];
  walk(sent, stored, '', (pointer, code, message) => {
    if (found.length < MOST) found.push({ pointer, code, message });
  });
  return found;
}

function walk(sent: unknown, stored: unknown, at: string, tell: Tell): void {
  if (sent !== undefined && stored !== undefined && canonicalJson(sent) === canonicalJson(stored)) return;
  if (Array.isArray(sent) && Array.isArray(stored)) walkLists(sent, stored, at, tell);
  else if (isObject(sent) && isObject(stored)) {
    for (const field of new Set([...Object.keys(sent), ...Object.keys(stored)])) {
      walk(fieldOf(sent, field), fieldOf(stored, field), at + pointerTo(field), tell);
    }
  } else if (sent !== stored) {
    tell(at, 'differs', `Enregistré : ${shown(stored)} ; votre version : ${shown(sent)}.`);
  }
}

const fieldOf = (record: Readonly<Record<string, unknown>>, field: string): unknown =>
  Object.hasOwn(record, field) ? record[field] : undefined;

const codeOf = (entry: unknown): string | null =>
  isObject(entry) && typeof entry['code'] === 'string' ? entry['code'] : null;

function walkLists(sent: readonly unknown[], stored: readonly unknown[], at: string, tell: Tell): void {
  if ([...sent, ...stored].some((entry) => codeOf(entry) === null)) {
    for (let index = 0; index < Math.max(sent.length, stored.length); index += 1) {
      walk(sent[index], stored[index], at + pointerTo(index), tell);
    }
    return;
  }
  const byCode = new Map(stored.map((entry) => [codeOf(entry), entry]));
  sent.forEach((entry, index) => {
    const code = codeOf(entry);
    if (byCode.has(code)) walk(entry, byCode.get(code), at + pointerTo(index), tell);
    else tell(at + pointerTo(index), 'onlyYours', `« ${code ?? ''} » n’est que dans votre version.`);
  });
  const yours = new Set(sent.map(codeOf));
  const theirs = stored.map(codeOf).filter((code) => !yours.has(code));
  for (const code of theirs) tell(at, 'onlyStored', `« ${code ?? ''} » n’est que dans la version enregistrée.`);
  const order = (list: readonly unknown[], other: ReadonlySet<unknown>): string =>
    list
      .map(codeOf)
      .filter((code) => other.has(code))
      .join(' ');
  if (order(sent, new Set(byCode.keys())) !== order(stored, yours)) tell(at, 'order', 'L’ordre est différent.');
}

function shown(value: unknown): string {
  if (value === undefined) return 'rien';
  const text = typeof value === 'string' ? `« ${value} »` : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
