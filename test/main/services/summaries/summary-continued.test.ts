// Bugs these catch: a section that is read again after a stop or a kill, a summary that is lost with its window, one
// that runs on about a document that was removed, one that never ends.
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { createPlace } from '../../database/database-fixture.ts';
import {
  addDocument,
  BOOK,
  DONE,
  finish,
  GEMS,
  never,
  open,
  request,
  stopAfter,
} from '../../../support/summary-world.ts';

describe('a summary that does not come to its end', () => {
  it('is continued after a stop without reading anything again', async () => {
    const opened = await open();
    const { database, engine, summaries } = opened;
    const id = addDocument(database, BOOK);
    const stopped = await stopAfter(opened, id, 3);
    expect(stopped.state).toBe('stopped');
    expect(stopped.sections.map(({ state }) => state)).toEqual([
      ...Array(3).fill('done'),
      ...Array(7).fill('waiting'),
    ]);
    expect(stopped.lines.filter(({ kind }) => kind === 'item')).toHaveLength(3);
    engine.asked.length = 0;
    const summary = await finish(summaries.continue(stopped.id, never()));
    expect(engine.read()).toEqual(GEMS.slice(3));
    expect(summary).toMatchObject({ id: stopped.id, state: 'complete' });
    expect(summary.lines).toHaveLength(GEMS.length);
  });

  it('is interrupted after a kill, and only the section that was read then is read again', async () => {
    const place = createPlace();
    const first = await open(place);
    const id = addDocument(first.database, BOOK);
    first.engine.act = (_question, _request, number) => (number > 4 ? new Promise(() => {}) : null);
    void finish(first.summaries.start(request(id), never())).catch(() => {});
    await vi.waitFor(() => expect(first.engine.asked).toHaveLength(5));
    const { engine, summaries } = await open(place);
    const [left] = summaries.list([id]);
    expect(left?.state).toBe('interrupted');
    const summary = await finish(summaries.continue(left?.id ?? 0, never()));
    expect(engine.read()).toEqual(GEMS.slice(4));
    expect(summary.lines).toHaveLength(GEMS.length);
  });

  it('does not merge twice what was merged', async () => {
    const { database, engine, summaries } = await open();
    const id = addDocument(database, BOOK);
    let merges = 0;
    engine.act = (question) => {
      if (question.includes('\n- ') && ++merges === 2) throw new AppError('engine-unavailable', 'Gone');
      return null;
    };
    const failed = await finish(summaries.start(request(id), never()));
    expect(failed).toMatchObject({ state: 'failed', failure: { code: 'engine-unavailable' } });
    engine.asked.length = 0;
    engine.act = () => null;
    expect(await finish(summaries.continue(failed.id, never()))).toMatchObject({ state: 'complete' });
    expect(engine.read()).toEqual([]);
    expect(
      engine.asked.filter((question) => question.includes('Ruby is the stone')).length,
    ).toBeLessThanOrEqual(1);
  });

  it('survives one death of the engine, and fails with what is done after more', async () => {
    const { database, engine, summaries } = await open();
    const id = addDocument(database, BOOK);
    engine.act = (_question, _request, number) => {
      if (number === 2 || number > 5) throw new AppError('engine-stopped', 'Died');
      return null;
    };
    const failed = await finish(summaries.start(request(id), never()));
    expect(failed).toMatchObject({ state: 'failed', failure: { code: 'engine-stopped' } });
    const states = failed.sections.map(({ state }) => state);
    expect(states.slice(0, 6)).toEqual(['done', 'done', 'done', 'done', 'failed', 'waiting']);
  });

  it('goes on with its words after giving way to a person', async () => {
    const { database, engine, summaries } = await open();
    const id = addDocument(database, ['Ruby is the stone of July. It is red and hard.']);
    const begun: string[] = [];
    const generate = engine.generate.bind(engine);
    engine.generate = async function* (asked, signal) {
      begun.push(asked.begun);
      if (begun.length > 1) yield* generate(asked, signal);
      else {
        yield { type: 'text', text: '- It is red and hard.\n' };
        yield { type: 'done', reason: 'stopped', ...DONE };
      }
    };
    const { lines } = await finish(summaries.start(request(id), never()));
    expect(begun).toEqual(['', '- It is red and hard.\n']);
    expect(lines.map(({ text }) => text)).toEqual(['It is red and hard.', 'Ruby is the stone of July.']);
  });

  it('ends when its document is removed, and goes on when that is back', async () => {
    const { database, engine, summaries } = await open();
    const id = addDocument(database, BOOK);
    engine.act = (_question, _request, number) => {
      if (number === 3) database.documents.remove([id], 5);
      return null;
    };
    const failed = await finish(summaries.start(request(id), never()));
    expect(failed).toMatchObject({ state: 'failed', failure: { code: 'not-found' } });
    await expect(finish(summaries.continue(failed.id, never()))).rejects.toMatchObject({ code: 'not-found' });
    database.documents.remove([id], null);
    engine.act = () => null;
    expect(await finish(summaries.continue(failed.id, never()))).toMatchObject({ state: 'complete' });
    expect(engine.read().filter((gem) => gem === 'Ruby')).toHaveLength(1);
    database.texts.erase(id, 10_000);
    database.texts.eraseDocument(id);
    expect(summaries.list([id])).toEqual([]);
  });

  it('begins anew when the text is another one by then', async () => {
    const opened = await open();
    const { database, engine, summaries } = opened;
    const id = addDocument(database, BOOK);
    const stopped = await stopAfter(opened, id, 3);
    const [heading] = database.texts.blocks(id, 0, 1);
    database.texts.erase(id, 1);
    expect(database.texts.blocks(id, 0, 1)).not.toEqual([heading]);
    engine.asked.length = 0;
    expect(await finish(summaries.continue(stopped.id, never()))).toMatchObject({ state: 'complete' });
    expect(engine.read().length).toBeGreaterThan(7);
  });

  it('runs on without a window, is joined by another one, and is not begun twice', async () => {
    const { database, engine, summaries } = await open();
    const id = addDocument(database, BOOK);
    const gate = Promise.withResolvers<null>();
    engine.act = (_question, _request, number) => (number === 4 ? gate.promise : null);
    const window = new AbortController();
    const gone = (async () => {
      for await (const _ of summaries.start(request(id), window.signal));
    })();
    await vi.waitFor(() => expect(engine.asked).toHaveLength(4));
    window.abort();
    await gone;
    const joined = finish(summaries.start(request(id), never()));
    gate.resolve(null);
    expect(await joined).toMatchObject({ state: 'complete' });
    expect(engine.read()).toEqual(GEMS);
    const [only, ...others] = summaries.list([id]);
    expect(others).toEqual([]);
    await summaries.remove(only?.id ?? 0);
    expect(summaries.list([id])).toEqual([]);
  });

  it('is not begun without a model, a text or a document', async () => {
    const { database, summaries } = await open();
    await expect(finish(summaries.start(request(99), never()))).rejects.toMatchObject({ code: 'not-found' });
    const id = addDocument(database, BOOK);
    database.documents.setState(id, 'reading');
    await expect(finish(summaries.start(request(id), never()))).rejects.toMatchObject({
      code: 'document-not-ready',
    });
    expect(summaries.list([id])).toEqual([]);
  });
});
