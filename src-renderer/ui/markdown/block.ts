// The blocks a Markdown text consists of, as the parser grows them line by line. Plain data: no DOM, no HTML.

/** A block that is `open` may still grow; a closed one never changes again. */
interface Growing {
  open: boolean;
}

export interface Paragraph extends Growing {
  kind: 'paragraph';
  text: string;
  /** A very long paragraph goes on here, without a gap. */
  continued: boolean;
}

export interface Heading extends Growing {
  kind: 'heading';
  level: number;
  text: string;
}

export interface Code extends Growing {
  kind: 'code';
  /** First word after the fence, '' when there is none. */
  language: string;
  text: string;
  lineCount: number;
  /** The fence it was opened with; '' for indented code. */
  fence: string;
  indent: number;
}

export interface MathBlock extends Growing {
  kind: 'math';
  /** With its delimiters, so that an unclosed one can be shown as it was written. */
  source: string;
  closer: string;
  /** The closing delimiter was seen. */
  complete: boolean;
}

export interface Rule extends Growing {
  kind: 'rule';
}

export type Alignment = 'left' | 'center' | 'right' | null;

export interface Table extends Growing {
  kind: 'table';
  header: string[];
  alignments: Alignment[];
  /** Lines as they were written; a row is split into cells when it is shown. */
  rows: string[];
}

export interface Quote extends Growing {
  kind: 'quote';
  children: Block[];
}

export interface Item extends Growing {
  kind: 'item';
  children: Block[];
  /** Null: not a task. */
  checked: boolean | null;
  /** Columns that belong to the marker; lines indented this far belong to the item. */
  indent: number;
}

/** What a footnote says; kept where it was written. */
export interface Note extends Growing {
  kind: 'note';
  label: string;
  children: Block[];
}

export interface List extends Growing {
  kind: 'list';
  ordered: boolean;
  start: number;
  /** '-', '*', '+', '.' or ')': another one starts another list. */
  marker: string;
  /** A blank line came last. */
  blank: boolean;
  children: Item[];
}

export type Block = Paragraph | Heading | Code | MathBlock | Rule | Table | Quote | List | Item | Note;

export interface Root {
  kind: 'root';
  children: Block[];
}

export type Container = Root | Quote | Item | Note;
