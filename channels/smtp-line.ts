import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { sortFailure, type SendOutcome, type SmtpError } from './outcome.ts';

export interface SmtpSettings {
  readonly connection: SMTPConnectionOptions;
  readonly credentials: { readonly user: string; readonly pass: string } | null;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** An attempt on one line; `fresh` tells a line that broke because it had been idle from one that never worked. */
export type Attempt = SendOutcome & { readonly contentBegun: boolean };

/** One connection to the relay: one mail at a time. */
export class SmtpLine {
  readonly #connection: SMTPConnection;
  #ended = false;
  #used = false;

  private constructor(connection: SMTPConnection) {
    this.#connection = connection;
    connection.once('end', () => {
      this.#ended = true;
    });
    // Errors reach the callback of what was under way; one on an idle line only ends it.
    connection.on('error', () => {
      this.#ended = true;
    });
  }

  /**
   * Connects and, where credentials are given, logs in.
   * @throws SmtpError
   */
  static async open({ connection: options, credentials }: SmtpSettings): Promise<SmtpLine> {
    const connection = new SMTPConnection(options);
    const line = new SmtpLine(connection);
    try {
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject);
        connection.once('end', () => reject(new Error('the relay closed the connection')));
        connection.connect((error) => (error ? reject(error) : resolve()));
      });
      if (credentials) {
        await new Promise<void>((resolve, reject) => {
          connection.once('error', reject);
          connection.login({ ...credentials, credentials }, (error) => (error ? reject(error) : resolve()));
        });
      }
    } catch (error) {
      connection.close();
      throw error;
    }
    return line;
  }

  get usable(): boolean {
    return !this.#ended;
  }

  /** True when an earlier mail went over this line. */
  get used(): boolean {
    return this.#used;
  }

  /** Never throws: the outcome says what happened. */
  async send({ from, to }: Envelope, raw: Buffer): Promise<Attempt> {
    let contentBegun = false;
    const content = new Readable({
      read() {
        // First read by the pipe that SMTPConnection opens after the 354: from here on the mail may have been taken.
        contentBegun = true;
        this.push(raw);
        this.push(null);
      },
    });
    const error = await new Promise<SmtpError | null>((resolve) => {
      this.#connection.send({ from, to: [to], size: raw.length }, content, resolve);
    });
    this.#used = true;
    if (!error) return { outcome: 'sent', contentBegun };
    const attempt = { ...sortFailure(error, contentBegun), contentBegun };
    // Refused while the session goes on: cleared for the next mail. Everything else ends the line.
    if (error.responseCode === undefined || error.responseCode === 421 || this.#ended || !(await this.#reset()))
      this.close();
    return attempt;
  }

  #reset(): Promise<boolean> {
    return new Promise((resolve) => {
      const ended = () => resolve(false);
      this.#connection.once('end', ended);
      this.#connection.reset((error) => {
        this.#connection.off('end', ended); // of a line that refuses many mails in turn
        resolve(!error);
      });
    });
  }

  /** Says goodbye where the line still works. */
  quit(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#connection.quit();
  }

  close(): void {
    this.#ended = true;
    this.#connection.close();
  }
}
