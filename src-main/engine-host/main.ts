import { OpenTokenizers } from '../engine/data/inspect/open-tokenizers.ts';
import { serveEngine } from './engine-host.ts';
import { openParentChannel } from './parent-channel.ts';

/** Entry of the engine process. */
const channel = openParentChannel();
if (channel === undefined) {
  process.stderr.write('This is the engine process of metalmo; it is started by the app or by `metalmo run`.\n');
  process.exit(2);
}
// Ctrl-C reaches every process of the terminal; here its owner decides (finish the step and save).
process.on('SIGINT', () => undefined);

// A process does one kind of work, and loads what that takes.
const tokenizers = new OpenTokenizers();
const code = await serveEngine(channel, {
  async *train(request, control) {
    const { train } = await import('../engine/train/trainer.ts');
    const { trainParts } = await import('../engine/train/compose.ts');
    yield* train(request, control, trainParts);
  },
  async predict(request) {
    const { predict } = await import('../engine/train/predict.ts');
    const { trainParts } = await import('../engine/train/compose.ts');
    return predict(request, trainParts);
  },
  exportCheckpoint: async (request) =>
    (await import('../engine/interchange/export-checkpoint.ts')).exportCheckpoint(request),
  importExport: async (request) => (await import('../engine/interchange/import-export.ts')).importExport(request),
  makeData: async (...job) => (await import('../engine/data/make-data.ts')).makeData(...job),
  answerDataQuery: async (query) =>
    (await import('../engine/data/inspect/answer-data-query.ts')).answerDataQuery(query, tokenizers),
});
// Native threads of an executor would keep the process alive.
process.exit(code);
