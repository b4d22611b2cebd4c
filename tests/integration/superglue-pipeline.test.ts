import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openZip } from '../../src-main/engine/data/zip/read-zip.ts';
import { listEvents } from '../../src-main/registry/events.ts';
import { openRegistry } from '../../src-main/registry/open-registry.ts';
import { listRuns } from '../../src-main/registry/runs.ts';
import { registryFile } from '../../src-main/runs/run-files.ts';
import { predictionFiles } from '../../src-main/superglue/prediction-files.ts';
import { PredictionRecord } from '../../src-shared/run/prediction-record.ts';
import { runCli, startCli } from '../support/cli.ts';

/** The real command and engine on the text that the app ships. */

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-superglue-'));
});
afterAll(() => rmSync(home, { recursive: true }));

async function linesOf(zip: string): Promise<Record<string, unknown[]>> {
  const { files, close } = await openZip(zip);
  const entries: Record<string, unknown[]> = {};
  for (const { name, chunks } of files) {
    const parts: Uint8Array[] = [];
    for await (const part of chunks()) parts.push(part);
    const lines = Buffer.concat(parts).toString('utf8').trimEnd().split('\n');
    entries[name] = lines.map((line) => JSON.parse(line) as unknown);
  }
  await close();
  return entries;
}

function sampleRows(
  path: string,
): { idx: number | string; passage?: { questions: { idx: number; answers: { idx: number }[] }[] } }[] {
  const file = new URL(`../../resources/text-sample/superglue/${path}`, import.meta.url);
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { idx: number | string });
}

describe('metalmo superglue', () => {
  it('goes on after it is killed, trains and predicts nothing twice, and ends in a zip for the leaderboard', async () => {
    const source = await runCli(
      'run',
      '--preset',
      'text-mlm-smoke',
      '--set',
      'training.epochs=1',
      '--home',
      home,
      '--json',
    );
    const sourceId = String(source.lines.at(-1)?.['runId']);
    const options = ['--tasks', 'MultiRC,RTE', '--lr', '0.01', '--smoke', '--epochs', '6', '--name', 'mine'];

    const first = startCli('superglue', '--from', sourceId, ...options, '--home', home, '--json');
    // Killed in the middle of the second run.
    await new Promise<void>((resolve, reject) => {
      let log = '';
      first.process.stderr?.on('data', (chunk: Buffer) => {
        log += chunk.toString('utf8');
        if (/\[2\/2\].*training \(/s.test(log)) resolve();
      });
      void first.result.then(({ stderr }) => reject(new Error(stderr)));
    });
    first.process.kill('SIGKILL');
    const killed = await first.result;
    expect(killed.lines.filter(({ status }) => status === 'finished')).toHaveLength(1);

    const second = await runCli('superglue', '--resume', 'mine', '--home', home, '--json');
    expect(second.code, second.stderr).toBe(0);
    const result = second.lines.at(-1) as {
      status: string;
      scores: Record<string, number>;
      average: number;
      tasks: { task: string; score: number; best: { runId: string } }[];
    };
    expect(result.status).toBe('finished');
    expect(Object.keys(result.scores)).toEqual(['MultiRC_F1a', 'MultiRC_EM', 'RTE']);
    const [multiRc, rte] = result.tasks;
    expect(result.average).toBeCloseTo(((multiRc?.score ?? NaN) + (rte?.score ?? NaN)) / 2, 10);

    const db = openRegistry(registryFile(home));
    const runs = listRuns(db).filter(({ sweepId }) => sweepId !== null);
    expect(runs.map(({ status, parentRunId }) => [status, parentRunId])).toEqual(
      Array.from({ length: 2 }, () => ['finished', sourceId]),
    );
    // The one that had finished was left alone, the one at work was resumed.
    const startsOf = (task: string): number => {
      const run = runs.find(({ config }) => config.data.kind === 'text' && config.data.tasks === task);
      return listEvents(db, run?.runId ?? '').filter(({ kind }) => kind === 'started').length;
    };
    expect([startsOf('MultiRC'), startsOf('RTE')]).toEqual([1, 2]);
    db.close();
    const predictions = [...killed.lines, ...second.lines].filter(({ prediction }) => prediction !== undefined);
    expect(predictions.map(({ prediction, task }) => [prediction, task])).toEqual([
      ['validation', 'MultiRC'],
      ['validation', 'RTE'],
      ['test', 'MultiRC'],
      ['test', 'RTE'],
      ['AX-b', 'RTE'],
      ['AX-g', 'RTE'],
    ]);

    // The table is what the examples say.
    const details = readFileSync(predictionFiles(home, rte?.best.runId ?? '', 'validation').details, 'utf8');
    const records = details
      .trimEnd()
      .split('\n')
      .map((line) => PredictionRecord.parse(JSON.parse(line)));
    expect(records).toHaveLength(sampleRows('RTE/val.jsonl').length);
    const right = records.filter(({ target, prediction }) => target === prediction).length;
    expect(result.scores['RTE']).toBeCloseTo((100 * right) / records.length, 10);

    const zip = join(home, 'submission.zip');
    const zipped = await runCli('superglue-zip', 'mine', '--out', zip, '--home', home, '--json');
    expect(zipped.code, zipped.stderr).toBe(0);
    expect(zipped.lines[0]?.['missing']).toEqual(
      ['BoolQ', 'CB', 'COPA', 'ReCoRD', 'WiC', 'WSC'].map((name) => `${name}.jsonl`),
    );
    const entries = await linesOf(zip);
    expect(Object.keys(entries)).toEqual(['MultiRC.jsonl', 'RTE.jsonl', 'AX-b.jsonl', 'AX-g.jsonl']);
    for (const [name, rows] of [
      ['RTE.jsonl', sampleRows('RTE/test.jsonl')],
      ['AX-b.jsonl', sampleRows('AX-b/AX-b.jsonl')],
      ['AX-g.jsonl', sampleRows('AX-g/AX-g.jsonl')],
    ] as const) {
      const label = expect.stringMatching(/^(not_)?entailment$/) as string;
      // The diagnostics number their rows with texts.
      expect(entries[name]).toEqual(rows.map(({ idx }) => ({ idx: Number(idx), label })));
    }
    const label = expect.toSatisfy((value: unknown) => value === 0 || value === 1) as number;
    expect(entries['MultiRC.jsonl']).toEqual(
      sampleRows('MultiRC/test.jsonl').map(({ idx, passage }) => ({
        idx,
        passage: {
          questions: passage?.questions.map((question) => ({
            idx: question.idx,
            answers: question.answers.map((answer) => ({ idx: answer.idx, label })),
          })),
        },
      })),
    );

    // Nothing is left to do.
    const again = await runCli('superglue', '--resume', 'mine', '--home', home, '--json');
    expect(again.code).toBe(0);
    expect(again.lines).toEqual([result]);
  }, 900_000);

  it('stops and saves at Ctrl-C, and refuses what is wrong with nothing written', async () => {
    const begun = startCli(
      'superglue',
      '--from',
      'fresh',
      '--tasks',
      'CB',
      '--lr',
      '0.01,0.02',
      '--smoke',
      '--epochs',
      '500',
      '--name',
      'long',
      '--home',
      home,
      '--json',
    );
    await new Promise<void>((resolve, reject) => {
      begun.process.stderr?.on('data', (chunk: Buffer) => {
        if (chunk.toString('utf8').includes('training (')) resolve();
      });
      void begun.result.then(({ stderr }) => reject(new Error(stderr)));
    });
    begun.process.kill('SIGINT');
    const stopped = await begun.result;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/metalmo superglue --resume superglue-/);
    const db = openRegistry(registryFile(home));
    expect(
      listRuns(db)
        .slice(0, 2)
        .map(({ status }) => status),
    ).toEqual(['stopped', 'stopped']);
    db.close();

    const bad = join(home, 'bad');
    for (const args of [
      ['--from', 'nobody', '--tasks', 'CB'],
      ['--from', 'fresh', '--tasks', 'XYZ'],
      ['--from', 'fresh', '--tasks', 'CB', '--lr', '0'],
      ['--from', 'fresh', '--tasks', 'CB', '--superglue', 'unknown'],
      ['--resume', 'nobody'],
    ]) {
      expect((await runCli('superglue', ...args, '--home', bad)).code, args.join(' ')).toBe(2);
    }
    expect((await runCli('superglue-zip', 'long', '--out', join(home, 'x.zip'), '--home', home)).code).toBe(2);
    expect(() => readFileSync(join(bad, 'registry.sqlite'))).toThrow();
  });
});
