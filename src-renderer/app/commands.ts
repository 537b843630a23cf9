// The commands that are there in every place. Read again whenever what they depend on changes.
import BookOpen from '@lucide/svelte/icons/book-open';
import Cpu from '@lucide/svelte/icons/cpu';
import Download from '@lucide/svelte/icons/download';
import FileInput from '@lucide/svelte/icons/file-input';
import FilePlus from '@lucide/svelte/icons/file-plus';
import Gauge from '@lucide/svelte/icons/gauge';
import HardDrive from '@lucide/svelte/icons/hard-drive';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Library from '@lucide/svelte/icons/library';
import MessageSquare from '@lucide/svelte/icons/message-square';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Plus from '@lucide/svelte/icons/plus';
import Power from '@lucide/svelte/icons/power';
import Search from '@lucide/svelte/icons/search';
import Settings from '@lucide/svelte/icons/settings-2';
import Share from '@lucide/svelte/icons/share';
import Sun from '@lucide/svelte/icons/sun';
import { t } from '../messages/translate.ts';
import type { Command } from '../stores/command-registry.svelte.ts';
import { MODEL_SECTIONS, PLACES } from '../stores/navigation-store.svelte.ts';
import type { Stores } from '../stores/stores.ts';
import { shownKeys, type ShortcutId } from './keyboard.ts';
import type { Theme } from './theme.ts';

const PLACE_ICONS = { chat: MessageSquare, read: BookOpen, models: Cpu, settings: Settings };
const SECTION_ICONS = { installed: HardDrive, catalogue: Library, downloads: Download, machine: Gauge };
const THEMES = [
  ['system', Monitor],
  ['light', Sun],
  ['dark', Moon],
] as const satisfies readonly (readonly [Theme, unknown])[];

/** Everything the palette offers besides conversations. */
export function createCommands(stores: Stores, actions: Record<ShortcutId, () => void>): Command[] {
  return [
    {
      id: 'new-conversation',
      label: t('palette.newConversation'),
      group: 'actions',
      icon: Plus,
      keys: shownKeys('newConversation'),
      run: actions.newConversation,
    },
    {
      id: 'search',
      label: t('search.title'),
      group: 'actions',
      icon: Search,
      keys: shownKeys('search'),
      run: actions.search,
    },
    ...PLACES.map((place) => ({
      id: `place-${place}`,
      label: t('palette.goTo', { place: t(`app.place.${place}`) }),
      group: 'places' as const,
      icon: PLACE_ICONS[place],
      keys: shownKeys(place),
      run: actions[place],
    })),
    ...MODEL_SECTIONS.map((section) => ({
      id: `models-${section}`,
      label: t('palette.goToSection', { section: t(`models.section.${section}`) }),
      group: 'places' as const,
      icon: SECTION_ICONS[section],
      words: t(`palette.sectionWords.${section}`),
      run: () => stores.navigation.goToModels(section),
    })),
    {
      id: 'add-model',
      label: t('models.add'),
      group: 'models',
      icon: FilePlus,
      words: t('palette.addModelWords'),
      run: () => stores.adding.ask(),
    },
    ...transferCommands(stores).concat(modelCommands(stores)),
    ...THEMES.map(([theme, icon]) => ({
      id: `theme-${theme}`,
      label: t(`palette.theme.${theme}`),
      group: 'appearance' as const,
      icon,
      run: () => void stores.settings.change('theme', theme),
    })),
    {
      id: 'shortcuts',
      label: t('palette.shortcuts'),
      group: 'actions',
      icon: Keyboard,
      keys: shownKeys('sheet'),
      run: actions.sheet,
    },
  ];
}

function transferCommands({ transfer }: Stores): Command[] {
  return [
    {
      id: 'import',
      label: t('transfer.importMenu'),
      group: 'actions',
      icon: FileInput,
      words: t('transfer.importWords'),
      run: () => transfer.askImport(),
    },
    {
      id: 'export',
      label: t('transfer.exportMenu'),
      group: 'actions',
      icon: Share,
      words: t('transfer.exportWords'),
      run: () => transfer.askExport(null),
    },
  ];
}

function modelCommands({ engine, models }: Stores): Command[] {
  const status = engine.status;
  const loadedId = status && status.state !== 'stopped' ? status.modelId : null;
  const loadable = (models.list ?? []).filter((model) => model.fileState !== 'missing');
  return loadable.map((model) =>
    model.id === loadedId
      ? {
          id: `unload-${model.id}`,
          label: t('palette.unload', { name: model.name }),
          group: 'models',
          icon: Power,
          run: () => void models.unload(),
        }
      : {
          id: `load-${model.id}`,
          label: t('palette.load', { name: model.name }),
          group: 'models',
          icon: Cpu,
          run: () => void models.load(model.id),
        },
  );
}
