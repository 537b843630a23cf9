// Every channel between the window and the host, in one place.
import { appContract } from './app.ts';
import { attachmentsContract } from './attachments.ts';
import { branchesContract } from './branches.ts';
import { catalogueContract } from './catalogue.ts';
import { chatContract } from './chat.ts';
import { compareContract } from './compare.ts';
import { composeContract } from './compose.ts';
import { documentsContract } from './documents.ts';
import { downloadsContract } from './downloads.ts';
import { hardwareContract } from './hardware.ts';
import { modelsContract } from './models.ts';
import { notesContract } from './notes.ts';
import { orderContract } from './order.ts';
import { presetsContract } from './presets.ts';
import { searchContract } from './search.ts';
import { settingsContract } from './settings.ts';
import { summariesContract } from './summaries.ts';
import { transferContract } from './transfer.ts';

export const contract = {
  ...appContract,
  ...attachmentsContract,
  ...chatContract,
  ...branchesContract,
  ...modelsContract,
  ...hardwareContract,
  ...catalogueContract,
  ...documentsContract,
  ...summariesContract,
  ...downloadsContract,
  ...orderContract,
  ...notesContract,
  ...presetsContract,
  ...searchContract,
  ...compareContract,
  ...composeContract,
  ...settingsContract,
  ...transferContract,
};
export type Contract = typeof contract;
