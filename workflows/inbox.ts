interface Letter<Message, Answer> {
  readonly message: Message;
  /** Set where somebody waits for the outcome. */
  readonly settle?: (answer: Answer) => void;
}

/** What one turn takes in, and how it tells the askers. */
export interface Batch<Message, Answer> {
  readonly messages: readonly Message[];
  /** @param answers in the order of the messages; null for those that nobody waits for */
  settle(answers: readonly (Answer | null)[]): void;
}

/** Messages that came since the last turn. Handlers only put in; the main loop alone takes out. */
export class Inbox<Message, Answer> {
  private letters: Letter<Message, Answer>[] = [];
  private closed = false;
  private readonly ended: Answer;

  /** @param ended what is told to whoever asks when nothing is carried out any more */
  constructor(ended: Answer) {
    this.ended = ended;
  }

  get isEmpty(): boolean {
    return this.letters.length === 0;
  }

  put(message: Message): void {
    this.letters.push({ message });
  }

  /** Puts a message in and resolves once its change is recorded, or it is refused. */
  ask(message: Message): Promise<Answer> {
    if (this.closed) return Promise.resolve(this.ended);
    return new Promise((settle) => {
      this.letters.push({ message, settle });
    });
  }

  /** Nothing is carried out any more: whoever waits, or still comes, is told so. */
  close(): void {
    this.closed = true;
    for (const { settle } of this.letters) settle?.(this.ended);
    this.letters = [];
  }

  takeAll(): Batch<Message, Answer> {
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
