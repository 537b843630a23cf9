// A code block: a head with language and copy button, and lines in chunks. A chunk is closed at a blank line, coloured
// once, and left alone; only the last one takes new text.
import { copyText } from './copy-text.ts';
import { drawDiagram, isDiagram } from './diagram.ts';
import { highlighted, knownLanguage } from './highlight.ts';
import type { Code } from './block.ts';
import type { MarkdownLabels } from './markdown-renderer.ts';

/** UTF-16 units: a chunk is closed at the next blank line from here, and at any line from there. */
const CHUNK_FROM = 2_000;
const CHUNK_LIMIT = 4_000;
/** Longer blocks stay plain. */
const COLOUR_LIMIT = 50_000;
const COLOUR_EVERY_MS = 600;
/** Code with more lines is folded. */
const FOLD_FROM = 40;

export class CodeView {
  readonly kind = 'code';
  readonly node: HTMLElement;
  readonly #code = document.createElement('code');
  readonly #label = document.createElement('span');
  readonly #labels: MarkdownLabels;
  #fold: HTMLButtonElement | null = null;
  #draw: HTMLButtonElement | null = null;
  #drawing: Element | null = null;
  #lines = 0;
  #language: string | null = null;
  #text = '';
  #chunk = document.createElement('span');
  #chunkStart = 0;
  #colouredAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(labels: MarkdownLabels) {
    this.#labels = labels;
    this.node = document.createElement('figure');
    this.node.className = 'code';
    this.node.dir = 'ltr';
    const head = document.createElement('figcaption');
    head.append(
      this.#label,
      wrapButton(labels, this.node),
      copyButton(labels, () => this.#text),
    );
    const pre = document.createElement('pre');
    pre.tabIndex = 0;
    pre.setAttribute('role', 'region');
    pre.setAttribute('aria-label', labels.code);
    pre.append(this.#code);
    this.node.append(head, pre);
    this.#startChunk(0);
  }

  update(block: Code): void {
    if (this.#label.textContent !== block.language) this.#label.textContent = block.language;
    this.#language = knownLanguage(block.language);
    this.#show(block.text);
    if (!block.open && isDiagram(block.language)) this.#offerDrawing();
    if (this.#labels.foldsCode && block.lineCount > FOLD_FROM) this.#offerFold(block.lineCount);
    if (this.#colouredAt === this.#text.length) return;
    if (block.open) this.#colourSoon();
    else this.#colour();
  }

  /** Nothing is drawn unasked. */
  #offerDrawing(): void {
    if (this.#draw) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = this.#labels.draw;
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => void this.#toggleDrawing(button));
    this.#label.after(button);
    this.#draw = button;
  }

  async #toggleDrawing(button: HTMLButtonElement): Promise<void> {
    const drawing = this.#drawing ?? (await this.#drawn());
    const shows = drawing !== this.#drawing;
    this.#drawing?.remove();
    this.#drawing = shows ? drawing : null;
    if (shows) this.node.append(drawing);
    this.node.classList.toggle('drawn', shows && drawing instanceof HTMLImageElement);
    button.setAttribute('aria-pressed', String(shows));
  }

  async #drawn(): Promise<Element> {
    try {
      return await drawDiagram(this.#text, this.#labels.diagram);
    } catch {
      // What a model writes is often no diagram: the code stays in sight.
      const words = document.createElement('p');
      words.className = 'undrawn';
      words.setAttribute('role', 'status');
      words.textContent = this.#labels.notDrawn;
      return words;
    }
  }

  #offerFold(lines: number): void {
    if (!this.#fold) {
      this.#fold = document.createElement('button');
      this.#fold.type = 'button';
      this.#fold.className = 'fold';
      this.#fold.addEventListener('click', () => {
        this.node.classList.toggle('folded');
        this.#nameFold();
      });
      this.node.classList.add('folded');
      this.node.append(this.#fold);
    }
    this.#lines = lines;
    this.#nameFold();
  }

  #nameFold(): void {
    const folded = this.node.classList.contains('folded');
    this.#fold!.textContent = folded ? this.#labels.allLines(this.#lines) : this.#labels.fewerLines;
    this.#fold!.setAttribute('aria-expanded', String(!folded));
  }

  #startChunk(at: number): void {
    this.#chunk = document.createElement('span');
    this.#chunk.className = 'chunk';
    this.#chunk.append('');
    this.#code.append(this.#chunk);
    this.#chunkStart = at;
    this.#colouredAt = 0;
  }

  #show(text: string): void {
    if (text === this.#text) return;
    const from = Math.max(this.#text.length, this.#chunkStart);
    if (!text.startsWith(this.#text)) this.#chunk.textContent = text.slice(this.#chunkStart);
    else this.#appendToChunk(text.slice(from));
    this.#text = text;
    for (let end = chunkEnd(text, this.#chunkStart); end > 0; end = chunkEnd(text, this.#chunkStart)) {
      this.#chunk.textContent = text.slice(this.#chunkStart, end);
      this.#colour();
      this.#startChunk(end + 1);
      this.#chunk.textContent = text.slice(end + 1);
    }
  }

  #appendToChunk(text: string): void {
    const last = this.#chunk.lastChild;
    if (last instanceof Text) last.appendData(text);
    else this.#chunk.append(text);
  }

  #colourSoon(): void {
    if (this.#timer || !this.#language) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#text.length - this.#colouredAt > 20) this.#colour();
    }, COLOUR_EVERY_MS);
  }

  #colour(): void {
    const chunk = this.#chunk;
    const text = chunk.textContent ?? '';
    if (!this.#language || this.#text.length > COLOUR_LIMIT || text === '') return;
    this.#colouredAt = this.#chunkStart + text.length;
    void highlighted(text, this.#language).then((coloured) => {
      const now = chunk.textContent ?? '';
      if (coloured && now.startsWith(text)) chunk.replaceChildren(coloured, now.slice(text.length));
    });
  }
}

/** Where the chunk that starts at `start` ends (the line feed is not part of it), or 0 while it goes on. */
function chunkEnd(text: string, start: number): number {
  if (text.length - start < CHUNK_FROM) return 0;
  const blank = text.indexOf('\n\n', start + CHUNK_FROM);
  if (blank !== -1 && blank - start < CHUNK_LIMIT) return blank + 1;
  return text.length - start > CHUNK_LIMIT ? Math.max(0, text.indexOf('\n', start + CHUNK_LIMIT)) : 0;
}

/** Breaks long lines, or lets them run on. */
function wrapButton(labels: MarkdownLabels, figure: HTMLElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = labels.wrap;
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', () => {
    button.setAttribute('aria-pressed', String(figure.classList.toggle('wrapped')));
  });
  return button;
}

function copyButton(labels: MarkdownLabels, text: () => string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = labels.copy;
  button.addEventListener('click', () => {
    void copyText(text()).then((copied) => {
      button.textContent = copied ? labels.copied : labels.copyFailed;
      setTimeout(() => (button.textContent = labels.copy), 1_600);
    });
  });
  return button;
}
