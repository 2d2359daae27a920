/** Lower case, without accents nor signs, one space between words: what is kept to be searched, and what is looked for. */
export const searchText = (parts: readonly string[]): string =>
  parts
    .join(' ')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
