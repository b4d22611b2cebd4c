import type {
  ArticlePage,
  DataQuery,
  EncodedText,
  ExamplePage,
  VocabularyPage,
} from '../../../../src-shared/ipc/data-protocol.ts';
import { previewRows } from '../superglue-set/preview-rows.ts';
import { articlePage } from './articles.ts';
import type { OpenTokenizers } from './open-tokenizers.ts';
import { encodeText, vocabularyPage } from './vocabulary.ts';

/** @throws AppError as the set's files have it */
export async function answerDataQuery(
  query: DataQuery,
  tokenizers: OpenTokenizers,
): Promise<ArticlePage | ExamplePage | VocabularyPage | EncodedText> {
  switch (query.kind) {
    case 'articles':
      return articlePage(query, await tokenizers.load(query.tokenizerFolder));
    case 'examples': {
      const { folder, task, split, from, count } = query;
      const { total, rows } = await previewRows(folder, task, split, from, count);
      return { total, rows: [...rows] };
    }
    case 'vocabulary':
      return vocabularyPage(await tokenizers.load(query.folder), query.search, query.from, query.count);
    case 'encode':
      return encodeText(await tokenizers.load(query.folder), query.text);
  }
}
