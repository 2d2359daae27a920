import { fileTypeFromBuffer } from 'file-type';

/** What a desk exchanges: documents, tables, pictures, archives. Nothing that a browser or a system would run. */
const ACCEPTED: readonly RegExp[] = [
  /^application\/pdf$/,
  /^application\/vnd\.openxmlformats-officedocument\.(wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation)$/,
  /^application\/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)$/,
  /^application\/zip$/,
  /^image\/(png|jpeg|gif|webp|tiff)$/,
  /^text\/plain$/,
];

/** What a file is by its bytes, never by what it says; null when the desk does not exchange its like. Archives stay closed. */
export async function acceptedKind(content: Buffer): Promise<string | null> {
  const type = (await fileTypeFromBuffer(content))?.mime ?? (isText(content) ? 'text/plain' : 'unknown');
  return ACCEPTED.some((accepted) => accepted.test(type)) ? type : null;
}

/** UTF-8 without control characters and not markup: what opens as text and as nothing else. */
function isText(content: Buffer): boolean {
  if (content.length === 0) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    return !/[\u0000-\u0008\u000e-\u001f]/.test(text) && !/^\s*<(?:!doctype|html|script|svg|\?xml)/i.test(text);
  } catch (error) {
    if (Error.isError(error) && error.name === 'TypeError') return false;
    throw error;
  }
}
