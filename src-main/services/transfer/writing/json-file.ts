// The parts of a `lapidary-conversations` file, which is written one conversation after the other.
import type { Preset } from '#contract/presets.ts';
import { FILE_VERSION, type FileConversation, type FileHead } from '#contract/transfer.ts';
import type { OutgoingConversation } from '../../../database/transfer-repository.ts';

/** The presets in the order in which conversations count them. */
export function jsonHead(presets: readonly Preset[]): string {
  const head: FileHead = {
    format: 'lapidary-conversations',
    version: FILE_VERSION,
    presets: presets.map(({ name, builtIn, settings }) => ({ name, builtIn, settings })),
  };
  return `${JSON.stringify(head).slice(0, -1)},"conversations":[\n`;
}

export function jsonConversation(outgoing: OutgoingConversation, presets: readonly Preset[]): string {
  const { conversation, key, folder, activeMessage, documents, notes, messages } = outgoing;
  const { title, titleSource, createdAt, updatedAt, settings, presetId, pinned, archived, tags } =
    conversation;
  const preset = presets.findIndex(({ id }) => id === presetId);
  const written: FileConversation = {
    key,
    title,
    titleSource,
    createdAt,
    updatedAt,
    preset: preset < 0 ? null : preset,
    settings,
    pinned,
    archived,
    folder,
    tags,
    activeMessage,
    documents,
    notes,
    messages,
  };
  return JSON.stringify(written);
}

export const JSON_END = '\n]}\n';
