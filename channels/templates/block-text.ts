import { NBSP } from '../french.ts';
import type { Block, Button } from './blocks.ts';

/** One block as text. */
export function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text;
    case 'callout':
      return `${block.tone === 'alert' ? '!!' : '>>'} ${block.text}`;
    case 'facts':
      return block.rows.map(([label, value]) => `${label}${NBSP}: ${value}`).join('\n');
    case 'buttons':
      return [block.intro, ...block.buttons.map(link)].join('\n');
    case 'link':
      return link(block);
    case 'quote':
      return `${block.title}\n${block.text.replace(/^/gm, '> ')}`;
    case 'list':
      return [block.title, ...block.items.map((item) => `- ${item}`)].join('\n');
    case 'files':
      return ['Pièces jointes', ...block.inline.map((name) => `- ${name}`), ...block.links.map(link)].join('\n');
    case 'body':
      return `${block.title}\n${'-'.repeat(block.title.length)}\n${block.body.text}`;
  }
}

const link = ({ label, url }: Button): string => `- ${label}${NBSP}: ${url}`;
