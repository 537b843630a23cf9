// A host in a process of its own that a test can kill: the app on the folder in argv, served over the parent's port.
import '../../src-main/hosts/require-node.mjs';
import { portToParent } from '#rpc/child-process-port.ts';
import { createApp } from '../../src-main/services/create-app.ts';
import { createTestHost } from './node-host.ts';

const port = portToParent();
const [dataFolder] = process.argv.slice(2);
if (!port || !dataFolder) throw new Error('Fork this with a data folder');
const resources = new URL('../../resources', import.meta.url).pathname;
const app = await createApp({
  paths: { dataFolder, resources },
  host: createTestHost(),
  version: '0.0.0-test',
});
app.serve(port);
