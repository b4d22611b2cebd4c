import { oneOf, type Command } from './command.ts';
import { clearCacheAction } from './data/clear-cache.ts';
import { importCorpusAction } from './data/import-corpus.ts';
import { importSuperGlueAction } from './data/import-superglue.ts';
import { checkCorpora, listData } from './data/list.ts';
import { EXIT_DONE } from './exit-code.ts';

const STANDARD_LENGTH = 128;

export const dataCommand: Command = {
  name: 'data',
  usage: 'import corpus|superglue PATH | list | clear-cache',
  summary: 'Imports text corpora and SuperGLUE, lists what was imported, and clears the cache.',
  positionals: [1, 3],
  options: {
    tokenizer: { type: 'string', value: 'NAME', help: 'import corpus: the tokenizer, by name or folder' },
    name: {
      type: 'string',
      value: 'NAME',
      help: 'import: what it is called from then on (SuperGLUE: default superglue)',
    },
    partial: { type: 'boolean', help: 'import superglue: take tasks that lack a split, too' },
    check: { type: 'boolean', help: 'list: open each corpus, cut its windows and read one' },
    length: { type: 'string', value: 'N', help: `list --check: tokens of a window (default ${STANDARD_LENGTH})` },
  },
  details: () =>
    'corpus PATH     plain text (articles apart by blank lines), WikiText form, or jsonl with "text" and "title"; a file or\n' +
    '                a folder. Of articles with one title only the first is taken.\n' +
    'superglue PATH  the official combined.zip, the zip of one task, or the folder with the tasks. Every row is checked.\n' +
    'clear-cache     removes encoded SuperGLUE examples; runs make them again when they are needed.\n' +
    'What was imported lives in the home folder, below data.',
  async run(args, context) {
    const action = oneOf(args.positionals[0] ?? '', ['import', 'list', 'clear-cache'], 'The first argument');
    if (action === 'list') {
      await (args.flag('check') ? checkCorpora(args, context, STANDARD_LENGTH) : listData(context));
      return EXIT_DONE;
    }
    if (action === 'clear-cache') {
      await clearCacheAction(args, context);
      return EXIT_DONE;
    }
    const kind = oneOf(args.positionals[1] ?? '', ['corpus', 'superglue'], 'What to import');
    await (kind === 'corpus' ? importCorpusAction(args, context) : importSuperGlueAction(args, context));
    return EXIT_DONE;
  },
};
