import { appendFileSync } from 'node:fs';

const LAST_WORDS_CHARS = 4000;

/** What an engine process prints: all of it to a file, the last of it for the message about how it ended. */
export interface EngineLog {
  readonly keep: (chunk: Buffer) => void;
  readonly lastWords: () => string;
}

/** @param file undefined keeps the last words alone */
export function openEngineLog(file: string | undefined): EngineLog {
  let lastWords = '';
  let isBroken = false;
  return {
    keep(chunk) {
      lastWords = (lastWords + chunk.toString('utf8')).slice(-LAST_WORDS_CHARS);
      if (file === undefined || isBroken) return;
      try {
        appendFileSync(file, chunk);
      } catch (error) {
        // A full disk must not take the run down with its log.
        isBroken = true;
        lastWords += `\n(the log ${file} can't be written: ${String(error)})\n`;
      }
    },
    lastWords: () => lastWords,
  };
}
