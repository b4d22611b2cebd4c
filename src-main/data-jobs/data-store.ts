import { AppError } from '../../src-shared/app-error.ts';
import { TextData } from '../../src-shared/config/run-config.ts';
import type { CorpusView, DataJob, DataKind, DataList } from '../../src-shared/ipc/contract/data.ts';
import type { AnswerBody, RequestBody } from '../../src-shared/ipc/contract.ts';
import { dataFolder, dataFolders } from '../engine/data/data-folders.ts';
import { clearCache } from '../engine/data/superglue-set/cache-files.ts';
import type { Registry } from '../registry/open-registry.ts';
import type { EngineLauncher } from '../runs/engine-process.ts';
import { DataJobs } from './data-jobs.ts';
import { DataReader } from './data-reader.ts';
import { deleteData } from './delete-data.ts';
import { removeLeftovers } from './leftovers.ts';
import { listData } from './list-data.ts';
import { TokenizerDigests } from './tokenizer-digests.ts';

export interface DataStoreOptions {
  readonly db: Registry;
  readonly dataDirectory: string;
  readonly launch: EngineLauncher;
  readonly onJobs: (jobs: DataJob[]) => void;
  /** Hears that a set was made or deleted, or the cache cleared. */
  readonly onChanged: () => void;
}

/** Tokens shown of an article. */
const SHOWN_TOKENS = 300;

/** Everything about a home's data sets: what there is, what is being made, what is in them. */
export class DataStore {
  readonly jobs: DataJobs;
  readonly #options: DataStoreOptions;
  readonly #reader: DataReader;
  readonly #digests = new TokenizerDigests();
  readonly #cleaned: Promise<void>;

  constructor(options: DataStoreOptions) {
    const { dataDirectory, launch, onJobs, onChanged } = options;
    this.#options = options;
    this.jobs = new DataJobs({ dataDirectory, launch, onJobs, onMade: onChanged });
    this.#reader = new DataReader(launch);
    this.#cleaned = removeLeftovers(dataDirectory, Date.now());
  }

  async list(): Promise<DataList> {
    await this.#cleaned;
    return listData({ ...this.#options, digests: this.#digests });
  }

  /** @throws AppError run/invalid-state while something reads it, file/not-found, file/io */
  async delete(kind: DataKind, name: string): Promise<{ freedBytes: number }> {
    if (kind === 'tokenizer' && this.jobs.readsTokenizer(name)) {
      throw new AppError('run/invalid-state', `A corpus is being imported with '${name}'; wait for it, or cancel it.`);
    }
    const freed = await deleteData(this.#options.db, this.#options.dataDirectory, kind, name);
    this.#options.onChanged();
    return freed;
  }

  /** Removes encoded examples; runs that are at work go on. @throws AppError file/io */
  async clearCache(): Promise<{ freedBytes: number }> {
    try {
      const { bytes } = await clearCache(dataFolders(this.#options.dataDirectory).cache);
      return { freedBytes: bytes };
    } finally {
      this.#options.onChanged();
    }
  }

  /** Articles as runs with the standard settings hold them out. */
  async articles({ corpus, ...page }: RequestBody<'data.articles'>): Promise<AnswerBody<'data.articles'>> {
    const { corpora } = await this.list();
    const found = corpora.find(({ name }) => name === corpus);
    const { heldOutArticles, dataSeed } = TextData.parse({ kind: 'text' });
    return this.#reader.ask({
      kind: 'articles',
      folder: this.#folder('corpora', corpus),
      tokenizerFolder: found === undefined ? '' : this.#tokenizerOf(found),
      heldOut: heldOutArticles,
      seed: dataSeed,
      tokens: SHOWN_TOKENS,
      ...page,
    });
  }

  examples({ superglue, ...page }: RequestBody<'data.examples'>): Promise<AnswerBody<'data.examples'>> {
    return this.#reader.ask({ kind: 'examples', folder: this.#folder('superglue', superglue), ...page });
  }

  vocabulary({ tokenizer, ...page }: RequestBody<'data.vocabulary'>): Promise<AnswerBody<'data.vocabulary'>> {
    return this.#reader.ask({ kind: 'vocabulary', folder: this.#folder('tokenizers', tokenizer), ...page });
  }

  encode({ tokenizer, text }: RequestBody<'data.encode'>): Promise<AnswerBody<'data.encode'>> {
    return this.#reader.ask({ kind: 'encode', folder: this.#folder('tokenizers', tokenizer), text });
  }

  async close(): Promise<void> {
    this.#reader.close();
    await this.jobs.close();
  }

  #folder(kind: 'tokenizers' | 'corpora' | 'superglue', name: string): string {
    return dataFolder(this.#options.dataDirectory, kind, name);
  }

  #tokenizerOf({ tokenizer }: CorpusView): string {
    return tokenizer.name === null ? tokenizer.folder : this.#folder('tokenizers', tokenizer.name);
  }
}
