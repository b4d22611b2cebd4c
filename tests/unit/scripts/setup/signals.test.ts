import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { echoDetector, SAME_SIGNAL_MS } from '../../../../scripts/setup/signals.mjs';

const SIGNALS = pathToFileURL(path.resolve('scripts/setup/signals.mjs')).href;

it('takes a repetition within a moment for an echo, each signal for itself', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const isEcho = echoDetector();
    expect(isEcho('SIGINT')).toBe(false);
    expect(isEcho('SIGTERM')).toBe(false);
    vi.advanceTimersByTime(SAME_SIGNAL_MS - 1);
    expect(isEcho('SIGINT')).toBe(true);
    vi.advanceTimersByTime(SAME_SIGNAL_MS + 1);
    expect(isEcho('SIGINT')).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

it('keeps echoes from the handlers of this process', async () => {
  const script = `
    const { ignoreEchoes } = await import(${JSON.stringify(SIGNALS)});
    ignoreEchoes();
    let count = 0;
    process.on('SIGINT', () => { count += 1; setTimeout(() => process.exit(10 + count), 200); });
    setInterval(() => undefined, 1000);
    console.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 30));
  child.kill('SIGINT');
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(11);
});

it('ends what a killed npm leaves behind', async () => {
  const inner = `
    const { endWithNpm } = await import(${JSON.stringify(SIGNALS)});
    endWithNpm();
    process.on('SIGTERM', () => { console.log('ended'); process.exit(0); });
    setInterval(() => undefined, 1000);
    console.log('ready');`;
  const shell = `"$0" --input-type=module -e "$1"; true`;
  const child = spawn('sh', ['-c', shell, process.execPath, inner], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: 'start' },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await vi.waitFor(() => expect(output).toContain('ready'), 10_000);
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(output).toContain('ended'), 10_000);
});
