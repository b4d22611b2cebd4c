import type { CONFIGURATION_REQUESTS } from '../../../src-shared/ipc/contract/configuration.ts';
import type { HandlersOf } from '../handler.ts';
import { checkConfig } from '../handlers/check-config.ts';
import { listConfigFields } from '../handlers/config-fields.ts';
import { listPresets } from '../handlers/presets.ts';
import type { Host } from '../host.ts';

export function configurationHandlers(host: Host): HandlersOf<typeof CONFIGURATION_REQUESTS> {
  return {
    'presets.list': listPresets,
    'config.fields': listConfigFields,
    'config.check': checkConfig(host),
  };
}
