/** What the audience of the demonstration reads: numbered chapters, one line a thing, links on lines of their own. */
export interface Teller {
  chapter(title: string): void;
  say(line: string): void;
  link(what: string, url: string): void;
}

/** @param write takes one line; colours only where a terminal shows them */
export function teller(write: (line: string) => void, colours: boolean): Teller {
  const begun = performance.now();
  let chapters = 0;
  const paint = (code: number, text: string): string => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const clock = (): string => {
    const seconds = Math.floor((performance.now() - begun) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };
  return {
    chapter: (title) => {
      chapters += 1;
      write('');
      write(paint(1, `${chapters}. ${title}`));
    },
    say: (line) => write(`  ${paint(2, clock())}  ${line}`),
    link: (what, url) => write(`        → ${what} : ${paint(36, url)}`),
  };
}
