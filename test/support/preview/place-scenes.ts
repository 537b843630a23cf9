// Every scene of the Models place by name: for looking at them, and for the checks that go through all.
import { catalogueScenes } from './catalogue-scenes.ts';
import { fileScenes } from './file-scenes.ts';
import { modelScenes } from './model-scenes.ts';
import { otherScenes } from './other-scenes.ts';
import type { Scene } from './scene.ts';

export const placeScenes: Readonly<Record<string, Scene>> = {
  ...catalogueScenes,
  ...otherScenes,
  ...modelScenes,
  ...fileScenes,
};
