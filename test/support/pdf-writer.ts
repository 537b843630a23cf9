// Makes small PDF files by hand: text at given places, Latin or any other script, bookmarks, a password.
import { createCipheriv, createHash } from 'node:crypto';

export interface PdfText {
  /** In points from the lower left corner of a page of 600 by 800. */
  x: number;
  y: number;
  text: string;
  size?: number;
  /** Chinese in a font that is not in the file: only the reader's character maps know its characters. */
  chineseMap?: boolean;
}

export interface PdfOptions {
  title?: string;
  bookmarks?: { title: string; page: number }[];
  password?: string;
  /** Further entries of the catalogue; `objects` are numbered from FIRST_FURTHER on. */
  catalogue?: string;
  objects?: (string | { dictionary: string; stream: string })[];
}

type PdfObject = string | { dictionary: string; stream: string };
type Encrypt = ((data: Buffer) => Buffer) | null;

const FONTS = '/F1 3 0 R /F2 4 0 R /F3 6 0 R';
const BEFORE_FURTHER = 12;
export const FIRST_FURTHER = BEFORE_FURTHER + 1;

/** Lines below each other, as text of one column. */
export function pdfLines(
  lines: readonly string[],
  { x = 50, top = 700, size = 10, leading = 12 } = {},
): PdfText[] {
  return lines.map((text, index) => ({ x, y: top - index * leading, text, size }));
}

export function pdfFile(pages: readonly (readonly PdfText[])[], options: PdfOptions = {}): Buffer {
  const further = options.objects ?? [];
  const firstPage = FIRST_FURTHER + further.length;
  const pageNumber = (index: number): number => firstPage + index * 2;
  const firstBookmark = firstPage + pages.length * 2;
  const bookmarks = options.bookmarks ?? [];
  const outline = bookmarks.length > 0 ? `/Outlines ${firstBookmark} 0 R` : '';
  const encrypt = options.password === undefined ? null : cipher(FILE_KEY);
  const title = textString(options.title ?? '', encrypt);
  const objects: PdfObject[] = [
    `<< /Type /Catalog /Pages 2 0 R ${outline} ${options.catalogue ?? ''} >>`,
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${pageNumber(index)} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /Identity-H /DescendantFonts [5 0 R] /ToUnicode 9 0 R >>',
    '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Any /DW 500 /FontDescriptor 8 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>',
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [7 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 8 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>',
    '<< /Type /FontDescriptor /FontName /Any /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>',
    {
      dictionary: '',
      stream: toUnicode(
        pages
          .flat()
          .map(({ text }) => text)
          .join(''),
      ),
    },
    `<< /Title ${title} >>`,
    encrypt ? encryption(options.password ?? '') : 'null',
    'null',
    ...further,
    ...pages.flatMap((texts, index): PdfObject[] => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << ${FONTS} >> >> /Contents ${pageNumber(index) + 1} 0 R >>`,
      { dictionary: '', stream: texts.map(drawn).join('\n') },
    ]),
    ...outlineObjects(bookmarks, firstBookmark, pageNumber, encrypt),
  ];
  return assembled(objects, encrypt);
}

function assembled(objects: readonly PdfObject[], encrypt: Encrypt): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')];
  const offsets: number[] = [];
  let offset = parts[0]!.length;
  objects.forEach((object, index) => {
    const bytes = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      objectBytes(object, encrypt),
      Buffer.from('\nendobj\n'),
    ]);
    offsets.push(offset);
    offset += bytes.length;
    parts.push(bytes);
  });
  const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const locked = encrypt
    ? '/Encrypt 11 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]'
    : '';
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 10 0 R ${locked} >>\nstartxref\n${offset}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

function objectBytes(object: PdfObject, encrypt: Encrypt): Buffer {
  if (typeof object === 'string') return Buffer.from(object, 'latin1');
  const plain = Buffer.from(object.stream, 'latin1');
  const data = encrypt ? encrypt(plain) : plain;
  const head = `<< ${object.dictionary} /Length ${data.length} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), data, Buffer.from('\nendstream')]);
}

function drawn({ x, y, text, size = 10, chineseMap }: PdfText): string {
  const latin = !chineseMap && /^[\u0020-\u007e]*$/.test(text);
  const wide = Buffer.from(text, 'utf16le').swap16().toString('hex');
  const shown = latin ? `(${text.replaceAll(/[\\()]/g, String.raw`\$&`)})` : `<${wide}>`;
  const font = latin ? 'F1' : chineseMap ? 'F3' : 'F2';
  return `BT /${font} ${size} Tf ${x} ${y} Td ${shown} Tj ET`;
}

function toUnicode(text: string): string {
  const codes = [...new Set(Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)))];
  const hex = (code: number): string => `<${code.toString(16).padStart(4, '0')}>`;
  const blocks: string[] = [];
  for (let from = 0; from < codes.length; from += 100) {
    const some = codes.slice(from, from + 100);
    blocks.push(
      `${some.length} beginbfchar\n${some.map((code) => `${hex(code)} ${hex(code)}`).join('\n')}\nendbfchar`,
    );
  }
  const space = '1 begincodespacerange\n<0000> <ffff>\nendcodespacerange';
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n${space}\n${blocks.join('\n')}\nendcmap end end`;
}

function outlineObjects(
  bookmarks: readonly { title: string; page: number }[],
  first: number,
  pageNumber: (index: number) => number,
  encrypt: Encrypt,
): string[] {
  if (bookmarks.length === 0) return [];
  const root = `<< /Type /Outlines /First ${first + 1} 0 R /Last ${first + bookmarks.length} 0 R /Count ${bookmarks.length} >>`;
  const items = bookmarks.map(({ title, page }, index) => {
    const next = index + 1 < bookmarks.length ? `/Next ${first + index + 2} 0 R` : '';
    return `<< /Title ${textString(title, encrypt)} /Parent ${first} 0 R /Dest [${pageNumber(page - 1)} 0 R /Fit] ${next} >>`;
  });
  return [root, ...items];
}

function textString(text: string, encrypt: Encrypt): string {
  const bytes = Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
  return `<${(encrypt ? encrypt(bytes) : bytes).toString('hex')}>`;
}

// Encryption with AES-256 as Acrobat 9 does it (revision 5).
const FILE_KEY = Buffer.alloc(32, 7);
const VECTOR = Buffer.alloc(16, 3);

function cipher(key: Buffer): (data: Buffer) => Buffer {
  return (data) => {
    const aes = createCipheriv('aes-256-cbc', key, VECTOR);
    return Buffer.concat([VECTOR, aes.update(data), aes.final()]);
  };
}

function encryption(password: string): string {
  const [userCheck, userKey, ownerCheck, ownerKey] = ['uservali', 'userkeys', 'ownrvali', 'ownrkeys'];
  const user = Buffer.concat([hash(`${password}${userCheck}`), Buffer.from(`${userCheck}${userKey}`)]);
  const owner = Buffer.concat([
    hash(`the owner's${ownerCheck}`, user),
    Buffer.from(`${ownerCheck}${ownerKey}`),
  ]);
  const entries: Record<string, Buffer> = {
    U: user,
    UE: wrapped(hash(password + userKey)),
    O: owner,
    OE: wrapped(hash(`the owner's${ownerKey}`, user)),
    Perms: Buffer.alloc(16, 1),
  };
  const hex = Object.entries(entries).map(([name, bytes]) => `/${name} <${bytes.toString('hex')}>`);
  return `<< /Filter /Standard /V 5 /R 5 /Length 256 /P -4 ${hex.join(' ')} /CF << /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >> /StmF /StdCF /StrF /StdCF >>`;
}

function hash(text: string, more: Buffer = Buffer.alloc(0)): Buffer {
  return createHash('sha256').update(text).update(more).digest();
}

function wrapped(key: Buffer): Buffer {
  const aes = createCipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false);
  return Buffer.concat([aes.update(FILE_KEY), aes.final()]);
}
