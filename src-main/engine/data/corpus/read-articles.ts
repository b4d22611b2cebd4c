import { z } from 'zod';
import { AppError } from '../../../../src-shared/app-error.ts';
import { LONGEST_LINE, textLines, type LineOptions, type TextLine } from './text-lines.ts';

export interface Article {
  /** "" where the form has none. */
  readonly title: string;
  readonly text: string;
  /** Where it begins. */
  readonly line: number;
}

/** How a file keeps its articles. */
export type TextForm = 'jsonl' | 'wikitext' | 'plain';

export interface ReadOptions extends LineOptions {
  /** Hears of every article that was passed over because it holds no text. */
  readonly onEmpty?: () => void;
}

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
 * A file's articles in order, one in memory at a time. Articles without any text are passed over and reported.
 * @throws AppError as `textLines`; file/invalid with file, line and field for a line of a jsonl file that is none, and for
 * an endless article
 */
export async function* readArticles(file: string, options: ReadOptions = {}): AsyncGenerator<Article> {
  const form = await textFormOf(file);
  const lines = textLines(file, options);
  const articles =
    form === 'jsonl'
      ? jsonArticles(file, lines)
      : form === 'wikitext'
        ? wikiTextArticles(file, lines)
        : plainArticles(file, lines);
  for await (const article of articles) {
    if (article.text === '') options.onEmpty?.();
    else yield article;
  }
}

async function* jsonArticles(file: string, lines: AsyncIterable<TextLine>): AsyncGenerator<Article> {
  for await (const { text: line, number } of lines) {
    if (line.trim() === '') continue;
    const { text, title } = parseLine(file, line, number);
    yield { title: title ?? '', text: text.trim() === '' ? '' : text, line: number };
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

async function* wikiTextArticles(file: string, lines: AsyncIterable<TextLine>): AsyncGenerator<Article> {
  let article: OpenArticle | undefined;
  for await (const { text, number } of lines) {
    if (isTitle(text)) {
      if (article !== undefined) yield article.close();
      article = new OpenArticle(file, number, WIKITEXT_TITLE.exec(text)?.[1]);
    } else if (article !== undefined || text.trim() !== '') {
      // text before the first title is an article without one
      article ??= new OpenArticle(file, number);
      article.add(text);
    }
  }
  if (article !== undefined) yield article.close();
}

async function* plainArticles(file: string, lines: AsyncIterable<TextLine>): AsyncGenerator<Article> {
  let article: OpenArticle | undefined;
  for await (const { text, number } of lines) {
    if (text.trim() !== '') {
      article ??= new OpenArticle(file, number);
      article.add(text);
    } else if (article !== undefined) {
      yield article.close();
      article = undefined;
    }
  }
  if (article !== undefined) yield article.close();
}

/** An article whose lines are still coming. */
class OpenArticle {
  readonly #file: string;
  readonly #line: number;
  readonly #title: string;
  readonly #lines: string[] = [];
  #length = 0;

  constructor(file: string, line: number, title = '') {
    [this.#file, this.#line, this.#title] = [file, line, title];
  }

  /** @throws AppError file/invalid where the article has grown too long to be held in memory */
  add(line: string): void {
    this.#lines.push(line);
    this.#length += line.length + 1;
    if (this.#length <= LONGEST_LINE) return;
    throw new AppError(
      'file/invalid',
      `${this.#file}: the article that begins in line ${this.#line} is longer than ${LONGEST_LINE} characters. ` +
        'Put a blank line between the articles of a plain text, or write one JSON object with a "text" a line.',
      { file: this.#file, line: this.#line },
    );
  }

  close(): Article {
    return { title: this.#title, text: this.#lines.join('\n').trim(), line: this.#line };
  }
}
