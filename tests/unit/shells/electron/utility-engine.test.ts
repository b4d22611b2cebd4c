import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { EngineExit } from '../../../../src-main/runs/engine-process.ts';
import { utilityEngine, utilityOutput, type UtilityFork } from '../../../../src-main/shells/electron/utility-engine.ts';

/** What Electron's `utilityProcess.fork` gives, driven by the test. */
function utility() {
  const child = Object.assign(new EventEmitter(), {
    pid: undefined as number | undefined,
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    postMessage: vi.fn(),
    kill: vi.fn(),
  });
  const fork = vi.fn(() => child);
  return { child, fork: fork as unknown as UtilityFork, forked: fork };
}

describe('an engine in a utility process', () => {
  it('carries the protocol, and turns what is not of it into a failure', () => {
    const { child, fork, forked } = utility();
    const engine = utilityEngine(fork, '/app/engine.js')(undefined);
    expect(forked).toHaveBeenCalledWith('/app/engine.js', [], { serviceName: 'MetaLMO engine', stdio: 'pipe' });
    const messages: unknown[] = [];
    engine.onMessage((message) => messages.push(message));
    child.pid = 7;
    child.emit('message', { type: 'ready', pid: 7 });
    child.emit('message', { type: 'nonsense' });
    engine.send({ type: 'stop' });
    expect(engine.pid).toBe(7);
    expect(messages).toMatchObject([{ type: 'ready', pid: 7 }, { type: 'failed' }]);
    expect(child.postMessage).toHaveBeenCalledExactlyOnceWith({ type: 'stop' });
  });

  it('tells its end once, with the last of what it printed, however late that comes', async () => {
    const { child, fork } = utility();
    const engine = utilityEngine(fork, '/app/engine.js')(undefined);
    const exits: EngineExit[] = [];
    engine.onExit((exit) => exits.push(exit));
    child.emit('exit', 3);
    child.stderr.end('out of memory');
    child.stdout.end();
    await vi.waitFor(() => expect(exits).toEqual([{ code: 3, signal: null, lastWords: 'out of memory' }]));
    engine.send({ type: 'stop' });
    expect(child.postMessage).not.toHaveBeenCalled();
  });

  it('gives what the doctor printed, or why there is nothing', async () => {
    const well = utility();
    const printed = utilityOutput(well.fork, '/app/doctor.js');
    well.child.stdout.end('{"a":1}');
    well.child.emit('exit', 0);
    expect(await printed).toBe('{"a":1}');
    const ill = utility();
    const failed = utilityOutput(ill.fork, '/app/doctor.js');
    ill.child.stderr.end('no such library');
    await new Promise((resolve) => setTimeout(resolve, 10));
    ill.child.stdout.end();
    ill.child.stdout.resume();
    ill.child.emit('exit', 1);
    await expect(failed).rejects.toThrow(/exit code 1\. no such library/);
  });
});
