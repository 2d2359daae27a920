import type { CommandAnswer } from '../domain/answers.ts';
import type { Command, DeliveryReport, Message } from '../domain/events.ts';

interface Letter {
  readonly message: Message;
  /** Set where somebody waits for the outcome. */
  readonly settle?: (answer: CommandAnswer) => void;
}

/** What one turn takes in, and how it tells the askers. */
export interface Batch {
  readonly messages: readonly Message[];
  /** @param answers in the order of the messages; null for those that nobody waits for */
  settle(answers: readonly (CommandAnswer | null)[]): void;
}

const ENDED: CommandAnswer = {
  accepted: false,
  refusal: { code: 'ended', detail: 'Cette instruction n’est plus suivie : rédigez une nouvelle instruction.' },
};

/** Messages that came since the last turn. Handlers only put in; the main loop alone takes out. */
export class Inbox {
  private letters: Letter[] = [];
  private closed = false;

  get isEmpty(): boolean {
    return this.letters.length === 0;
  }

  put(message: Message): void {
    this.letters.push({ message });
  }

  putReports(reports: readonly DeliveryReport[], at: number): void {
    for (const report of reports) this.put({ kind: 'delivery', at, report });
  }

  /** Puts a command in and resolves once its change is recorded, or it is refused. */
  ask(command: Command, at: number): Promise<CommandAnswer> {
    if (this.closed) return Promise.resolve(ENDED);
    return new Promise((settle) => {
      this.letters.push({ message: { kind: 'command', at, command }, settle });
    });
  }

  /** Nothing is carried out any more: whoever waits, or still comes, is told so. */
  close(): void {
    this.closed = true;
    for (const { settle } of this.letters) settle?.(ENDED);
    this.letters = [];
  }

  takeAll(): Batch {
    const letters = this.letters;
    this.letters = [];
    return {
      messages: letters.map(({ message }) => message),
      settle: (answers) => {
        for (const [index, { settle }] of letters.entries()) {
          const answer = answers[index];
          if (answer) settle?.(answer);
        }
      },
    };
  }
}
