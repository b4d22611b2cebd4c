import { writeFile } from 'node:fs/promises';

/** Writes a PNG as it is. */
export async function savePicture(png: Uint8Array, file: string): Promise<void> {
  await writeFile(file, png);
}
