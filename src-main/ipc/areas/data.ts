import type { DATA_REQUESTS } from '../../../src-shared/ipc/contract/data.ts';
import { listFolder } from '../../data-jobs/list-folder.ts';
import type { HandlersOf } from '../handler.ts';
import type { Host } from '../host.ts';

export function dataHandlers({ data }: Host): HandlersOf<typeof DATA_REQUESTS> {
  return {
    'data.list': () => data.list(),
    'data.jobs': () => data.jobs.list(),
    'data.start': (wish) => data.jobs.start(wish),
    'data.cancel': ({ jobId }) => data.jobs.cancel(jobId),
    'data.dismiss': ({ jobId }) => data.jobs.dismiss(jobId),
    'data.delete': ({ kind, name }) => data.delete(kind, name),
    'data.clearCache': () => data.clearCache(),
    'data.articles': (page) => data.articles(page),
    'data.examples': (page) => data.examples(page),
    'data.vocabulary': (page) => data.vocabulary(page),
    'data.encode': (body) => data.encode(body),
    'data.folder': ({ path }) => listFolder(path),
  };
}
