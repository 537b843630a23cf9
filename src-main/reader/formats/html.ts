// Web pages: the article where the page has one, else all that a browser would show.
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import type { ReadBlock } from '#contract/reader.ts';
import { prose } from '../blocks.ts';
import { HtmlBody } from '../html/html-body.ts';
import { refuseLarger, type About, type Piece, type Source } from '../source.ts';
import { walkText } from '../xml.ts';
import { textOf } from './plain-text.ts';

/** Anything else of that size is data, not a page. */
const LARGEST_BYTES = 128 * 1024 * 1024;
/** A larger page is no article, and its tree would take too long. */
const LARGEST_ARTICLE_CHARACTERS = 3_000_000;
const MOST_ELEMENTS = 60_000;
/** Finding the article takes the longer the deeper the page is: minutes for one that is made to be deep. */
const DEEPEST_ARTICLE = 200;
/** An article that is shorter, or a smaller share of its page, may not be all that matters there. */
const SHORTEST_ARTICLE = 400;
const SMALLEST_SHARE = 0.4;

export async function* readHtml(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  refuseLarger(source, LARGEST_BYTES);
  const declared = /<meta[^>]{1,200}charset=["']?([\w-]{1,40})/i.exec(source.head.toString('latin1'))?.[1];
  const parts: string[] = [];
  for await (const { text, progress } of textOf(source, about, declared)) {
    parts.push(text);
    yield { blocks: [], progress: progress / 2 };
  }
  const html = parts.join('');
  const whole = blocksOf(html, false);
  about.title = whole.title;
  const mayBeArticle = html.length <= LARGEST_ARTICLE_CHARACTERS && whole.deepest <= DEEPEST_ARTICLE;
  const article = mayBeArticle ? articleIn(html) : null;
  yield { blocks: whatMatters(article, whole.blocks, html), progress: 1 };
}

function whatMatters(article: ReadBlock[] | null, whole: ReadBlock[], html: string): ReadBlock[] {
  if (article && lengthOf(article) >= lengthOf(whole) * SMALLEST_SHARE) return article;
  // Where leaving out menus and footers leaves nothing, they are the text.
  return whole.length > 0 ? whole : blocksOf(html, true).blocks;
}

interface PageBlocks {
  title: string | null;
  deepest: number;
  blocks: ReadBlock[];
}

function blocksOf(html: string, keepAround: boolean): PageBlocks {
  const body = new HtmlBody({ keepAround });
  const blocks = [...walkText(html, body, 'html'), ...body.end()];
  return { title: body.title, deepest: body.deepest, blocks };
}

function articleIn(html: string): ReadBlock[] | null {
  try {
    const { document } = parseHTML(html);
    const article = new Readability(document, { maxElemsToParse: MOST_ELEMENTS }).parse();
    const blocks = article?.content ? blocksOf(article.content, true).blocks : [];
    if (lengthOf(blocks) < SHORTEST_ARTICLE) return null;
    return withTitle(blocks, article?.title);
  } catch {
    return null; // Too deep or too large a tree: the page is read as it is.
  }
}

/** The article's heading stands outside of what is found to be its text. */
function withTitle(blocks: ReadBlock[], title: string | null | undefined): ReadBlock[] {
  const text = prose(title ?? '');
  const has = blocks.some((block) => block.kind === 'heading' && block.text === text);
  return text === '' || has
    ? blocks
    : [{ kind: 'heading', level: 1, text, page: null, continues: false }, ...blocks];
}

function lengthOf(blocks: readonly ReadBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0);
}
