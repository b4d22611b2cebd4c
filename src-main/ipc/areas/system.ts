import type { SYSTEM_REQUESTS } from '../../../src-shared/ipc/contract/system.ts';
import type { HandlersOf } from '../handler.ts';
import { readSamples, readFolders } from '../handlers/system.ts';
import { changeSettings, getSettings } from '../handlers/settings.ts';
import type { Host } from '../host.ts';

export function systemHandlers(host: Host): HandlersOf<typeof SYSTEM_REQUESTS> {
  return {
    'system.doctor': host.doctor,
    'system.samples': readSamples(host),
    'system.folders': readFolders(host),
    'settings.get': getSettings(host),
    'settings.set': changeSettings(host),
  };
}
