/**
 * `node tests/bench/bench-tokenizer.ts TOKENIZER FILE [ARTICLES] [REPEATS]`: this project's tokenizer and Hugging Face's from
 * Python (package `tokenizers`, on PYTHONPATH) on the same articles of a jsonl file, by turns, each in a process of its own
 * with at most two threads. Both keep the ids of every article; ours makes the offsets too. Prints the quickest of each,
 * as wall time and as processor time, which other work on the machine disturbs less.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readArticles } from '../../src-main/engine/data/corpus/read-articles.ts';
import { Tokenizer } from '../../src-main/engine/data/tokenizer.ts';

interface Reading {
  readonly wallSeconds: number;
  readonly processorSeconds: number;
  readonly tokens: number;
}

const PYTHON = `
import json, sys, time
from tokenizers import Tokenizer
folder, file, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
texts = []
with open(file, encoding="utf-8") as lines:
    for line in lines:
        texts.append(json.loads(line)["text"])
        if len(texts) == count: break
wall, processor = time.perf_counter(), time.process_time()
ids = [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
print(json.dumps({"wallSeconds": time.perf_counter() - wall, "processorSeconds": time.process_time() - processor,
                  "tokens": sum(map(len, ids))}))
`;

async function measure(folder: string, file: string, count: number): Promise<Reading> {
  const tokenizer = await Tokenizer.load(folder);
  const texts: string[] = [];
  for await (const { text } of readArticles(file)) {
    texts.push(text);
    if (texts.length === count) break;
  }
  const [startMs, before] = [performance.now(), process.cpuUsage()];
  const encodings = await tokenizer.encode(texts);
  const { user, system } = process.cpuUsage(before);
  return {
    wallSeconds: (performance.now() - startMs) / 1000,
    processorSeconds: (user + system) / 1e6,
    tokens: encodings.reduce((sum, { ids }) => sum + ids.length, 0),
  };
}

function readingOf(command: string, args: readonly string[]): Reading {
  const env = { ...process.env, RAYON_NUM_THREADS: '2', TOKENIZERS_PARALLELISM: 'true' };
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Reading;
}

async function compare([folder = '', file = '', count = '300', repeats = '3']: readonly string[]): Promise<void> {
  const script = fileURLToPath(import.meta.url);
  const commands: Readonly<Record<string, () => Reading>> = {
    'Hugging Face (Python)': () => readingOf('python3', ['-c', PYTHON, folder, file, count]),
    'this project': () => readingOf(process.execPath, [script, '--measure', folder, file, count]),
  };
  const readings = Object.keys(commands).map((name) => ({ name, all: [] as Reading[] }));
  for (let repeat = 0; repeat < Number(repeats); repeat++) {
    for (const { name, all } of readings) {
      const reading = commands[name]?.();
      if (reading === undefined) continue;
      all.push(reading);
      console.error(`${name}: ${JSON.stringify(reading)}`);
    }
  }
  for (const { name, all } of readings) {
    const least = (pick: (reading: Reading) => number): string => Math.min(...all.map(pick)).toFixed(2);
    const [wall, processor] = [least((one) => one.wallSeconds), least((one) => one.processorSeconds)];
    console.log(`${name}: ${wall} s, ${processor} s of processor time, ${all[0]?.tokens} tokens`);
  }
}

const [, , first = '', ...rest] = process.argv;
if (first === '--measure') console.log(JSON.stringify(await measure(rest[0] ?? '', rest[1] ?? '', Number(rest[2]))));
else await compare([first, ...rest]);
