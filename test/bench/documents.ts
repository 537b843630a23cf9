// Bringing a long document in through the whole app: a PDF of a thousand pages from its path until its passages are found,
// and how long the host is held up meanwhile. The baseline is the same text, read by this process and written to a file.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pdfFile, pdfLines } from '../support/pdf-writer.ts';
import { removeFolder, temporaryFolder } from '../support/start-app.ts';
import { createWriter } from './many-texts.ts';
import { readProbe, startProbedApp } from './probed-app.ts';
import { explain, judge, type Row } from './rows.ts';

const PAGES = 1000;
const LINES = 45;
const LINE_CHARACTERS = 75;
const area = 'documents';

export async function measureDocuments(tell: (row: Row) => void): Promise<void> {
  const folder = temporaryFolder();
  const app = await startProbedApp(join(folder, 'data'));
  try {
    const client = await app.connect();
    await client.call('settings.change', { startupModel: 'none' });
    const path = join(folder, 'long.pdf');
    writeFileSync(path, pdfFile(pages()));
    const plainMs = copyTime(path, join(folder, 'copy.pdf'));
    await readProbe(app);
    const start = performance.now();
    const { added } = await client.call('documents.addPaths', { paths: [path], collectionId: null });
    for await (const { documents } of client.stream('documents.watch', undefined)) {
      const document = documents.find(({ id }) => id === added[0]);
      if (document?.state === 'failed') throw new Error(`It was not read: ${document.failure?.code}`);
      if (document?.state === 'ready') break;
    }
    const seconds = (performance.now() - start) / 1000;
    const { p999Ms, maxMs } = await readProbe(app);
    tell(
      judge({
        area,
        name: `a PDF of ${PAGES} pages until it can be searched`,
        value: seconds,
        unit: 's',
        bar: 20,
        better: 'lower',
      }),
    );
    tell(explain({ area, name: 'of it for each page', value: (seconds * 1000) / PAGES, unit: 'ms' }));
    tell(
      explain({
        area,
        name: 'the same / reading and writing the file',
        value: (seconds * 1000) / plainMs,
        unit: '',
      }),
    );
    tell(
      judge({
        area,
        name: 'host event-loop delay meanwhile, p99.9',
        value: p999Ms,
        unit: 'ms',
        bar: 8,
        better: 'lower',
      }),
    );
    tell(explain({ area, name: 'the longest', value: maxMs, unit: 'ms' }));
    const asked = performance.now();
    await client.call('documents.search', { query: 'page 500', documentIds: null, limit: 30 });
    tell(explain({ area, name: 'first search in it', value: performance.now() - asked, unit: 'ms' }));
  } finally {
    await app.kill('SIGINT');
    removeFolder(folder);
  }
}

function pages(): ReturnType<typeof pdfLines>[] {
  const writer = createWriter();
  const latin = (): string =>
    writer
      .text(LINE_CHARACTERS)
      .replace(/[^\x20-\x7e]/g, '')
      .slice(0, LINE_CHARACTERS);
  return Array.from({ length: PAGES }, (_, page) =>
    pdfLines([`Page ${page + 1}`, ...Array.from({ length: LINES - 1 }, latin)]),
  );
}

function copyTime(from: string, to: string): number {
  const start = performance.now();
  writeFileSync(to, readFileSync(from));
  return performance.now() - start;
}
