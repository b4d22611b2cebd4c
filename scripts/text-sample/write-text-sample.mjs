// @ts-check
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { saveTokenizer } from '../../src-main/engine/data/tokenizer-files.ts';
import { trainBpe } from '../../src-main/engine/data/train-bpe.ts';
import { WordCounts } from '../../src-main/engine/data/word-counts.ts';
import { makeArticles } from './articles.mjs';
import { axb, axg } from './diagnostics.mjs';
import { boolq, multirc, rte } from './fact-tasks.mjs';
import { Random } from './random.mjs';
import { cb, copa } from './sentence-tasks.mjs';
import { record, wic, wsc } from './span-tasks.mjs';
import { makeWorld } from './world.mjs';

const SEED = 2021;
const VOCABULARY = 1000;
const MIN_FREQUENCY = 2;

/** Every task draws from a stream of its own, so that a change of one leaves the others as they are. */
const TASKS = { BoolQ: boolq, CB: cb, COPA: copa, MultiRC: multirc, ReCoRD: record, RTE: rte, WiC: wic, WSC: wsc };

/** @param {readonly object[]} rows */
const lines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/**
 * Writes corpus, tasks and tokenizer into a folder that must be empty or absent; always the same bytes.
 * @param {string} folder
 */
export async function writeTextSample(folder) {
  const world = makeWorld(new Random(SEED));
  const articles = makeArticles(new Random(SEED + 1), world);
  /** @type {Record<string, string>} */
  const files = { 'corpus.jsonl': lines(articles.map(({ title, text }, id) => ({ id, title, text }))) };
  for (const [i, [task, make]] of Object.entries(TASKS).entries()) {
    for (const [split, rows] of Object.entries(make(new Random(SEED + 2 + i), world))) {
      files[`superglue/${task}/${split}.jsonl`] = lines(rows);
    }
  }
  files['superglue/AX-b/AX-b.jsonl'] = lines(axb());
  files['superglue/AX-g/AX-g.jsonl'] = lines(axg());
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const counts = new WordCounts();
  for (const { text } of articles) counts.add(text);
  const options = { vocabularySize: VOCABULARY, minFrequency: MIN_FREQUENCY };
  const trained = await trainBpe(counts.entries(), options);
  await saveTokenizer(path.join(folder, 'tokenizer'), trained);
  // by this a home notices that the app ships another sample than the one it imported
  const hash = createHash('sha256');
  for (const name of [...Object.keys(files), 'tokenizer/vocab.json', 'tokenizer/merges.txt']) {
    hash.update(`${name}\n`).update(await readFile(path.join(folder, name)));
  }
  await writeFile(path.join(folder, 'sample.sha256'), `${hash.digest('hex')}\n`);
}
