// @ts-check
/** vitest's JSON report in numbers and names. */
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} Assertion
 * @typedef {{ name: string, status: string, message?: string, assertionResults: Assertion[] }} FileResult
 * @typedef {{ success?: boolean, testResults?: FileResult[] }} Report
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * A file that fails to load has no tests to count: it counts as one that failed. So does a run without a report, and
 * one that failed for a reason no test shows (an error outside of every test).
 * @param {Report | undefined} report
 * @param {boolean} didSucceed vitest's exit code was 0
 * @returns {Counts}
 */
export function countTests(report, didSucceed) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
    const didShowFailure = file.assertionResults.some(({ status }) => status === 'failed');
    if (file.status === 'failed' && !didShowFailure) counts.failed += 1;
  }
  if (!didSucceed && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** @param {Counts} counts */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** A failure's message and the first places of its stack; the whole is in vitest's own output. */
const FAILURE_LINES = 6;
const FAILURE_CHARACTERS = 1000;

/**
 * Of what a test reports, vitest's colours and the lines after the first few left out, each further line indented.
 * @param {string[]} messages
 */
function shortened(messages) {
  const lines = stripVTControlCharacters(messages.join('\n')).split('\n', FAILURE_LINES);
  return lines.join('\n    ').slice(0, FAILURE_CHARACTERS).trim();
}

/**
 * The tests that failed, each with the beginning of its message, and the files that failed outside of every test.
 * Whoever reads only the end of a long log finds the cause there.
 * @param {Report | undefined} report
 * @param {string} projectDir
 */
export function failedTests(report, projectDir) {
  return (report?.testResults ?? []).flatMap((file) => {
    const place = relative(file, projectDir);
    const failures = file.assertionResults.filter(({ status }) => status === 'failed');
    if (file.status === 'failed' && failures.length === 0) return [`${place}: ${shortened([file.message ?? ''])}`];
    return failures.map(
      ({ fullName, failureMessages }) => `${place}: ${fullName}\n    ${shortened(failureMessages ?? [])}`,
    );
  });
}

/**
 * The tests that did not run, as "file: test", files relative to `projectDir`.
 * @param {Report | undefined} report
 * @param {string} projectDir
 */
export function skippedTests(report, projectDir) {
  return (report?.testResults ?? []).flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => `${relative(file, projectDir)}: ${fullName}`),
  );
}

/** @param {FileResult} file @param {string} projectDir */
function relative(file, projectDir) {
  return file.name.replace(`${projectDir}/`, '');
}
