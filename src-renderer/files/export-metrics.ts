import type { RequestInput } from '../../src-shared/ipc/contract.ts';
import type { Client } from '../ipc/client.ts';
import { saveFile } from './save-file.ts';

type What = Omit<RequestInput<'metrics.export'>, 'at'>;

/**
 * Saves every stored point of the runs' metrics, as one file, asked for in parts.
 * @throws AppError as the main process answered
 */
export async function exportMetrics(client: Pick<Client, 'request'>, what: What): Promise<void> {
  const parts: string[] = [];
  let at: RequestInput<'metrics.export'>['at'];
  for (;;) {
    const part = await client.request('metrics.export', at === undefined ? what : { ...what, at });
    parts.push(part.text);
    if (part.next === null) {
      saveFile(part.fileName, new Blob(parts, { type: part.mediaType }));
      return;
    }
    at = part.next;
  }
}
