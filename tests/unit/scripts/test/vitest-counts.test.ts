import { describe, expect, it } from 'vitest';
import { closingLine, countTests, failedTests, skippedTests } from '../../../../scripts/test/vitest-counts.mjs';

function file(name: string, status: string, tests: Record<string, string>) {
  const assertionResults = Object.entries(tests).map(([fullName, state]) => ({ fullName, status: state }));
  return { name, status, assertionResults };
}

describe('countTests', () => {
  it('counts tests over all files, and every state that is neither as skipped', () => {
    const report = {
      testResults: [
        file('/p/a.test.ts', 'failed', { one: 'passed', two: 'failed', three: 'skipped' }),
        file('/p/b.test.ts', 'passed', { four: 'passed', five: 'pending', six: 'todo' }),
      ],
    };
    expect(countTests(report, false)).toEqual({ passed: 2, failed: 1, skipped: 3 });
  });

  it('counts a file that failed to load as one that failed', () => {
    const report = {
      testResults: [file('/p/a.test.ts', 'failed', {}), file('/p/b.test.ts', 'passed', { x: 'passed' })],
    };
    expect(countTests(report, false)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('counts a file whose hook failed after its tests as one that failed', () => {
    expect(countTests({ testResults: [file('/p/a.test.ts', 'failed', { x: 'passed' })] }, false).failed).toBe(1);
  });

  it('never says that nothing failed when vitest failed', () => {
    expect(countTests(undefined, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countTests({ testResults: [file('/p/a.test.ts', 'passed', { x: 'passed' })] }, false).failed).toBe(1);
  });

  it('has nothing to count in an empty run that succeeded', () => {
    expect(countTests({ testResults: [] }, true)).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

it('closes with one plain line', () => {
  expect(closingLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
});

it('names the tests that did not run, by file', () => {
  const report = { testResults: [file('/p/tests/a.test.ts', 'passed', { ran: 'passed', waits: 'skipped' })] };
  expect(skippedTests(report, '/p')).toEqual(['tests/a.test.ts: waits']);
});

describe('failedTests', () => {
  it('names each test that failed, with the beginning of its message and without colours', () => {
    const message = `\u001B[31mAssertionError: expected 1 to be 2\u001B[39m\n${'at somewhere\n'.repeat(20)}`;
    const failed = { fullName: 'adds', status: 'failed', failureMessages: [message] };
    const [line, ...others] = failedTests(
      { testResults: [{ name: '/p/tests/a.test.ts', status: 'failed', assertionResults: [failed] }] },
      '/p',
    );
    expect(others).toEqual([]);
    expect(line?.split('\n')).toEqual([
      'tests/a.test.ts: adds',
      '    AssertionError: expected 1 to be 2',
      ...Array.from({ length: 5 }, () => '    at somewhere'),
    ]);
  });

  it('says why a file failed that no failed test explains', () => {
    const hook = { ...file('/p/tests/b.test.ts', 'failed', { ran: 'passed' }), message: 'afterAll: port in use' };
    expect(failedTests({ testResults: [hook] }, '/p')).toEqual(['tests/b.test.ts: afterAll: port in use']);
  });

  it('has nothing to name of a run that passed, or of one without a report', () => {
    expect(failedTests({ testResults: [file('/p/a.test.ts', 'passed', { x: 'passed' })] }, '/p')).toEqual([]);
    expect(failedTests(undefined, '/p')).toEqual([]);
  });
});
