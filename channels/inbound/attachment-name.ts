const MAX_LENGTH = 120;
/** Control characters, direction and zero-width marks (`facture‮fdp.exe`), and what a file system refuses. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}<>:"|?*]/gu;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'message/rfc822': '.eml',
  'text/calendar': '.ics',
  'text/csv': '.csv',
  'text/plain': '.txt',
};

/**
 * A name that is safe to show and to write, unique among those already taken.
 * @param given name as the sender wrote it, or null
 * @param taken lower-cased names already given in this mail; the new one is added
 */
export function safeAttachmentName(given: string | null, mediaType: string, taken: Set<string>): string {
  const base = (given ?? '').slice(0, 4_096).toWellFormed().normalize('NFC').replaceAll('\\', '/');
  const bare = base
    .slice(base.lastIndexOf('/') + 1)
    .replace(UNSAFE, '')
    .replace(/\s+/g, ' ');
  const trimmed = trimDots(bare);
  const named = trimmed === '' ? `piece-jointe${EXTENSIONS[mediaType] ?? ''}` : trimmed;
  return unique(shorten(RESERVED.test(named) ? `_${named}` : named), taken);
}

function trimDots(name: string): string {
  let start = 0;
  let end = name.length;
  const empty = (at: number): boolean => name[at] === '.' || name[at] === ' ';
  while (start < end && empty(start)) start += 1;
  while (end > start && empty(end - 1)) end -= 1;
  return name.slice(start, end);
}

function parts(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  return dot > 0 && name.length - dot <= 11 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}

function shorten(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const [stem, extension] = parts(name);
  return (
    stem
      .slice(0, MAX_LENGTH - extension.length)
      .toWellFormed()
      .trimEnd() + extension
  );
}

function unique(name: string, taken: Set<string>): string {
  const [stem, extension] = parts(name);
  let candidate = name;
  for (let copy = 2; taken.has(candidate.toLowerCase()); copy += 1) candidate = `${stem} (${copy})${extension}`;
  taken.add(candidate.toLowerCase());
  return candidate;
}
