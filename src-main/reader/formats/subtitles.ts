// SubRip and WebVTT as continuous text: without numbers, times and styles; a pause in the talk begins a paragraph.
import { paragraph, prose } from '../blocks.ts';
import type { About, Piece, Source } from '../source.ts';
import { textOf } from './plain-text.ts';

const TIMES = /^((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}) +--> +((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})/;
const NOT_SPOKEN = /^(WEBVTT|NOTE|STYLE|REGION)(\s|$)/;
const PAUSE_SECONDS = 3;
/** A paragraph that is this long ends with the next sentence. */
const LONG_CHARACTERS = 600;

export async function* readSubtitles(source: Source, about: About): AsyncGenerator<Piece, void, void> {
  const cues = new Cues();
  let open = '';
  for await (const { text, progress } of textOf(source, about)) {
    const parts = (open + text).split(/\n[ \t]*\n+/);
    open = parts.pop() ?? '';
    yield { blocks: parts.flatMap((part) => cues.add(part)).map((spoken) => paragraph(spoken)), progress };
  }
  const rest = [...cues.add(open), ...cues.end()];
  yield { blocks: rest.map((spoken) => paragraph(spoken)), progress: 1 };
}

class Cues {
  #spoken = '';
  #endSeconds = 0;

  /** Takes one cue; returns the paragraphs that it completes. */
  add(cue: string): string[] {
    const all = cue.split('\n');
    const at = all.findIndex((line) => TIMES.test(line.trim()));
    if (at < 0 && NOT_SPOKEN.test(all[0] ?? '')) return [];
    const [, from, to] = TIMES.exec(all[at]?.trim() ?? '') ?? [];
    const text = prose(
      all
        .slice(at + 1)
        .join(' ')
        .replaceAll(/<[^<>]{0,200}>|\{\\[^{}]{0,200}\}/g, ''),
    );
    const begins = from ? seconds(from) : this.#endSeconds;
    const sentenceOver = /[.!?。！？…]["'”’»)]*$/.test(this.#spoken);
    const over =
      begins - this.#endSeconds >= PAUSE_SECONDS || (this.#spoken.length >= LONG_CHARACTERS && sentenceOver);
    const complete = over ? this.end() : [];
    if (to) this.#endSeconds = seconds(to);
    this.#spoken = [this.#spoken, text].filter(Boolean).join(' ');
    return complete;
  }

  end(): string[] {
    const spoken = this.#spoken;
    this.#spoken = '';
    return spoken ? [spoken] : [];
  }
}

/** '1:02:03,400' */
function seconds(time: string): number {
  return time
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}
