/**
 * GPT-2's map between bytes and printable characters: printable Latin-1 stands for itself, the other bytes for the
 * characters from U+0100 on, in order.
 */
function byteCharacters(): string[] {
  const characters: string[] = [];
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    characters.push(String.fromCharCode(isPrintable ? byte : next++));
  }
  return characters;
}

/** The character that stands for each byte, by byte. */
export const BYTE_ALPHABET: readonly string[] = byteCharacters();

const byteOfCharacter = new Map(BYTE_ALPHABET.map((character, byte) => [character, byte]));
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const toUtf8 = new TextEncoder();

/** Bytes a token of a byte-level vocabulary stands for; a token with a foreign character stands for its own UTF-8. */
function tokenBytes(token: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOfCharacter.get(character);
    if (byte === undefined) return [...toUtf8.encode(token)];
    bytes.push(byte);
  }
  return bytes;
}

/** The text a sequence of byte-level tokens stands for; invalid UTF-8 becomes U+FFFD. */
export function decodeByteLevel(tokens: readonly string[]): string {
  return utf8.decode(Uint8Array.from(tokens.flatMap(tokenBytes)));
}

/** A text's UTF-8 bytes as printable characters. */
export function encodeByteLevel(text: string): string {
  let characters = '';
  for (const byte of toUtf8.encode(text)) characters += BYTE_ALPHABET[byte] ?? '';
  return characters;
}
