// The one schema of all settings. The Settings place is drawn from it: z.toJSONSchema gives types, ranges and
// choices, `meta` the group and the control. Every key has a default and survives a bad stored value.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { backend } from './common.ts';

export type SettingsGroup = 'appearance' | 'writing' | 'answers' | 'engine' | 'models';
/** 'line' is one line of text; 'none' has its control on another page. */
export type SettingsControl = 'text' | 'line' | 'choice' | 'slider' | 'number' | 'folder' | 'model' | 'none';

interface SettingMeta {
  group: SettingsGroup;
  control: SettingsControl;
  /** Distance between two values of a slider or number. */
  step?: number;
  [key: string]: unknown;
}

function setting<T extends z.ZodType>(schema: T, fallback: z.input<T> & z.output<T>, meta: SettingMeta) {
  return schema
    .default(fallback as never)
    .catch(fallback as never)
    .meta(meta);
}

/** A number, or null for "what suits the model". */
const orRecommended = (schema: z.ZodNumber) => schema.nullable();

/** This machine: what is sent there leaves it by no network. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** On any system. One that depends on where the app was started from is none. */
function isWholePath(text: string): boolean {
  return /^(?:\/|\\\\|[a-z]:[\\/])/i.test(text);
}

/** Nobody on the way may read or change models, unless there is no way. */
function isMirror(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username || url.password) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/** 'http://proxy:8080' for that or 'proxy:8080'; null for what is no address of a proxy. */
export function proxyUrl(text: string): string | null {
  const full = /^[a-z0-9]+:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(full)) return null;
  const { protocol, username, password } = new URL(full);
  if (/%(?![0-9a-f]{2})/i.test(username + password)) return null;
  return ['http:', 'https:', 'socks5:'].includes(protocol) ? full : null;
}

/** A single word is none: somebody wrote "system" otherwise. */
function isProxy(text: string): boolean {
  return text === 'system' || text === 'none' || (/[.:]/.test(text) && proxyUrl(text) !== null);
}

export const settings = z.object({
  theme: setting(z.enum(['system', 'light', 'dark']), 'system', { group: 'appearance', control: 'choice' }),
  /** 'english': by the checker inside the page; 'system': by the one of the system or the browser, if it has one. */
  spelling: setting(z.enum(['english', 'system', 'off']), 'english', { group: 'writing', control: 'choice' }),
  spellingDialect: setting(
    z.enum(['automatic', 'american', 'british', 'australian', 'canadian', 'indian']),
    'automatic',
    { group: 'writing', control: 'choice' },
  ),
  /** Words that are right because the person says so. */
  ownWords: setting(z.array(z.string().trim().min(1).max(100)).max(5_000), [], {
    group: 'writing',
    control: 'none',
  }),
  temperature: setting(orRecommended(z.number().min(0).max(2)), null, {
    group: 'answers',
    control: 'slider',
    step: 0.05,
  }),
  topK: setting(orRecommended(z.int().min(0).max(500)), null, {
    group: 'answers',
    control: 'number',
    step: 1,
  }),
  topP: setting(orRecommended(z.number().min(0).max(1)), null, {
    group: 'answers',
    control: 'slider',
    step: 0.01,
  }),
  minP: setting(orRecommended(z.number().min(0).max(1)), null, {
    group: 'answers',
    control: 'slider',
    step: 0.01,
  }),
  repeatPenalty: setting(orRecommended(z.number().min(1).max(2)), null, {
    group: 'answers',
    control: 'slider',
    step: 0.01,
  }),
  maxAnswerTokens: setting(orRecommended(z.int().min(16).max(131_072)), null, {
    group: 'answers',
    control: 'number',
    step: 16,
  }),
  systemPrompt: setting(z.string().max(20_000), '', { group: 'answers', control: 'text' }),
  contextSize: setting(orRecommended(z.int().min(512).max(1_048_576)), null, {
    group: 'engine',
    control: 'number',
    step: 512,
  }),
  threads: setting(orRecommended(z.int().min(1).max(256)), null, {
    group: 'engine',
    control: 'number',
    step: 1,
  }),
  backend: setting(z.enum(['automatic', 'cpu', 'metal', 'cuda', 'vulkan']), 'automatic', {
    group: 'engine',
    control: 'choice',
  }),
  stateCacheMegabytes: setting(z.int().min(0).max(100_000), 2_000, {
    group: 'engine',
    control: 'number',
    step: 100,
  }),
  /** '' is the models folder inside Lapidary's own data folder. */
  modelsFolder: setting(
    z
      .string()
      .max(4096)
      .refine((text) => text === '' || isWholePath(text)),
    '',
    {
      group: 'models',
      control: 'folder',
    },
  ),
  /** 'last': the one used last; 'none': wait for the first question; or the id of a model. */
  startupModel: setting(z.union([z.enum(['last', 'none']), z.int().positive()]), 'last', {
    group: 'models',
    control: 'model',
  }),
  /** '' is Hugging Face itself (or HF_ENDPOINT); else the https address of a mirror. */
  hubMirror: setting(
    z
      .string()
      .max(500)
      .refine((text) => text === '' || isMirror(text)),
    '',
    {
      group: 'models',
      control: 'line',
    },
  ),
  /** 'system', 'none', or the address of a proxy. */
  proxy: setting(z.string().max(500).refine(isProxy), 'system', { group: 'models', control: 'line' }),
  /** Megabytes per second for all downloads together; null: no limit. */
  downloadLimit: setting(orRecommended(z.number().min(0.1).max(10_000)), null, {
    group: 'models',
    control: 'number',
    step: 1,
  }),
  excludedBackends: setting(z.array(backend).max(4), [], { group: 'engine', control: 'none' }),
  /** 'vulkan:Intel(R) UHD Graphics': backend and name as detected. */
  excludedGpus: setting(z.array(z.string().max(320)).max(50), [], { group: 'engine', control: 'none' }),
});
export type Settings = z.output<typeof settings>;
export type SettingKey = keyof Settings;

/** What the Settings place needs to draw one control. */
export const settingField = z.object({
  key: z.string(),
  group: z.string(),
  control: z.string(),
  step: z.number().nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  choices: z.array(z.string()),
  fallback: z.union([z.string(), z.number(), z.null()]),
  /** Null means "recommended" and is allowed. */
  nullable: z.boolean(),
});
export type SettingField = z.output<typeof settingField>;

export const settingsContract = {
  'settings.describe': call(z.void(), z.array(settingField)),
  /** All settings now and after every change. */
  'settings.watch': stream(z.void(), settings),
  /** Changes some; rejects the whole change when one value is out of range. */
  'settings.change': call(z.record(z.string(), z.unknown()), settings),
};
