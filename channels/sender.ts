import type { Outgoing } from './compose.ts';
import { connectMail, type MailOptions } from './mail.ts';
import type { SendOutcome } from './outcome.ts';
import { smsGateway, smsInMailbox } from './sms.ts';

/** All channels behind one door. */
export interface Sender {
  /** How many may be sent at once. */
  readonly lines: number;
  /** Never throws for trouble of a channel: the outcome says it. */
  send(outgoing: Outgoing): Promise<SendOutcome>;
  close(): void;
}

export interface SenderSettings {
  readonly smtpUrl: string;
  /** Absent: SMS are recorded in the mailbox. */
  readonly smsUrl?: string | undefined;
  readonly mailFrom: string;
  readonly mail?: MailOptions;
}

/** Opens the channels; connections are made when something is sent. */
export function openSender({ smtpUrl, smsUrl, mailFrom, mail: options }: SenderSettings): Sender {
  const mail = connectMail(smtpUrl, options);
  const sms = smsUrl === undefined ? smsInMailbox(mail, mailFrom) : smsGateway(smsUrl);
  return {
    lines: mail.lines,
    send: (outgoing) => (outgoing.kind === 'mail' ? mail.send(outgoing.mail) : sms.send(outgoing.sms)),
    close: () => mail.close(),
  };
}
