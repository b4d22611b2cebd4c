import { join, resolve } from 'node:path';
import { dataFolder } from '../../engine/data/data-folders.ts';
import { importSuperGlue } from '../../engine/data/superglue-set/import-superglue.ts';
import type { CommandArguments, CommandContext } from '../command.ts';
import { duration } from '../progress-line.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { createImportStatus, sourceOf } from './import-status.ts';
import { describeSet, setSummary } from './describe-set.ts';

const STANDARD_NAME = 'superglue';

export async function importSuperGlueAction(args: CommandArguments, { home, output }: CommandContext): Promise<void> {
  const source = sourceOf(args, 'superglue');
  const folder = dataFolder(join(home, 'data'), 'superglue', args.string('name') ?? STANDARD_NAME);
  const status = createImportStatus(output);
  const info = await untilInterrupted((signal) =>
    importSuperGlue({
      source: resolve(source),
      folder,
      nowMs: Date.now(),
      partial: args.flag('partial'),
      signal,
      onProgress: ({ bytesRead, bytesTotal, file, rows }) => {
        status.show(bytesRead, bytesTotal, `${file}  ${rows} rows`);
      },
    }),
  );
  const seconds = status.finish();
  output.result(
    { ...setSummary(info), folder, seconds },
    `${describeSet(info).join('\n')}\nImported as '${info.name}' in ${duration(seconds)}.`,
  );
}
