import type { Encoding, Tokenizer } from './tokenizer.ts';

/** Encodes texts in order, each distinct one once: passages stand beside many questions. */
export async function encodeDistinct(tokenizer: Tokenizer, texts: readonly string[]): Promise<Encoding[]> {
  const places = new Map<string, number>();
  for (const text of texts) if (!places.has(text)) places.set(text, places.size);
  const encodings = await tokenizer.encode([...places.keys()]);
  return texts.map((text) => {
    const encoding = encodings[places.get(text) ?? -1];
    if (encoding === undefined) throw new Error('every text has an encoding');
    return encoding;
  });
}
