/**
 * Why something is sent. To the recipient: `instruction` (first mail), `ladder` (a step), `return`, `deadline` (moved), `echo`
 * (an answer that changed something), `mailAnswer` (what was understood of a mail, to its sender).
 * To the desk: `refused`, `late`, `unreachable`, `acceptance` (waits for 2 h), `support` (asked for), `result` (all closed).
 */
export const DELIVERY_PURPOSES = [
  'instruction',
  'ladder',
  'return',
  'deadline',
  'refused',
  'late',
  'unreachable',
  'acceptance',
  'support',
  'result',
  'echo',
  'mailAnswer',
] as const;
export type DeliveryPurpose = (typeof DELIVERY_PURPOSES)[number];
