import { join, resolve } from 'node:path';
import { importCorpus } from '../../engine/data/corpus/import-corpus.ts';
import { dataFolder } from '../../engine/data/data-folders.ts';
import { findTokenizer } from '../../engine/data/find-tokenizer.ts';
import { Tokenizer } from '../../engine/data/tokenizer.ts';
import { required, type CommandArguments, type CommandContext } from '../command.ts';
import { duration } from '../progress-line.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { createImportStatus, sourceOf } from './import-status.ts';

export async function importCorpusAction(args: CommandArguments, { home, output }: CommandContext): Promise<void> {
  const source = sourceOf(args, 'corpus');
  const dataDirectory = join(home, 'data');
  const folder = dataFolder(dataDirectory, 'corpora', required(args, 'name', 'data import'));
  const tokenizerFolder = findTokenizer(dataDirectory, required(args, 'tokenizer', 'data import'));
  const tokenizer = await Tokenizer.load(tokenizerFolder);
  const status = createImportStatus(output);
  const info = await untilInterrupted((signal) =>
    importCorpus({
      source: resolve(source),
      tokenizer,
      tokenizerFolder,
      folder,
      nowMs: Date.now(),
      signal,
      onProgress: ({ bytesRead, bytesTotal, articles, tokens }) => {
        status.show(bytesRead, bytesTotal, `${articles} articles  ${tokens} tokens`);
      },
    }),
  );
  const seconds = status.finish();
  output.result(
    { ...info, longTokens: info.longTokens.length, folder, seconds },
    `${info.articles} articles, ${info.tokens} tokens, ${info.characters} characters` +
      `${info.duplicateTitles > 0 ? `, ${info.duplicateTitles} left out for their titles` : ''}, in ${duration(seconds)}.`,
  );
}
