// Made-up models, conversations and settings for tests and for looking at the interface without a host.
import { answerSettings } from '#contract/presets.ts';
import type { AppInfo } from '#contract/app.ts';
import type { HubStatus } from '#contract/catalogue.ts';
import type { Conversation, Message } from '#contract/chat.ts';
import type { EngineStatus, Model, ModelEngine, ModelHeader } from '#contract/models.ts';
import { settings, type SettingField, type Settings } from '#contract/settings.ts';

const GB = 1024 ** 3;

const AUTOMATIC_ENGINE: ModelEngine = {
  backend: null,
  contextSize: null,
  gpuLayers: null,
  kvCacheType: null,
  flashAttention: null,
  threads: null,
};

export const header: ModelHeader = {
  architecture: 'gemma3',
  name: 'Gemma 3 4B Instruct',
  parameterCount: 4_300_000_000,
  quantization: 'Q4_K_M',
  contextLength: 131_072,
  layerCount: 34,
  chatTemplate:
    "{{ bos_token }}{% for message in messages %}<start_of_turn>{{ message['role'] }}\n{{ message['content'] }}<end_of_turn>\n{% endfor %}",
  licence: 'gemma',
  fileSizeBytes: 2.4 * GB,
};

export const demoModel: Model = {
  id: 1,
  name: 'Demo model',
  path: '/opt/lapidary/resources/demo-model/tiny-gemma-chat-q8_0.gguf',
  placement: 'bundled',
  demo: true,
  header: {
    ...header,
    architecture: 'gemma',
    name: 'Tiny Gemma Test Chat',
    parameterCount: 2_600_000,
    quantization: 'Q8_0',
    contextLength: 2048,
    layerCount: 5,
    licence: 'cc0-1.0',
    fileSizeBytes: 2_809_920,
  },
  fileState: 'present',
  sizeBytes: 2_900_000,
  sha256: null,
  origin: null,
  engine: AUTOMATIC_ENGINE,
  speeds: [],
  lastUsedAt: null,
  addedAt: Date.UTC(2026, 4, 3, 12),
};

export const ownModel: Model = {
  id: 2,
  name: 'Gemma 3 4B Instruct',
  path: '/home/ada/models/gemma-3-4b-it-Q4_K_M.gguf',
  placement: 'in-place',
  demo: false,
  header,
  fileState: 'present',
  sizeBytes: 2_900_000,
  sha256: null,
  origin: null,
  engine: AUTOMATIC_ENGINE,
  speeds: [],
  lastUsedAt: null,
  addedAt: Date.UTC(2026, 4, 4, 9),
};

export const engineStatus: EngineStatus = {
  state: 'ready',
  modelId: 1,
  modelName: 'Demo model',
  demo: true,
  backend: 'cpu',
  gpuNames: [],
  contextSize: 2048,
  threads: 1,
  gpuLayers: null,
  kvCacheType: 'f16',
  flashAttention: true,
  canThink: false,
  loadProgress: null,
  memoryBytes: 96 * 1024 ** 2,
  fallback: null,
  failure: null,
};

export const appInfo: AppInfo = {
  version: '0.1.0',
  host: 'browser',
  platform: 'linux',
  dataFolder: '/home/ada/.local/share/lapidary',
  modelsFolder: '/home/ada/.local/share/lapidary/models',
  unavailable: {
    openDialog: 'browser-mode',
    folderDialog: 'browser-mode',
    fileManager: 'browser-mode',
    taskbarProgress: 'browser-mode',
    systemProxy: 'browser-mode',
    globalShortcut: 'browser-mode',
    tray: 'browser-mode',
    secrets: 'browser-mode',
    updates: 'not-built-yet',
  },
  physicalCores: 8,
  totalMemoryBytes: 16 * GB,
};

export const hubStatus: HubStatus = { endpoint: 'https://huggingface.co', mirror: false, token: 'none' };

export const defaultSettings: Settings = settings.parse({});

export const conversations: Conversation[] = [
  'Grant letter for the archive',
  'Tax question',
  'What is a lapidary?',
  'A title that is so long that no pane in the world could ever show the whole of it in one line',
  'Übersetzung eines Briefes',
  'مسودة رسالة',
].map((title, index) => ({
  id: index + 1,
  title,
  titleSource: 'first-words',
  pinned: false,
  archived: false,
  folderId: null,
  tags: [],
  temporary: false,
  createdAt: Date.now() - index * 40_000_000,
  updatedAt: Date.now() - index * 40_000_000,
  presetId: null,
  modelId: null,
  settings: answerSettings.parse({}),
  generating: false,
}));

const blank = {
  conversationId: 1,
  thought: '',
  status: 'complete',
  failure: null,
  stats: null,
  edited: false,
} as const;

export const messages: Message[] = [
  {
    ...blank,
    id: 1,
    versions: [1],
    parentId: null,
    role: 'user',
    text: 'What does a lapidary do?',
    createdAt: 1,
  },
  {
    ...blank,
    id: 2,
    versions: [2],
    parentId: 1,
    role: 'answer',
    text: 'A lapidary **cuts and polishes** stones.\n\n1. Sawing\n2. Grinding\n3. Polishing\n\nThe *cut* decides how light leaves the stone.',
    createdAt: 2,
  },
];

/** What `settings.describe` says, spelled out here so that tests do not repeat the service. */
export const settingFields: SettingField[] = describeAll();

function describeAll(): SettingField[] {
  const field = (
    key: string,
    group: string,
    control: string,
    more: Partial<SettingField> = {},
  ): SettingField => ({
    key,
    group,
    control,
    step: null,
    minimum: null,
    maximum: null,
    choices: [],
    fallback: null,
    nullable: false,
    ...more,
  });
  const share = { step: 0.01, minimum: 0, maximum: 1, nullable: true };
  return [
    field('theme', 'appearance', 'choice', { choices: ['system', 'light', 'dark'], fallback: 'system' }),
    field('spelling', 'writing', 'choice', { choices: ['english', 'system', 'off'], fallback: 'english' }),
    field('spellingDialect', 'writing', 'choice', {
      choices: ['automatic', 'american', 'british', 'australian', 'canadian', 'indian'],
      fallback: 'automatic',
    }),
    field('temperature', 'answers', 'slider', { ...share, step: 0.05, maximum: 2 }),
    field('topK', 'answers', 'number', { step: 1, minimum: 0, maximum: 500, nullable: true }),
    field('topP', 'answers', 'slider', share),
    field('minP', 'answers', 'slider', share),
    field('repeatPenalty', 'answers', 'slider', { ...share, minimum: 1, maximum: 2 }),
    field('maxAnswerTokens', 'answers', 'number', {
      step: 16,
      minimum: 16,
      maximum: 131_072,
      nullable: true,
    }),
    field('systemPrompt', 'answers', 'text', { fallback: '' }),
    field('contextSize', 'engine', 'number', { step: 512, minimum: 512, maximum: 1_048_576, nullable: true }),
    field('threads', 'engine', 'number', { step: 1, minimum: 1, maximum: 256, nullable: true }),
    field('backend', 'engine', 'choice', {
      choices: ['automatic', 'cpu', 'metal', 'cuda', 'vulkan'],
      fallback: 'automatic',
    }),
    field('stateCacheMegabytes', 'engine', 'number', {
      step: 100,
      minimum: 0,
      maximum: 100_000,
      fallback: 2000,
    }),
    field('modelsFolder', 'models', 'folder', { fallback: '' }),
    field('startupModel', 'models', 'model', { choices: ['last', 'none'], fallback: 'last' }),
    field('hubMirror', 'models', 'line', { fallback: '' }),
    field('proxy', 'models', 'line', { fallback: 'system' }),
    field('downloadLimit', 'models', 'number', { step: 1, minimum: 0.1, maximum: 10_000, nullable: true }),
  ];
}
