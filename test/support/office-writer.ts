// Makes small Word, OpenDocument and EPUB files of the parts that a test cares for.
import { zipFile, type ZipPart } from './zip-writer.ts';

const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

interface DocxOptions {
  title?: string;
  styles?: string;
  numbering?: string;
  footnotes?: string;
  further?: ZipPart[];
}

/** `body` is what stands inside of `w:body`. */
export function docxFile(body: string, options: DocxOptions = {}): Buffer {
  const part = (name: string, element: string, inside: string | undefined): ZipPart[] =>
    inside === undefined
      ? []
      : [{ name, data: `<?xml version="1.0"?><w:${element} ${WORD}>${inside}</w:${element}>` }];
  const core = `<cp:coreProperties xmlns:dc="d"><dc:title>${options.title ?? ''}</dc:title></cp:coreProperties>`;
  return zipFile([
    { name: '[Content_Types].xml', data: '<Types/>' },
    { name: 'docProps/core.xml', data: core },
    ...part('word/document.xml', 'document', `<w:body>${body}</w:body>`),
    ...part('word/styles.xml', 'styles', options.styles),
    ...part('word/numbering.xml', 'numbering', options.numbering),
    ...part('word/footnotes.xml', 'footnotes', options.footnotes),
    ...(options.further ?? []),
  ]);
}

/** A paragraph of Word; `properties` is XML. */
export function wordParagraph(text: string, properties = ''): string {
  return `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** `body` is what stands inside of `office:text`. */
export function odtFile(body: string, { title = '', further = [] as ZipPart[] } = {}): Buffer {
  return zipFile([
    { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true },
    {
      name: 'content.xml',
      data: `<?xml version="1.0"?><office:document-content><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    },
    { name: 'meta.xml', data: `<office:document-meta><dc:title>${title}</dc:title></office:document-meta>` },
    ...further,
  ]);
}

interface EpubOptions {
  title?: string;
  /** The order of the spine, by index; as given otherwise. */
  spine?: number[];
  /** Of the chapters in the list of parts, where it isn't their own name. */
  addresses?: string[];
  further?: ZipPart[];
}

/** Each chapter is what stands inside of `body`. */
export function epubFile(chapters: readonly string[], options: EpubOptions = {}): Buffer {
  const order = options.spine ?? chapters.map((_, index) => index);
  const address = (index: number): string => options.addresses?.[index] ?? `chapter%20${index}.xhtml`;
  const items = chapters.map(
    (_, index) => `<item id="c${index}" href="${address(index)}" media-type="application/xhtml+xml"/>`,
  );
  const spine = order.map((index) => `<itemref idref="c${index}"/>`).join('');
  return zipFile([
    { name: 'mimetype', data: 'application/epub+zip', stored: true },
    {
      name: 'META-INF/container.xml',
      data: '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    },
    {
      name: 'OEBPS/book.opf',
      data: `<package><metadata><dc:title>${options.title ?? ''}</dc:title></metadata><manifest>${items.join('')}</manifest><spine>${spine}</spine></package>`,
    },
    ...chapters.map((body, index) => ({
      name: `OEBPS/chapter ${index}.xhtml`,
      data: `<html><head><title>File ${index}</title></head><body>${body}</body></html>`,
    })),
    ...(options.further ?? []),
  ]);
}
