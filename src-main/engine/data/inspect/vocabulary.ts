import type { EncodedText, VocabularyPage } from '../../../../src-shared/ipc/data-protocol.ts';
import { decodeByteLevel } from '../byte-alphabet.ts';
import type { Tokenizer } from '../tokenizer.ts';

/** Entries by id whose text or token holds `search`, letters of either case; a number finds the entry of that id too. */
export function vocabularyPage(tokenizer: Tokenizer, search: string, from: number, count: number): VocabularyPage {
  const wanted = search.toLowerCase();
  const rows: VocabularyPage['rows'] = [];
  let total = 0;
  for (let id = 0; id < tokenizer.size; id++) {
    const token = tokenizer.token(id) ?? '';
    const text = decodeByteLevel([token]);
    const isFound =
      wanted === '' ||
      String(id) === search ||
      text.toLowerCase().includes(wanted) ||
      token.toLowerCase().includes(wanted);
    if (!isFound) continue;
    if (total >= from && rows.length < count) rows.push({ id, token, text });
    total++;
  }
  return { total, rows };
}

export async function encodeText(tokenizer: Tokenizer, text: string): Promise<EncodedText> {
  const [encoding] = await tokenizer.encode([text]);
  const tokens = Array.from(encoding?.ids ?? [], (id, i) => ({
    id,
    token: tokenizer.token(id) ?? '',
    start: encoding?.offsets[2 * i] ?? 0,
    end: encoding?.offsets[2 * i + 1] ?? 0,
  }));
  return { tokens };
}
