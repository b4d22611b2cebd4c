// @ts-check
/** vitest's JSON report in numbers and names. */

/**
 * @typedef {{ status: string, fullName: string }} Assertion
 * @typedef {{ name: string, status: string, assertionResults: Assertion[] }} FileResult
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

/**
 * The tests that did not run, as "file: test", files relative to `projectDir`.
 * @param {Report | undefined} report
 * @param {string} projectDir
 */
export function skippedTests(report, projectDir) {
  return (report?.testResults ?? []).flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => `${file.name.replace(`${projectDir}/`, '')}: ${fullName}`),
  );
}
