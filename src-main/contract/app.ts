// The app itself: what runs it, what it can do here, and the way back when the database can't be used.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { failure, nothing } from './common.ts';

export const CAPABILITIES = [
  'openDialog',
  'folderDialog',
  'fileManager',
  'taskbarProgress',
  'systemProxy',
  'globalShortcut',
  'tray',
  'secrets',
  'updates',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Why something can't be done here; a sentence for each stands in the renderer's messages. */
export const unavailableReason = z.enum(['browser-mode', 'platform', 'not-built-yet']);
export type UnavailableReason = z.output<typeof unavailableReason>;

export const appInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser']),
  platform: z.string(),
  dataFolder: z.string(),
  modelsFolder: z.string(),
  /** Null where it works. */
  unavailable: z.record(z.enum(CAPABILITIES), unavailableReason.nullable()),
  physicalCores: z.number(),
  totalMemoryBytes: z.number(),
});
export type AppInfo = z.output<typeof appInfo>;

export const backup = z.object({
  file: z.string(),
  createdAt: z.number(),
  sizeBytes: z.number(),
  reason: z.enum(['daily', 'before-migration', 'before-restore']),
});
export type Backup = z.output<typeof backup>;

/** `usable: false` shows the recovery page instead of the app; usable with a failure (read-only) is a notice above it. */
export const dataHealth = z.object({
  usable: z.boolean(),
  failure: failure.nullable(),
  backups: z.array(backup),
});
export type DataHealth = z.output<typeof dataHealth>;

export const appContract = {
  'app.describe': call(nothing, appInfo),
  'app.watchHealth': stream(nothing, dataHealth),
  /** Replaces the database by a backup; the present file is kept beside it. */
  'app.restoreBackup': call(z.object({ file: z.string().max(300) }), nothing),
  /** Opens a web or mail address outside, after the person has seen it. Only http, https and mailto. */
  'app.openLink': call(z.object({ url: z.string().max(8000) }), nothing),
  /** A native dialog; null when the person cancelled. */
  'app.chooseModelFile': call(nothing, z.string().nullable()),
  /** A file of conversations: JSON, lines of JSON, or a zip. */
  'app.chooseConversations': call(nothing, z.string().nullable()),
  'app.chooseFolder': call(nothing, z.string().nullable()),
};
