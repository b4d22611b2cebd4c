import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '../../src-shared/app-error.ts';
import type { TeacherExample } from '../../src-shared/run/records.ts';

const Texts = z.array(z.object({ textIndex: z.int(), xU: z.array(z.string()) }));
const Written = z.object({ xHat: z.array(z.array(z.string())), yHat: z.array(z.array(z.string())) });

/** The probe texts as they are stored: the same text for the same texts, so its hash names them. */
export interface StoredTexts {
  readonly key: string;
  readonly json: string;
}

export function storedTexts(examples: readonly TeacherExample[]): StoredTexts {
  const json = JSON.stringify(examples.map(({ textIndex, xU }) => ({ textIndex, xU })));
  return { key: createHash('sha256').update(json).digest('hex').slice(0, 32), json };
}

/** What was written, compressed with the probe texts as dictionary: of a teacher that keeps most, little is left. */
export function packWritten(examples: readonly TeacherExample[], texts: string): Buffer {
  const written = { xHat: examples.map(({ xHat }) => xHat), yHat: examples.map(({ yHat }) => yHat) };
  return deflateRawSync(JSON.stringify(written), { level: 9, dictionary: dictionaryOf(texts) });
}

/** @throws AppError file/invalid */
export function unpackExamples(texts: string, written: Uint8Array, isDeflated: boolean): TeacherExample[] {
  try {
    const bytes = isDeflated ? inflateRawSync(written, { dictionary: dictionaryOf(texts) }) : Buffer.from(written);
    const { xHat, yHat } = Written.parse(JSON.parse(bytes.toString('utf8')));
    return Texts.parse(JSON.parse(texts)).map(({ textIndex, xU }, row) => ({
      textIndex,
      xU,
      xHat: xHat[row] ?? [],
      yHat: yHat[row] ?? [],
    }));
  } catch (error) {
    throw new AppError('file/invalid', 'The registry holds teacher examples that cannot be read.', {}, error);
  }
}

/** The window of deflate ends 32 KiB back; of longer texts their end is used. */
function dictionaryOf(texts: string): Buffer {
  return Buffer.from(texts, 'utf8').subarray(-32_768);
}
