import { z } from 'zod';
import { AppError } from '../../../../src-shared/app-error.ts';
import { textLines, type ReadOptions, type TextLine } from './text-lines.ts';

export interface Article {
  /** "" where the form has none. */
  readonly title: string;
  readonly text: string;
  /** Where it begins. */
  readonly line: number;
}

/** How a file keeps its articles. */
export type TextForm = 'jsonl' | 'wikitext' | 'plain';

const JsonArticle = z.object({ text: z.string(), title: z.string().optional() });
/** ` = Title = `; sections have more signs: ` = = Section = = `. */
const WIKITEXT_TITLE = /^ = (?!=)(.+?) = $/;
/** Lines that are looked at to tell WikiText from plain text. */
const LOOKED_AT = 1000;

/** What a file's name and first lines say. */
export async function textFormOf(file: string): Promise<TextForm> {
  if (/\.(jsonl|ndjson|json)$/i.test(file)) return 'jsonl';
  for await (const { text, number } of textLines(file)) {
    if (isTitle(text)) return 'wikitext';
    if (number >= LOOKED_AT) break;
  }
  return 'plain';
}

/**
 * A file's articles in order, one in memory at a time. Articles without any text are passed over.
 * @throws AppError as `textLines`; file/invalid with file, line and field for a line of a jsonl file that is none
 */
export async function* readArticles(file: string, options: ReadOptions = {}): AsyncGenerator<Article> {
  const form = await textFormOf(file);
  const lines = textLines(file, options);
  if (form === 'jsonl') yield* jsonArticles(file, lines);
  else yield* form === 'wikitext' ? wikiTextArticles(lines) : plainArticles(lines);
}

async function* jsonArticles(file: string, lines: AsyncIterable<TextLine>): AsyncGenerator<Article> {
  for await (const { text: line, number } of lines) {
    if (line.trim() === '') continue;
    const { text, title } = parseLine(file, line, number);
    if (text.trim() !== '') yield { title: title ?? '', text, line: number };
  }
}

function parseLine(file: string, line: string, number: number): z.output<typeof JsonArticle> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('file/invalid', `${file}, line ${number} is not JSON: ${reason}`, { file, line: number }, error);
  }
  const parsed = JsonArticle.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    'file/invalid',
    `${file}, line ${number}, field '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'invalid'}. ` +
      'Every line needs a "text", and may have a "title".',
    { file, line: number },
  );
}

const isTitle = (line: string): boolean => WIKITEXT_TITLE.test(line) && !line.startsWith(' = = ');

async function* wikiTextArticles(lines: AsyncIterable<TextLine>): AsyncGenerator<Article> {
  let article: { title: string; lines: string[]; line: number } = { title: '', lines: [], line: 1 };
  for await (const { text, number } of lines) {
    if (!isTitle(text)) {
      article.lines.push(text);
      continue;
    }
    yield* nonEmpty(article);
    article = { title: WIKITEXT_TITLE.exec(text)?.[1] ?? '', lines: [], line: number };
  }
  yield* nonEmpty(article);
}

async function* plainArticles(lines: AsyncIterable<TextLine>): AsyncGenerator<Article> {
  let article: { title: string; lines: string[]; line: number } | undefined;
  for await (const { text, number } of lines) {
    if (text.trim() !== '') {
      article ??= { title: '', lines: [], line: number };
      article.lines.push(text);
    } else if (article !== undefined) {
      yield* nonEmpty(article);
      article = undefined;
    }
  }
  if (article !== undefined) yield* nonEmpty(article);
}

function* nonEmpty({ title, lines, line }: { title: string; lines: string[]; line: number }): Generator<Article> {
  const text = lines.join('\n').trim();
  if (text !== '') yield { title, text, line };
}
