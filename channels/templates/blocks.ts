import type { RenderedBody } from '../markdown.ts';

/** What a letter is made of. Each block has one rendering as HTML and one as text, so that both parts always say the same. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'callout'; readonly tone: 'info' | 'alert'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'buttons'; readonly intro: string; readonly buttons: readonly Button[] }
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  | { readonly kind: 'quote'; readonly title: string; readonly text: string }
  | { readonly kind: 'list'; readonly title: string; readonly items: readonly string[] }
  | { readonly kind: 'files'; readonly inline: readonly string[]; readonly links: readonly Button[] }
  | { readonly kind: 'body'; readonly title: string; readonly body: RenderedBody };

export interface Button {
  readonly label: string;
  readonly url: string;
}

/** A letter before it is rendered. */
export interface Letter {
  readonly subject: string;
  /** First words, shown by mailboxes beside the subject. */
  readonly preheader: string;
  /** Upper left of the head: `MINSANTE N°2026_001`. */
  readonly reference: string;
  /** `POUR ACTION`. */
  readonly nature: string;
  readonly exercise: boolean;
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** Last lines, small. */
  readonly footer: readonly string[];
}

export interface Rendered {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}
