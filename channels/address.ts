/** One mailbox: what a mail is addressed to. Made only by `mailAddress`, so that it can never hold two. */
export interface MailAddress {
  readonly address: string;
  /** Display name, without control characters; may be empty. */
  readonly name: string;
}

/** An address that nothing may be sent to. The message never repeats the address (it may hold anything). */
export class InvalidAddress extends Error {
  override readonly name = 'InvalidAddress';
}

// RFC 5321 dot-string without the characters of source routes (`!`, `%`) and without quoted strings: alert boxes need neither,
// and both have been used to reach a second recipient through a relay.
const LOCAL = /^[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const PHONE = /^\+[1-9]\d{6,14}$/;
const LONGEST_NAME = 120;

/**
 * The one validated mailbox of a mail.
 * @param address bare `local@domain`; no list, no angle brackets, no quotes, no blanks
 * @param name display name, cleaned of control characters and cut at 120
 * @throws InvalidAddress
 */
export function mailAddress(address: string, name = ''): MailAddress {
  if (!isMailAddress(address)) throw new InvalidAddress('this is not one bare mail address');
  return { address, name: oneLine(name).slice(0, LONGEST_NAME) };
}

/** Whether the text is one bare address of at most 254 characters (RFC 5321 § 4.5.3.1). */
export function isMailAddress(text: string): boolean {
  if (text.length > 254) return false;
  const [local, domain, ...more] = text.split('@');
  if (local === undefined || domain === undefined || more.length > 0) return false;
  const labels = domain.split('.');
  return local.length <= 64 && LOCAL.test(local) && labels.length > 1 && labels.every((label) => LABEL.test(label));
}

/** Whether the text is a telephone number in E.164 (`+33…`). */
export const isPhoneNumber = (text: string): boolean => PHONE.test(text);

/** Text on one line: control characters and line separators become one space. Header values go through here. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}
