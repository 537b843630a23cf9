// Bugs these catch: a level of settings that hides another it should not, a shipped preset that can be changed, a file
// of presets that adds everything twice or half of it, a preset that takes its settings along when it goes.
import { describe, expect, it } from 'vitest';
import { answerSettings, type Preset } from '#contract/presets.ts';
import { settings } from '#contract/settings.ts';
import type { AppDatabase } from '../../../src-main/database/app-database.ts';
import { openPresets } from '../../../src-main/services/presets/open-presets.ts';
import { resolveAnswerSettings } from '../../../src-main/services/presets/preset-service.ts';
import { createPlace, openAt } from '../database/database-fixture.ts';

const own = (values: Partial<Preset['settings']>): Preset['settings'] => answerSettings.parse(values);
const preset = (values: Partial<Preset['settings']>): Preset => ({
  id: 1000,
  name: 'Mine',
  builtIn: null,
  settings: own(values),
});
const open = async () => {
  const database: AppDatabase = await openAt(createPlace());
  return { database, presets: openPresets(database) };
};

describe('what applies', () => {
  it('is what the conversation says, then the preset, then the Settings', () => {
    const global = settings.parse({ temperature: 0.1, topK: 10, systemPrompt: 'global' });
    const resolved = resolveAnswerSettings(
      own({ temperature: 1 }),
      preset({ temperature: 0.5, topK: 20 }),
      global,
    );
    expect(resolved).toMatchObject({
      temperature: 1,
      topK: 20,
      topP: null,
      systemPrompt: 'global',
      seed: null,
    });
  });

  it('can be nothing, on purpose: zero and empty are values, not gaps', () => {
    const global = settings.parse({ temperature: 0.7, systemPrompt: 'global' });
    const resolved = resolveAnswerSettings(
      own({ systemPrompt: '' }),
      preset({ temperature: 0, seed: 0 }),
      global,
    );
    expect(resolved).toMatchObject({ temperature: 0, seed: 0, systemPrompt: '' });
    expect(resolveAnswerSettings(own({}), preset({ thinking: false }), global).thinking).toBe(false);
  });
});

describe('presets', () => {
  it('of the person are kept by name behind those that are shipped, which stay as they are', async () => {
    const { database, presets } = await open();
    const shipped = presets.list.value.length;
    const later = presets.save(null, { name: 'zeta', settings: own({ seed: 7 }) });
    presets.save(null, { name: 'Alpha', settings: own({}) });
    expect(presets.list.value.slice(shipped).map(({ name }) => name)).toEqual(['Alpha', 'zeta']);
    expect(presets.save(later.id, { name: 'beta', settings: own({ seed: 8 }) })).toMatchObject({
      id: later.id,
    });
    expect(openPresets(database).find(later.id)).toMatchObject({ name: 'beta', settings: { seed: 8 } });
    expect(() => presets.save(1, { name: 'mine now', settings: own({}) })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    presets.remove(1);
    expect(presets.find(1)?.builtIn).toBe('precise');
  });

  it('leave what they said with the conversations that used them', async () => {
    const { database, presets } = await open();
    const { id } = presets.save(null, { name: 'x', settings: own({ temperature: 0.3, topK: 5 }) });
    const setup = { presetId: id, settings: own({ topK: 9 }), modelId: 5 };
    const kept = [database, database.temporary].map(({ conversations }) => ({
      conversations,
      id: conversations.create({ title: 't', titleSource: 'person', setup, now: 1 }).id,
    }));
    presets.remove(id);
    for (const chat of kept)
      expect(chat.conversations.get(chat.id)).toMatchObject({
        presetId: null,
        modelId: 5,
        settings: { temperature: 0.3, topK: 9 },
      });
  });

  it('travel as a file, and come once', async () => {
    const { presets } = await open();
    presets.save(null, { name: 'Für Briefe', settings: own({ systemPrompt: 'Höflich.', temperature: 0.4 }) });
    const text = presets.export();
    const other = (await open()).presets;
    expect(other.import(`\uFEFF${text}`)).toBe(1);
    expect(other.import(text)).toBe(0);
    expect(other.list.value.at(-1)).toMatchObject({
      name: 'Für Briefe',
      settings: { systemPrompt: 'Höflich.' },
    });
  });

  it.each([
    '',
    '{',
    '[]',
    '{"format":"lapidary-presets","version":2,"presets":[]}',
    '{"presets":[{"name":""}]}',
  ])('are not read from %j', async (text) => {
    const { presets } = await open();
    expect(() => presets.import(text)).toThrow(expect.objectContaining({ code: 'presets-unreadable' }));
  });
});
