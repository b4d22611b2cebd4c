/**
 * The positions of tokens in which `text` occurs, ascending: the tokens are read as one text, upper and lower case alike, runs of
 * spaces as one. Where `text` begins or ends with a digit it is a whole number: "1" is not found in "12". Special tokens are
 * found with or without their brackets. Empty where it does not occur or is blank.
 */
export function findInTokens(tokens: readonly string[], text: string): number[] {
  const wanted = normal(text).trim();
  if (wanted === '') return [];
  // Nearly every text lacks one of the words.
  const plain = normal(tokens.join(''));
  if (!wanted.split(' ').every((word) => plain.includes(word))) return [];
  // Each token's characters remember their position.
  let whole = '';
  const positionAt: number[] = [];
  tokens.forEach((token, position) => {
    for (const character of normal(/^\[.*\]$/.test(token) ? ` ${token} ` : token)) {
      if (character === ' ' && whole.endsWith(' ')) continue;
      whole += character;
      for (let unit = 0; unit < character.length; unit += 1) positionAt.push(position);
    }
  });
  const found = new Set<number>();
  for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (cutsNumber(whole, at) || cutsNumber(whole, end)) continue;
    for (let i = at; i < end; i += 1) if (whole[i] !== ' ') found.add(positionAt[i] ?? 0);
  }
  return [...found].sort((a, b) => a - b);
}

/** Whether the border before index `at` runs between two digits. */
function cutsNumber(text: string, at: number): boolean {
  return isDigit(text[at - 1]) && isDigit(text[at]);
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function normal(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ');
}
