// Every channel between the window and the host, in one place.
import { appContract } from './app.ts';
import { chatContract } from './chat.ts';
import { modelsContract } from './models.ts';
import { settingsContract } from './settings.ts';

export const contract = { ...appContract, ...chatContract, ...modelsContract, ...settingsContract };
export type Contract = typeof contract;
