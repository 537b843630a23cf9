// The marks of one field: has what can be seen and what is being written checked, one piece at a time, keeps marks in
// their place while the text changes, and does nothing at all before the person first types there.
import { areEnglish } from './english.ts';
import { keepMarks } from './keep-marks.ts';
import type { Mark, Spelling } from './mark.ts';
import { moveMarks } from './moved-marks.ts';
import { splitUnits, type TextUnit } from './text-units.ts';

/** A longer text is a document, not a message: drawing its marks would cost more than they are worth. */
export const LONGEST_MARKED = 150_000;
/** Data rather than prose; a browser lays out all of a line for each letter in it. */
export const LONGEST_LINE = 20_000;
const LOOK_AFTER_MS = 30;
/** The word one is writing is not yet wrong. */
const PAUSE_MS = 1_000;
const MOST_IGNORED = 1_000;

export interface FieldView {
  /** Which part of the text can be seen. */
  visible(): { start: number; end: number };
  caret(): number;
}

export class FieldMarks {
  readonly #spelling: Spelling;
  readonly #view: FieldView;
  readonly #ignored = new Set<string>();
  #text = '';
  #units: readonly TextUnit[] = [];
  #marks = $state.raw<readonly Mark[]>([]);
  #awake = $state(false);
  #typing = $state(false);
  #tooLong = $state(false);
  #caret = $state(0);
  #working = false;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #pauseTimer: ReturnType<typeof setTimeout> | undefined;

  /** Whether somebody has typed here, and wants marks, and the text can have some. */
  readonly awake = $derived.by(() => this.#awake && this.#spelling.active && !this.#tooLong);

  /** What is to be drawn: all but the word that is being written. */
  readonly shown = $derived(
    this.#typing ? this.#marks.filter((mark) => !touches(mark, this.#caret)) : this.#marks,
  );

  constructor(spelling: Spelling, view: FieldView) {
    this.#spelling = spelling;
    this.#view = view;
  }

  /** A key was pressed less than a second ago. */
  get typing(): boolean {
    return this.#typing;
  }

  /** The person typed. */
  typed(): void {
    this.#awake = true;
    this.#typing = true;
    this.#caret = this.#view.caret();
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = setTimeout(() => this.pause(), PAUSE_MS);
    this.look();
  }

  /** Nothing is being written now: every mark may be seen. */
  pause(): void {
    clearTimeout(this.#pauseTimer);
    this.#typing = false;
  }

  /** The field says something else, whoever wrote it. */
  changed(text: string): void {
    if (text === this.#text) return;
    this.#marks = moveMarks(this.#marks, this.#text, text);
    this.#text = text;
    this.#tooLong = isTooLong(text);
    this.#units = this.#tooLong ? [] : splitUnits(text);
    if (this.#units.length === 0) this.#marks = [];
    this.look();
  }

  /** What the checker goes by has changed: what was found so far is not to be trusted. */
  again(): void {
    if (this.#marks.length > 0) this.#marks = [];
    this.look();
  }

  /** Something else can be seen, or has to be checked. */
  look(): void {
    if (!this.awake || this.#units.length === 0) return;
    this.#lookTimer ??= setTimeout(() => {
      this.#lookTimer = undefined;
      void this.#work();
    }, LOOK_AFTER_MS);
  }

  /** The mark that one stands in or right beside. */
  at(position: number): Mark | null {
    return this.#marks.find((mark) => touches(mark, position)) ?? null;
  }

  /** The mark here or after here, else the first one. */
  from(position: number): Mark | null {
    const after = this.#marks.find((mark) => mark.start >= position);
    return this.at(position) ?? after ?? this.#marks[0] ?? null;
  }

  /** Not marked again among the same neighbours. */
  ignore(mark: Mark): void {
    if (this.#ignored.size >= MOST_IGNORED) this.#ignored.clear();
    this.#ignored.add(this.#surroundings(mark));
    this.#marks = this.#marks.filter((each) => each !== mark);
  }

  wordOf(mark: Mark): string {
    return this.#text.slice(mark.start, mark.end);
  }

  stop(): void {
    clearTimeout(this.#lookTimer);
    clearTimeout(this.#pauseTimer);
    this.#units = [];
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    this.#settle();
    for (let unit = this.#next(); unit; unit = this.#next()) {
      const { version } = this.#spelling;
      const lints = await this.#spelling.lint(unit.text);
      // A checker that can't work finds nothing and remembers nothing: there is no use in asking it on and on.
      const stuck = lints.length === 0 && !this.#spelling.known(unit.text);
      if (stuck && version === this.#spelling.version) break;
      this.#settle();
    }
    this.#working = false;
  }

  #next(): TextUnit | undefined {
    if (!this.awake) return undefined;
    return this.#wanted().find(({ english, unit }) => english && !this.#spelling.known(unit.text))?.unit;
  }

  /** The piece one is writing in, then those that can be seen. */
  #wanted(): { unit: TextUnit; english: boolean }[] {
    const { start, end } = this.#view.visible();
    const caret = this.#view.caret();
    const holds = (unit: TextUnit): boolean => caret >= unit.start && caret <= unit.start + unit.text.length;
    const seen = this.#units.filter((unit) => unit.start < end && unit.start + unit.text.length > start);
    const all = [...new Set([...this.#units.filter(holds), ...seen])];
    const english = areEnglish(all.map((unit) => unit.text));
    return all.map((unit, index) => ({ unit, english: english[index] ?? false }));
  }

  #settle(): void {
    const checked = this.#wanted().filter(({ unit, english }) => !english || this.#spelling.known(unit.text));
    const within = (mark: Mark): boolean =>
      checked.some(({ unit }) => mark.start >= unit.start && mark.start < unit.start + unit.text.length);
    const fresh = checked.flatMap(({ unit, english }) => (english ? this.#marksOf(unit) : []));
    const marks = [...this.#marks.filter((mark) => !within(mark)), ...fresh].toSorted(
      (one, two) => one.start - two.start,
    );
    if (JSON.stringify(marks) !== JSON.stringify(this.#marks)) this.#marks = marks;
  }

  #marksOf({ start, text }: TextUnit): Mark[] {
    const lints = this.#spelling.known(text) ?? [];
    return keepMarks(text, lints, (word) => this.#spelling.isOwnWord(word))
      .map((mark) => ({ ...mark, start: mark.start + start, end: mark.end + start }))
      .filter((mark) => !this.#ignored.has(this.#surroundings(mark)));
  }

  /** A mark with the word before and the word after it. */
  #surroundings({ start, end, message }: Mark): string {
    const before = /\S*\s*$/.exec(this.#text.slice(Math.max(0, start - 40), start))?.[0].trim();
    const after = /^\s*\S*/.exec(this.#text.slice(end, end + 40))?.[0].trim();
    return JSON.stringify([before, this.#text.slice(start, end), after, message]);
  }
}

function isTooLong(text: string): boolean {
  if (text.length > LONGEST_MARKED) return true;
  return text.length > LONGEST_LINE && text.split('\n').some((line) => line.length > LONGEST_LINE);
}

function touches(mark: Mark, position: number): boolean {
  return position >= mark.start && position <= mark.end;
}
