import { spawn } from 'node:child_process';

/**
 * Opens an address in the system's browser. Where there is no screen, or nothing to open it with, nothing happens:
 * the address has been printed.
 */
export function openBrowser(address: string): void {
  const command = openerOf(process.platform, process.env);
  if (command === undefined) return;
  const [program, ...args] = command;
  if (program === undefined) return;
  const child = spawn(program, [...args, address], { detached: true, stdio: 'ignore' });
  // No such program: the printed address is the way in.
  child.on('error', () => undefined);
  child.unref();
}

function openerOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined ? undefined : ['xdg-open'];
}
