// Measures and judges: `npm run bench`, `npm run bench -- --only chat`. Prints a table and writes bench.json.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureCatalogue } from './catalogue.ts';
import { measureChat } from './chat.ts';
import { measureDocuments } from './documents.ts';
import { measureDownloads } from './downloads.ts';
import { measureEngine } from './engine.ts';
import { measureHardware } from './hardware.ts';
import { measureMemoryEstimates } from './memory.ts';
import { measureReading } from './reading.ts';
import { formatRow, type Area, type Row } from './rows.ts';
import { ensureBuilt } from '../support/start-app.ts';
import { measureSearch } from './search.ts';
import { measureStart } from './start.ts';
import { measureTransfer } from './transfer.ts';

const AREAS: Record<string, Area> = {
  start: measureStart,
  chat: measureChat,
  reading: measureReading,
  engine: measureEngine,
  hardware: measureHardware,
  memory: measureMemoryEstimates,
  downloads: measureDownloads,
  models: measureCatalogue,
  transfer: measureTransfer,
  search: measureSearch,
  documents: measureDocuments,
};

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const chosen = values.only ?? Object.keys(AREAS);
const unknown = chosen.filter((area) => !AREAS[area]);
if (unknown.length > 0) {
  console.error(`No area ${unknown.join(', ')}. There are: ${Object.keys(AREAS).join(', ')}.`);
  process.exit(2);
}

console.log(`${cpus()[0]?.model ?? 'Unknown processor'}, ${availableParallelism()} threads of hardware`);
if ((loadavg()[0] ?? 0) > 0.5) console.log('This machine is busy: the figures will say so.');
await ensureBuilt();
const rows: Row[] = [];
for (const area of chosen) {
  await AREAS[area]?.((row) => {
    rows.push(row);
    console.log(formatRow(row));
  });
}
writeFileSync('bench.json', `${JSON.stringify(rows, null, 2)}\n`);
const missed = rows.filter((row) => row.pass === false).length;
console.log(`\n${rows.length} figures, ${missed} missed their bar. Written to bench.json.`);
process.exit(0);
