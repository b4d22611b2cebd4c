/** White space as the reference's library has it: U+0085 is, U+FEFF is not. */
const SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/**
 * Letters and digits that Unicode 17 brought; the library's tables are of Unicode 16 and take them for other signs. Newer
 * versions of Node may need newer ranges here: split-words.test.ts compares every character.
 */
const TOO_NEW = [
  ...['\\u088f', '\\u0c5c', '\\u0cdc', '\\ua7ce-\\ua7cf', '\\ua7d2', '\\ua7d4', '\\ua7f1'],
  ...['\\u{10940}-\\u{10959}', '\\u{10ec5}-\\u{10ec7}', '\\u{11db0}-\\u{11ddb}', '\\u{11de0}-\\u{11de9}'],
  ...['\\u{16ea0}-\\u{16eb8}', '\\u{16ebb}-\\u{16ed3}', '\\u{16ff2}-\\u{16ff6}', '\\u{187f8}-\\u{187ff}'],
  ...['\\u{18d09}-\\u{18d1e}', '\\u{18d80}-\\u{18df2}', '\\u{1e6c0}-\\u{1e6de}', '\\u{1e6e0}-\\u{1e6e2}'],
  ...['\\u{1e6e4}-\\u{1e6e5}', '\\u{1e6e7}-\\u{1e6ed}', '\\u{1e6f0}-\\u{1e6f4}', '\\u{1e6fe}-\\u{1e6ff}'],
  ...['\\u{2b73a}-\\u{2b73f}', '\\u{2cea2}-\\u{2cead}', '\\u{323b0}-\\u{33479}'],
].join('');

const LETTER = `[\\p{L}--[${TOO_NEW}]]`;
const NUMBER = `[\\p{N}--[${TOO_NEW}]]`;
const OTHER = `[^${SPACE}${LETTER}${NUMBER}]`;

/** GPT-2's pattern of a word (Radford et al. 2019), under the library's idea of letters and white space. */
export const WORDS = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?${LETTER}+| ?${NUMBER}+| ?${OTHER}+|[${SPACE}]+(?![^${SPACE}])|[${SPACE}]+`,
  'gv',
);

/** A text's words, each with the space before it; together they are the text. Tokens never cross them. */
export function splitWords(text: string): readonly string[] {
  return text.match(WORDS) ?? [];
}
