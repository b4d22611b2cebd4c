import type { DataKind, DataWish } from '../../../src-shared/ipc/contract/data.ts';

/** What a form asks for; the sample needs none. */
export type WishKind = Exclude<DataWish['kind'], 'add-sample'>;

interface WishFacts {
  /** What the button and the heading say. */
  readonly title: string;
  /** What is made. */
  readonly makes: DataKind;
  readonly submit: string;
  readonly explanation: string;
}

export const WISHES: Readonly<Record<WishKind, WishFacts>> = {
  'import-corpus': {
    title: 'Import a corpus',
    makes: 'corpus',
    submit: 'Import',
    explanation:
      'Text for pretraining: a file or a folder of files on the host. Plain text with a blank line between articles, ' +
      'WikiText form, or jsonl with "text" and "title". It is stored as token ids of one tokenizer.',
  },
  'import-superglue': {
    title: 'Import SuperGLUE',
    makes: 'superglue',
    submit: 'Import',
    explanation:
      'The official combined.zip, the zip of one task, or a folder of tasks with train.jsonl, val.jsonl and test.jsonl. ' +
      'Every row is checked.',
  },
  'train-tokenizer': {
    title: 'Train a tokenizer',
    makes: 'tokenizer',
    submit: 'Train',
    explanation: 'Byte-level BPE with the special tokens first, from text files or folders of them on the host.',
  },
  'import-tokenizer': {
    title: 'Import a tokenizer',
    makes: 'tokenizer',
    submit: 'Import',
    explanation: 'A folder with vocab.json and merges.txt, or a tokenizer.json, as Hugging Face’s library writes them.',
  },
};

export const WISH_KINDS = Object.keys(WISHES) as WishKind[];

export function isWishKind(text: string): text is WishKind {
  return Object.hasOwn(WISHES, text);
}

/** What a job is called: "Import a corpus: wiki". */
export function wishTitle(wish: DataWish): string {
  return wish.kind === 'add-sample' ? 'Add the sample' : `${WISHES[wish.kind].title}: ${wish.name}`;
}

/** Paths that a job reads. */
export function wishSources(wish: DataWish): readonly string[] {
  if (wish.kind === 'add-sample') return [];
  return wish.kind === 'train-tokenizer' ? wish.sources : [wish.source];
}
