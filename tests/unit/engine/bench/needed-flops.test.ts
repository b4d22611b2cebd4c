import { describe, expect, it } from 'vitest';
import { forwardFlops, neededFlopsPerStep } from '../../../../src-main/engine/bench/needed-flops.ts';
import { textBench } from '../../../../src-shared/config/presets/text-bench.ts';

const shapes = { rows: 16, unlabeledLength: 128, labeledLength: 128 };
const GIGA = 1e9;

describe('needed matrix-product work at text sizes, batch 16', () => {
  it('has the stated forward costs', () => {
    const { encoder, head } = forwardFlops(textBench('mlm'), 16 * 128);
    expect(encoder / GIGA).toBeCloseTo(19.3, 1);
    expect(head / GIGA).toBeCloseTo(31.5, 1);
  });

  it('is 152 GFLOP for fine-tuning', () => {
    expect(neededFlopsPerStep(textBench('finetune'), shapes) / GIGA).toBeCloseTo(152, 0);
  });

  it('is 72 GFLOP for MLM through masked positions, less what its last layer does not compute', () => {
    const config = textBench('mlm');
    const { encoder, head } = forwardFlops(config, 16 * 128);
    expect((3 * encoder + 3 * 0.15 * head) / GIGA).toBeCloseTo(72, 0);
    // a layer's 12 D^2 per row (F = 4 D): keys and values, 2 D^2, of every row, the other ten of 15 % of them
    const layers = 5 + (2 + 0.15 * 10) / 12;
    expect(neededFlopsPerStep(config, shapes) / (3 * ((layers / 6) * encoder + 0.15 * head))).toBeCloseTo(1, 10);
  });

  it('counts the passes of the meta objectives', () => {
    const { encoder, head } = forwardFlops(textBench('mlm'), 16 * 128);
    // teacher: 3 encoder passes, 2 + 2 + 1.15 heads; student: pseudo, support, query; forward and backward each
    expect(neededFlopsPerStep(textBench('hard'), shapes) / (18 * encoder + 24.45 * head)).toBeCloseTo(1, 10);
    expect(neededFlopsPerStep(textBench('soft'), shapes) / (28 * encoder + 39.45 * head)).toBeCloseTo(1, 10);
    const twoInnerSteps = textBench('soft');
    twoInnerSteps.meta.innerSteps = 2;
    expect(neededFlopsPerStep(twoInnerSteps, shapes) / (37 * encoder + 48.45 * head)).toBeCloseTo(1, 10);
    const denoising = textBench('hard');
    denoising.meta.denoising = true;
    expect(neededFlopsPerStep(denoising, shapes) / (18 * encoder + 21.45 * head)).toBeCloseTo(1, 10);
  });

  it('grows with the accumulation and with MLM as labeled task', () => {
    const config = textBench('mlm');
    const once = neededFlopsPerStep(config, shapes);
    config.training.accumulation = 4;
    expect(neededFlopsPerStep(config, shapes)).toBeCloseTo(4 * once, 0);
    const short = { ...shapes, labeledLength: 64 };
    const soft = textBench('soft');
    soft.meta.mlmAsTask = true;
    const mixed = neededFlopsPerStep(soft, short);
    soft.meta.mlmAsTask = false;
    const alone = neededFlopsPerStep(soft, short);
    const { encoder, head } = forwardFlops(soft, 16 * 32);
    expect(mixed - alone).toBeCloseTo(12 * (encoder + head), -6);
  });
});
