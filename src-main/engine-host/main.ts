import { answerDataQuery } from '../engine/data/inspect/answer-data-query.ts';
import { OpenTokenizers } from '../engine/data/inspect/open-tokenizers.ts';
import { makeData } from '../engine/data/make-data.ts';
import { exportCheckpoint } from '../engine/interchange/export-checkpoint.ts';
import { importExport } from '../engine/interchange/import-export.ts';
import { predict } from '../engine/train/predict.ts';
import { train } from '../engine/train/trainer.ts';
import { trainParts } from '../engine/train/compose.ts';
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

const tokenizers = new OpenTokenizers();
const code = await serveEngine(channel, {
  train: (request, control) => train(request, control, trainParts),
  predict: (request) => predict(request, trainParts),
  exportCheckpoint: (request) => exportCheckpoint(request),
  importExport,
  makeData,
  answerDataQuery: (query) => answerDataQuery(query, tokenizers),
});
// Native threads of an executor would keep the process alive.
process.exit(code);
