import { describe, expect, it, vi } from 'vitest';
import { createDispatcher } from '../../../src-main/ipc/dispatcher.ts';
import type { Handlers } from '../../../src-main/ipc/handler.ts';
import { AppError } from '../../../src-shared/app-error.ts';

/** Handlers of which only the given ones may be reached. */
function dispatcherOf(handlers: Partial<Handlers>) {
  return createDispatcher(handlers as Handlers);
}

const request = (name: string, body: unknown = {}) => ({ kind: 'request', id: 7, name, body });

describe('the dispatcher', () => {
  it('answers with what the handler returns, non-finite numbers as words', async () => {
    const dispatch = dispatcherOf({
      'teacherExamples.list': () => [
        { exampleId: 1, step: 2, feedback: NaN, textIndex: 3, xU: ['a'], xHat: ['b'], yHat: [] },
      ],
    });
    const answer = await dispatch(request('teacherExamples.list', { runId: 'r', limit: 3 }));
    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      kind: 'answer',
      id: 7,
      ok: true,
      body: [{ exampleId: 1, step: 2, feedback: 'NaN', textIndex: 3, xU: ['a'], xHat: ['b'], yHat: [] }],
    });
  });

  it.each([
    ['no envelope', 'hello', null],
    ['nothing', undefined, null],
    ['an envelope with a field too many', { ...request('system.samples'), extra: 1 }, 7],
    ['a negative id', { ...request('system.samples'), id: -1 }, null],
    ['an unknown request', request('runs.explode'), 7],
    ['a name of the prototype', request('constructor'), 7],
    ['a body with a field too many', request('runs.stop', { runId: 'r', force: true }), 7],
    ['a body without its field', request('runs.stop'), 7],
    ['a body of another type', request('runs.stop', { runId: 4 }), 7],
  ])('answers %s with a typed error and calls no handler', async (_what, message, id) => {
    const touched = vi.fn<() => never>();
    const dispatch = dispatcherOf({ 'system.samples': touched, 'runs.stop': touched });
    expect(await dispatch(message)).toMatchObject({ kind: 'answer', id, ok: false, error: { code: 'ipc/invalid' } });
    expect(touched).not.toHaveBeenCalled();
  });

  it("passes an AppError's code and message on, and calls anything else internal", async () => {
    const dispatch = dispatcherOf({
      'runs.stop': () => {
        throw new AppError('run/invalid-state', 'It has ended.', { runId: 'r', odd: 1n });
      },
      'runs.pause': () => Promise.reject(new TypeError('oops')),
    });
    expect(await dispatch(request('runs.stop', { runId: 'r' }))).toMatchObject({
      ok: false,
      error: { code: 'run/invalid-state', message: 'It has ended.', details: {} },
    });
    expect(await dispatch(request('runs.pause', { runId: 'r' }))).toMatchObject({
      ok: false,
      error: { code: 'internal' },
    });
  });

  it('does not let an answer through that breaks the contract', async () => {
    const dispatch = dispatcherOf({ 'system.samples': () => [{ atMs: 'now' }] as never });
    expect(await dispatch(request('system.samples'))).toMatchObject({ ok: false, error: { code: 'internal' } });
  });
});
