// Wires presets to the database: one that goes leaves what it said with the conversations that used it.
import type { AppDatabase } from '../../database/app-database.ts';
import { PresetService, valuesOf } from './preset-service.ts';

export function openPresets(database: AppDatabase): PresetService {
  return new PresetService({
    repository: database.presets,
    transaction: (work) => database.transaction(work),
    detach({ id: presetId, settings }) {
      for (const { conversations } of [database, database.temporary])
        for (const conversation of conversations.usingPreset(presetId)) {
          const own = { ...settings, ...valuesOf(conversation.settings) };
          conversations.configure(conversation.id, { ...conversation, presetId: null, settings: own });
        }
    },
  });
}
