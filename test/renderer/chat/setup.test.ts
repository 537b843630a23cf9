// Bugs these catch: limits that differ from those of the host, a setup that the first message of a conversation leaves
// behind, a refused number that is kept, a preset whose undo brings back another one.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConversationSetup, GenerationEvent } from '#contract/chat.ts';
import type { Contract } from '#contract/index.ts';
import { answerSettings, type Preset } from '#contract/presets.ts';
import type { Handlers } from '#rpc/define.ts';
import { createChat } from '../../../src-renderer/features/chat/chat-context.ts';
import {
  NOTHING_SET,
  NUMBER_FIELDS,
  problemOf,
} from '../../../src-renderer/features/chat/setup/setup-fields.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';

const terse: Preset = {
  id: 1001,
  name: 'Terse',
  builtIn: null,
  settings: answerSettings.parse({ systemPrompt: 'Be terse.', temperature: 0.5 }),
};

function setUp(replace: Partial<Handlers<Contract>> = {}) {
  const host = createFakeHost({
    async *'presets.watch'() {
      yield [terse];
    },
    ...replace,
  });
  const stores = createStores(host.api);
  return { stores, ui: createChat(stores) };
}

beforeEach(() => {
  sessionStorage.clear();
  window.location.hash = '';
});

describe('limits', () => {
  it('are those of the schema', () => {
    for (const { name, minimum, maximum, whole } of NUMBER_FIELDS) {
      const accepts = (value: number): boolean => answerSettings.safeParse({ [name]: value }).success;
      for (const value of [minimum, maximum, minimum - 1, maximum + 1, minimum + 0.5]) {
        expect([name, value, problemOf(name, value) === undefined]).toEqual([name, value, accepts(value)]);
      }
      expect(whole).toBe(!accepts(minimum + 0.5));
    }
    expect(NOTHING_SET).toEqual(answerSettings.parse({}));
  });
});

describe('a conversation', () => {
  it('that begins takes its setup along', async () => {
    const sent: (ConversationSetup | undefined)[] = [];
    const { ui } = setUp({
      async *'chat.send'({ setup }): AsyncGenerator<GenerationEvent> {
        sent.push(setup);
        yield { type: 'waiting', for: 'turn', place: 1 };
      },
    });
    await vi.waitFor(() => expect(ui.setup.presets).toHaveLength(1));
    await ui.setup.choose(terse.id);
    await ui.setup.set('temperature', 1.5);
    await ui.setup.chooseModel(2);
    expect(ui.setup).toMatchObject({ adjusted: true, preset: { name: 'Terse' } });
    ui.composer.text = 'Hello';
    void ui.composer.send();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      presetId: terse.id,
      settings: { ...NOTHING_SET, temperature: 1.5 },
      modelId: 2,
    });
  });

  it('keeps what was right when a number is wrong, and says so', async () => {
    const { ui } = setUp();
    await ui.setup.set('topP', 0.5);
    await ui.setup.set('topP', 7);
    expect(ui.setup.current.settings.topP).toBe(0.5);
    expect(ui.setup.errorOf('topP')).toBeTruthy();
    await ui.setup.set('topP', null);
    expect(ui.setup.errorOf('topP')).toBeUndefined();
    expect(ui.setup.adjusted).toBe(false);
  });

  it('shows what an empty field comes to', async () => {
    const { ui, stores } = setUp();
    await vi.waitFor(() => expect(ui.setup.presets).toHaveLength(1));
    await stores.settings.save('topK', 33);
    expect([ui.setup.inherited('temperature'), ui.setup.inherited('topK')]).toEqual([null, 33]);
    await ui.setup.choose(terse.id);
    expect([ui.setup.inherited('temperature'), ui.setup.inherited('topK')]).toEqual([0.5, 33]);
  });
});

it('what applies is saved as a preset whole, and a removed one comes back as it was', async () => {
  const saved: unknown[] = [];
  const { ui, stores } = setUp({
    'presets.save': (preset) => {
      saved.push(preset);
      return { ...terse, id: 1002 };
    },
    'presets.remove': () => undefined,
  });
  await vi.waitFor(() => expect(ui.setup.presets).toHaveLength(1));
  await ui.setup.choose(terse.id);
  await ui.setup.set('seed', 4);
  await ui.setup.saveAs('Terse and fixed');
  expect(saved[0]).toEqual({ id: null, name: 'Terse and fixed', settings: { ...terse.settings, seed: 4 } });
  await ui.setup.remove(terse);
  stores.toasts.list.at(-1)?.action?.run();
  await vi.waitFor(() => expect(saved).toHaveLength(2));
  expect(saved[1]).toEqual({ id: null, name: 'Terse', settings: terse.settings });
});
