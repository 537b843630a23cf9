// The parser of each format, loaded when a document needs it: most threads need only one.
import type { ReadFormat } from '#contract/reader.ts';
import type { Parser } from './source.ts';

const LOADERS: Record<ReadFormat, () => Promise<Parser>> = {
  text: async () => (await import('./formats/plain-text.ts')).readPlainText,
  code: async () => (await import('./formats/plain-text.ts')).readCode,
  markdown: async () => (await import('./formats/markdown.ts')).readMarkdown,
  subtitles: async () => (await import('./formats/subtitles.ts')).readSubtitles,
  html: async () => (await import('./formats/html.ts')).readHtml,
  pdf: async () => (await import('./formats/pdf.ts')).readPdf,
  docx: async () => (await import('./formats/docx.ts')).readDocx,
  odt: async () => (await import('./formats/odt.ts')).readOdt,
  epub: async () => (await import('./formats/epub.ts')).readEpub,
  rtf: async () => (await import('./formats/rtf.ts')).readRtf,
};

export function parserOf(format: ReadFormat): Promise<Parser> {
  return LOADERS[format]();
}
