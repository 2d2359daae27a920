import type { ReceivedMail } from '../channels/inbound/received-mail.ts';

/** By our own relay's word only: a failed DMARC, or a failed SPF that no signature and no DMARC makes good. */
export function isForged({ authentication: { authservId, dmarc, spf, dkim } }: ReceivedMail): boolean {
  if (authservId === null || dmarc?.result === 'pass') return false;
  return dmarc?.result === 'fail' || (spf?.result === 'fail' && !dkim.some(({ result }) => result === 'pass'));
}
