// The whole contract in the page's own memory: what tests of the interface talk to instead of a host. Inputs are
// parsed and values cloned as on the real way. Single handlers can be replaced per test.
import type { DataHealth } from '#contract/app.ts';
import type { CatalogueEntry, HubStatus } from '#contract/catalogue.ts';
import type { ConversationChange, GenerationEvent, Message } from '#contract/chat.ts';
import type { DownloadQueue } from '#contract/downloads.ts';
import { AppError } from '#contract/errors.ts';
import type { Machine } from '#contract/hardware.ts';
import { contract, type Contract } from '#contract/index.ts';
import type { EngineStatus, Model } from '#contract/models.ts';
import type { Settings } from '#contract/settings.ts';
import type { Handlers } from '#rpc/define.ts';
import { createMemoryPorts } from '#rpc/message-port.ts';
import { serve } from '#rpc/serve.ts';
import { Topic } from '../../src-main/lib/topic.ts';
import { Watchable } from '../../src-main/lib/watchable.ts';
import { SettingsService } from '../../src-main/services/settings/settings-service.ts';
import { createApi, type Api } from '../../src-renderer/bridge.ts';
import { catalogueEntries, machine } from './fake-catalogue.ts';
import * as data from './fake-data.ts';
import { tuningHandlers } from './fake-tuning.ts';
import { queueOf } from './fake-downloads.ts';
import { isIn } from './scripted-chat.ts';
import { modelFileHandlers } from './fake-model-files.ts';
import { attachmentHandlers } from './fake-attachments.ts';
import { createScriptedNotes } from './scripted-notes.ts';
import { storeHandlers } from './fake-store.ts';

export interface FakeState {
  health: Watchable<DataHealth>;
  models: Watchable<Model[]>;
  engine: Watchable<EngineStatus>;
  settings: Watchable<Settings>;
  machine: Watchable<Machine>;
  catalogue: Watchable<CatalogueEntry[]>;
  downloads: Watchable<DownloadQueue>;
  hub: Watchable<HubStatus>;
}

export interface FakeHost extends FakeState {
  api: Api;
  /** Cuts the connection; while `down` no new one is made. */
  disconnect(): void;
  down: boolean;
  /** Every connection made so far. */
  connections: number;
}

/** A host in memory; `replace` gives handlers of one's own. */
export function createFakeHost(replace: Partial<Handlers<Contract>> = {}): FakeHost {
  const state: FakeState = {
    health: new Watchable<DataHealth>({ usable: true, failure: null, backups: [] }),
    models: new Watchable([data.demoModel, data.ownModel]),
    engine: new Watchable(data.engineStatus),
    settings: new Watchable(data.defaultSettings),
    machine: new Watchable(machine),
    catalogue: new Watchable(catalogueEntries),
    downloads: new Watchable(queueOf([])),
    hub: new Watchable(data.hubStatus),
  };
  const handlers = {
    ...appHandlers(state),
    ...chatHandlers(),
    ...attachmentHandlers(),
    ...createScriptedNotes().handlers,
    ...modelHandlers(state),
    ...tuningHandlers(state.models),
    ...modelFileHandlers(state.models),
    ...storeHandlers(state),
    ...replace,
  };
  let cut = (): void => {};
  const fake: FakeHost = {
    ...state,
    down: false,
    connections: 0,
    disconnect: () => cut(),
    api: createApi(async () => {
      await Promise.resolve(); // `fake` itself is made first
      if (fake.down) throw new AppError('connection-lost', 'Down');
      const [near, far] = createMemoryPorts();
      serve(contract, handlers as Handlers<Contract>, far);
      fake.connections += 1;
      return {
        ...near,
        onClose: (closed) => {
          const before = cut;
          cut = () => (before(), near.close(), closed());
        },
      };
    }),
  };
  return fake;
}

function appHandlers(state: FakeState) {
  return {
    'app.describe': () => data.appInfo,
    'app.watchHealth': (_, signal) => state.health.watch(signal),
    'app.restoreBackup': () => undefined,
    'app.openLink': () => undefined,
    'app.chooseModelFile': () => data.ownModel.path,
    'app.chooseConversations': () => '/home/ada/export.zip',
    'app.chooseFolder': () => '/home/ada/elsewhere',
    'settings.describe': () => data.settingFields,
    'settings.watch': (_, signal) => state.settings.watch(signal),
    'settings.change': (change: Record<string, unknown>) => {
      const stored: Record<string, unknown> = { ...state.settings.value };
      const write = (changes: Record<string, unknown>): void => void Object.assign(stored, changes);
      state.settings.set(new SettingsService({ readAll: () => stored, write }).change(change));
      return state.settings.value;
    },
  } satisfies Partial<Handlers<Contract>>;
}

function modelHandlers(state: FakeState) {
  return {
    'models.watch': (_, signal) => state.models.watch(signal),
    'models.watchEngine': (_, signal) => state.engine.watch(signal),
    'models.inspect': ({ path }) => ({
      path,
      header: data.header,
      memory: {
        contextSize: 8192,
        weightsBytes: 5.2 * 1024 ** 3,
        contextBytes: 0.9 * 1024 ** 3,
        totalBytes: 6.1 * 1024 ** 3,
        freeBytes: 3.9 * 1024 ** 3,
      },
    }),
    async *'models.add'({ path, placement }) {
      const model = { ...data.ownModel, id: state.models.value.length + 10, path, placement };
      state.models.set([...state.models.value, model]);
      yield { type: 'added' as const, model };
    },
    'models.remove': ({ id }) => state.models.set(state.models.value.filter((model) => model.id !== id)),
    'models.load': ({ id }) => {
      const model = state.models.value.find((each) => each.id === id);
      if (!model) throw new AppError('not-found', 'No such model');
      const { name, demo } = model;
      state.engine.set({ ...state.engine.value, state: 'ready', modelId: id, modelName: name, demo });
    },
    'models.unload': () =>
      state.engine.set({
        ...state.engine.value,
        state: 'stopped',
        modelId: null,
        modelName: null,
        demo: false,
      }),
  } satisfies Partial<Handlers<Contract>>;
}

function chatHandlers() {
  const answer = data.messages[1] as Message;
  const find = (id: number) => {
    const found = data.conversations.find((each) => each.id === id);
    if (!found) throw new AppError('not-found', 'No such conversation');
    return found;
  };
  return {
    'chat.list': ({ limit, view }) => data.conversations.filter((each) => isIn(each, view)).slice(0, limit),
    'order.watch': () =>
      (async function* () {
        yield { folders: [], tags: [], archivedCount: 0, binnedCount: 0 };
      })(),
    'chat.watch': (_, signal) => new Topic<ConversationChange>().listen(signal),
    'chat.open': ({ id }) => ({
      conversation: find(id),
      messages: data.messages,
      context: { usedTokens: 120, sizeTokens: 2048, visibleFromId: null },
    }),
    'chat.earlier': () => ({ messages: [], more: false }),
    'chat.rename': ({ id, title }) => ({ ...find(id), title }),
    'chat.delete': () => undefined,
    'chat.restore': ({ id }) => find(id),
    'drafts.list': () => [],
    'drafts.save': () => undefined,
    'prompts.watch': () =>
      (async function* () {
        yield [];
      })(),
    'presets.watch': () =>
      (async function* () {
        yield [];
      })(),
    'chat.configure': ({ id, ...setup }) => ({ ...find(id), ...setup }),
    'chat.prepare': () => undefined,
    'chat.view': () => ({ text: '<bos>', tokens: 1, sizeTokens: 2048, visibleFromId: null }),
    'chat.search': ({ query }) =>
      data.conversations
        .filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()))
        .map((conversation) => ({
          conversation,
          messageId: 1,
          role: 'user' as const,
          modelName: null,
          at: conversation.updatedAt,
          excerpt: `… \uE000${query}\uE001 …`,
        })),
    async *'chat.watchSearchIndex'() {
      yield { share: 1 };
    },
    async *'chat.send'(): AsyncGenerator<GenerationEvent> {
      yield { type: 'done', answer };
    },
    async *'chat.retry'(): AsyncGenerator<GenerationEvent> {
      yield { type: 'done', answer };
    },
    async *'chat.attach'(): AsyncGenerator<GenerationEvent> {},
    async *'chat.look'() {},
    'chat.stop': () => undefined,
  } satisfies Partial<Handlers<Contract>>;
}
