import type { DataJobRequest, DataProgress } from '../../../src-shared/ipc/data-protocol.ts';
import { importCorpus } from './corpus/import-corpus.ts';
import { ensureSample } from './ensure-sample.ts';
import { importTokenizer } from './import-tokenizer.ts';
import { importSuperGlue } from './superglue-set/import-superglue.ts';
import { Tokenizer } from './tokenizer.ts';
import { trainTokenizer } from './train-tokenizer.ts';

/**
 * Makes one data set, all or nothing.
 * @throws AppError as the import or training that was asked for; cancelled where `signal` ended it
 */
export async function makeData(
  request: DataJobRequest,
  onProgress: (progress: DataProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  switch (request.kind) {
    case 'import-corpus': {
      const { source, tokenizerFolder, folder, nowMs } = request;
      await importCorpus({
        source,
        tokenizer: await Tokenizer.load(tokenizerFolder),
        tokenizerFolder,
        folder,
        nowMs,
        signal,
        onProgress({ articles, tokens, ...bytes }) {
          onProgress({ phase: 'tokenizing', ...withShare(bytes), counts: { articles, tokens } });
        },
      });
      return;
    }
    case 'import-superglue': {
      const { source, partial, folder, nowMs } = request;
      await importSuperGlue({
        source,
        partial,
        folder,
        nowMs,
        signal,
        onProgress({ file, rows, ...bytes }) {
          onProgress({ phase: `checking ${file}`, ...withShare(bytes), counts: { rows } });
        },
      });
      return;
    }
    case 'train-tokenizer':
      await trainTokenizer({ ...request, onProgress, signal });
      return;
    case 'import-tokenizer':
      await importTokenizer(request);
      return;
    case 'add-sample':
      await ensureSample(request.dataDirectory);
  }
}

/** What was read of how much; where files grow or unpack to more than was said, all of it. */
function withShare({ bytesRead, bytesTotal }: { bytesRead: number; bytesTotal: number }) {
  const read = Math.min(bytesRead, bytesTotal);
  return { bytesRead: read, bytesTotal, share: bytesTotal === 0 ? 1 : read / bytesTotal };
}
